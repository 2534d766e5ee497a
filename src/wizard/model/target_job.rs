//! One target as a session of its own: what it is to do, with which answers, and what came of it.

use serde::{Deserialize, Serialize};

use crate::model::check::Check;
use crate::values::actor::Actor;
use crate::values::answers::{Answers, Key, Provenance};
use crate::values::exit::Exit;
use crate::values::targets::TargetName;

/// What a session is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// The installation.
    #[default]
    Whole,
    /// SNS in one account and region, for another session that is about the whole.
    Target(Duty),
}

/// What is to be done at a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Duty {
    /// Topic, policy, subscription and delivery.
    HasTopic,
    /// Delivery alone: to the region's topic, which stands in another account.
    Delivers,
}

/// A target with all that its session needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TargetJob {
    /// Account and region.
    pub name: TargetName,
    pub duty: Duty,
    /// Its answers, those that all targets share included.
    pub answers: Vec<(Key, String)>,
}

impl TargetJob {
    /// Returns its answers as a session takes them.
    #[must_use]
    pub fn given(&self) -> Vec<(Key, String, Provenance)> {
        self.answers.iter().map(|(key, value)| (*key, value.clone(), Provenance::AnswersFile)).collect()
    }

    /// Returns its answers.
    #[must_use]
    pub fn answers(&self) -> Answers {
        let mut answers = Answers::default();
        for (key, value, from) in self.given() {
            answers.set(key, value, from);
        }
        answers
    }
}

/// On whose behalf targets are worked on: what their journals say of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OnBehalf {
    pub actor: Actor,
    /// Run id.
    pub run: String,
    /// Change ticket.
    pub change: Option<String>,
}

/// What would be done at a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TargetPlan {
    pub name: TargetName,
    /// Each step in a line.
    pub steps: Vec<String>,
    /// Its AWS calls that change something.
    pub calls: Vec<String>,
    /// What the plan was made from, by name: account, topic, subscriptions, where AWS Config delivers.
    #[serde(default)]
    pub world: Vec<(String, String)>,
    /// What changes in the topic's access policy; `None` = unknown.
    #[serde(default)]
    pub policy_diff: Option<Vec<String>>,
    /// How a session that only plans ended: 0 nothing to do, 13 something, others why it cannot be done.
    pub exit: u8,
    /// That in words.
    pub words: Option<String>,
    /// Why no events will arrive from there once that is done; `None` = they will, as far as can be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// The answer with which it could be done, where one is all that is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks: Option<(Key, String)>,
}

impl TargetPlan {
    /// Returns why it cannot be done, if it cannot.
    #[must_use]
    pub fn trouble(&self) -> Option<&str> {
        let can = [Exit::Done, Exit::Pending].iter().any(|exit| exit.code() == self.exit);
        (!can).then(|| self.words.as_deref().unwrap_or("it cannot be told why"))
    }
}

/// How a target stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TargetStand {
    pub name: TargetName,
    /// As `status` shows them.
    pub checks: Vec<Check>,
}

/// How far a target has come, by its own journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TargetProgress {
    pub name: TargetName,
    pub phase: TargetPhase,
    /// Steps that are done.
    pub done: usize,
    /// Steps of its run.
    pub of: usize,
    /// What it does or waits for, or why it failed.
    pub words: String,
    /// What it made and still stands: ARNs and names.
    pub made: Vec<String>,
}

/// Where a target stands in its run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TargetPhase {
    /// Not begun.
    ToDo,
    /// Being worked on, or cut off in the middle of it.
    Begun,
    /// A step failed.
    Failed,
    /// Nobody knows how a step ended.
    Unknown,
    /// Over.
    Done,
}

/// The name of a [`TargetEnd`] in a target's state.
pub const TARGET_END: &str = "ended.json";

/// How a target's session ended in a run of the whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetEnd {
    /// Of which run.
    pub run: String,
    /// Why it failed; `None` = it did not.
    pub failed: Option<String>,
    pub words: String,
}
