//! What follows from facts: answers that are offered, and what they come to together.

use ecw_halyard::{Deployment, ServiceName, services_of};

use crate::model::place::{AssumedRole, AwsPlace, Cluster, PROFILES, ReadyTarget, WantedProfiles};
use crate::state::Session;
use crate::values::answers::Key;
use crate::values::choices::NewerVersion;
use crate::values::halyard_in::HalyardIn;
use crate::values::names::{AccountId, EndpointUrl, Region, RoleArn, TopicArn, TopicName};
use crate::values::shell_words::shell_words;

/// An address's scheme in lower case, as it is told from a path by.
fn plain_scheme(url: &str) -> String {
    match url.split_once("://") {
        Some((scheme, rest)) => format!("{}://{rest}", scheme.to_ascii_lowercase()),
        None => url.to_owned(),
    }
}

impl Session {
    /// Returns the chosen deployment.
    #[must_use]
    pub fn deployment(&self) -> Option<&Deployment> {
        let config = self.facts.site()?.config.as_ref().ok()?;
        let name = self.answers.text(Key::Deployment);
        config.deployment((!name.is_empty()).then_some(name)).ok()
    }

    /// Returns the services that the plugin extends in the chosen deployment.
    #[must_use]
    pub fn services(&self) -> Vec<ServiceName> {
        let all = self.deployment().map(services_of).unwrap_or_default();
        all.into_iter().filter(|service| self.gets_plugin(service.profile_file())).collect()
    }

    /// Returns whether the service that reads a profile is to get the plugin.
    #[must_use]
    pub fn gets_plugin(&self, file: &str) -> bool {
        let named = self.answers.text(Key::Services);
        named.is_empty() || named.split(',').any(|name| file.starts_with(name.trim()))
    }

    /// Returns where Halyard runs.
    #[must_use]
    pub fn halyard_in(&self) -> HalyardIn {
        self.answers.halyard_in()
    }

    /// Returns the command that calls hal where Halyard runs.
    #[must_use]
    pub fn hal(&self) -> Vec<String> {
        self.halyard_in().command(shell_words(self.answers.text(Key::HalCommand)))
    }

    /// Returns the daemon's address, as seen from where Halyard runs.
    #[must_use]
    pub fn daemon_endpoint(&self) -> String {
        self.halyard_in().at(&plain_scheme(self.answers.text(Key::DaemonEndpoint)))
    }

    /// Returns Gate's address for looking; this machine's own is the one where Halyard runs.
    #[must_use]
    pub fn probe_url(&self) -> String {
        let text = self.answers.text(Key::ProbeUrl);
        let host = url::Url::parse(text).ok();
        let is_loopback = match host.as_ref().and_then(url::Url::host) {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        if is_loopback { self.halyard_in().at(&plain_scheme(text)) } else { text.to_owned() }
    }

    /// Returns the hal directory, once it is known, with the place before it where Halyard runs elsewhere.
    #[must_use]
    pub fn hal_dir(&self) -> Option<String> {
        self.facts.site().map(|site| site.hal_dir.clone())
    }

    /// Returns Spinnaker's release line: the operator's word, else hal config's.
    #[must_use]
    pub fn line(&self) -> Option<ecw_halyard::Line> {
        let said = self.answers.text(Key::SpinnakerLine).parse().ok();
        said.or_else(|| self.deployment().and_then(|deployment| deployment.spinnaker.line))
    }

    /// Returns what the compatibility table says.
    #[must_use]
    pub fn compatibility(&self) -> ecw_halyard::CompatibilityVerdict {
        self.setup.compatibility.verdict(self.line())
    }

    /// Returns the account's place, when profile and region are usable.
    #[must_use]
    pub fn aws_place(&self) -> Option<AwsPlace> {
        let region = Region::parse(self.answers.text(Key::Region)).ok()?;
        let profile =
            Some(self.answers.text(Key::AwsProfile).to_owned()).filter(|profile| !profile.is_empty());
        let role = RoleArn::parse(self.answers.text(Key::RoleArn)).ok().map(|arn| AssumedRole {
            arn,
            external_id: Some(self.answers.text(Key::ExternalId).to_owned()).filter(|id| !id.is_empty()),
        });
        Some(AwsPlace { profile, region, role })
    }

    /// Returns the account we are in.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        let identity = self.facts.identity()?.as_ref().ok()?;
        AccountId::parse(&identity.account).ok()
    }

    /// Returns the ARN of the chosen topic, existing or to be created.
    #[must_use]
    pub fn topic_arn(&self) -> Option<TopicArn> {
        if let Some(typed) = self.answers.existing_topic() {
            return TopicArn::parse(typed).ok();
        }
        let identity = self.facts.identity()?.as_ref().ok()?;
        let name = TopicName::parse(self.answers.text(Key::TopicName)).ok()?;
        Some(TopicArn {
            partition: identity.partition.clone(),
            region: Region::parse(self.answers.text(Key::Region)).ok()?,
            account: self.account()?,
            name: name.to_string(),
        })
    }

    /// Returns the accounts whose AWS Config publishes to a topic: those that were named, else the one that
    /// the credentials are of, where AWS Config was looked at. Empty: the topic's own.
    #[must_use]
    pub fn source_accounts(&self, topic: &TopicArn) -> Vec<AccountId> {
        let accounts: Vec<AccountId> = match self.answers.text(Key::SourceAccounts) {
            "" => self.account().into_iter().collect(),
            named => named.split(',').filter_map(|each| AccountId::parse(each).ok()).collect(),
        };
        if accounts == [topic.account.clone()] { Vec::new() } else { accounts }
    }

    /// Returns the account that records, where it is another one than a topic's.
    #[must_use]
    pub fn other_recorder(&self, topic: &TopicArn) -> Option<AccountId> {
        self.account().filter(|account| *account != topic.account)
    }

    /// Returns the endpoint, when it is a legal one.
    #[must_use]
    pub fn endpoint_url(&self) -> Option<EndpointUrl> {
        EndpointUrl::parse(self.answers.text(Key::Endpoint)).ok()
    }

    /// Returns what is wanted in the profiles.
    #[must_use]
    pub fn wanted_profiles(&self) -> Option<WantedProfiles> {
        let deployment = self.deployment()?;
        let version =
            crate::values::names::PluginVersion::parse(self.answers.text(Key::PluginVersion)).ok()?;
        let newer = match self.answers.newer_version() {
            NewerVersion::Keep => ecw_profile::NewerVersion::Keep,
            NewerVersion::Ask => ecw_profile::NewerVersion::Ask,
        };
        Some(WantedProfiles {
            home: self.facts.site()?.home.clone(),
            hal_dir: self.hal_dir()?,
            deployment: deployment.name.clone(),
            clouddriver_ha: deployment.clouddriver_ha,
            files: PROFILES.map(str::to_owned).into_iter().filter(|file| self.gets_plugin(file)).collect(),
            block: ecw_profile::WantedBlock {
                version: version.to_string(),
                url: self.answers.text(Key::RepositoryUrl).to_owned(),
                newer,
                root: ecw_profile::Root::File,
            },
        })
    }

    /// Returns what readiness is read from.
    #[must_use]
    pub fn ready_target(&self) -> ReadyTarget {
        let deployment = self.deployment();
        let cluster =
            deployment.filter(|each| each.kind == ecw_halyard::EnvironmentKind::Distributed).map(|each| {
                Cluster {
                    halyard_in: self.halyard_in(),
                    kubeconfig: each.account.as_ref().and_then(|account| account.kubeconfig.clone()),
                    context: each.account.as_ref().and_then(|account| account.context.clone()),
                    // Halyard's own default; on the other roads a check refuses where none is named.
                    namespace: each.location.clone().unwrap_or_else(|| "spinnaker".to_owned()),
                }
            });
        let gate = Some(self.probe_url()).filter(|url| !url.is_empty());
        ReadyTarget {
            cluster,
            gate,
            version: self.answers.text(Key::PluginVersion).to_owned(),
            baseline: self.facts.baseline,
            workloads: self.facts.site().map(|site| site.workloads.clone()).unwrap_or_default(),
            road: self.road(),
        }
    }
}
