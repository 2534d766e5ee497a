//! Headless: the real core, views and key bindings without a terminal. On the stand-ins it runs on
//! the script's own clock, so an hour passes in no time and the same bytes come out each time.

use std::collections::VecDeque;
use std::fmt::Write as _;

use ecw_core::answers::{Key, Provenance};
use ecw_core::keymap::{KeyPress, command};
use ecw_core::session::{Session, Setup};
use ecw_core::time::Now;
use ecw_core::{Cmd, Effect, Event, Exit};

use super::open::open;
use super::script::Instruction;
use crate::perform::perform;
use crate::ports::in_process::InProcess;

/// Wall time at the begin of every rehearsal: 2026-11-22 12:00 UTC.
pub const REHEARSAL_START: u64 = 1_795_348_800_000;
/// A key lets this much time pass, so that guards against held keys do not bite.
const KEY_MS: u64 = 1_000;
/// Steps in which `wait` lets time pass.
const WAIT_STEP_MS: u64 = 500;

/// Which frames are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frames {
    /// The last one.
    Last,
    /// Each that differs from the one before.
    Changed,
    /// One after each instruction.
    All,
}

/// A headless run on the rehearsal world.
pub struct Headless {
    world: InProcess,
    setup: Setup,
    given: Vec<(Key, String, Provenance)>,
    session: Option<Session>,
    now: Now,
    size: (u16, u16),
    queue: VecDeque<Effect>,
    out: String,
    frames: Frames,
    last: String,
}

/// How a script ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// Everything that is printed.
    pub output: String,
    /// How.
    pub exit: Exit,
}

impl Headless {
    /// Returns a run at its begin.
    #[must_use]
    pub fn new(
        world: InProcess,
        setup: Setup,
        given: Vec<(Key, String, Provenance)>,
        size: (u16, u16),
        frames: Frames,
    ) -> Self {
        let now = Now { mono: 0, wall: REHEARSAL_START };
        Self {
            world,
            setup,
            given,
            session: None,
            now,
            size,
            queue: VecDeque::new(),
            out: String::new(),
            frames,
            last: String::new(),
        }
    }

    /// Plays a script to its end or to the first expectation that is not met.
    #[must_use]
    pub fn play(mut self, script: &[(usize, Instruction)]) -> Finished {
        self.start();
        self.show();
        for (line, instruction) in script {
            if let Err(why) = self.one(instruction) {
                let frame = self.frame();
                let _ = write!(self.out, "{frame}\nscript line {line}: {why}\n");
                return Finished { output: self.out, exit: Exit::Expectation };
            }
            self.show();
        }
        if self.frames == Frames::Last {
            let frame = self.frame();
            self.out.push_str(&frame);
        }
        let exit = self.session.as_ref().and_then(|session| session.exit).unwrap_or(Exit::Done);
        Finished { output: self.out, exit }
    }

    /// Starts, or starts again from what is on disk.
    pub fn start(&mut self) {
        let ports = self.world.ports();
        match open(&*ports.store, self.setup.clone(), &self.given, self.now) {
            Ok(mut session) => {
                (session.view.width, session.view.height) = self.size;
                self.queue.extend(session.start(self.now));
                self.session = Some(session);
                self.work();
            }
            Err(trouble) => {
                let _ = writeln!(self.out, "{}\n{}", trouble.what, trouble.fix);
            }
        }
    }

    /// Returns the session, if one is open.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// Returns the frame as text.
    #[must_use]
    pub fn frame(&self) -> String {
        self.session.as_ref().map_or_else(|| "(not running)\n".to_owned(), ecw_tui::text_of)
    }

    fn show(&mut self) {
        let frame = self.frame();
        let print = match self.frames {
            Frames::Last => false,
            Frames::Changed => frame != self.last,
            Frames::All => true,
        };
        if print {
            let _ = writeln!(self.out, "{frame}");
        }
        self.last = frame;
    }

    /// Gives the session an event and performs all that follows from it.
    pub fn feed(&mut self, event: Event) {
        if let Some(session) = &mut self.session {
            self.queue.extend(session.update(event, self.now));
            self.work();
        }
    }

    fn work(&mut self) {
        let ports = self.world.ports();
        self.world.set_now(self.now.mono);
        while let Some(effect) = self.queue.pop_front() {
            let Some(session) = &mut self.session else { return };
            if let Effect::Quit(_) = effect {
                self.out.push_str(&(ecw_core::summary::after_exit(session).join("\n") + "\n"));
            }
            if let Some(event) = perform(&ports, effect) {
                self.queue.extend(session.update(event, self.now));
            }
        }
    }

    /// Lets time pass, waking the core when it asked for it.
    pub fn pass(&mut self, millis: u64) {
        let end = self.now.plus(millis);
        while self.now.mono < end.mono {
            let wake = self.session.as_ref().and_then(Session::next_wake).unwrap_or(end.mono);
            let to = wake.clamp(self.now.mono + 1, end.mono);
            self.now = self.now.plus(to - self.now.mono);
            if wake <= self.now.mono {
                self.feed(Event::Tick);
            }
        }
    }

    fn press(&mut self, key: KeyPress) {
        self.pass(KEY_MS);
        let cmd = self.session.as_ref().and_then(|session| command(key, session.place()));
        if let Some(cmd) = cmd {
            self.feed(Event::Cmd { cmd });
        }
    }

    fn one(&mut self, instruction: &Instruction) -> Result<(), String> {
        match instruction {
            Instruction::Keys(keys) => keys.iter().for_each(|key| self.press(*key)),
            Instruction::Type(text) => text.chars().for_each(|each| self.press(KeyPress::Char(each))),
            Instruction::Paste(text) => self.feed(Event::Cmd { cmd: Cmd::Paste(text.clone()) }),
            Instruction::Expect(text) => {
                if !self.holds(text) {
                    return Err(format!("the frame does not hold {text:?}"));
                }
            }
            Instruction::ExpectNot(text) => {
                if self.holds(text) {
                    return Err(format!("the frame holds {text:?}"));
                }
            }
            Instruction::Wait { text, within } => {
                let end = self.now.mono + within;
                while !self.holds(text) {
                    if self.now.mono >= end {
                        return Err(format!(
                            "{text:?} did not appear within {}",
                            ecw_core::time::span(*within)
                        ));
                    }
                    self.pass(WAIT_STEP_MS);
                }
            }
            Instruction::Sleep(millis) => self.pass(*millis),
            Instruction::Resize(width, height) => {
                self.size = (*width, *height);
                self.feed(Event::Resized { width: *width, height: *height });
            }
            Instruction::Snapshot(name) => {
                let frame = self.frame();
                let _ = write!(self.out, "=== {name}\n{frame}");
            }
            Instruction::Kill => {
                self.session = None;
                self.queue.clear();
            }
            Instruction::Restart => self.start(),
        }
        Ok(())
    }

    /// Returns whether the frame, or what was printed at the end, holds a text.
    fn holds(&self, text: &str) -> bool {
        let left = self.session.as_ref().is_none_or(|session| session.exit.is_some());
        self.frame().contains(text) || left && self.out.contains(text)
    }
}
