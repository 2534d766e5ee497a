//! What comes back from the outside. Reports carry facts, never a file's bytes: profiles hold
//! secrets.

use ecw_halyard::{HalConfig, PendingChange, ServiceName, SettingsRemark, redact};
use ecw_profile::{Contradiction, Finding, Position, Refusal};
use serde::{Deserialize, Serialize};

use crate::names::TopicArn;
use crate::trouble::{AwsTrouble, Trouble};

/// The answer to a [`crate::question::Question`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "report", content = "value")]
pub enum Report {
    /// To [`crate::question::Question::Site`].
    Site(Box<SiteReport>),
    /// To [`crate::question::Question::Daemon`].
    Daemon(DaemonReport),
    /// To [`crate::question::Question::Repository`].
    Repository(RepositoryReport),
    /// To [`crate::question::Question::Profiles`].
    Profiles(ProfilesReport),
    /// To [`crate::question::Question::Pending`].
    Pending(PendingReport),
    /// To [`crate::question::Question::Identity`].
    Identity(Result<Identity, AwsTrouble>),
    /// To [`crate::question::Question::Topics`].
    Topics(Result<TopicsReport, AwsTrouble>),
    /// To [`crate::question::Question::Topic`].
    Topic(Result<TopicReport, AwsTrouble>),
    /// To [`crate::question::Question::Endpoint`].
    Endpoint(EndpointReport),
    /// To [`crate::question::Question::Gate`].
    Gate(GateReport),
    /// To [`crate::question::Question::Staged`].
    Staged(Vec<StagedReport>),
    /// To [`crate::question::Question::Ready`].
    Ready(ReadyReport),
    /// To [`crate::question::Question::Tasks`]: what it works on, one line each, or why that cannot
    /// be told.
    Tasks(Result<Vec<String>, String>),
    /// To [`crate::question::Question::Subscription`].
    Subscription(Result<SubscriptionState, AwsTrouble>),
    /// To [`crate::question::Question::Probe`].
    Probe(Probed),
}

/// How one check came out.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// As it should be.
    Good,
    /// Worth knowing; passed with Enter.
    Warning,
    /// Could not be checked; may be passed.
    Unknown,
    /// Not as it should be; stops here.
    Bad,
}

/// One check with its evidence and remedy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Check {
    /// How it came out.
    pub verdict: Verdict,
    /// What was checked.
    pub label: String,
    /// What was seen.
    pub detail: String,
    /// What to do, when something has to be done.
    pub remedy: Option<String>,
}

impl Check {
    /// Returns a check without a remedy.
    pub fn new(verdict: Verdict, label: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { verdict, label: label.into(), detail: redact(&detail.into()), remedy: None }
    }

    /// Returns the check with a remedy.
    #[must_use]
    pub fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
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
    Unchanged {
        /** remarks */
        findings: Vec<Finding>,
    },
    /// No file yet.
    Create,
    /// Insert.
    Edit {
        /** remarks */
        findings: Vec<Finding>,
    },
    /// Insert and mend.
    Repair {
        /** what was wrong */
        findings: Vec<Finding>,
    },
    /// A newer version stands there.
    AsksNewer {
        /** version */
        found: String,
        /** where */
        at: Position,
    },
    /// Not safely editable.
    Refused {
        /** why */
        refusal: Refusal,
        /** what to paste by hand */
        snippet: String,
    },
    /// Cannot be read at all.
    Unreadable {
        /** why */
        trouble: Trouble,
    },
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
    /// What `hal deploy diff` says; `None` = it could not be asked.
    pub hal_diff: Option<Vec<String>>,
}

/// Who we are for AWS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Identity {
    /// Account.
    pub account: String,
    /// ARN of the caller.
    pub arn: String,
    /// Partition, from the ARN.
    pub partition: String,
}

/// Topics of a region, and AWS Config there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TopicsReport {
    /// Topics.
    pub topics: Vec<TopicArn>,
    /// AWS Config.
    pub config: Result<ConfigReport, AwsTrouble>,
}

/// AWS Config in a region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ConfigReport {
    /// Recorder, and whether it records.
    pub recorder: Option<(String, RecorderState)>,
    /// Delivery channel.
    pub channel: Option<Channel>,
}

/// Whether a recorder records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RecorderState {
    /// It records.
    Recording,
    /// It is switched off.
    Stopped,
}

/// A delivery channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Channel {
    /// Name.
    pub name: String,
    /// S3 bucket; kept when the topic changes.
    pub bucket: Option<String>,
    /// Topic.
    pub topic: Option<TopicArn>,
    /// Last delivery to the topic, in AWS's word.
    pub last_status: Option<String>,
    /// Who subscribes to that topic: they lose AWS Config's events when the channel is pointed
    /// elsewhere.
    pub subscribers: Vec<String>,
}

/// A topic as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TopicReport {
    /// ARN.
    pub arn: TopicArn,
    /// It exists.
    pub exists: bool,
    /// A KMS key is set: AWS Config cannot publish to it.
    pub encrypted: bool,
    /// Policy difference, empty when nothing has to change.
    pub policy_diff: Vec<String>,
    /// Why the policy cannot be merged.
    pub policy_trouble: Option<String>,
    /// Subscriptions: (protocol, endpoint without user names, state).
    pub subscriptions: Vec<Subscriber>,
}

/// One subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Subscriber {
    /// Protocol.
    pub protocol: String,
    /// Endpoint.
    pub endpoint: String,
    /// Its ARN, or what stands in its place.
    pub arn: String,
}

/// Where a subscription stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum SubscriptionState {
    /// There is none.
    Missing,
    /// SNS waits for Gate.
    Pending {
        /** ARN, when SNS tells it */
        arn: Option<String>,
    },
    /// Gate has confirmed.
    Confirmed {
        /** ARN */
        arn: String,
    },
}

/// Can SNS reach the endpoint?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct EndpointReport {
    /// Checks: name, address, certificate, answer.
    pub checks: Vec<Check>,
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

/// What `GET /aws/notify` says (never POST).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NotifyVerdict {
    /// 405, or 2xx that is no HTML.
    There,
    /// 404.
    NotThere,
    /// 401, 403 or a redirect: a login in the way *or* the plugin not loaded.
    LoginOrMissing,
    /// HTML: this is not Gate.
    NotGate,
    /// 5xx, no answer.
    CannotTell,
}

impl NotifyVerdict {
    /// Returns the verdict of an answer to `GET /aws/notify`.
    #[must_use]
    pub fn of(status: u16, html: bool) -> Self {
        match status {
            405 => Self::There,
            200..=299 if !html => Self::There,
            200..=299 => Self::NotGate,
            404 => Self::NotThere,
            300..=399 | 401 | 403 => Self::LoginOrMissing,
            _ => Self::CannotTell,
        }
    }

    /// Returns the verdict in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::There => "/aws/notify is there",
            Self::NotThere => "/aws/notify is not there (404): Gate runs without the plugin",
            Self::LoginOrMissing => "a login is in the way, or the plugin is not loaded",
            Self::NotGate => "an HTML page answers: this is not Gate",
            Self::CannotTell => "no usable answer",
        }
    }
}

/// Did a service's files arrive?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct StagedReport {
    /// Service.
    pub service: ServiceName,
    /// The staged file equals ours.
    pub staged: Verdict,
    /// The history names our file for this service.
    pub history: Verdict,
    /// When the history was written, milliseconds since 1970 UTC.
    #[serde(default)]
    pub history_at: Option<u64>,
    /// What was seen.
    pub detail: String,
}

impl StagedReport {
    /// Returns whether both say yes.
    #[must_use]
    pub fn arrived(&self) -> bool {
        self.staged == Verdict::Good && self.history == Verdict::Good
    }

    /// Returns whether what is there says nothing about this service.
    #[must_use]
    pub fn silent(&self) -> bool {
        self.history == Verdict::Unknown && self.staged != Verdict::Bad
    }
}

/// Is a service ready?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ReadyReport {
    /// Service.
    pub service: ServiceName,
    /// Evidence, strongest first.
    pub checks: Vec<Check>,
    /// All in all.
    pub state: Readiness,
}

/// A service's readiness, all evidence together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Readiness {
    /// Ready, and the plugin is there.
    Ready,
    /// Still starting.
    Waiting,
    /// It will not come up by itself.
    Failed,
    /// Nothing here can tell.
    CannotTell,
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
        made: Option<crate::step::Made>,
    },
    /// As if it had never begun.
    NotDone,
    /// Half way.
    Partial {
        /** what is missing */
        what: String,
    },
    /// Nobody can tell.
    CannotTell {
        /** why */
        why: String,
    },
}
