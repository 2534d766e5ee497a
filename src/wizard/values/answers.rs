//! What the operator wants, each answer with where it came from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::values::choices::{
    ConfigDelivery, NewerVersion, RawDelivery, SampleStatement, SnsWhen, Stages, Topology, YesNo,
};
use crate::values::halyard_in::HalyardIn;
pub use crate::values::provenance::Provenance;
use crate::values::road::Road;
use crate::values::tags::tags;

/// What is answered for the topic's ARN when a new one is made.
pub const NEW_TOPIC: &str = "new";

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Answer {
    /// The value as text.
    pub value: String,
    /// Where it came from.
    #[serde(flatten)]
    pub from: Provenance,
}

macro_rules! keys {
    ($($(#[$doc:meta])* $key:ident = $path:literal, $label:literal, $scope:ident;)*) => {
        /// Everything that can be answered. The path is the one of the answers file.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum Key { $($(#[$doc])* $key,)* }

        impl Key {
            /// Every key, in the order of the answers file.
            pub const ALL: &[Self] = &[$(Self::$key,)*];

            /// Returns the key's path in the answers file.
            #[must_use]
            pub fn path(self) -> &'static str {
                match self { $(Self::$key => $path,)* }
            }

            /// Returns what the key is called on screen.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $(Self::$key => $label,)* }
            }

            /// Returns whether the answer belongs to the run or to one SNS target.
            #[must_use]
            pub fn scope(self) -> Scope {
                match self { $(Self::$key => Scope::$scope,)* }
            }
        }
    };
}

/// What an answer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole run.
    Run,
    /// One SNS target (account and region).
    Target,
}

keys! {
    /// Where Halyard runs.
    HalyardIn = "halyard.in", "Halyard runs in", Run;
    /// Halyard's directory.
    HalDirectory = "halyard.directory", "hal directory", Run;
    /// Deployment name.
    Deployment = "halyard.deployment", "Deployment", Run;
    /// The hal command, split as shell words.
    HalCommand = "halyard.command", "hal command", Run;
    /// The daemon's address.
    DaemonEndpoint = "halyard.daemon_endpoint", "Halyard daemon", Run;
    /// The kustomize overlay, where that deploys Spinnaker.
    Overlay = "kustomize.directory", "Overlay", Run;
    /// The manifest of a `SpinnakerService`, or a kustomize patch of it.
    Manifest = "operator.manifest", "Manifest", Run;
    /// The kubectl command, split as shell words.
    Kubectl = "kubernetes.kubectl", "kubectl command", Run;
    /// kubeconfig; kubectl's own choice, when empty.
    Kubeconfig = "kubernetes.kubeconfig", "kubeconfig", Run;
    /// The context, never the current one.
    KubeContext = "kubernetes.context", "Context", Run;
    /// The namespace, where overlay or manifest name none.
    KubeNamespace = "kubernetes.namespace", "Namespace", Run;
    /// Whether hal validates before an apply.
    Validate = "halyard.validate", "hal validation", Run;
    /// The note about plugins was read.
    Acknowledged = "halyard.acknowledged", "Note read", Run;
    /// Release line, when it cannot be told from the version.
    SpinnakerLine = "plugin.spinnaker_line", "Spinnaker line", Run;
    /// Plugin version.
    PluginVersion = "plugin.version", "Plugin version", Run;
    /// Go on outside the published matrix.
    AllowUntested = "plugin.allow_untested_spinnaker", "Untested pair agreed", Run;
    /// Plugin repository.
    RepositoryUrl = "plugin.repository.url", "Plugin repository", Run;
    /// What a newer version in a profile means: `ask` or `keep`.
    NewerVersion = "plugin.newer", "Newer version found", Run;
    /// The services that get the plugin: `clouddriver`, `gate`, or both.
    Services = "configure.services", "Services", Run;
    /// Whether the profiles are written at all.
    WriteProfiles = "configure.write", "Write the profiles", Run;
    /// Repair wrong entries.
    Repair = "configure.repair", "Repair wrong entries", Run;
    /// Write a patch file instead of editing the profiles.
    PatchOnly = "configure.patch_only", "Patch file instead", Run;
    /// Run `hal deploy apply`.
    Apply = "install.apply", "Deploy from here", Run;
    /// `gate-first` or `all-at-once`.
    Stages = "install.stages", "Stages", Run;
    /// Ship what else is pending.
    AllowPending = "install.allow_pending_changes", "Ship pending changes", Run;
    /// How long to wait for the services.
    WaitForReady = "install.wait_for_ready", "Wait for ready", Run;
    /// Gate as seen from here.
    ProbeUrl = "gate.probe_url", "Gate, seen from here", Run;
    /// AWS profile.
    AwsProfile = "aws.profile", "AWS profile", Run;
    /// `now` or `later`.
    SnsWhen = "sns.when", "SNS chapter", Run;
    /// The accounts and regions, where there are several: a JSON list.
    Targets = "sns.targets", "Targets", Run;
    /// Where their topics stand: `topic-per-target` or `topic-per-region`.
    Topology = "sns.topology", "Topics", Run;
    /// The account in which a region's one topic stands.
    HubAccount = "sns.hub_account", "Account of the topics", Run;
    /// A target that is about to be added on a screen.
    AnotherTarget = "sns.another_target", "Another account and region", Run;
    /// Endpoint as AWS sees it.
    Endpoint = "sns.endpoint", "Endpoint", Run;
    /// How long to wait for the confirmation.
    WaitForConfirmation = "sns.wait_for_confirmation", "Wait for confirmation", Run;
    /// The account that the credentials must be of; any, when empty.
    Account = "aws.account", "AWS account expected", Target;
    /// The role that is assumed there.
    RoleArn = "aws.role_arn", "Role", Target;
    /// What its trust policy asks for.
    ExternalId = "aws.external_id", "External id", Target;
    /// Region.
    Region = "aws.region", "Region", Target;
    /// Topic to create.
    TopicName = "sns.topic.name", "Topic name", Target;
    /// Existing topic.
    TopicArn = "sns.topic.arn", "Topic ARN", Target;
    /// The accounts whose AWS Config publishes to the topic; that of the credentials, when empty.
    SourceAccounts = "sns.topic.source_accounts", "Accounts that publish", Target;
    /// The topic may be encrypted: its key's policy lets AWS Config in.
    AcceptEncrypted = "sns.topic.accept_encrypted", "Encrypted topic agreed", Target;
    /// Tags that a new topic gets as it is made, `key=value` with commas between.
    TopicTags = "sns.topic.tags", "Tags of a new topic", Target;
    /// What becomes of the policy statement of the plugin's page that names another topic.
    SampleStatement = "sns.topic.sample_statement", "The page's statement", Target;
    /// What becomes of raw message delivery, which Gate cannot read.
    RawDelivery = "sns.raw_delivery", "Raw message delivery", Target;
    /// `check`, `point-at-topic` or `skip`.
    ConfigDelivery = "sns.config_delivery", "AWS Config delivery", Target;
    /// The topic that is replaced in the delivery channel.
    ReplaceTopicArn = "sns.replace_topic_arn", "Replaced topic", Target;
    /// A Spinnaker version that an upgrade would lead to.
    NextSpinnaker = "check.spinnaker", "Spinnaker version to check", Run;
    /// Undo deletes the topic too, if it is ours and nobody else subscribes.
    DeleteTopic = "undo.delete_topic", "Delete the topic too", Run;
}

impl Key {
    /// Returns whether the answer holds for this visit only: it is not saved.
    #[must_use]
    pub fn passing(self) -> bool {
        matches!(self, Self::NextSpinnaker | Self::DeleteTopic | Self::AnotherTarget)
    }
}

type Values = BTreeMap<Key, Answer>;

/// All answers. Those about one place stand in a list of one: the format that was promised. Several places
/// stand in [`Key::Targets`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Answers {
    run: Values,
    targets: Vec<Values>,
}

impl Default for Answers {
    fn default() -> Self {
        Self { run: Values::new(), targets: vec![Values::new()] }
    }
}

impl Answers {
    fn values(&self, key: Key) -> &Values {
        match key.scope() {
            Scope::Run => &self.run,
            Scope::Target => &self.targets[0],
        }
    }

    fn values_mut(&mut self, key: Key) -> &mut Values {
        match key.scope() {
            Scope::Run => &mut self.run,
            Scope::Target => &mut self.targets[0],
        }
    }

    /// Returns an answer.
    #[must_use]
    pub fn get(&self, key: Key) -> Option<&Answer> {
        self.values(key).get(&key)
    }

    /// Returns an answer's text, empty when there is none.
    #[must_use]
    pub fn text(&self, key: Key) -> &str {
        self.get(key).map_or("", |answer| answer.value.as_str())
    }

    /// Returns whether a yes/no answer is yes.
    #[must_use]
    pub fn is_yes(&self, key: Key) -> bool {
        self.text(key) == YesNo::Yes.text()
    }

    /// Returns where Halyard runs: on this machine, unless something else was answered and hal deploys.
    #[must_use]
    pub fn halyard_in(&self) -> HalyardIn {
        if !self.road().is_halyard() {
            return HalyardIn::Local;
        }
        HalyardIn::parse(self.text(Key::HalyardIn)).unwrap_or_default()
    }

    /// Returns how Spinnaker is deployed: a manifest or an overlay that was named says it.
    #[must_use]
    pub fn road(&self) -> Road {
        if !self.text(Key::Manifest).is_empty() {
            Road::Operator
        } else if !self.text(Key::Overlay).is_empty() {
            Road::Kustomize
        } else {
            Road::Halyard
        }
    }

    /// Returns when the SNS chapter is done: now, unless something else was answered.
    #[must_use]
    pub fn sns_when(&self) -> SnsWhen {
        SnsWhen::parse(self.text(Key::SnsWhen)).unwrap_or(SnsWhen::Now)
    }

    /// Returns whether the SNS chapter is done now, by this session itself: with several targets each has
    /// one of its own.
    #[must_use]
    pub fn sns_now(&self) -> bool {
        self.sns_when() == SnsWhen::Now && self.text(Key::Targets).is_empty()
    }

    /// Returns whether the SNS chapter is done now, target by target.
    #[must_use]
    pub fn sns_by_targets(&self) -> bool {
        self.sns_when() == SnsWhen::Now && !self.text(Key::Targets).is_empty()
    }

    /// Returns where the topics of several targets stand, if that was answered.
    #[must_use]
    pub fn topology(&self) -> Option<Topology> {
        Topology::parse(self.text(Key::Topology))
    }

    /// Returns the order of the deploys: Gate first, unless something else was answered.
    #[must_use]
    pub fn stages(&self) -> Stages {
        Stages::parse(self.text(Key::Stages)).unwrap_or(Stages::GateFirst)
    }

    /// Returns what becomes of the delivery channel: it is looked at, unless something else was answered.
    #[must_use]
    pub fn config_delivery(&self) -> ConfigDelivery {
        ConfigDelivery::parse(self.text(Key::ConfigDelivery)).unwrap_or(ConfigDelivery::Check)
    }

    /// Returns what a newer version in a profile means: a question, unless something else was answered.
    #[must_use]
    pub fn newer_version(&self) -> NewerVersion {
        NewerVersion::parse(self.text(Key::NewerVersion)).unwrap_or(NewerVersion::Ask)
    }

    /// Returns the tags that a new topic gets.
    #[must_use]
    pub fn topic_tags(&self) -> BTreeMap<String, String> {
        tags(self.text(Key::TopicTags)).unwrap_or_default()
    }

    /// Returns what becomes of the page's policy statement: it stays, unless something else was answered.
    #[must_use]
    pub fn sample_statement(&self) -> SampleStatement {
        SampleStatement::parse(self.text(Key::SampleStatement)).unwrap_or_else(SampleStatement::unasked)
    }

    /// Returns what becomes of raw message delivery; `None` = nobody has decided.
    #[must_use]
    pub fn raw_delivery(&self) -> Option<RawDelivery> {
        RawDelivery::parse(self.text(Key::RawDelivery))
    }

    /// Returns the ARN of a topic that exists, as it was answered; `None` = a new one.
    #[must_use]
    pub fn existing_topic(&self) -> Option<&str> {
        let arn = self.get(Key::TopicArn).filter(|arn| !arn.value.is_empty() && arn.value != NEW_TOPIC)?;
        let name = self.get(Key::TopicName).filter(|name| name.from.is_given());
        // A name that was given with more weight is what is wanted.
        name.is_none_or(|name| name.from.rank() <= arn.from.rank()).then_some(arn.value.as_str())
    }

    /// Returns whether a yes/no answer is no; one that was not given is neither.
    #[must_use]
    pub fn is_no(&self, key: Key) -> bool {
        self.text(key) == YesNo::No.text()
    }

    /// Sets an answer whatever stood there.
    pub fn set(&mut self, key: Key, value: impl Into<String>, from: Provenance) {
        self.values_mut(key).insert(key, Answer { value: value.into(), from });
    }

    /// Sets an answer unless a stronger one stands there (flag > environment > answers file >
    /// saved > this user's defaults > detected > default; what was given on a screen is strongest).
    pub fn offer(&mut self, key: Key, value: impl Into<String>, from: Provenance) {
        if self.get(key).is_none_or(|answer| answer.from.rank() <= from.rank()) {
            self.set(key, value, from);
        }
    }

    /// Takes the answers of an earlier visit away.
    pub fn forget_saved(&mut self) {
        for key in Key::ALL.iter().copied() {
            if self.get(key).is_some_and(|answer| answer.from == Provenance::Saved) {
                self.clear(key);
            }
        }
    }

    /// Takes an answer away.
    pub fn clear(&mut self, key: Key) {
        self.values_mut(key).remove(&key);
    }

    /// Returns every answer, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (Key, &Answer)> {
        Key::ALL.iter().filter_map(|key| self.get(*key).map(|answer| (*key, answer)))
    }

    /// Returns these answers as an earlier visit's: all that were given become `Saved`; detected
    /// and default ones are dropped, they are found again.
    #[must_use]
    pub fn saved(&self) -> Self {
        let keep = |values: &Values| {
            values
                .iter()
                .filter(|(key, answer)| {
                    !key.passing() && !matches!(answer.from, Provenance::Default | Provenance::Detected(_))
                })
                .map(|(key, answer)| (*key, Answer { value: answer.value.clone(), from: Provenance::Saved }))
                .collect()
        };
        Self { run: keep(&self.run), targets: self.targets.iter().map(keep).collect() }
    }
}

impl Provenance {
    fn rank(&self) -> u8 {
        match self {
            Self::Default => 0,
            Self::Detected(_) => 1,
            Self::Config(_) => 2,
            Self::Saved => 3,
            Self::AnswersFile => 4,
            Self::Environment(_) => 5,
            Self::Flag(_) => 6,
            Self::Typed => 7,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_beats_the_environment_beats_the_file_beats_the_last_visit_beats_defaults_beat_detection() {
        let mut answers = Answers::default();
        let order = [
            Provenance::Flag("--region".into()),
            Provenance::Environment("EVENT_CACHE_WIZARD_REGION".into()),
            Provenance::AnswersFile,
            Provenance::Saved,
            Provenance::Config("config.yml".into()),
            Provenance::Detected("hal config".into()),
            Provenance::Default,
        ];
        for from in order.iter().rev() {
            answers.offer(Key::Region, from.words(), from.clone());
            assert_eq!(answers.text(Key::Region), from.words());
        }
        answers.offer(Key::Region, "weaker", Provenance::Saved);
        assert_eq!(answers.text(Key::Region), "from --region");
    }
}
