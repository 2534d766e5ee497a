//! The session: all that the wizard knows. Data only; `update` changes it, everything else reads it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::choice::Choice;
use crate::model::delivery_proof::ProofState;
use crate::model::facts::Facts;
use crate::model::journal::{Author, Head};
use crate::model::ledger::Ledger;
use crate::model::screen::Screen;
use crate::state::home_look::HomeLook;
use crate::state::run::Run;
use crate::state::setup::Setup;
use crate::state::slowed::Slowed;
use crate::state::stage::Stage;
use crate::state::view::View;
use crate::ui::dialog::Dialog;
use crate::ui::form::Form;
use crate::values::answers::Answers;
use crate::values::exit::Exit;
use crate::values::names::DeploymentName;
use crate::values::targets::Target;
use crate::values::time::Now;

/// Everything.
#[derive(Clone, Debug)]
pub struct Session {
    pub(crate) setup: Setup,
    pub(crate) answers: Answers,
    pub(crate) facts: Facts,
    /// The fold of the journal, and nothing else.
    pub(crate) ledger: Ledger,
    pub(crate) run: Run,
    pub(crate) stage: Stage,
    /// Screens that were passed.
    pub(crate) passed: BTreeSet<Screen>,
    /// What was decided about what changed since.
    pub(crate) decisions: BTreeMap<String, Choice>,
    /// How far this machine has written the journal.
    pub(crate) head: Option<Head>,
    /// Whose word the journal is.
    pub(crate) author: Author,
    /// Who works here, while this session only reads along; `None` = nobody any more.
    pub(crate) holder: Option<String>,
    /// Focus and texts of each screen.
    pub(crate) forms: BTreeMap<Screen, Form>,
    pub(crate) dialog: Option<Dialog>,
    pub(crate) view: View,
    /// The latest moment.
    pub(crate) now: Now,
    /// Which screen was shown last, and since when.
    pub(crate) opened: Option<(Screen, Now)>,
    pub(crate) exit: Option<Exit>,
    /// Why, when that needs words.
    pub(crate) exit_words: Option<String>,
    /// Of which hal directory and deployment the state was asked for last.
    pub(crate) place: Option<(String, DeploymentName)>,
    /// How many times it is still being opened.
    pub(crate) settling: usize,
    /// When a session that only looks does so again, steady clock; 0 = at once.
    pub(crate) next_look: u64,
    pub(crate) looking_since: Option<Now>,
    /// Calls that are made again because AWS asked to slow down.
    pub(crate) slowed: Vec<Slowed>,
    /// Targets that were taken out of the list on the screen.
    pub(crate) parked: Vec<Target>,
    /// The proof of delivery that was asked for last.
    pub(crate) proof: Option<ProofState>,
    /// How fresh Home is.
    pub(crate) home: HomeLook,
    /// All that is settled is being passed, and the outside is still to answer.
    pub(crate) passing: bool,
    /// The screen that is visited was opened from Review, and leads back there.
    pub(crate) from_review: bool,
    /// When Ctrl-C was pressed last.
    pub(crate) interrupted: Option<Now>,
    /// When the focus was last moved to something that has to be decided.
    pub(crate) jumped: Option<Now>,
}

impl Session {
    /// Returns a session that knows nothing but what it is given.
    pub(crate) fn blank(setup: Setup, answers: Answers, ledger: Ledger, now: Now) -> Self {
        Self {
            setup,
            answers,
            facts: Facts::default(),
            ledger,
            run: Run::default(),
            stage: Stage::default(),
            passed: BTreeSet::new(),
            decisions: BTreeMap::new(),
            head: None,
            author: Author::Own,
            holder: None,
            forms: BTreeMap::new(),
            dialog: None,
            view: View::new(),
            now,
            opened: None,
            exit: None,
            exit_words: None,
            place: None,
            settling: 0,
            next_look: 0,
            looking_since: None,
            slowed: Vec::new(),
            parked: Vec::new(),
            proof: None,
            home: HomeLook::default(),
            passing: false,
            from_review: false,
            interrupted: None,
            jumped: None,
        }
    }

    /// Returns what does not change while the program runs.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// Returns what the operator wants.
    #[must_use]
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// Returns what was found out.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Returns what is done: the fold of the journal.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Returns what is being done.
    #[must_use]
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// Returns where the flow stands.
    #[must_use]
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Returns whose word the journal is.
    #[must_use]
    pub fn author(&self) -> Author {
        self.author
    }

    /// Returns who works here, while this session only reads along.
    #[must_use]
    pub fn holder(&self) -> Option<&str> {
        self.holder.as_deref()
    }

    /// Returns the dialog over the page.
    #[must_use]
    pub fn dialog(&self) -> Option<&Dialog> {
        self.dialog.as_ref()
    }

    /// Returns how the page is shown.
    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
    }

    /// Returns the latest moment that it was told.
    #[must_use]
    pub fn now(&self) -> Now {
        self.now
    }

    /// Returns how the program ends, once it does.
    #[must_use]
    pub fn exit(&self) -> Option<Exit> {
        self.exit
    }

    /// Returns why it ends so, when that needs words.
    #[must_use]
    pub fn exit_words(&self) -> Option<&str> {
        self.exit_words.as_deref()
    }

    /// Returns what the operator decided about a change.
    #[must_use]
    pub fn decided(&self, id: &str) -> Option<Choice> {
        self.decisions.get(id).copied()
    }

    /// Returns whether the journal ends before what this machine wrote to it.
    #[must_use]
    pub fn journal_is_old(&self) -> bool {
        self.head.is_some_and(|head| self.ledger.older_than(head))
    }
}
