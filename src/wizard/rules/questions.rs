//! Which questions are wanted now, by what was answered and found so far.

use crate::model::mode::{Mode, Rehearsal};
use crate::model::question::Question;
use crate::model::screen::Screen;
use crate::model::target_job::{Duty, Extent};
use crate::rules::status;
use crate::state::Session;
use crate::state::run::Halt;
use crate::state::stage::Stage;
use crate::steps::StepKind;
use crate::values::answers::{Key, Provenance};

impl Session {
    /// Returns the questions whose answers are wanted now.
    pub(crate) fn wanted(&self) -> Vec<Question> {
        if let Extent::Target(duty) = self.setup.extent {
            return self.wanted_of_a_target(duty);
        }
        let mut wanted = vec![self.site_question()];
        let Some(site) = self.facts.site() else { return wanted };
        if self.looks_for_halyard() {
            wanted.push(Question::Halyards);
        }
        if !self.road().is_halyard() {
            wanted.extend(self.wanted_of_cluster());
        } else if let Some(deployment) = self.deployment() {
            wanted.push(Question::Daemon {
                endpoint: self.daemon_endpoint(),
                hal: self.hal(),
                deployment: deployment.name.clone(),
                hal_dir: site.hal_dir.clone(),
            });
            if let Some(daemon) = self.facts.daemon() {
                let answers = daemon.hal_version.is_some();
                wanted.push(Question::Pending {
                    hal_dir: site.hal_dir.clone(),
                    deployment: deployment.name.clone(),
                    services: self.services(),
                    hal: if answers { self.hal() } else { Vec::new() },
                });
            }
        }
        if let Some(profiles) = self.wanted_profiles() {
            let (url, version) = (profiles.block.url.clone(), profiles.block.version.clone());
            wanted.push(Question::Profiles { wanted: profiles });
            wanted.push(Question::Repository { url, version });
        }
        let probe = self.probe_url();
        if probe.contains("://") && self.ledger.run.is_none() {
            wanted.push(Question::Gate { base: probe });
        }
        wanted.extend(self.wanted_of_aws());
        wanted.extend(self.wanted_of_status());
        wanted
    }

    /// Containers and pods are only looked at where there is no hal config here, and an operator can choose.
    pub(crate) fn looks_for_halyard(&self) -> bool {
        let nothing_here = self.facts.site().is_some_and(|site| site.config.is_err());
        self.setup.mode == Mode::Operator
            && self.setup.rehearsal == Rehearsal::No
            && self.road().is_halyard()
            && self.halyard_in().is_local()
            && nothing_here
    }

    fn wanted_of_status(&self) -> Vec<Question> {
        let apply_in_doubt = matches!(
            &self.run.halt,
            Some(Halt::Unknown { step, .. }) if step.kind == StepKind::ApplyDeployment
        );
        if self.setup.mode == Mode::Look || *self.stage.base() == Stage::Home {
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
        let (dir, ground) = self.ground();
        let halyard_in = self.halyard_in();
        let hal_dir = match (self.road().is_halyard(), given(Key::HalDirectory)) {
            (false, _) => dir,
            (true, Some(dir)) => Some(halyard_in.at(&dir)),
            // The place alone: the directory is looked for there.
            (true, None) => Some(halyard_in.at("")).filter(|_| !halyard_in.is_local()),
        };
        Question::Site { hal_dir, deployment: given(Key::Deployment), ground }
    }

    /// AWS alone: files and services are another session's.
    fn wanted_of_a_target(&self, duty: Duty) -> Vec<Question> {
        let mut wanted = self.wanted_of_aws();
        if self.setup.mode == Mode::Look {
            wanted.extend(status::questions(self));
        }
        let own_topic = duty == Duty::HasTopic;
        wanted.retain(|question| {
            own_topic || matches!(question, Question::Identity { .. } | Question::Topics { .. })
        });
        wanted
    }

    /// What would be done at each target, once it is known which there are.
    fn wanted_of_targets(&self) -> Vec<Question> {
        let mut wanted = Vec::new();
        if let Some(url) = self.endpoint_url() {
            wanted.push(Question::Endpoint { url });
        }
        let looks = self.setup.mode == Mode::Look || *self.stage.base() == Stage::Home;
        let chosen = !self.setup.mode.asks() || self.passed.contains(&Screen::Targets);
        if let (true, false, Ok(jobs)) = (chosen, looks, self.target_jobs()) {
            wanted.push(Question::TargetsPlan { jobs, by: self.on_behalf() });
        }
        wanted
    }

    fn wanted_of_aws(&self) -> Vec<Question> {
        let mut wanted = Vec::new();
        if self.answers.sns_by_targets() {
            return self.wanted_of_targets();
        }
        if !self.answers.sns_now() {
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
                let (endpoint, sources) = (self.endpoint_url(), self.source_accounts(&arn));
                let sample = self.answers.sample_statement();
                wanted.push(Question::Topic { aws, arn, endpoint, sources, sample });
            }
        }
        wanted
    }
}
