//! What was found out: the latest answer to each question. Facts are never saved; each start finds
//! them out again.

use ecw_halyard::{Deployment, ServiceName, services_of};

use crate::answers::{Key, Provenance};
use crate::names::{AccountId, EndpointUrl, Region, TopicArn, TopicName};
use crate::question::{
    AwsPlace, Cluster, DaemonReport, EndpointReport, GateReport, Identity, NotifyVerdict, PendingReport,
    ProfilesReport, Question, ReadyReport, ReadyTarget, Report, RepositoryReport, SiteReport, StagedReport,
    SubscriptionState, TopicReport, TopicsReport, WantedProfiles,
};
use crate::run::Halt;
use crate::session::{Home, Mode, Session};
use crate::status;
use crate::step::StepKind;
use crate::time::Now;
use crate::trouble::AwsTrouble;

/// A question that was asked, and its answer once there is one.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// The question.
    pub question: Question,
    /// When it was asked.
    pub asked: Now,
    /// The answer.
    pub report: Option<Report>,
}

/// All slots; one for each kind of question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    slots: Vec<Slot>,
    /// What `/aws/notify` answered before anything was deployed.
    pub baseline: Option<NotifyVerdict>,
}

/// One slot for each kind of question, and one for each service's readiness.
fn same_kind(left: &Question, right: &Question) -> bool {
    match (left, right) {
        (Question::Ready { service: one, .. }, Question::Ready { service: other, .. }) => one == other,
        _ => std::mem::discriminant(left) == std::mem::discriminant(right),
    }
}

impl Facts {
    /// Returns the slot of a kind of question.
    #[must_use]
    pub fn slot(&self, like: &Question) -> Option<&Slot> {
        self.slots.iter().find(|slot| same_kind(&slot.question, like))
    }

    /// Notes that a question is asked; returns false when just this one was asked already.
    pub fn ask(&mut self, question: &Question, now: Now) -> bool {
        match self.slots.iter_mut().find(|slot| same_kind(&slot.question, question)) {
            Some(slot) if slot.question == *question => false,
            Some(slot) => {
                *slot = Slot { question: question.clone(), asked: now, report: None };
                true
            }
            None => {
                self.slots.push(Slot { question: question.clone(), asked: now, report: None });
                true
            }
        }
    }

    /// Files an answer; an answer to a question that is no longer asked is dropped.
    pub fn answered(&mut self, question: &Question, report: Report) {
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.question == *question) {
            slot.report = Some(report);
        }
    }

    /// Forgets answers, so that they are asked for again.
    pub fn forget(&mut self, which: impl Fn(&Question) -> bool) {
        self.slots.retain(|slot| !which(&slot.question));
    }

    /// Returns whether a question of this kind waits for its answer.
    #[must_use]
    pub fn waits(&self, which: impl Fn(&Question) -> bool) -> bool {
        self.slots.iter().any(|slot| slot.report.is_none() && which(&slot.question))
    }

    /// Returns what is being looked at, for the busy line.
    pub fn in_flight(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|slot| slot.report.is_none())
    }

    fn report<T>(&self, pick: impl Fn(&Report) -> Option<&T>) -> Option<&T> {
        self.slots.iter().filter_map(|slot| slot.report.as_ref()).find_map(pick)
    }

    /// The hal directory.
    #[must_use]
    pub fn site(&self) -> Option<&SiteReport> {
        self.report(|report| if let Report::Site(site) = report { Some(&**site) } else { None })
    }

    /// The daemon.
    #[must_use]
    pub fn daemon(&self) -> Option<&DaemonReport> {
        self.report(|report| if let Report::Daemon(daemon) = report { Some(daemon) } else { None })
    }

    /// The plugin repository.
    #[must_use]
    pub fn repository(&self) -> Option<&RepositoryReport> {
        self.report(
            |report| if let Report::Repository(repository) = report { Some(repository) } else { None },
        )
    }

    /// The profiles.
    #[must_use]
    pub fn profiles(&self) -> Option<&ProfilesReport> {
        self.report(|report| if let Report::Profiles(profiles) = report { Some(profiles) } else { None })
    }

    /// What else is pending.
    #[must_use]
    pub fn pending(&self) -> Option<&PendingReport> {
        self.report(|report| if let Report::Pending(pending) = report { Some(pending) } else { None })
    }

    /// Who we are for AWS.
    #[must_use]
    pub fn identity(&self) -> Option<&Result<Identity, AwsTrouble>> {
        self.report(|report| if let Report::Identity(identity) = report { Some(identity) } else { None })
    }

    /// Topics and AWS Config.
    #[must_use]
    pub fn topics(&self) -> Option<&Result<TopicsReport, AwsTrouble>> {
        self.report(|report| if let Report::Topics(topics) = report { Some(topics) } else { None })
    }

    /// The chosen topic.
    #[must_use]
    pub fn topic(&self) -> Option<&Result<TopicReport, AwsTrouble>> {
        self.report(|report| if let Report::Topic(topic) = report { Some(topic) } else { None })
    }

    /// The endpoint.
    #[must_use]
    pub fn endpoint(&self) -> Option<&EndpointReport> {
        self.report(|report| if let Report::Endpoint(endpoint) = report { Some(endpoint) } else { None })
    }

    /// The files of the last deploy.
    #[must_use]
    pub fn staged(&self) -> Option<&[StagedReport]> {
        self.report(|report| if let Report::Staged(staged) = report { Some(staged) } else { None })
            .map(Vec::as_slice)
    }

    /// Whether a service runs with the plugin.
    #[must_use]
    pub fn ready(&self, service: ServiceName) -> Option<&ReadyReport> {
        self.slots.iter().filter_map(|slot| slot.report.as_ref()).find_map(|report| match report {
            Report::Ready(ready) if ready.service == service => Some(ready),
            _ => None,
        })
    }

    /// What the daemon works on.
    #[must_use]
    pub fn tasks(&self) -> Option<&Result<Vec<String>, String>> {
        self.report(|report| if let Report::Tasks(tasks) = report { Some(tasks) } else { None })
    }

    /// Gate's subscription.
    #[must_use]
    pub fn subscription(&self) -> Option<&Result<SubscriptionState, AwsTrouble>> {
        self.report(|report| if let Report::Subscription(state) = report { Some(state) } else { None })
    }

    /// Gate.
    #[must_use]
    pub fn gate(&self) -> Option<&GateReport> {
        self.report(|report| if let Report::Gate(gate) = report { Some(gate) } else { None })
    }
}

/// The published repository of the plugin (facts, section 4).
pub const REPOSITORY_URL: &str =
    "https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/repositories.json";
/// A legal default; the vendor's sample name is not.
pub const DEFAULT_TOPIC: &str = "spinnaker-event-cache";

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
        self.deployment().map(services_of).unwrap_or_default()
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

    /// Returns the questions whose answers are wanted now.
    pub(crate) fn wanted(&self) -> Vec<Question> {
        let mut wanted = vec![self.site_question()];
        let Some(site) = self.facts.site() else { return wanted };
        if let Some(deployment) = self.deployment() {
            let hal = shell_words(self.answers.text(Key::HalCommand));
            wanted.push(Question::Daemon {
                endpoint: self.answers.text(Key::DaemonEndpoint).to_owned(),
                hal,
                deployment: deployment.name.clone(),
                hal_dir: site.hal_dir.clone(),
            });
            if let Some(daemon) = self.facts.daemon() {
                let answers = daemon.hal_version.is_some();
                wanted.push(Question::Pending {
                    hal_dir: site.hal_dir.clone(),
                    deployment: deployment.name.clone(),
                    services: self.services(),
                    hal: if answers { shell_words(self.answers.text(Key::HalCommand)) } else { Vec::new() },
                });
            }
        }
        if let Some(profiles) = self.wanted_profiles() {
            let (url, version) = (profiles.block.url.clone(), profiles.block.version.clone());
            wanted.push(Question::Profiles { wanted: profiles });
            wanted.push(Question::Repository { url, version });
        }
        let probe = self.answers.text(Key::ProbeUrl);
        if probe.contains("://") && self.ledger.run.is_none() {
            wanted.push(Question::Gate { base: probe.to_owned() });
        }
        wanted.extend(self.wanted_of_aws());
        wanted.extend(self.wanted_of_status());
        wanted
    }

    fn wanted_of_status(&self) -> Vec<Question> {
        let apply_in_doubt = matches!(
            &self.run.halt,
            Some(Halt::Unknown { step, .. }) if step.kind == StepKind::ApplyDeployment
        );
        if self.setup.mode == Mode::Look || self.home == Home::Open {
            status::questions(self)
        } else if apply_in_doubt {
            status::of_services(self)
        } else {
            Vec::new()
        }
    }

    pub(crate) fn site_question(&self) -> Question {
        let given = |key: Key| {
            let answer = self.answers.get(key)?;
            let found = matches!(answer.from, Provenance::Detected(_) | Provenance::Default);
            (!found && !answer.value.is_empty()).then(|| answer.value.clone())
        };
        Question::Site { hal_dir: given(Key::HalDirectory), deployment: given(Key::Deployment) }
    }

    fn wanted_of_aws(&self) -> Vec<Question> {
        let mut wanted = Vec::new();
        if self.answers.text(Key::SnsWhen) == "later" {
            return wanted;
        }
        if let Some(url) = self.endpoint_url() {
            wanted.push(Question::Endpoint { url });
        }
        let Some(aws) = self.aws_place() else { return wanted };
        wanted.push(Question::Identity { aws: aws.clone() });
        if matches!(self.facts.identity(), Some(Ok(_))) {
            wanted.push(Question::Topics { aws: aws.clone() });
            if let Some(arn) = self.topic_arn().filter(|arn| arn.region == aws.region) {
                wanted.push(Question::Topic { aws, arn, endpoint: self.endpoint_url() });
            }
        }
        wanted
    }

    /// Offers the answers that follow from facts; stronger ones stay.
    pub(crate) fn derive(&mut self) {
        let defaults = [
            (Key::HalCommand, "hal"),
            (Key::DaemonEndpoint, "http://localhost:8064"),
            (Key::Validate, "true"),
            (Key::RepositoryUrl, REPOSITORY_URL),
            (Key::NewerVersion, "ask"),
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
