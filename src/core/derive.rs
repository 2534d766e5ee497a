//! What follows from facts: answers that are offered, and what they come to together.

use ecw_halyard::{Deployment, ServiceName, services_of};

use crate::answers::{Key, Provenance};
use crate::names::{AccountId, EndpointUrl, Region, TopicArn, TopicName};
use crate::question::{AwsPlace, Cluster, PROFILES, ReadyTarget, WantedProfiles};
use crate::session::Session;

/// The published repository of the plugin (facts, section 4).
pub const REPOSITORY_URL: &str =
    "https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/repositories.json";
/// A legal default; the vendor's sample name is not.
pub const DEFAULT_TOPIC: &str = "spinnaker-event-cache";

impl Session {
    /// Offers the answers that follow from facts; stronger ones stay.
    pub(crate) fn derive(&mut self) {
        let defaults = [
            (Key::HalCommand, "hal"),
            (Key::DaemonEndpoint, "http://localhost:8064"),
            (Key::Validate, "true"),
            (Key::RepositoryUrl, REPOSITORY_URL),
            (Key::NewerVersion, "ask"),
            (Key::Services, "clouddriver,gate"),
            (Key::WriteProfiles, "true"),
            (Key::Repair, "true"),
            (Key::Apply, "true"),
            (Key::Stages, "gate-first"),
            (Key::WaitForReady, "90m"),
            (Key::SnsWhen, "now"),
            (Key::WaitForConfirmation, "5m"),
            (Key::TopicName, DEFAULT_TOPIC),
            (Key::ConfigDelivery, "check"),
        ];
        for (key, value) in defaults {
            self.answers.offer(key, value, Provenance::Default);
        }
        self.derive_from_site();
        let plugin = self.compatibility().plugin().to_owned();
        if self.deployment().is_some() {
            self.answers.offer(
                Key::PluginVersion,
                plugin,
                Provenance::Detected("the compatibility table".to_owned()),
            );
        }
        let channel = self
            .facts
            .topics()
            .and_then(|topics| topics.as_ref().ok())
            .and_then(|topics| topics.config.as_ref().ok());
        let topic =
            channel.and_then(|config| config.channel.as_ref()).and_then(|channel| channel.topic.clone());
        if let Some(topic) = topic.filter(|topic| !topic.is_fifo()) {
            self.answers.offer(
                Key::TopicArn,
                topic.to_string(),
                Provenance::Detected("AWS Config's delivery channel".to_owned()),
            );
        }
    }

    fn derive_from_site(&mut self) {
        let Some(site) = self.facts.site() else { return };
        let (hal_dir, found_by) = (site.hal_dir.clone(), site.found_by.clone());
        let patch = if site.read_only.is_some() { "true" } else { "false" };
        self.answers.offer(Key::PatchOnly, patch, Provenance::Detected("the profiles directory".to_owned()));
        let Some(site) = self.facts.site() else { return };
        let settings_url = site.gate_settings_url.clone();
        let current = site.config.as_ref().ok().map(|config| config.current.clone());
        self.answers.offer(Key::HalDirectory, hal_dir, Provenance::Detected(found_by));
        let from_config = || Provenance::Detected("hal config".to_owned());
        if let Some(current) = current {
            self.answers.offer(Key::Deployment, current, from_config());
        }
        let Some(deployment) = self.deployment() else { return };
        let gate = settings_url.or_else(|| deployment.gate_url.clone());
        let regions = deployment.aws_regions.clone();
        let probe = gate.clone().unwrap_or_else(|| "http://localhost:8084".to_owned());
        self.answers.offer(Key::ProbeUrl, probe, from_config());
        if let Some(gate) = gate {
            self.answers.offer(Key::Endpoint, EndpointUrl::of_gate(&gate), from_config());
        }
        if let Some(region) = regions.first() {
            self.answers.offer(Key::Region, region.clone(), from_config());
        }
    }

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

    /// Returns the hal directory, once it is known.
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
    pub fn compatibility(&self) -> ecw_halyard::Verdict {
        self.setup.compatibility.verdict(self.line())
    }

    /// Returns the account's place, when profile and region are usable.
    #[must_use]
    pub fn aws_place(&self) -> Option<AwsPlace> {
        let region = Region::parse(self.answers.text(Key::Region)).ok()?;
        let profile =
            Some(self.answers.text(Key::AwsProfile).to_owned()).filter(|profile| !profile.is_empty());
        Some(AwsPlace { profile, region })
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
        let typed = self.answers.text(Key::TopicArn);
        if !typed.is_empty() && typed != "new" {
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

    /// Returns the endpoint, when it is a legal one.
    #[must_use]
    pub fn endpoint_url(&self) -> Option<EndpointUrl> {
        EndpointUrl::parse(self.answers.text(Key::Endpoint)).ok()
    }

    /// Returns what is wanted in the profiles.
    #[must_use]
    pub fn wanted_profiles(&self) -> Option<WantedProfiles> {
        let deployment = self.deployment()?;
        let version = crate::names::PluginVersion::parse(self.answers.text(Key::PluginVersion)).ok()?;
        let newer = match self.answers.text(Key::NewerVersion) {
            "keep" => ecw_profile::NewerVersion::Keep,
            _ => ecw_profile::NewerVersion::Ask,
        };
        Some(WantedProfiles {
            hal_dir: self.hal_dir()?,
            deployment: deployment.name.clone(),
            clouddriver_ha: deployment.clouddriver_ha,
            files: PROFILES.map(str::to_owned).into_iter().filter(|file| self.gets_plugin(file)).collect(),
            block: ecw_profile::Wanted {
                version: version.to_string(),
                url: self.answers.text(Key::RepositoryUrl).to_owned(),
                newer,
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
                    kubeconfig: each.account.as_ref().and_then(|account| account.kubeconfig.clone()),
                    context: each.account.as_ref().and_then(|account| account.context.clone()),
                    namespace: each.location.clone().unwrap_or_else(|| "spinnaker".to_owned()),
                }
            });
        let gate = Some(self.answers.text(Key::ProbeUrl).to_owned()).filter(|url| !url.is_empty());
        ReadyTarget {
            cluster,
            gate,
            version: self.answers.text(Key::PluginVersion).to_owned(),
            baseline: self.facts.baseline,
        }
    }
}

/// Splits a command as shell words; quotes group, nothing is expanded. A command with an open
/// quote is no command.
#[must_use]
pub fn shell_words(text: &str) -> Vec<String> {
    shell_words::split(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::shell_words;

    #[test]
    fn a_command_splits_as_shell_words_and_nothing_is_expanded() {
        assert_eq!(shell_words("docker exec -i halyard hal"), ["docker", "exec", "-i", "halyard", "hal"]);
        assert_eq!(shell_words(r#"a 'b c' "d \" e" f\ g $HOME"#), ["a", "b c", "d \" e", "f g", "$HOME"]);
        assert!(shell_words("  ").is_empty() && shell_words("a 'b").is_empty());
    }
}
