//! Several accounts and regions: what each target's session is to do, by the answers and by where the topics
//! stand.

use std::collections::BTreeSet;

use crate::model::ledger::StepState;
use crate::model::target_job::{Duty, OnBehalf, TargetJob, TargetPlan};
use crate::rules::defaults::DEFAULT_TOPIC;
use crate::state::Session;
use crate::steps::{Intent, SetUpTargets};
use crate::values::answers::Key;
use crate::values::choices::Topology;
use crate::values::names::{AccountId, Region, TopicArn};
use crate::values::targets::{Target, TargetName};

/// With more accounts than this, one topic a region is what is proposed: each region's Gate then has one
/// subscription, and one policy names all accounts.
pub const FEW_ACCOUNTS: usize = 5;

/// Answers that all targets share, unless one has its own.
const SHARED: [Key; 10] = [
    Key::AwsProfile,
    Key::Endpoint,
    Key::WaitForConfirmation,
    Key::ProbeUrl,
    Key::TopicName,
    Key::TopicTags,
    Key::AcceptEncrypted,
    Key::SampleStatement,
    Key::RawDelivery,
    Key::ConfigDelivery,
];

impl Session {
    /// Returns where the topics of several targets stand: as answered, else by how many accounts there are.
    #[must_use]
    pub fn topology(&self) -> Topology {
        self.answers.topology().or_else(|| self.known_topology()).unwrap_or_else(|| {
            let targets = self.answers.sns_targets();
            let accounts: BTreeSet<&AccountId> = targets.iter().map(|target| &target.name.account).collect();
            if accounts.len() > FEW_ACCOUNTS { Topology::TopicPerRegion } else { Topology::TopicPerTarget }
        })
    }

    /// Returns the account in which a region's one topic stands: as answered, else the first target's.
    #[must_use]
    pub fn hub_account(&self) -> Option<AccountId> {
        let answered = AccountId::parse(self.answers.text(Key::HubAccount)).ok();
        answered
            .or_else(|| self.known_hub())
            .or_else(|| self.answers.sns_targets().first().map(|target| target.name.account.clone()))
    }

    /// What targets that stand already were set up as: another account does not change that by itself.
    fn known_topology(&self) -> Option<Topology> {
        let known = self.known_targets()?;
        let across = known.jobs.iter().any(|job| job.duty == Duty::Delivers);
        Some(if across { Topology::TopicPerRegion } else { Topology::TopicPerTarget })
    }

    fn known_hub(&self) -> Option<AccountId> {
        let known =
            self.known_targets().filter(|_| self.known_topology() == Some(Topology::TopicPerRegion))?;
        known.jobs.iter().find(|job| job.duty == Duty::HasTopic).map(|job| job.name.account.clone())
    }

    /// Returns the targets that the journal says were set up and that are none any more by the answers.
    #[must_use]
    pub fn former_targets(&self) -> Vec<TargetName> {
        let now = self.answers.sns_targets();
        let known = self.known_targets().map(|step| step.jobs.as_slice()).unwrap_or_default();
        let gone = known.iter().filter(|job| now.iter().all(|target| target.name != job.name));
        gone.map(|job| job.name.clone()).collect()
    }

    /// Returns what each target's session is to do, those with a topic first.
    ///
    /// # Errors
    /// Why the answers do not go together.
    pub fn target_jobs(&self) -> Result<Vec<TargetJob>, String> {
        let targets = self.answers.sns_targets();
        let mut jobs = match self.topology() {
            Topology::TopicPerTarget => {
                targets.iter().map(|target| self.job(target, Duty::HasTopic, Vec::new())).collect()
            }
            Topology::TopicPerRegion => self.by_region(&targets)?,
        };
        jobs.sort_by_key(|job| job.duty == Duty::Delivers);
        Ok(jobs)
    }

    fn by_region(&self, targets: &[Target]) -> Result<Vec<TargetJob>, String> {
        let hub = self.hub_account().ok_or("no target is named")?;
        let mut jobs = Vec::new();
        for target in targets {
            let region = &target.name.region;
            let there = || targets.iter().filter(|each| each.name.region == *region);
            let Some(holder) = there().find(|each| each.name.account == hub) else {
                return Err(format!(
                    "{region}: its topic is to stand in account {hub}, which is no target there. Add {hub} {region}, name another account ({}), or give each target its own topic.",
                    Key::HubAccount.path()
                ));
            };
            if target.name == holder.name {
                let accounts: BTreeSet<&str> = there().map(|each| each.name.account.as_str()).collect();
                let accounts = accounts.into_iter().collect::<Vec<_>>().join(",");
                jobs.push(self.job(target, Duty::HasTopic, vec![(Key::SourceAccounts, accounts)]));
                continue;
            }
            if target.given.contains_key(&Key::TopicName) || target.given.contains_key(&Key::TopicArn) {
                return Err(format!(
                    "{}: it names a topic of its own, but {region} has one topic, in account {hub}",
                    target.name
                ));
            }
            let topic = vec![(Key::TopicArn, self.topic_of(holder).to_string())];
            jobs.push(self.job(target, Duty::Delivers, topic));
        }
        Ok(jobs)
    }

    /// The topic that a target has or is to have.
    fn topic_of(&self, target: &Target) -> TopicArn {
        let existing = target.given.get(&Key::TopicArn).and_then(|arn| TopicArn::parse(arn).ok());
        let name = target.given.get(&Key::TopicName).map(String::as_str);
        let shared = Some(self.answers.text(Key::TopicName)).filter(|name| !name.is_empty());
        existing.unwrap_or_else(|| TopicArn {
            partition: target.name.region.partition().to_owned(),
            region: target.name.region.clone(),
            account: target.name.account.clone(),
            name: name.or(shared).unwrap_or(DEFAULT_TOPIC).to_owned(),
        })
    }

    fn job(&self, target: &Target, duty: Duty, more: Vec<(Key, String)>) -> TargetJob {
        let mut answers: Vec<(Key, String)> = vec![
            (Key::Account, target.name.account.to_string()),
            (Key::Region, target.name.region.to_string()),
        ];
        answers.extend(target.given.iter().map(|(key, value)| (*key, value.clone())));
        let own_topic = target.given.contains_key(&Key::TopicArn) || duty == Duty::Delivers;
        for key in SHARED {
            let value = self.answers.text(key);
            let known = answers.iter().any(|(each, _)| *each == key);
            // A topic that is named by its ARN needs no name besides.
            let has_no_say = known || own_topic && key == Key::TopicName;
            if !has_no_say && !value.is_empty() {
                answers.push((key, value.to_owned()));
            }
        }
        answers.extend(more);
        TargetJob { name: target.name.clone(), duty, answers }
    }

    /// Returns the run that the step for the targets names: their journals name the same.
    pub(crate) fn run_of_targets(&self) -> String {
        let of = |row: &crate::model::ledger::LedgerRow| {
            let sets = row.intent.set_up_targets().map(|step| step.by.run.clone());
            sets.or_else(|| row.intent.take_back_targets().map(|step| step.by.run.clone()))
        };
        self.ledger.rows.iter().find_map(of).unwrap_or_default()
    }

    /// Returns on whose behalf targets are worked on.
    #[must_use]
    pub fn on_behalf(&self) -> OnBehalf {
        OnBehalf {
            actor: self.setup.actor.clone(),
            run: self.setup.run.clone(),
            change: self.setup.change.clone(),
        }
    }

    /// Returns what the plan says of a target.
    #[must_use]
    pub fn target_plan(&self, name: &TargetName) -> Option<&TargetPlan> {
        self.facts.targets_plan()?.iter().find(|plan| plan.name == *name)
    }

    /// Returns the targets that were worked on and stand by the journal, with what they were set up with.
    #[must_use]
    pub fn known_targets(&self) -> Option<&SetUpTargets> {
        self.ledger.made.iter().find_map(|work| work.intent.set_up_targets())
    }

    /// Returns the targets of the run, where it has a step for them.
    #[must_use]
    pub fn targets_of_run(&self) -> Option<(&[TargetJob], &StepState)> {
        self.ledger.rows.iter().find_map(|row| {
            let jobs = row.intent.set_up_targets().map(|step| step.jobs.as_slice());
            let jobs = jobs.or_else(|| row.intent.take_back_targets().map(|step| step.jobs.as_slice()))?;
            Some((jobs, &row.state))
        })
    }
}

/// Returns the step that sets up what is not as wanted, if anything is not.
#[must_use]
pub fn step(session: &Session) -> Option<Intent> {
    let plans = session.facts.targets_plan()?;
    let jobs = session.target_jobs().ok()?;
    let pending = |job: &TargetJob| {
        let plan = plans.iter().find(|plan| plan.name == job.name)?;
        // What cannot be done fails alone, by its name and at the end.
        let wanted = !plan.steps.is_empty() || plan.trouble().is_some();
        wanted.then(|| (plan.name.clone(), plan.calls.clone()))
    };
    let planned: Vec<(TargetName, Vec<String>)> = jobs.iter().filter_map(pending).collect();
    let jobs: Vec<TargetJob> =
        jobs.into_iter().filter(|job| planned.iter().any(|(name, _)| *name == job.name)).collect();
    (!jobs.is_empty()).then(|| Intent::SetUpTargets(SetUpTargets { jobs, by: session.on_behalf(), planned }))
}

/// Returns the accounts and regions that Spinnaker manages by hal config: a guess of what the targets are.
#[must_use]
pub fn guessed(session: &Session) -> Vec<TargetName> {
    let Some(deployment) = session.deployment() else { return Vec::new() };
    let mut guessed = Vec::new();
    for account in deployment.aws_accounts.iter().filter_map(|id| AccountId::parse(id).ok()) {
        for region in deployment.aws_regions.iter().filter_map(|id| Region::parse(id).ok()) {
            let name = TargetName { account: account.clone(), region };
            if !guessed.contains(&name) {
                guessed.push(name);
            }
        }
    }
    guessed
}
