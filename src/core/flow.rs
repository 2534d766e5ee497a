//! The screens in their order, and which one is shown: the first that is not complete.

use serde::{Deserialize, Serialize};

use crate::answers::Key;
use crate::exit::Exit;
use crate::page::ItemId;
use crate::run::Task;
use crate::session::{Home, Mode, Session};

/// A screen.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Screen {
    /// An unfinished run was found.
    Resume,
    /// A finished installation: how it stands, and what can be done with it.
    Home,
    /// What shall be taken back?
    Undo,
    /// Would the plugin go with another Spinnaker version?
    SpinnakerUpgrade,
    /// Somebody else works here: reading along.
    Watch,
    /// What has to be there.
    Prerequisites,
    /// Spinnaker and plugin version.
    Version,
    /// The two profiles.
    Configure,
    /// What is deployed, and what else goes out.
    InstallPlan,
    /// Who we are for AWS.
    AwsIdentity,
    /// Which topic.
    Topic,
    /// Gate as AWS sees it.
    Endpoint,
    /// AWS Config's delivery.
    Delivery,
    /// Everything on one page.
    Review,
    /// Writing and deploying.
    Install,
    /// Are the services up, with the plugin?
    Readiness,
    /// Topic, subscription, confirmation.
    Sns,
    /// What was made, what is left.
    Summary,
}

impl Screen {
    /// The flow, without the screens that stand beside it.
    pub const FLOW: [Self; 13] = [
        Self::Prerequisites,
        Self::Version,
        Self::Configure,
        Self::InstallPlan,
        Self::AwsIdentity,
        Self::Topic,
        Self::Endpoint,
        Self::Delivery,
        Self::Review,
        Self::Install,
        Self::Readiness,
        Self::Sns,
        Self::Summary,
    ];

    /// Returns the screen's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Resume => "Resume",
            Self::Home => "Home",
            Self::Undo => "Undo",
            Self::SpinnakerUpgrade => "Spinnaker upgrade",
            Self::Watch => "Reading along",
            Self::Prerequisites => "Prerequisites",
            Self::Version => "Version",
            Self::Configure => "Configure",
            Self::InstallPlan => "Install plan",
            Self::AwsIdentity => "AWS identity",
            Self::Topic => "Topic",
            Self::Endpoint => "Endpoint",
            Self::Delivery => "Delivery",
            Self::Review => "Review",
            Self::Install => "Install",
            Self::Readiness => "Readiness",
            Self::Sns => "SNS",
            Self::Summary => "Summary",
        }
    }

    /// Returns the chapter that the screen belongs to.
    #[must_use]
    pub fn chapter(self) -> &'static str {
        match self {
            Self::Resume | Self::Home | Self::Undo | Self::SpinnakerUpgrade | Self::Watch => self.name(),
            Self::Prerequisites | Self::Version | Self::Configure => "Configure",
            Self::InstallPlan | Self::Install | Self::Readiness => "Install",
            Self::AwsIdentity | Self::Topic | Self::Endpoint | Self::Delivery | Self::Sns => "SNS",
            Self::Review => "Review",
            Self::Summary => "Summary",
        }
    }

    /// Returns the screen's number in the flow, from one.
    #[must_use]
    pub fn number(self) -> Option<usize> {
        Self::FLOW.iter().position(|screen| *screen == self).map(|at| at + 1)
    }

    /// Returns whether the screen asks (as against does).
    #[must_use]
    pub fn asks(self) -> bool {
        self.number().is_some() && self < Self::Review
    }

    /// Returns whether Enter on this screen may change the world.
    #[must_use]
    pub fn changes_the_world(self) -> bool {
        matches!(
            self,
            Self::Resume
                | Self::Home
                | Self::Undo
                | Self::Watch
                | Self::Review
                | Self::Install
                | Self::Readiness
                | Self::Sns
        )
    }
}

/// Whether a screen may be passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pass {
    /// With Enter.
    Ready,
    /// Something is still being looked at.
    Busy(String),
    /// Not so.
    Stuck(Stuck),
}

/// Why a screen cannot be passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// Why, and what to do.
    pub why: String,
    /// The item to go to.
    pub item: Option<ItemId>,
    /// The answer that is missing, for unattended runs.
    pub key: Option<Key>,
    /// How an unattended run ends on this.
    pub exit: Exit,
}

impl Pass {
    /// Returns a refusal.
    pub fn stuck(why: impl Into<String>, exit: Exit) -> Self {
        Self::Stuck(Stuck { why: why.into(), item: None, key: None, exit })
    }

    /// Returns a refusal that a field mends.
    pub fn field(why: impl Into<String>, key: Key) -> Self {
        Self::Stuck(Stuck {
            why: why.into(),
            item: Some(ItemId::Field(key)),
            key: Some(key),
            exit: Exit::Usage,
        })
    }

    /// Returns a refusal that an item mends.
    pub fn item(why: impl Into<String>, item: ItemId, key: Key, exit: Exit) -> Self {
        Self::Stuck(Stuck { why: why.into(), item: Some(item), key: Some(key), exit })
    }
}

/// Returns the screen to show: the first of the flow that is not complete.
#[must_use]
pub fn resolve(session: &Session) -> Screen {
    if session.setup.mode == Mode::Watch {
        return Screen::Watch;
    }
    if session.resume_open {
        return Screen::Resume;
    }
    if session.home == Home::Open {
        return Screen::Home;
    }
    Screen::FLOW.into_iter().find(|screen| !complete(session, *screen)).unwrap_or(Screen::Summary)
}

/// Returns whether a screen is not needed for these answers.
#[must_use]
pub fn skipped(session: &Session, screen: Screen) -> bool {
    let later = session.answers.text(Key::SnsWhen) == "later";
    match screen {
        Screen::Topic | Screen::Endpoint | Screen::Delivery => later,
        // An undo has SNS steps whatever the answers say today.
        Screen::Sns => later && !matches!(session.next_task(), Some((Screen::Sns, _))),
        Screen::Readiness => session.answers.text(Key::Apply) == "false",
        _ => false,
    }
}

/// Returns whether a screen is complete.
#[must_use]
pub fn complete(session: &Session, screen: Screen) -> bool {
    let begun = session.ledger.run.is_some() && !session.changing;
    if skipped(session, screen) {
        return true;
    }
    match screen {
        Screen::Resume | Screen::Home | Screen::Undo | Screen::SpinnakerUpgrade | Screen::Watch => true,
        Screen::Prerequisites
        | Screen::Version
        | Screen::Configure
        | Screen::InstallPlan
        | Screen::AwsIdentity
        | Screen::Topic
        | Screen::Endpoint
        | Screen::Delivery => {
            begun
                || session.passed.contains(&screen)
                    && !matches!(crate::screens::pass(session, screen), Pass::Stuck(_))
        }
        Screen::Review => begun,
        Screen::Install => begun && !matches!(session.next_task(), Some((Screen::Install, _))),
        Screen::Readiness => {
            begun && !matches!(session.next_task(), Some((Screen::Install | Screen::Readiness, _)))
        }
        Screen::Sns => begun && session.next_task().is_none(),
        Screen::Summary => false,
    }
}

/// Returns the screen on which a task is shown.
#[must_use]
pub fn screen_of(task: &Task, later_steps: LaterSteps) -> Screen {
    match task {
        Task::Step(intent) => match intent.step().kind {
            crate::step::StepKind::WriteProfile | crate::step::StepKind::ApplyDeployment => Screen::Install,
            _ => Screen::Sns,
        },
        Task::Ready(_) if later_steps == LaterSteps::Deploys => Screen::Install,
        Task::Ready(_) => Screen::Readiness,
        Task::Confirm => Screen::Sns,
    }
}

/// Whether more is deployed after a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaterSteps {
    /// Another stage follows.
    Deploys,
    /// None does.
    None,
}
