//! What comes back from the outside. Reports carry facts, never a file's bytes: profiles hold
//! secrets.

use ecw_halyard::{HalConfig, PendingChange, SettingsRemark};
use ecw_profile::{Contradiction, Finding, Position, Refusal};
use serde::{Deserialize, Serialize};

use crate::model::aws_report::{Identity, SubscriptionState, TopicReport, TopicsReport};
use crate::model::check::Check;
use crate::model::gate_answer::{EndpointAnswer, NotifyVerdict};
use crate::model::place::{ProfileHome, Workload};
use crate::model::readiness::{ReadyReport, StagedReport};
use crate::model::target_job::{TargetPlan, TargetProgress, TargetStand};
use crate::steps::Made;
use crate::values::halyard_in::HalyardIn;
use crate::values::road::Road;
use crate::values::trouble::Trouble;

/// The answer to a [`crate::model::question::Question`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "report", content = "value")]
pub enum Report {
    /// To [`crate::model::question::Question::Site`].
    Site(Box<SiteReport>),
    /// To [`crate::model::question::Question::Halyards`].
    Halyards(Vec<HalyardFound>),
    /// To [`crate::model::question::Question::Daemon`].
    Daemon(DaemonReport),
    /// To [`crate::model::question::Question::Repository`].
    Repository(RepositoryReport),
    /// To [`crate::model::question::Question::Profiles`].
    Profiles(ProfilesReport),
    /// To [`crate::model::question::Question::Pending`].
    Pending(PendingReport),
    /// To [`crate::model::question::Question::Cluster`].
    Cluster(ClusterReport),
    /// To [`crate::model::question::Question::Rendered`].
    Rendered(RenderedReport),
    /// To [`crate::model::question::Question::Identity`].
    Identity(Result<Identity, Trouble>),
    /// To [`crate::model::question::Question::Topics`].
    Topics(Result<TopicsReport, Trouble>),
    /// To [`crate::model::question::Question::Topic`].
    Topic(Result<TopicReport, Trouble>),
    /// To [`crate::model::question::Question::Endpoint`].
    Endpoint(EndpointReport),
    /// To [`crate::model::question::Question::Gate`].
    Gate(GateReport),
    /// To [`crate::model::question::Question::Staged`].
    Staged(Vec<StagedReport>),
    /// To [`crate::model::question::Question::Ready`].
    Ready(ReadyReport),
    /// To [`crate::model::question::Question::Tasks`]: what it works on, one line each, or why that cannot
    /// be told.
    Tasks(Result<Vec<String>, String>),
    /// To [`crate::model::question::Question::Subscription`].
    Subscription(Result<SubscriptionState, Trouble>),
    /// To [`crate::model::question::Question::TargetsPlan`], in the same order.
    TargetsPlan(Vec<TargetPlan>),
    /// To [`crate::model::question::Question::TargetsStand`], in the same order.
    TargetsStand(Vec<TargetStand>),
    /// To [`crate::model::question::Question::TargetsProgress`], in the same order.
    TargetsProgress(Vec<TargetProgress>),
    /// To [`crate::model::question::Question::Probe`].
    Probe(Probed),
}

/// The hal directory and what stands in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SiteReport {
    /// The directory that was looked at, and where it was found.
    pub hal_dir: String,
    /// How the directory was found, in words.
    pub found_by: String,
    /// hal config.
    pub config: Result<HalConfig, Trouble>,
    /// Checks of directory, profiles and rights.
    pub checks: Vec<Check>,
    /// Gate's URL in service-settings, which beats hal config's.
    pub gate_settings_url: Option<String>,
    /// Why the profiles cannot be written: the change then goes to a patch file.
    pub read_only: Option<String>,
    /// The hal directory is a git work tree: a patch is offered.
    pub git: GitTree,
    /// Whether `hal` needs root here and cannot have it (LocalDebian).
    pub root_checks: Vec<Check>,
    /// How `hal` becomes root, where it has to.
    pub root: Option<RootWay>,
    /// How Spinnaker is deployed from here.
    #[serde(default)]
    pub road: Road,
    /// How the profiles are kept.
    #[serde(default)]
    pub home: ProfileHome,
    /// What the services' Kubernetes deployments are called, as far as that is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workloads: Vec<Workload>,
    /// What kubectl is told to apply, where it deploys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apply: Vec<String>,
}

/// Something that looks like Halyard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct HalyardFound {
    /// Where it is.
    pub halyard_in: HalyardIn,
    /// Its image.
    pub image: String,
}

/// How a command becomes root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RootWay {
    /// It is root already.
    Already,
    /// With `sudo -n`.
    Sudo,
}

/// Whether a directory is kept in git.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GitTree {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// The daemon's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DaemonReport {
    /// Checks, in order.
    pub checks: Vec<Check>,
    /// `hal --version`.
    pub hal_version: Option<String>,
}

/// The repository's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RepositoryReport {
    /// Checks: list, version, zip.
    pub checks: Vec<Check>,
    /// Versions that the list holds.
    pub versions: Vec<String>,
}

/// What has to happen to the profiles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ProfilesReport {
    /// The files we write.
    pub files: Vec<ProfileReport>,
    /// Others that contradict.
    pub contradictions: Vec<Contradiction>,
    /// Remarks on service settings.
    pub settings: Vec<SettingsRemark>,
}

/// What has to happen to one profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ProfileReport {
    /// File name.
    pub file: String,
    /// Whole path.
    pub path: String,
    /// What has to happen.
    pub outcome: ProfileOutcome,
    /// SHA-256 now; `None` = no file.
    pub before: Option<String>,
    /// SHA-256 afterwards.
    pub after: Option<String>,
    /// The change with context, secrets masked.
    pub diff: Vec<String>,
    /// Size in bytes afterwards.
    pub size: u64,
}

/// The kinds of outcome for a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum ProfileOutcome {
    /// Already right.
    Unchanged { findings: Vec<Finding> },
    /// No file yet.
    Create,
    /// Insert.
    Edit { findings: Vec<Finding> },
    /// Insert and mend.
    Repair {
        /** what was wrong */
        findings: Vec<Finding>,
    },
    /// A newer version stands there.
    AsksNewer { found: String, at: Position },
    /// Not safely editable.
    Refused {
        refusal: Refusal,
        /** what to paste by hand */
        snippet: String,
    },
    /// Cannot be read at all.
    Unreadable { trouble: Trouble },
}

/// What else an apply would ship.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PendingReport {
    /// Changes of hal config since the last apply or backup; `None` = cannot be told.
    pub changes: Option<Vec<PendingChange>>,
    /// Profiles and service settings newer than the last apply.
    pub newer_files: Vec<String>,
    /// A copy of the config as last applied exists.
    pub has_history: bool,
    /// The changes that `hal deploy diff` names, the most felt first, then its lines that nobody can read;
    /// `None` = it could not be asked.
    pub hal_diff: Option<Vec<String>>,
    /// How many of its lines are nobody's change: what hal makes anew at each call, defaults written out.
    #[serde(default)]
    pub hal_folded: usize,
}

/// Can kubectl do there what is wanted?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ClusterReport {
    /// Checks: kubectl, the context, the right.
    pub checks: Vec<Check>,
}

/// What an apply would send to the cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RenderedReport {
    /// What kustomize prints after the edit against what it prints before, secrets masked; empty where
    /// nothing is rendered.
    pub diff: Vec<String>,
    /// Checks: that what is rendered holds what was shown, and what else an apply would change.
    pub checks: Vec<Check>,
}

/// Can SNS reach the endpoint?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct EndpointReport {
    /// Checks: name, address, certificate.
    pub checks: Vec<Check>,
    /// What it answers to a GET.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<EndpointAnswer>,
}

/// What Gate answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct GateReport {
    /// `/health`.
    pub health: Check,
    /// `/aws/notify`.
    pub notify: NotifyVerdict,
    /// `/plugins/installed`, in words.
    pub installed: Check,
}

/// Where a step stands in the world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "probed")]
pub enum Probed {
    /// As the step would leave it.
    Done {
        /** what was seen */
        evidence: String,
        /** what it made, if known */
        made: Option<Made>,
    },
    /// As if it had never begun.
    NotDone,
    /// Half way.
    Partial {
        /** what is missing */
        what: String,
    },
    /// Nobody can tell.
    CannotTell { why: String },
}
