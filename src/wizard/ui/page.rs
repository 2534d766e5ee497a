//! A screen as data: what it says and what can be focused on it. Every skin (terminal, line mode,
//! headless) shows the same page.

use serde::{Deserialize, Serialize};

use crate::model::check::Check;
use crate::model::choice::Choice;
use crate::model::part::Part;
use crate::model::screen::Screen;
use crate::ui::marks;
use crate::values::answers::Key;
use crate::values::targets::TargetName;

/// A screen's content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The decision, as a title.
    pub title: String,
    /// From top to bottom.
    pub blocks: Vec<Block>,
}

/// How a piece of text is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Running text.
    Plain,
    /// Of lesser weight.
    Dim,
    /// Of more weight.
    Strong,
    /// As it should be.
    Good,
    /// Worth knowing.
    Warning,
    /// Not as it should be.
    Bad,
}

/// One piece of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph, wrapped.
    Text(Tone, String),
    /// A heading inside the page.
    Heading(String),
    /// An empty line.
    Gap,
    /// Checks with marks, evidence and remedies.
    Checks(Vec<Check>),
    /// Label, value, where it came from.
    Facts(Vec<Fact>),
    /// Something to focus.
    Item(Item),
    /// Lines of a difference, marked with `+`, `-` or a blank; never wrapped away.
    Diff {
        /** what differs */
        of: String,
        lines: Vec<String>,
    },
    /// How much of a limit is used.
    Gauge(Gauge),
    /// Steps with marks.
    Steps(Vec<StepLine>),
    /// Last lines of a log, cut at the right edge; as many as fit, at most `rows`.
    Log {
        lines: Vec<String>,
        /** rows to use */
        rows: usize,
    },
    /// Values to copy: alone on their lines, never wrapped, no border.
    Copy(Vec<String>),
}

/// A labelled value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub label: String,
    pub value: String,
    /// Where it came from, or a remark.
    pub note: String,
}

/// How much of a limit is used: time, never work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gauge {
    /// Thousandths of the limit.
    pub filled: u16,
    /// What it says, in words.
    pub words: String,
}

/// A line of a step list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepLine {
    /// Where it stands.
    pub mark: Mark,
    /// What it does.
    pub text: String,
    /// Time or evidence.
    pub note: String,
}

/// Where a step or a screen stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Done.
    Done,
    /// Being done, or shown.
    Now,
    /// Being done right now: a second's count, so that it is seen to go on.
    Busy(u64),
    /// Failed.
    Failed,
    /// Nobody knows.
    Unknown,
    /// Left out.
    NotRun,
    /// To do.
    ToDo,
}

impl Mark {
    /// Returns the mark, three columns.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Done => marks::GOOD,
            Self::Now => marks::NOW,
            Self::Busy(second) => marks::BUSY[usize::try_from(second % 4).unwrap_or(0)],
            Self::Failed => marks::BAD,
            Self::Unknown => marks::UNKNOWN,
            Self::NotRun => marks::LEFT_OUT,
            Self::ToDo => marks::TO_DO,
        }
    }
}

/// The identity of something that can be focused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ItemId {
    /// A text field.
    Field(Key),
    /// One of several values of a key.
    Option(Key, String),
    /// A yes/no answer.
    Toggle(Key),
    /// Whether an account and region is a target.
    Target(TargetName),
    /// The answer that a target's plan asks for, for that target alone.
    TargetAnswer(TargetName, Key, String),
    /// What is decided about a change since the last visit.
    Decide(String, Choice),
    /// A step of Review, by its place.
    Step(usize),
    /// A row of Home that can be acted on, by its place.
    Row(usize),
    /// A part that can be opened and closed.
    Fold(Fold),
    /// A button.
    Button(Action),
}

/// A part of a page that can be opened and closed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Fold {
    /// What happens to a profile, by its place.
    Profile(usize),
    /// The topic's access policy.
    Policy,
    /// Every answer.
    Values,
    /// What was looked at.
    Looks,
    /// What each step is for.
    Steps,
    /// What is rarely needed.
    Advanced,
}

/// Something to focus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Identity.
    pub id: ItemId,
    pub label: String,
    /// Present value of a field; chosen or not for others.
    pub state: ItemState,
    /// One line of help.
    pub help: String,
}

/// The state of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemState {
    /// A field's text and where it came from.
    Text {
        value: String,
        /** where from */
        note: String,
        /** example */
        example: String,
    },
    /// A radio option.
    Chosen(bool),
    /// A check box.
    Ticked(bool),
    /// A row of a table that opens or leads somewhere.
    Row {
        value: String,
        /** what Enter does, in words */
        enter: String,
    },
    /// A button.
    Press,
}

/// What a button does.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// On to the next screen.
    Next,
    /// Ask the outside again.
    CheckAgain,
    /// The SNS chapter is done elsewhere or later.
    NotFromHere,
    /// The SNS chapter is done from here after all.
    FromHere,
    /// SNS is set up in several accounts or regions.
    SeveralTargets,
    /// It is set up in one after all.
    OneTarget,
    /// Take the account and region that was typed.
    AddTarget,
    /// Begin to change the world.
    Begin,
    /// Back to what is being decided.
    GoBack,
    /// Do the failed or unknown step again.
    Retry,
    /// Change answers.
    Change,
    /// Vouch for what could not be checked.
    Attest,
    /// Have SNS send a new confirmation.
    SendConfirmation,
    /// Leave the confirmation for later.
    ConfirmLater,
    /// To the choice of what is taken back.
    Undo,
    /// Ask once more whether to take a part back.
    UndoPart(Part),
    /// The log on the whole screen.
    ViewLog,
    /// How to make a support bundle.
    Bundle,
    /// Copy the command that makes one.
    CopyBundle,
    /// Leave the program.
    Leave,
    /// Leave; the job goes on.
    Detach,
    /// Ask once more whether to cancel the deploy.
    CancelDeploy,
    /// Cancel the deploy.
    CancelNow,
    /// Take a part back.
    UndoNow(Part),
    /// From Home to another plugin version.
    UpgradePlugin,
    /// From Home to a Spinnaker version that is planned.
    CheckSpinnaker,
    /// Ask once more whether to have a snapshot delivered.
    Prove,
    /// Have it delivered.
    ProveNow,
    /// From Home to the SNS chapter.
    AwsPart,
    /// Adopt an installation that was found.
    Adopt,
    /// Ask once more whether to take another's place.
    TakeOver,
    /// Take another's place.
    TakeOverNow,
    /// Stay.
    Stay,
    /// Go on with an unfinished run.
    Resume,
    /// Begin anew.
    StartOver,
    /// To a screen.
    GoTo(Screen),
}

impl Page {
    /// Returns a page with a title.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), blocks: Vec::new() }
    }

    /// Adds a block.
    pub fn push(&mut self, block: Block) -> &mut Self {
        self.blocks.push(block);
        self
    }

    /// Adds a paragraph.
    pub fn text(&mut self, tone: Tone, text: impl Into<String>) -> &mut Self {
        self.push(Block::Text(tone, text.into()))
    }

    /// Adds a heading with an empty line before it.
    pub fn heading(&mut self, text: impl Into<String>) -> &mut Self {
        if !self.blocks.is_empty() {
            self.push(Block::Gap);
        }
        self.push(Block::Heading(text.into()))
    }

    /// Adds a button.
    pub fn button(&mut self, action: Action, label: impl Into<String>, help: impl Into<String>) -> &mut Self {
        let item = Item {
            id: ItemId::Button(action),
            label: label.into(),
            state: ItemState::Press,
            help: help.into(),
        };
        self.push(Block::Item(item))
    }

    /// Adds a check box.
    pub fn toggle(
        &mut self,
        key: Key,
        ticked: Ticked,
        label: impl Into<String>,
        help: impl Into<String>,
    ) -> &mut Self {
        let state = ItemState::Ticked(ticked == Ticked::Yes);
        self.push(Block::Item(Item {
            id: ItemId::Toggle(key),
            label: label.into(),
            state,
            help: help.into(),
        }))
    }

    /// Adds a radio option; `chosen` is the value that is chosen now.
    pub fn option(
        &mut self,
        key: Key,
        value: &str,
        chosen: &str,
        label: impl Into<String>,
        help: impl Into<String>,
    ) -> &mut Self {
        let state = ItemState::Chosen(value == chosen);
        self.push(Block::Item(Item {
            id: ItemId::Option(key, value.to_owned()),
            label: label.into(),
            state,
            help: help.into(),
        }))
    }

    /// Adds a row that leads somewhere or opens something.
    pub fn row(
        &mut self,
        id: ItemId,
        label: impl Into<String>,
        value: impl Into<String>,
        enter: &str,
    ) -> &mut Self {
        self.push(Block::Item(Item {
            id,
            label: label.into(),
            state: ItemState::Row { value: value.into(), enter: enter.to_owned() },
            help: String::new(),
        }))
    }

    /// Adds one way to decide a change.
    pub fn decision(
        &mut self,
        id: &str,
        choice: Choice,
        chosen: Option<Choice>,
        label: impl Into<String>,
    ) -> &mut Self {
        self.push(Block::Item(Item {
            id: ItemId::Decide(id.to_owned(), choice),
            label: label.into(),
            state: ItemState::Chosen(chosen == Some(choice)),
            help: String::new(),
        }))
    }

    /// Returns what can be focused, in order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Item(item) => Some(item),
            _ => None,
        })
    }
}

/// A check box's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ticked {
    /// Ticked.
    Yes,
    /// Not ticked.
    No,
}

impl From<bool> for Ticked {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}
