//! The screens, in their order.

use serde::{Deserialize, Serialize};

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
    /// Which accounts and regions, where there are several.
    Targets,
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
    pub const FLOW: [Self; 14] = [
        Self::Prerequisites,
        Self::Version,
        Self::Configure,
        Self::InstallPlan,
        Self::AwsIdentity,
        Self::Targets,
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
            Self::Configure => "Profiles",
            Self::InstallPlan => "Install plan",
            Self::AwsIdentity => "AWS identity",
            Self::Targets => "Targets",
            Self::Topic => "Topic",
            Self::Endpoint => "Endpoint",
            Self::Delivery => "Delivery",
            Self::Review => "Review",
            Self::Install => "Install",
            Self::Readiness => "Readiness",
            Self::Sns => "Set up SNS",
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
            Self::AwsIdentity | Self::Targets | Self::Topic | Self::Endpoint | Self::Delivery | Self::Sns => {
                "SNS"
            }
            Self::Review => "Review",
            Self::Summary => "Summary",
        }
    }

    /// How many steps the flow has. Targets and Topic are one: no run has both.
    pub const STEPS: usize = Self::FLOW.len() - 1;

    /// Returns the screen's number in the flow, from one.
    #[must_use]
    pub fn number(self) -> Option<usize> {
        let at = Self::FLOW.iter().position(|screen| *screen == self)?;
        Some(if self < Self::Topic { at + 1 } else { at })
    }

    /// Returns whether the screen asks (as against does).
    #[must_use]
    pub fn asks(self) -> bool {
        self.number().is_some() && self < Self::Review
    }

    /// Returns whether nothing is unfinished here, so that leaving is no interruption.
    #[must_use]
    pub fn is_at_rest(self) -> bool {
        matches!(self, Self::Summary | Self::Home | Self::Watch)
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
