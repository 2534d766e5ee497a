//! Plays a script on a stage: the wizard on the stand-ins with the script's own clock, or on the
//! real world with the wall clock. What is printed and how it ends is the same for both.

use std::fmt::Write as _;

use ecw_core::keymap::{KeyPress, command};
use ecw_core::session::Session;
use ecw_core::{Cmd, Event, Exit};

use super::script::Instruction;

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

/// What a script is played on.
pub trait Stage {
    /// Starts the wizard, or starts it again from what is on disk; returns what it says when it
    /// cannot be started.
    fn start(&mut self) -> Option<String>;
    /// Returns the session, if one is open.
    fn session(&self) -> Option<&Session>;
    /// Gives the session an event and performs what follows from it.
    fn feed(&mut self, event: Event);
    /// Lets time pass, milliseconds.
    fn pass(&mut self, millis: u64);
    /// Lets the time pass that a human takes before a key.
    fn before(&mut self, key: KeyPress);
    /// Returns the stage's clock, milliseconds.
    fn clock(&self) -> u64;
    /// Steps in which `wait` looks again, milliseconds.
    fn step(&self) -> u64;
    /// The process dies between two effects.
    fn kill(&mut self);
    /// Notes the size of the terminal for the next start.
    fn size(&mut self, width: u16, height: u16);
}

/// How a script ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// Everything that is printed.
    pub output: String,
    /// How.
    pub exit: Exit,
}

/// Plays a script.
pub struct Player<S> {
    stage: S,
    frames: Frames,
    out: String,
    last: String,
    left: Option<String>,
}

impl<S: Stage> Player<S> {
    /// Returns a player on a stage.
    #[must_use]
    pub fn new(stage: S, frames: Frames) -> Self {
        Self { stage, frames, out: String::new(), last: String::new(), left: None }
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
            self.note_end();
            self.show();
        }
        if self.frames == Frames::Last {
            let frame = self.frame();
            self.out.push_str(&frame);
        }
        let exit = self.stage.session().and_then(|session| session.exit).unwrap_or(Exit::Done);
        Finished { output: self.out, exit }
    }

    fn start(&mut self) {
        self.left = None;
        if let Some(words) = self.stage.start() {
            let _ = writeln!(self.out, "{words}");
        }
    }

    /// What is printed after the terminal was given back.
    fn note_end(&mut self) {
        let Some(session) = self.stage.session().filter(|session| session.exit.is_some()) else { return };
        if self.left.is_none() {
            let words = ecw_core::summary::after_exit(session).join("\n") + "\n";
            self.out.push_str(&words);
            self.left = Some(words);
        }
    }

    fn frame(&self) -> String {
        self.stage.session().map_or_else(|| "(not running)\n".to_owned(), ecw_tui::text_of)
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

    fn press(&mut self, key: KeyPress) {
        self.stage.before(key);
        let cmd = self.stage.session().and_then(|session| command(key, session.place()));
        if let Some(cmd) = cmd {
            self.stage.feed(Event::Cmd { cmd });
        }
    }

    fn one(&mut self, instruction: &Instruction) -> Result<(), String> {
        match instruction {
            Instruction::Keys(keys) => keys.iter().for_each(|key| self.press(*key)),
            Instruction::Type(text) => text.chars().for_each(|each| self.press(KeyPress::Char(each))),
            Instruction::Paste(text) => self.stage.feed(Event::Cmd { cmd: Cmd::Paste(text.clone()) }),
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
            Instruction::Sleep(millis) => self.stage.pass(*millis),
            Instruction::Resize(width, height) => {
                self.stage.size(*width, *height);
                self.stage.feed(Event::Resized { width: *width, height: *height });
            }
            Instruction::Snapshot(name) => {
                let frame = self.frame();
                let _ = write!(self.out, "=== {name}\n{frame}");
            }
            Instruction::Kill => self.stage.kill(),
            Instruction::Restart => self.start(),
        }
        Ok(())
    }

    fn wait(&mut self, text: &str, within: u64) -> Result<(), String> {
        let end = self.stage.clock() + within;
        self.note_end();
        while !self.holds(text) {
            if self.stage.clock() >= end {
                return Err(format!("{text:?} did not appear within {}", ecw_core::time::span(within)));
            }
            self.stage.pass(self.stage.step());
            self.note_end();
        }
        Ok(())
    }

    /// Returns whether the frame, or what was printed at the end, holds a text.
    fn holds(&self, text: &str) -> bool {
        self.frame().contains(text) || self.left.as_ref().is_some_and(|left| left.contains(text))
    }
}
