//! What the commands report as JSON: typed, versioned, published by `schema`.

use ecw_wizard::model::check::{Check, CheckVerdict};
use ecw_wizard::model::plan_document::PlanDocument;
use ecw_wizard::model::target_job::{TargetPhase, TargetProgress};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Version of these formats.
pub const VERSION: u32 = 1;

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// There, as wanted.
    There,
    /// Not there, or not as wanted.
    Missing,
    /// Cannot be told.
    Unknown,
}

impl Standing {
    /// Returns how a verdict stands.
    #[must_use]
    pub fn of(verdict: CheckVerdict) -> Self {
        match verdict {
            CheckVerdict::Good => Self::There,
            CheckVerdict::Warning | CheckVerdict::Bad => Self::Missing,
            CheckVerdict::Unknown => Self::Unknown,
        }
    }

    /// Returns it in a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::There => "there",
            Self::Missing => "missing",
            Self::Unknown => "unknown",
        }
    }
}

/// One row of `status` and `wait`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct StatusRow {
    /// How it stands.
    pub verdict: Standing,
    /// What was looked at.
    pub what: String,
    /// What was seen.
    pub evidence: String,
    /// What to do.
    pub remedy: Option<String>,
}

impl StatusRow {
    /// Returns a check as a row.
    #[must_use]
    pub fn of(check: &Check) -> Self {
        Self {
            verdict: Standing::of(check.verdict),
            what: check.label.clone(),
            evidence: check.detail.clone(),
            remedy: check.remedy.clone(),
        }
    }
}

/// `status --format json`, `wait --format json`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct StatusOutput {
    /// Format version.
    pub version: u32,
    /// Exit code.
    pub exit: u8,
    /// In words, when there is more to say.
    pub message: Option<String>,
    /// Rows.
    pub checks: Vec<StatusRow>,
    /// What stands against an upgrade of Spinnaker: no row, and no part of the exit code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before_an_upgrade: Vec<String>,
}

/// `apply`, `plan` and `undo --format json` for several deployments.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DeploymentsOutput {
    /// Format version.
    pub version: u32,
    /// Exit code: that of the first deployment that did not end well.
    pub exit: u8,
    /// In the order in which they were worked on.
    pub deployments: Vec<DeploymentOutput>,
}

/// What came of one deployment.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DeploymentOutput {
    /// Its name.
    pub deployment: String,
    /// All in all.
    pub verdict: DeploymentVerdict,
    /// Exit code of its run.
    pub exit: u8,
    /// In words, when there is more to say.
    pub message: Option<String>,
    /// Its report, where something was done.
    pub output: Option<ApplyOutput>,
    /// Its plan, where that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanFile>,
}

/// How one deployment came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeploymentVerdict {
    /// Something was changed.
    Changed,
    /// All was as wanted.
    Ok,
    /// Something would be changed.
    Pending,
    /// It failed, or nobody knows.
    Failed,
}

impl DeploymentVerdict {
    /// Returns the verdict as a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Ok => "ok",
            Self::Pending => "pending",
            Self::Failed => "failed",
        }
    }
}

/// `status --all --format json`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DeploymentsStatus {
    /// Format version.
    pub version: u32,
    /// Exit code.
    pub exit: u8,
    /// In the order of hal config.
    pub deployments: Vec<DeploymentStatus>,
}

/// How one deployment stands.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DeploymentStatus {
    /// Its name.
    pub deployment: String,
    /// Its profiles.
    pub files: Standing,
    /// Its services, with the plugin.
    pub services: Standing,
    /// Topic, subscription and delivery.
    pub events: Standing,
    /// Rows.
    pub checks: Vec<StatusRow>,
}

/// `check --format json`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CheckOutput {
    /// Format version.
    pub version: u32,
    /// Exit code.
    pub exit: u8,
    /// Spinnaker version that was asked about.
    pub spinnaker: String,
    /// Its release line; `null` = cannot be told.
    pub line: Option<String>,
    /// Plugin version that is published for it; `null` = none.
    pub plugin: Option<String>,
    /// In words.
    pub message: String,
    /// Where that is published.
    pub source: String,
}

/// `plan.json`: a plan and its digest, for `apply --plan`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PlanFile {
    /// SHA-256 of the plan as compact JSON.
    pub digest: String,
    pub plan: PlanDocument,
}

/// How one step of a run came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepResult {
    /// Something was changed.
    Changed,
    /// It was as wanted.
    Ok,
    /// It failed, with nothing half done.
    Failed,
    /// Nobody knows how it ended.
    Unknown,
    /// It was not begun.
    NotRun,
}

/// One step of `apply --format json`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct StepOutput {
    /// Identity, the same in every run.
    pub step: String,
    /// What it does.
    pub describe: String,
    /// How it came out.
    pub result: StepResult,
    /// Evidence, or why not.
    pub detail: String,
    /// How long its last attempt took, seconds; absent where it has not ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u64>,
}

/// `apply --format json`, `undo --format json`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ApplyOutput {
    /// Format version.
    pub version: u32,
    /// Exit code.
    pub exit: u8,
    /// Whether anything was changed by this run.
    pub changed: bool,
    /// In words, when there is more to say.
    pub message: Option<String>,
    /// Steps, in order.
    pub steps: Vec<StepOutput>,
    /// What was made: paths, ARNs.
    pub made: Vec<String>,
    /// What is left to do.
    pub left: Vec<String>,
    /// How each target came out, where there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<TargetOutput>,
}

/// One target of `apply --format json`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TargetOutput {
    /// Account.
    pub account: String,
    pub region: String,
    /// Where it stands in its run.
    pub phase: TargetPhase,
    /// Steps that are done.
    pub done: usize,
    /// Steps of its run.
    pub of: usize,
    /// What it does or waits for, or why it failed.
    pub detail: String,
    /// What it made and still stands: ARNs and names.
    pub made: Vec<String>,
}

impl TargetOutput {
    /// Returns a target's progress as it is reported.
    #[must_use]
    pub fn of(target: &TargetProgress) -> Self {
        Self {
            account: target.name.account.to_string(),
            region: target.name.region.to_string(),
            phase: target.phase,
            done: target.done,
            of: target.of,
            detail: target.words.clone(),
            made: target.made.clone(),
        }
    }
}

/// One step of `report --format json`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReportStep {
    /// The step and how it came out.
    #[serde(flatten)]
    pub step: StepOutput,
    pub attempts: u32,
    /// When it last began, UTC.
    pub started: Option<String>,
    /// When it last ended, UTC.
    pub finished: Option<String>,
    /// The exact command, for deploys.
    pub command: Option<Vec<String>>,
    /// SHA-256 of the file before; `null` = no file, or no file is concerned.
    pub hash_before: Option<String>,
    /// SHA-256 of the file after.
    pub hash_after: Option<String>,
}

/// `report --format json`: the closing evidence of a run.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RunReport {
    /// Format version.
    pub version: u32,
    /// Run id.
    pub run: String,
    /// Change ticket.
    pub change: Option<String>,
    /// User who confirmed it.
    pub user: String,
    /// On which host.
    pub host: String,
    /// When it was confirmed, UTC.
    pub begun: String,
    /// How it ended; `null` = unfinished.
    pub ended: Option<String>,
    /// When its last record was written, UTC.
    pub last_record: String,
    /// Spinnaker version in hal config then.
    pub spinnaker: String,
    /// AWS account then.
    pub account: Option<String>,
    /// Steps, in order.
    pub steps: Vec<ReportStep>,
    /// What was made and still stands by the journal: paths, ARNs.
    pub made: Vec<String>,
    /// What somebody vouched for.
    pub attested: Vec<String>,
    /// What was found and adopted; not made by us.
    pub adopted: Vec<String>,
    /// Each target's own last run, where there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<TargetReport>,
}

/// A target in `report --format json`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TargetReport {
    /// Account.
    pub account: String,
    pub region: String,
    /// Its last run, by its own journal; `null` = none.
    pub report: Option<Box<RunReport>>,
}
