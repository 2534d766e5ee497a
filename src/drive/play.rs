//! Plays a script on a stage: the wizard on the stand-ins with the script's own clock, or on the
//! real world with the wall clock. What is printed and how it ends is the same for both.

use std::fmt::Write as _;

use ecw_tui::{Colour, Still, Theme};
use ecw_wizard::messages::keymap::KeyPress;
use ecw_wizard::state::Session;
use ecw_wizard::values::time::span;
use ecw_wizard::{Cmd, Event, Exit};

use crate::pump::{Pump, Skin, Turn};
use crate::script::Instruction;

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

/// What a script is played on: it starts the wizard and knows how time passes there.
pub trait Stage {
    /// The skin in which the wizard runs.
    type Skin: ScriptedSkin;
    /// Starts the wizard, or starts it again from what is on disk.
    ///
    /// # Errors
    /// What it says when it cannot be started.
    fn start(&mut self) -> Result<Pump<Self::Skin>, String>;
    /// Returns how long a human takes before a key, milliseconds.
    fn before(&self, key: KeyPress) -> u64;
    /// Returns the steps in which `wait` looks again, milliseconds.
    fn step(&self) -> u64;
    /// Lets time pass while no wizard runs, milliseconds.
    fn sleep(&mut self, millis: u64);
    /// The process dies between two effects.
    fn kill(&mut self, pump: Pump<Self::Skin>);
    /// Notes the size of the terminal for the next start.
    fn size(&mut self, width: u16, height: u16);
}

/// A skin whose time is given out by a script.
pub trait ScriptedSkin: Skin {
    /// It pauses at this moment, steady clock, milliseconds.
    fn until(&mut self, moment: u64);
}

/// How long a frame of a film stands, milliseconds.
const FRAME_MS: u64 = 700;
/// One that was kept by name.
const KEPT_MS: u64 = 2_200;

/// How a script ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// Everything that is printed.
    pub output: String,
    /// How.
    pub exit: Exit,
    /// What each `snapshot` instruction showed, by its name.
    pub stills: Vec<(String, Still)>,
    /// Each frame that differs from the one before, with how long a reader is given for it, milliseconds.
    pub film: Vec<(Still, u64)>,
}

/// Plays a script.
pub struct Player<S: Stage> {
    stage: S,
    pump: Option<Pump<S::Skin>>,
    frames: Frames,
    out: String,
    last: String,
    left: Option<String>,
    theme: Theme,
    stills: Vec<(String, Still)>,
    film: Vec<(Still, u64)>,
}

impl<S: Stage> Player<S> {
    /// Returns a player on a stage.
    #[must_use]
    pub fn new(stage: S, frames: Frames) -> Self {
        Self {
            stage,
            pump: None,
            frames,
            out: String::new(),
            last: String::new(),
            left: None,
            theme: Theme { colour: Colour::Ansi },
            stills: Vec::new(),
            film: Vec::new(),
        }
    }

    /// Returns the player with the theme in which stills are kept.
    #[must_use]
    pub fn themed(mut self, theme: Theme) -> Self {
        self.theme = theme;
        self
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
                return self.finished(Exit::Expectation);
            }
            self.note_end();
            self.show();
            self.expose(instruction);
        }
        if self.frames == Frames::Last {
            let frame = self.frame();
            self.out.push_str(&frame);
            self.film.extend(self.session().map(|session| (Still::of(session, self.theme), KEPT_MS)));
        }
        let exit = self.session().and_then(|session| session.exit()).unwrap_or(Exit::Done);
        self.finished(exit)
    }

    fn finished(self, exit: Exit) -> Finished {
        Finished { output: self.out, exit, stills: self.stills, film: self.film }
    }

    fn start(&mut self) {
        self.left = None;
        match self.stage.start() {
            Ok(pump) => {
                self.pump = Some(pump);
                self.with(|pump| drop(pump.start()));
                self.pass(0);
            }
            Err(words) => {
                let _ = writeln!(self.out, "{words}");
            }
        }
    }

    fn session(&self) -> Option<&Session> {
        self.pump.as_ref().map(Pump::session)
    }

    fn with(&mut self, act: impl FnOnce(&mut Pump<S::Skin>)) {
        if let Some(pump) = &mut self.pump {
            act(pump);
        }
    }

    /// Lets time pass, milliseconds; what is due meanwhile happens.
    fn pass(&mut self, millis: u64) {
        let Some(pump) = &mut self.pump else { return self.stage.sleep(millis) };
        let end = pump.skin().now().mono + millis;
        pump.skin().until(end);
        while pump.turn() == Turn::On {}
        let now = pump.skin().now().mono;
        if now < end {
            // The session has ended; time passes all the same.
            self.stage.sleep(end - now);
        }
    }

    fn feed(&mut self, event: Event) {
        self.with(|pump| pump.feed(event));
        self.pass(0);
    }

    /// What is printed after the terminal was given back.
    fn note_end(&mut self) {
        let Some(session) = self.session().filter(|session| session.exit().is_some()) else { return };
        if self.left.is_none() {
            let words = ecw_wizard::rules::summary::after_exit(session).join("\n") + "\n";
            self.out.push_str(&words);
            self.left = Some(words);
        }
    }

    fn frame(&self) -> String {
        self.session().map_or_else(|| "(not running)\n".to_owned(), ecw_tui::text_of)
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

    /// Takes what is shown now into the film; what a script keeps is worth a longer look.
    fn expose(&mut self, after: &Instruction) {
        if self.frames == Frames::Last {
            return;
        }
        let Some(still) = self.session().map(|session| Still::of(session, self.theme)) else { return };
        let millis = if matches!(after, Instruction::Snapshot(_)) { KEPT_MS } else { FRAME_MS };
        match self.film.last_mut() {
            Some((last, shown)) if *last == still => *shown = millis.max(*shown),
            _ => self.film.push((still, millis)),
        }
    }

    fn press(&mut self, key: KeyPress) {
        self.pass(self.stage.before(key));
        self.with(|pump| pump.press(key));
        self.pass(0);
    }

    fn one(&mut self, instruction: &Instruction) -> Result<(), String> {
        match instruction {
            Instruction::Keys(keys) => keys.iter().for_each(|key| self.press(*key)),
            Instruction::Type(text) => text.chars().for_each(|each| self.press(KeyPress::Char(each))),
            Instruction::Paste(text) => self.feed(Event::Cmd { cmd: Cmd::Paste(text.clone()) }),
            Instruction::Expect(text) => {
                self.note_end();
                if !self.holds(text) {
                    return Err(format!("the frame does not hold {text:?}"));
                }
            }
            Instruction::ExpectNot(text) => {
                self.note_end();
                if self.holds(text) {
                    return Err(format!("the frame holds {text:?}"));
                }
            }
            Instruction::Wait { text, within } => self.wait(text, *within)?,
            Instruction::Sleep(millis) => self.pass(*millis),
            Instruction::Resize(width, height) => {
                self.stage.size(*width, *height);
                self.feed(Event::Resized { width: *width, height: *height });
            }
            Instruction::Snapshot(name) => {
                let frame = self.frame();
                let _ = write!(self.out, "=== {name}\n{frame}");
                let still = self.session().map(|session| Still::of(session, self.theme));
                self.stills.extend(still.map(|still| (name.clone(), still)));
            }
            Instruction::Kill => {
                if let Some(pump) = self.pump.take() {
                    self.stage.kill(pump);
                }
            }
            Instruction::Restart => self.start(),
        }
        Ok(())
    }

    fn wait(&mut self, text: &str, within: u64) -> Result<(), String> {
        let mut waited = 0;
        self.note_end();
        while !self.holds(text) {
            if waited >= within {
                return Err(format!("{text:?} did not appear within {}", span(within)));
            }
            self.pass(self.stage.step());
            waited += self.stage.step();
            self.note_end();
        }
        Ok(())
    }

    /// Returns whether the frame, or what was printed at the end, holds a text.
    fn holds(&self, text: &str) -> bool {
        self.frame().contains(text) || self.left.as_ref().is_some_and(|left| left.contains(text))
    }
}
