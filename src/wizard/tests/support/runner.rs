//! A run in the pure core: every effect is answered from a script, time is passed in.

use std::collections::VecDeque;

use ecw_halyard::ServiceName;
use ecw_wizard::messages::event::{DeployRead, DeployState};
use ecw_wizard::model::aws_report::SubscriptionState;
use ecw_wizard::model::check::CheckVerdict;
use ecw_wizard::model::journal::{Entry, JOURNAL_VERSION, Record};
use ecw_wizard::model::ledger::Ledger;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::question::Question;
use ecw_wizard::model::readiness::{Readiness, ReadyReport, StagedReport};
use ecw_wizard::model::report::{Probed, Report};
use ecw_wizard::model::target_job::{TargetJob, TargetPlan};
use ecw_wizard::state::Session;
use ecw_wizard::state::setup::Setup;
use ecw_wizard::steps::{Intent, Made, StepOutcome};
use ecw_wizard::update;
use ecw_wizard::values::answers::{Answers, Key, Provenance};
use ecw_wizard::values::time::Now;
use ecw_wizard::{Effect, Event};

use super::{World, check};

/// The last line of a deploy that went well, as hal prints it.
pub const DONE: &str = "+ Apply deployment\n  Success\n+ Run `hal deploy connect` to connect to Spinnaker.\n";

/// A deploy that went well.
pub const WELL: (&str, DeployState) = (DONE, DeployState::Ended { exit: Some(0), at: None });
/// A deploy that failed, with hal's reason.
pub const FAILED: (&str, DeployState) = (
    "- Apply deployment\n  Failure\nProblems in default.security:\n! ERROR Something is wrong.\n\n- Failed to deploy Spinnaker.\n",
    DeployState::Ended { exit: Some(1), at: None },
);
/// A deploy that nobody saw end.
pub const VANISHED: (&str, DeployState) = ("", DeployState::Vanished);

/// What the outside does in a run.
pub struct Script {
    /// What a step comes to.
    pub outcome: fn(&Intent) -> StepOutcome,
    /// Where a step whose end nobody knows stands.
    pub probed: fn(&Intent) -> Probed,
    /// How the log of a deploy reads, by its number.
    pub deploy: fn(u64) -> (&'static str, DeployState),
    /// Whether its files arrived.
    pub staged: CheckVerdict,
    /// How a service stands.
    pub ready: Readiness,
    /// How the subscription stands.
    pub subscription: SubscriptionState,
    /// What the daemon works on.
    pub tasks: Vec<String>,
}

impl Script {
    pub fn good() -> Self {
        Self {
            outcome: |intent| StepOutcome::Done { evidence: "seen".into(), made: made(intent) },
            probed: |_| Probed::NotDone,
            deploy: |_| WELL,
            staged: CheckVerdict::Good,
            ready: Readiness::Ready,
            subscription: SubscriptionState::Confirmed { arn: "arn:aws:sns:us-west-2:1:t:s".into() },
            tasks: Vec::new(),
        }
    }
}

/// What a step that was done leaves.
pub fn made(intent: &Intent) -> Made {
    match intent {
        Intent::WriteProfile(step) => Made::Profile {
            path: format!("/p/{}", step.file),
            receipt: serde_json::from_value(serde_json::json!({
                "before": step.before, "after": step.after, "splices": [], "changes": [],
            }))
            .unwrap(),
            backup: Some(format!("/b/{}", step.file)),
        },
        Intent::ApplyDeployment(_) | Intent::AwaitRollout(_) => Made::Deploy { number: 1 },
        Intent::CreateTopic(step) => Made::Topic { arn: step.arn.clone() },
        Intent::AllowPublish(_) => Made::Statement { sid: "AWSConfigSNSPolicy2".into() },
        Intent::SubscribeGate(_) => Made::Subscription { arn: Some("arn:aws:sns:us-west-2:1:t:s".into()) },
        Intent::DeliverConfig(step) => {
            Made::Delivery { channel: "default".into(), former: step.replaces.clone() }
        }
        Intent::TurnOffRawDelivery(step) => Made::RawDelivery { subscription: step.subscription.clone() },
        Intent::SetUpTargets(step) => {
            Made::Targets { names: step.jobs.iter().map(|job| job.name.clone()).collect() }
        }
        Intent::UnwriteProfile(_)
        | Intent::TakeBackTargets(_)
        | Intent::TurnOnRawDelivery(_)
        | Intent::DeleteTopic(_)
        | Intent::DisallowPublish(_)
        | Intent::UnsubscribeGate(_)
        | Intent::UndeliverConfig(_) => Made::TakenBack { what: intent.describe() },
    }
}

/// A session, its world and its script.
pub struct Runner {
    pub session: Session,
    pub world: World,
    pub script: Script,
    pub now: Now,
    /// Every record that was written.
    pub journal: Vec<Record>,
    /// Every change of the world, in words.
    pub done: Vec<String>,
    /// Reads of a deploy's log that are not answered, where they are to be withheld: (number, offset).
    pub withheld: Option<Vec<(u64, u64)>>,
    /// What was asked of how far targets have come; the test answers.
    pub progress: Vec<Question>,
}

/// Everything, with SNS.
pub const ANSWERS: &[(Key, &str)] = &[
    (Key::Acknowledged, "true"),
    (Key::Region, "us-west-2"),
    (Key::Endpoint, "https://gate.example.com/aws/notify"),
    (Key::ConfigDelivery, "point-at-topic"),
];

impl Runner {
    /// Opens a session on what a journal says.
    pub fn open(setup: Setup, records: Vec<Record>, given: &[(Key, &str)], script: Script) -> Self {
        let mut answers = Answers::default();
        for (key, value) in given {
            answers.set(*key, *value, Provenance::AnswersFile);
        }
        let now = Now { mono: 1_000, wall: 1_795_348_800_000 };
        let session = update::begun(setup, answers, None, Ledger::fold(&records), now);
        Self {
            session,
            world: World::good(),
            script,
            now,
            journal: records,
            done: Vec::new(),
            withheld: None,
            progress: Vec::new(),
        }
    }

    /// An unattended run from nothing to its end.
    pub fn unattended(script: Script) -> Self {
        let mut runner = Self::open(super::setup(Mode::Unattended), Vec::new(), ANSWERS, script);
        runner.run();
        runner
    }

    /// Runs until the session ends.
    pub fn run(&mut self) {
        let effects = self.session.start(self.now);
        self.perform(effects);
        for _ in 0..10_000 {
            if self.session.exit().is_some() {
                return;
            }
            let wake = self.session.next_wake().unwrap_or(self.now.mono + 1_000);
            self.now = self.now.plus(wake.saturating_sub(self.now.mono).max(1));
            self.feed(Event::Tick);
        }
        panic!("it never ended; it shows {:?}", self.session.screen());
    }

    /// Feeds an event and what follows from it.
    pub fn feed(&mut self, event: Event) {
        let effects = self.session.update(event, self.now);
        self.perform(effects);
    }

    pub fn perform(&mut self, effects: Vec<Effect>) {
        let mut queue: VecDeque<Effect> = effects.into();
        while let Some(effect) = queue.pop_front() {
            if let Some(event) = self.came_of(effect) {
                queue.extend(self.session.update(event, self.now));
            }
        }
    }

    fn came_of(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::Ask(question @ Question::TargetsProgress { .. }) => {
                self.progress.push(question);
                None
            }
            Effect::Ask(question) => {
                let report = self.answer(&question)?;
                Some(Event::Answered { question: Box::new(question), report: Box::new(report) })
            }
            Effect::Journal(record) => {
                let seq = record.seq;
                self.journal.push(record);
                Some(Event::Journaled { seq })
            }
            Effect::Execute { number, intent } => {
                self.done.push(intent.describe());
                Some(match &intent {
                    Intent::ApplyDeployment(_) => self.read(number, 0, DeployState::Running, ""),
                    other => Event::Executed { step: other.step(), outcome: (self.script.outcome)(other) },
                })
            }
            Effect::ReadDeploy { number, offset } => {
                if let Some(withheld) = &mut self.withheld {
                    withheld.push((number, offset));
                    return None;
                }
                let (text, state) = (self.script.deploy)(number);
                Some(self.read(number, offset, state, text))
            }
            Effect::Settle { .. } => Some(Event::Stayed),
            _ => None,
        }
    }

    fn read(&self, number: u64, offset: u64, state: DeployState, text: &str) -> Event {
        let text = if offset == 0 { text.to_owned() } else { String::new() };
        Event::DeployRead(DeployRead {
            number,
            offset,
            end: offset + text.len() as u64,
            text,
            state,
            down: None,
        })
    }

    fn answer(&self, question: &Question) -> Option<Report> {
        match question {
            Question::Staged { services, .. } => {
                let staged = |service: &ServiceName| StagedReport {
                    service: *service,
                    staged: self.script.staged,
                    history: self.script.staged,
                    history_at: None,
                    detail: "seen".into(),
                };
                Some(Report::Staged(services.iter().map(staged).collect()))
            }
            Question::Ready { service, .. } => Some(Report::Ready(ReadyReport {
                service: *service,
                checks: vec![check(CheckVerdict::Good, "Rollout")],
                state: self.script.ready,
            })),
            Question::Subscription { .. } => Some(Report::Subscription(Ok(self.script.subscription.clone()))),
            Question::TargetsPlan { jobs, .. } => {
                let plan = |job: &TargetJob| TargetPlan {
                    name: job.name.clone(),
                    steps: vec!["Create the topic".into()],
                    calls: Vec::new(),
                    world: Vec::new(),
                    policy_diff: None,
                    exit: 13,
                    words: None,
                    missing: None,
                    asks: None,
                };
                Some(Report::TargetsPlan(jobs.iter().map(plan).collect()))
            }
            Question::Tasks { .. } => Some(Report::Tasks(Ok(self.script.tasks.clone()))),
            Question::Probe { intent, .. } => Some(Report::Probe((self.script.probed)(intent))),
            other => self.world.answer(other),
        }
    }

    /// The journal's entries, a word and a step each.
    pub fn entries(&self) -> Vec<String> {
        self.journal
            .iter()
            .map(|record| match &record.entry {
                Entry::Begun { steps, .. } => format!("begun {}", steps.len()),
                Entry::Adopted { .. } => "adopted".to_owned(),
                Entry::Kept { what } => format!("kept {}", what.join(",")),
                Entry::Started { step, attempt, .. } => format!("started {step} #{attempt}"),
                Entry::Finished { step, outcome, .. } => format!("finished {step}: {}", word(outcome)),
                Entry::Reopened { steps } => {
                    let each: Vec<String> = steps
                        .iter()
                        .map(|each| format!("{} {:?} {:?}", each.step, each.to, each.why))
                        .collect();
                    format!("reopened {}", each.join(","))
                }
                Entry::Attested { what } => format!("attested {}", what.words()),
                Entry::Ended { how } => format!("ended {}", how.word()),
            })
            .collect()
    }
}

/// How a step ended, in a word.
pub fn word(outcome: &StepOutcome) -> &'static str {
    match outcome {
        StepOutcome::Done { .. } => "done",
        StepOutcome::Failed { .. } => "failed",
        StepOutcome::Unknown { .. } => "unknown",
    }
}

/// A record with the next number.
pub fn record(records: &[Record], entry: Entry) -> Record {
    let seq = records.len() as u64 + 1;
    Record { v: JOURNAL_VERSION, seq, run: "r".into(), at: 1_795_348_700_000, entry }
}
