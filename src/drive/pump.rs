//! The one event loop: it takes what a skin has, feeds it to the session, and has the effects performed.

use std::io;

use ecw_host::record::Recorder;
use ecw_wizard::messages::keymap::{KeyPress, command};
use ecw_wizard::state::Session;
use ecw_wizard::values::time::Now;
use ecw_wizard::{Effect, Event, Exit};

/// What comes next, as a skin has it.
#[derive(Debug)]
pub enum Input {
    /// Something happened.
    Event(Box<Event>),
    /// A key was pressed.
    Key(KeyPress),
    /// Nothing came before the core wanted to be woken.
    Tick,
    /// The skin has nothing more for now: whoever drives it goes on.
    Pause,
}

/// Why something is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The session begins; nothing was asked yet.
    Begin,
    /// The operator did something: it is shown at once.
    Operator,
    /// Something happened outside, or time passed.
    Outside,
}

/// A screen and a keyboard, and the way to the outside.
pub trait Skin {
    /// Returns the moment.
    fn now(&self) -> Now;
    /// Shows what is new.
    ///
    /// # Errors
    /// When the screen is gone.
    fn show(&mut self, session: &Session, cause: Cause) -> io::Result<()>;
    /// Waits for what comes next, no longer than the core wants to sleep.
    fn wait(&mut self, session: &Session) -> Input;
    /// Begins to perform an effect; its event comes by [`Skin::wait`]. Effects on the screen itself
    /// (drawing anew, the clipboard, suspending) are the skin's.
    fn begin(&mut self, effect: Effect);
    /// Everything is over: what goes to disk is there when this returns.
    fn leave(&mut self, exit: Exit);
}

/// Whether the session goes on after a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It does.
    On,
    /// The skin has nothing more for now.
    Paused,
    /// The session has ended.
    Ended,
}

/// A session in a skin.
pub struct Pump<S> {
    session: Session,
    skin: S,
    recorder: Recorder,
    left: bool,
}

impl<S: Skin> Pump<S> {
    /// Returns a pump at rest.
    #[must_use]
    pub fn new(session: Session, skin: S, recorder: Recorder) -> Self {
        Self { session, skin, recorder, left: false }
    }

    /// Returns the session.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Returns the skin.
    pub fn skin(&mut self) -> &mut S {
        &mut self.skin
    }

    /// Shows the first frame, then asks the first questions.
    ///
    /// # Errors
    /// When there is no screen.
    pub fn start(&mut self) -> io::Result<()> {
        self.skin.show(&self.session, Cause::Begin)?;
        let now = self.skin.now();
        self.recorder.record(&Event::Tick, now);
        let effects = self.session.start(now);
        self.perform(effects);
        self.shown(Cause::Outside);
        Ok(())
    }

    /// Runs the session to its end and returns it.
    ///
    /// # Errors
    /// When there is no screen to begin with.
    pub fn run(mut self) -> io::Result<Session> {
        self.start()?;
        while self.turn() == Turn::On {}
        Ok(self.session)
    }

    /// Takes in one thing.
    pub fn turn(&mut self) -> Turn {
        if self.left {
            return Turn::Ended;
        }
        match self.skin.wait(&self.session) {
            Input::Event(event) => self.feed(*event),
            Input::Key(key) => self.press(key),
            Input::Tick => self.feed(Event::Tick),
            Input::Pause => return Turn::Paused,
        }
        if self.left { Turn::Ended } else { Turn::On }
    }

    /// Presses a key.
    pub fn press(&mut self, key: KeyPress) {
        if let Some(cmd) = command(key, self.session.place()) {
            self.feed(Event::Cmd { cmd });
        }
    }

    /// Feeds an event.
    pub fn feed(&mut self, event: Event) {
        if self.left {
            return;
        }
        let cause = match event {
            Event::Cmd { .. } | Event::Resized { .. } => Cause::Operator,
            _ => Cause::Outside,
        };
        let now = self.skin.now();
        self.recorder.record(&event, now);
        let effects = self.session.update(event, now);
        self.perform(effects);
        self.shown(cause);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if !matches!(effect, Effect::Quit(_)) {
                self.skin.begin(effect);
            }
        }
    }

    /// Shows what is new; a screen that is gone is a hang-up.
    fn shown(&mut self, cause: Cause) {
        if self.skin.show(&self.session, cause).is_err() {
            let effects = self.session.update(Event::HangUp, self.skin.now());
            self.perform(effects);
        }
        if let (Some(exit), false) = (self.session.exit(), self.left) {
            self.left = true;
            self.skin.leave(exit);
        }
    }
}
