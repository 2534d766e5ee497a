//! Answers of which there are only a few: parsed once, compared as what they are.

use serde::{Deserialize, Serialize};

macro_rules! choices {
    ($($(#[$doc:meta])* $choice:ident { $($(#[$value_doc:meta])* $value:ident = $text:literal,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
            #[serde(rename_all = "kebab-case")]
            pub enum $choice { $($(#[$value_doc])* $value,)* }

            impl $choice {
                /// Every value, as the answers file writes it.
                pub const TEXTS: &[&'static str] = &[$($text,)*];

                /// Returns how the answers file writes it.
                #[must_use]
                pub fn text(self) -> &'static str {
                    match self { $(Self::$value => $text,)* }
                }

                /// Reads it; `None` when it is none of them.
                #[must_use]
                pub fn parse(text: &str) -> Option<Self> {
                    match text { $($text => Some(Self::$value),)* _ => None }
                }
            }
        )*
    };
}

choices! {
    /// When the SNS chapter is done.
    SnsWhen {
        /// In this run.
        Now = "now",
        /// Later, or by somebody else.
        Later = "later",
    }
    /// Where the topics of several targets stand.
    Topology {
        /// Each target has a topic of its own, in its own account.
        TopicPerTarget = "topic-per-target",
        /// Each region has one topic, in one account; the others' AWS Config publishes there.
        TopicPerRegion = "topic-per-region",
    }
    /// In which order services are deployed.
    Stages {
        /// Gate proves the plugin before the long restart of Clouddriver.
        GateFirst = "gate-first",
        /// In one apply.
        AllAtOnce = "all-at-once",
    }
    /// What becomes of AWS Config's delivery channel.
    ConfigDelivery {
        /// It is looked at and left as it is.
        Check = "check",
        /// It is pointed at the topic.
        PointAtTopic = "point-at-topic",
        /// It is not looked at.
        Skip = "skip",
    }
    /// What becomes of the policy statement that the plugin's page prints, where it names another topic.
    SampleStatement {
        /// It stays; ours comes beside it.
        Leave = "leave",
        /// Ours takes its place.
        Replace = "replace",
    }
    /// What becomes of raw message delivery on Gate's subscription: without SNS's envelope Gate cannot read
    /// a message.
    RawDelivery {
        /// It is turned off.
        TurnOff = "turn-off",
        /// It stays.
        Leave = "leave",
    }
    /// What a newer version of the plugin in a profile means.
    NewerVersion {
        /// The operator decides.
        Ask = "ask",
        /// It stays.
        Keep = "keep",
    }
    /// A yes or no.
    YesNo {
        /// Yes.
        Yes = "true",
        /// No.
        No = "false",
    }
}

impl SampleStatement {
    /// Returns what becomes of it where nobody said otherwise.
    #[must_use]
    pub fn unasked() -> Self {
        Self::Leave
    }

    /// Returns whether it stays.
    #[must_use]
    pub fn is_left(&self) -> bool {
        *self == Self::Leave
    }
}

impl From<SampleStatement> for ecw_policy::Sample {
    fn from(choice: SampleStatement) -> Self {
        match choice {
            SampleStatement::Leave => Self::Leave,
            SampleStatement::Replace => Self::Replace,
        }
    }
}
