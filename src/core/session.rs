//! The session and its one fold: `update(event, now) -> effects`. The screen shown is a function of
//! what stands here; every skin drives this and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use ecw_halyard::Compatibility;
use serde::{Deserialize, Serialize};

use crate::answers::{Answers, Key, Provenance};
use crate::dialog::Dialog;
use crate::drift::Choice;
use crate::effect::{Effect, Saved};
use crate::event::Event;
use crate::exit::Exit;
use crate::facts::Facts;
use crate::flow::{self, Pass, Screen};
use crate::form::Form;
use crate::journal::{Actor, Author, Head, Ledger};
use crate::keymap::Place;
use crate::names::DeploymentName;
use crate::page::{Action, ItemId, Page};
use crate::plan_document::PlanDocument;
use crate::question::Report;
use crate::resume::Replan;
use crate::run::Run;
use crate::screens;
use crate::status::Goal;
use crate::time::Now;

/// What does not change while the program runs.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Who acts.
    pub actor: Actor,
    /// Which plugin version goes with which Spinnaker.
    pub compatibility: Compatibility,
    /// Id of this run, if one is begun.
    pub run: String,
    /// Change ticket.
    pub change: Option<String>,
    /// Who decides.
    pub mode: Mode,
    /// Whether this is a rehearsal.
    pub rehearsal: Rehearsal,
    /// The command that comes back to a running job.
    pub come_back: String,
    /// `--state-dir`, where one was given.
    pub state_dir: Option<String>,
    /// What a session that only looks is to find.
    pub looking: Looking,
    /// What becomes of a deploy whose end nobody knows.
    pub unknown: Unknown,
    /// The plan that the world must still equal before anything is done.
    pub expected: Option<Box<PlanDocument>>,
}

/// Who decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// An operator on a screen or in line mode.
    Operator,
    /// Nobody: answers decide; changes are made.
    Unattended,
    /// Nobody: stop where changes would begin.
    PlanOnly,
    /// Nobody: look at everything afresh and say how it stands.
    Look,
    /// An operator who reads along while another works.
    Watch,
}

impl Mode {
    /// Returns whether the mode changes nothing, not even our own state.
    #[must_use]
    pub fn reads_only(self) -> bool {
        matches!(self, Self::PlanOnly | Self::Look | Self::Watch)
    }

    /// Returns whether somebody is there who can be asked.
    #[must_use]
    pub fn asks(self) -> bool {
        matches!(self, Self::Operator | Self::Watch)
    }
}

/// What a session that only looks is to find.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looking {
    /// What is looked for.
    pub goal: Goal,
    /// Look again until it is there, at most for this long (milliseconds); once otherwise.
    pub wait: Option<u64>,
}

/// What becomes of a deploy whose end nobody knows, when nobody can be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unknown {
    /// It is looked at, and repeated where it is seen not to be done.
    #[default]
    LookedAt,
    /// It is done again.
    Redo,
}

/// Whether this is a rehearsal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rehearsal {
    /// On stand-ins.
    Yes,
    /// On the real world.
    No,
}

/// What is shown and how, besides the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
    /// ASCII only.
    pub ascii: bool,
    /// The help page is open.
    pub help: bool,
    /// One line for the operator.
    pub message: Option<String>,
}

/// The smallest terminal the wizard draws on.
pub const MIN_SIZE: (u16, u16) = (80, 24);
/// From this width on the step list stands at the left.
pub const SIDEBAR_FROM: u16 = 100;
/// Columns of the step list with its gap.
pub const SIDEBAR: u16 = 26;
/// Rows of the frame around the body: title, rule, step line, gap, rule, message, keys.
const FRAME_ROWS: u16 = 7;
/// An Enter this soon after a screen opened was meant for the one before (ux rule 12).
pub(crate) const GUARD_MS: u64 = 300;

/// Everything.
#[derive(Clone, Debug)]
pub struct Session {
    /// What does not change.
    pub setup: Setup,
    /// What the operator wants.
    pub answers: Answers,
    /// What was found out.
    pub facts: Facts,
    /// What is done: the fold of the journal.
    pub ledger: Ledger,
    /// What is being done.
    pub run: Run,
    /// Screens that were passed.
    pub passed: BTreeSet<Screen>,
    /// Where the operator went back to.
    pub visiting: Option<Screen>,
    /// An unfinished run waits for a decision.
    pub resume_open: bool,
    /// A finished installation is shown first.
    pub home: Home,
    /// What was decided about what changed since.
    pub decisions: BTreeMap<String, Choice>,
    /// How far this machine has written the journal.
    pub head: Option<Head>,
    /// Whose word the journal is.
    pub author: Author,
    /// Who works here, while this session only reads along; `None` = nobody any more.
    pub holder: Option<String>,
    /// Answers are being changed after a run was begun.
    pub changing: bool,
    /// Focus and texts of each screen.
    pub forms: BTreeMap<Screen, Form>,
    /// A dialog over the page.
    pub dialog: Option<Dialog>,
    /// How it is shown.
    pub view: View,
    /// The latest moment.
    pub now: Now,
    /// Which screen was shown last, and since when.
    pub opened: Option<(Screen, Now)>,
    /// How the program ends.
    pub exit: Option<Exit>,
    /// Why, when that needs words.
    pub exit_words: Option<String>,
    /// A part that is to be undone as soon as the session runs.
    pub(crate) undoing: Option<crate::undo::Part>,
    pub(crate) replan: Replan,
    /// Of which hal directory and deployment the state was asked for last.
    pub(crate) place: Option<(String, DeploymentName)>,
    pub(crate) next_look: u64,
    pub(crate) looking_since: Option<Now>,
    pub(crate) interrupted: Option<Now>,
    /// When the focus was last moved to something that has to be decided.
    pub(crate) jumped: Option<Now>,
}

/// Whether a finished installation is shown first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Home {
    /// Not decided: nothing is known yet.
    #[default]
    Undecided,
    /// It is.
    Open,
    /// The operator went on, or there was nothing to show.
    Left,
}

impl Session {
    /// Returns a session at its begin; `ledger` comes from the journal, `saved` from the last visit.
    #[must_use]
    pub fn new(setup: Setup, answers: Answers, saved: Option<Saved>, ledger: Ledger, now: Now) -> Self {
        let mut session = Self {
            setup,
            answers,
            facts: Facts::default(),
            ledger,
            run: Run::default(),
            passed: BTreeSet::new(),
            visiting: None,
            resume_open: false,
            home: Home::Undecided,
            decisions: BTreeMap::new(),
            head: None,
            author: Author::Own,
            holder: None,
            changing: false,
            forms: BTreeMap::new(),
            dialog: None,
            view: View { width: 80, height: 24, ascii: false, help: false, message: None },
            now,
            opened: None,
            exit: None,
            exit_words: None,
            undoing: None,
            replan: Replan::No,
            place: None,
            next_look: 0,
            looking_since: None,
            interrupted: None,
            jumped: None,
        };
        if let Some(saved) = saved {
            session.recall(saved);
        }
        session.take_up();
        session
    }

    /// Opens what the ledger calls for: Resume, Home, or the questions.
    pub(crate) fn take_up(&mut self) {
        match self.setup.mode {
            Mode::Operator => {
                self.resume_open = self.ledger.unfinished();
                if self.ledger.run.is_some() {
                    self.home = if self.resume_open { Home::Left } else { Home::Open };
                }
            }
            // Nobody is there to choose: an unfinished run goes on, a finished one is looked at anew.
            Mode::Unattended => self.changing = self.ledger.run.is_some() && !self.ledger.unfinished(),
            // An earlier run is history here: it must not go on.
            Mode::PlanOnly | Mode::Look => self.changing = self.ledger.run.is_some(),
            Mode::Watch => {}
        }
    }

    /// Begins: asks the first questions.
    pub fn start(&mut self, now: Now) -> Vec<Effect> {
        self.update(Event::Tick, now)
    }

    /// Takes in one event and says what is to be done.
    pub fn update(&mut self, event: Event, now: Now) -> Vec<Effect> {
        self.now = Now { mono: now.mono.max(self.now.mono), wall: now.wall };
        let mut effects = Vec::new();
        self.take(event, &mut effects);
        self.settle(&mut effects);
        effects
    }

    fn take(&mut self, event: Event, effects: &mut Vec<Effect>) {
        match event {
            Event::Cmd { cmd } => self.cmd(cmd, effects),
            Event::Answered { question, report } => {
                if !self.run_answered(&question, &report, effects) {
                    if let Report::Gate(gate) = &*report
                        && self.ledger.run.is_none()
                    {
                        self.facts.baseline = Some(gate.notify);
                    }
                    self.facts.answered(&question, *report);
                }
            }
            Event::Journaled { seq } => self.journaled(seq, effects),
            Event::StoreFailed { seq, trouble } => self.store_failed(seq, &trouble),
            Event::Executed { step, outcome } => self.executed(&step, outcome, effects),
            Event::DeployRead(read) => self.deploy_read(&read, effects),
            Event::Cancelled { words } => self.view.message = Some(words),
            Event::Resized { width, height } => {
                (self.view.width, self.view.height) = (width, height);
                effects.push(Effect::Redraw);
            }
            Event::Tick | Event::Opened { .. } => {}
            Event::Watched { records, holder } => self.watched(&records, holder),
            Event::TookOver { records, saved, author } => {
                self.author = author;
                self.took_over(&records, saved);
            }
            Event::Settled { records, saved, head, holder, message, author } => {
                (self.head, self.author) = (head, author);
                self.settled(&records, saved, holder, message);
            }
            Event::Unsettled { trouble } => {
                // Nothing is saved: what stands there is not ours to overwrite.
                self.exit_words = Some(format!("{}\n{}", trouble.what, trouble.fix));
                self.exit = Some(Exit::Journal);
                effects.push(Effect::Quit(Exit::Journal));
            }
            Event::StillHeld { why } => self.view.message = Some(why),
            Event::TakenOver { by } => self.taken_over(&by, effects),
            Event::HangUp => self.quit(Exit::HangUp, effects),
            Event::Terminate => self.quit(Exit::Terminated, effects),
            Event::Interrupted => self.quit(Exit::Interrupted, effects),
            Event::Continued => effects.push(Effect::Redraw),
        }
    }

    /// Follows up on any change: derived answers, wanted questions, the run, the focus.
    fn settle(&mut self, effects: &mut Vec<Effect>) {
        if self.exit.is_some() {
            return;
        }
        if self.setup.mode == Mode::Watch {
            self.watch_on(effects);
            self.settle_focus();
            return;
        }
        loop {
            self.derive();
            let asked: Vec<Effect> = self
                .wanted()
                .into_iter()
                .filter(|question| self.facts.ask(question, self.now))
                .map(Effect::Ask)
                .collect();
            self.find_place(effects);
            let more = !asked.is_empty();
            effects.extend(asked);
            self.find_home();
            if !self.setup.mode.asks() && self.auto(effects) {
                continue;
            }
            if !more {
                break;
            }
        }
        if !self.replan_when_known(effects) {
            self.drive(effects);
        }
        self.settle_focus();
    }

    fn settle_focus(&mut self) {
        let asks_about_the_job =
            |dialog: &Dialog| dialog.offers(Action::Detach) || dialog.offers(Action::CancelNow);
        if self.dialog.as_ref().is_some_and(asks_about_the_job) && !self.job_runs() {
            self.dialog = None;
            self.view.message = Some("hal has ended meanwhile.".to_owned());
        }
        let screen = self.screen();
        if self.opened.is_none_or(|(shown, _)| shown != screen) {
            self.opened = Some((screen, self.now));
            self.forms.entry(screen).or_default().moved = false;
        }
        if self.forms.get(&screen).is_some_and(|form| form.moved) {
            let page = self.page();
            self.forms.entry(screen).or_default().settle(&page);
        } else {
            self.focus_anew(screen);
        }
    }

    fn focus_anew(&mut self, screen: Screen) {
        let page = self.page();
        let wanted = match screens::pass(self, screen) {
            Pass::Stuck(crate::flow::Stuck { item: item @ Some(ItemId::Field(_)), .. }) => item,
            // What takes back has no default, and the choice that hurts least comes first.
            _ if screen == Screen::Home => Some(ItemId::Button(Action::Leave)),
            _ => Some(ItemId::Button(Action::Next)),
        };
        let form = self.forms.entry(screen).or_default();
        form.focus = wanted.filter(|wanted| page.items().any(|item| item.id == *wanted));
        form.settle(&page);
    }

    /// Returns a command of this program that works where this session does: what only a screen or an
    /// answers file named is named again.
    #[must_use]
    pub fn command(&self, words: &str) -> String {
        let mut command = words.to_owned();
        for (key, flag) in [(Key::HalDirectory, "--hal-dir"), (Key::Deployment, "--deployment")] {
            let named = self.answers.get(key).filter(|answer| {
                matches!(answer.from, Provenance::AnswersFile | Provenance::Typed | Provenance::Flag(_))
            });
            if let (Some(answer), Rehearsal::No) = (named, self.setup.rehearsal) {
                command.push_str(&format!(" {flag} {}", shell_words::quote(&answer.value)));
            }
        }
        if let Some(dir) = &self.setup.state_dir {
            command.push_str(&format!(" --state-dir {}", shell_words::quote(dir)));
        }
        command
    }

    /// Returns the command that comes back to a running job.
    #[must_use]
    pub fn come_back(&self) -> String {
        self.command(&self.setup.come_back)
    }

    /// Returns the screen that is shown.
    #[must_use]
    pub fn screen(&self) -> Screen {
        self.visiting.unwrap_or_else(|| flow::resolve(self))
    }

    /// Returns the page that is shown.
    #[must_use]
    pub fn page(&self) -> Page {
        screens::page(self, self.screen())
    }

    /// Returns the form of the screen that is shown.
    #[must_use]
    pub fn form(&self) -> Form {
        self.forms.get(&self.screen()).cloned().unwrap_or_default()
    }

    /// Returns what has the keyboard.
    #[must_use]
    pub fn place(&self) -> Place {
        if self.view.help {
            return Place::Help;
        }
        if self.dialog.is_some() {
            return Place::Dialog;
        }
        let focus = self.forms.get(&self.screen()).and_then(|form| form.focus.as_ref());
        if matches!(focus, Some(ItemId::Field(_))) { Place::Text } else { Place::Items }
    }

    /// Returns width and height of the body.
    #[must_use]
    pub fn body_size(&self) -> (usize, usize) {
        let side = if self.view.width >= SIDEBAR_FROM { SIDEBAR } else { 0 };
        let width = self.view.width.saturating_sub(2 + side);
        (usize::from(width.min(100)), usize::from(self.view.height.saturating_sub(FRAME_ROWS)))
    }

    /// Returns the moment (on the steady clock) at which the core wants a tick, if it wants one.
    #[must_use]
    pub fn next_wake(&self) -> Option<u64> {
        const CLOCK_MS: u64 = 1_000;
        let busy = self.facts.in_flight().next().is_some() || self.job_runs();
        let second = busy.then(|| self.now.mono + CLOCK_MS);
        [second, self.run_wake(), self.look_wake()].into_iter().flatten().min()
    }
}
