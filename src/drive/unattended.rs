//! Unattended: nobody is asked. The core decides by the answers.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use ecw_halyard::redact;
use ecw_host::clock::Clock;
use ecw_host::record::Recorder;
use ecw_host::service_manager::ServiceManager;
use ecw_host::state_place::PlaceCell;
use ecw_host::{say, warn};
use ecw_ports::Ports;
use ecw_wizard::messages::opening::Opening;
use ecw_wizard::rules::at_work::AtWork;
use ecw_wizard::state::Session;
use ecw_wizard::state::setup::Setup;
use ecw_wizard::update;
use ecw_wizard::values::time::Now;
use ecw_wizard::{Effect, Event, Exit};
use tokio::runtime::Handle;

use crate::outside::Outside;
use crate::progress::Progress;
use crate::pump::{Cause, Input, Pump, Skin};

/// It looks up at least this often, for the heartbeat.
const LOOK_UP: Duration = Duration::from_secs(1);

/// How it reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Lines for people.
    Text,
    /// One JSON object at the end.
    Json,
    /// Nothing but errors, and once a minute that it is still at work.
    Heartbeat,
    /// Nothing but errors.
    Quiet,
}

/// What an unattended run works with.
pub struct Desk<'a> {
    /// The outside.
    pub ports: &'a Ports,
    /// Where events are recorded.
    pub place: &'a Arc<PlaceCell>,
    /// For signals.
    pub runtime: &'a Handle,
    /// How it reports.
    pub style: Style,
    /// `NOTIFY_SOCKET`, where this runs as a unit.
    pub notify: Option<&'a str>,
}

/// Feeds the session until it ends.
///
/// # Errors
/// None that comes from this skin; the loop's.
pub fn run(desk: &Desk<'_>, setup: &Setup, opening: Opening) -> io::Result<Session> {
    let clock = Clock::default();
    let outside = Outside::new(desk.ports.clone(), clock);
    outside.listen(desk.runtime, &desk.ports.store, Event::Interrupted);
    // What only looks writes nothing, not even what it saw.
    let events = (!setup.mode.reads_only()).then(|| desk.place.clone());
    let mut recorder = Recorder::new(events, &setup.run);
    recorder.opened(&opening, clock.now());
    let session = update::open(opening, setup.clone(), clock.now());
    let skin = Unattended {
        outside,
        style: desk.style,
        progress: Progress::default(),
        said: 0,
        manager: ServiceManager::at(desk.notify),
    };
    Pump::new(session, skin, recorder).run()
}

struct Unattended {
    outside: Outside,
    style: Style,
    progress: Progress,
    /// How many messages were printed.
    said: u64,
    manager: ServiceManager,
}

impl Skin for Unattended {
    fn now(&self) -> Now {
        self.outside.now()
    }

    fn show(&mut self, session: &Session, cause: Cause) -> io::Result<()> {
        if cause == Cause::Begin {
            return Ok(());
        }
        match self.style {
            Style::Text => {
                for line in self.progress.lines(session) {
                    say!("{}", redact(&line));
                }
            }
            // Beside what was asked for, which goes to standard output.
            Style::Heartbeat => {
                if let Some(line) = self.progress.heartbeat(session) {
                    warn!("{}", redact(&line));
                }
            }
            Style::Json | Style::Quiet => {}
        }
        if let Some(at_work) = session.at_work() {
            // By the minute: a status is looked at, not watched.
            let minute = AtWork { elapsed: at_work.elapsed / 60_000 * 60_000, ..at_work };
            self.manager.status(&redact(&minute.line()));
        }
        if session.view().said() != self.said {
            self.said = session.view().said();
            if let (Some(message), true) =
                (session.view().message(), !matches!(self.style, Style::Quiet | Style::Heartbeat))
            {
                warn!("{}", redact(message));
            }
        }
        Ok(())
    }

    fn wait(&mut self, session: &Session) -> Input {
        let limit = self.outside.sleep(session).unwrap_or(LOOK_UP);
        self.outside.wait(Some(limit.clamp(Duration::from_millis(1), LOOK_UP)))
    }

    fn begin(&mut self, effect: Effect) {
        self.outside.begin(effect);
    }

    fn leave(&mut self, _exit: Exit) {
        self.outside.flush();
    }
}
