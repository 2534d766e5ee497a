//! The ledger: the fold of the journal, never stored beside it.

use std::collections::BTreeMap;

use ecw_halyard::ServiceName;

use crate::model::journal::{
    Actor, Attestation, Confirmed, Entry, Head, KEPT, Record, Reopened, ReopenedTo, RunEnd, Seen,
};
use crate::model::receipt::SnsReceipt;
use crate::steps::{Intent, Made, SetUpTargets, StepId, StepOutcome};
use crate::values::targets::TargetName;

/// Where a step stands by the journal alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Not begun.
    ToDo,
    /// Begun; in this process it runs, after a restart nobody knows.
    Started,
    /// Done.
    Done(Made),
    /// Failed, nothing half done.
    Failed(String),
    /// Nobody knows.
    Unknown(String),
}

/// One step with its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRow {
    /// Which step; the same as the intent's, kept because it is compared so often.
    id: StepId,
    /// What it does.
    pub intent: Intent,
    /// Where it stands.
    pub state: StepState,
    /// Attempts so far.
    pub attempts: u32,
    /// When it last began.
    pub started: Option<u64>,
    /// Sequence number of its last `started` record; also the number of its deploy.
    pub started_seq: Option<u64>,
    /// When it last ended.
    pub finished: Option<u64>,
    /// It ended unknown and is looked at once more: where it was not done, it is begun again.
    pub again: bool,
    /// What was seen when it was done.
    pub evidence: String,
}

/// Something that was made, with the intent that made it: all that undo needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// What was to be done, and where.
    pub intent: Intent,
    /// What came of it.
    pub made: Made,
}

/// The fold of a journal: the last run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Run id.
    pub run: Option<String>,
    /// Who confirmed it, and when.
    pub begun: Option<(Actor, u64)>,
    /// Change ticket of the run.
    pub change: Option<String>,
    /// What held when it was confirmed.
    pub confirmed: Confirmed,
    /// What was found and adopted; not made by us.
    pub adopted: Vec<String>,
    /// The steps.
    pub rows: Vec<LedgerRow>,
    /// What the operator vouched for.
    pub attested: Vec<Attestation>,
    /// SNS as it was set up by hand, by its latest receipt.
    pub handed_over: Option<(SnsReceipt, Seen)>,
    /// How it ended.
    pub ended: Option<RunEnd>,
    /// Everything that was made and not taken back, oldest first, over all runs.
    pub made: Vec<Work>,
    /// SHA-256 of the profile that each service was last deployed with, by the journal.
    pub deployed: BTreeMap<ServiceName, String>,
    /// Last sequence number.
    pub seq: u64,
    /// When the last record was written, milliseconds since 1970 UTC.
    pub at: u64,
}

impl Ledger {
    /// Folds records.
    #[must_use]
    pub fn fold(records: &[Record]) -> Self {
        records.iter().fold(Self::default(), |mut ledger, record| {
            ledger.apply(record);
            ledger
        })
    }

    /// Folds one more record.
    pub fn apply(&mut self, record: &Record) {
        self.seq = self.seq.max(record.seq);
        self.at = record.at;
        match &record.entry {
            Entry::Adopted { actor, found, deployed } => {
                self.run = Some(record.run.clone());
                self.begun = Some((actor.clone(), record.at));
                self.adopted.clone_from(found);
                self.deployed.extend(deployed.iter().cloned());
                self.ended = Some(RunEnd::Adopted);
            }
            Entry::Kept { what } => self.keep(what),
            Entry::Begun { actor, steps, change, confirmed } => {
                self.run = Some(record.run.clone());
                self.begun = Some((actor.clone(), record.at));
                self.change.clone_from(change);
                self.confirmed = confirmed.clone();
                self.rows = steps.iter().map(|intent| LedgerRow::new(intent.clone())).collect();
                self.attested.clear();
                self.ended = None;
            }
            Entry::Started { step, attempt, intent } => {
                let row = self.row_or_new(step, intent);
                row.intent = intent.clone();
                row.state = StepState::Started;
                row.attempts = *attempt;
                row.started = Some(record.at);
                row.started_seq = Some(record.seq);
                row.finished = None;
                row.again = false;
                if let Intent::SetUpTargets(step) = intent {
                    // However it ends, there may be something to take back: the targets' own journals know.
                    self.note_targets(step.clone());
                }
            }
            Entry::Finished { step, outcome, ended, .. } => {
                self.finish(step, outcome, ended.unwrap_or(record.at));
            }
            Entry::Reopened { steps } => {
                for reopened in steps {
                    self.reopen(reopened);
                }
            }
            Entry::Attested { what } => {
                if let Attestation::SetUpByHand { receipt, seen } = what {
                    self.handed_over = Some((SnsReceipt::clone(receipt), *seen));
                }
                self.attested.push(what.clone());
            }
            Entry::Ended { how } => self.ended = Some(*how),
        }
    }

    /// A file that was edited meanwhile is left as it is: its step is over, and so is the deploy of
    /// services that only that file concerns.
    fn keep(&mut self, what: &[String]) {
        let kept = |file: &str| what.contains(&crate::model::choice::file_id(file));
        for row in self.rows.iter_mut().filter(|row| !matches!(row.state, StepState::Done(_))) {
            let written = row.intent.write_profile().is_some_and(|write| kept(&write.file));
            let deployed = row
                .intent
                .apply_deployment()
                .is_some_and(|apply| apply.services.iter().all(|each| kept(each.profile_file())));
            if written || deployed {
                row.state = StepState::Done(Made::Nothing);
                row.evidence = KEPT.to_owned();
            }
        }
    }

    fn reopen(&mut self, reopened: &Reopened) {
        let Some(row) = self.row_mut(&reopened.step) else { return };
        (row.state, row.again) = match reopened.to {
            ReopenedTo::ToDo => (StepState::ToDo, false),
            ReopenedTo::InDoubt => (StepState::Started, true),
        };
    }

    fn finish(&mut self, step: &StepId, outcome: &StepOutcome, at: u64) {
        if let (StepOutcome::Done { made, .. }, Some(row)) = (outcome, self.row(step))
            && !matches!(made, Made::Nothing | Made::Deploy { .. })
        {
            self.note_made(row.intent.clone(), made);
        }
        let deployed = self.row(step).and_then(|row| row.intent.apply_deployment()).cloned();
        if let (StepOutcome::Done { .. }, Some(apply)) = (outcome, deployed) {
            for service in apply.services {
                match apply.files.iter().find(|(name, _)| name == service.profile_file()) {
                    Some((_, hash)) => self.deployed.insert(service, hash.clone()),
                    None => self.deployed.remove(&service),
                };
            }
        }
        let Some(row) = self.row_mut(step) else { return };
        row.finished = Some(at);
        row.again = false;
        row.state = match outcome {
            StepOutcome::Done { made, evidence } => {
                row.evidence.clone_from(evidence);
                StepState::Done(made.clone())
            }
            StepOutcome::Failed { trouble } => StepState::Failed(trouble.what.clone()),
            StepOutcome::Unknown { why } => StepState::Unknown(why.clone()),
        };
    }

    fn note_made(&mut self, intent: Intent, made: &Made) {
        let step = intent.step();
        let same = |work: &Work| {
            // The cheap things first: a long journal has thousands of works.
            work.intent.topic() == intent.topic()
                && work.intent.endpoint() == intent.endpoint()
                && work.intent.step() == step
        };
        match made {
            Made::Nothing | Made::Deploy { .. } => {}
            Made::TakenBack { .. } => {
                // Profiles that stand in one file are taken back together.
                let along = |work: &Work| {
                    let write = work.intent.write_profile();
                    intent
                        .unwrite_profile()
                        .zip(write)
                        .is_some_and(|(take, write)| take.also.contains(&write.file))
                };
                self.made.retain(|work| !same(work) && !along(work));
            }
            // Each edit of a file has its own receipt.
            Made::Profile { .. } => self.made.push(Work { intent, made: made.clone() }),
            // Each statement is taken back by its own id.
            Made::Statement { .. } if self.made.iter().any(|work| same(work) && work.made == *made) => {}
            Made::Statement { .. } => self.made.push(Work { intent, made: made.clone() }),
            // Noted when they were begun.
            Made::Targets { .. } => {}
            Made::TopicsLeft { names } => self.note_topics_left(names),
            // Done again (a second confirmation), it still is one thing; the first record knows
            // what was there before us, a later one may know the subscription's ARN.
            made => match self.made.iter_mut().find(|work| same(work)) {
                Some(known) if matches!(made, Made::Subscription { arn: Some(_) }) => {
                    *known = Work { intent, made: made.clone() };
                }
                Some(_) => {}
                None => self.made.push(Work { intent, made: made.clone() }),
            },
        }
    }

    /// Targets that were begun, besides those that an earlier run began elsewhere.
    fn note_targets(&mut self, mut step: SetUpTargets) {
        if let Some(at) = self.made.iter().position(|work| work.intent.set_up_targets().is_some()) {
            let earlier = self.made.remove(at).intent;
            earlier.set_up_targets().into_iter().for_each(|earlier| step.take_along(earlier));
        }
        let names = step.jobs.iter().map(|job| job.name.clone()).collect();
        self.made.push(Work { intent: step.into(), made: Made::Targets { names } });
    }

    /// Only topics are left at these targets, and nothing at the others.
    fn note_topics_left(&mut self, names: &[TargetName]) {
        for work in &mut self.made {
            if let Intent::SetUpTargets(step) = &mut work.intent {
                step.jobs.retain(|job| names.contains(&job.name));
                work.made = Made::TopicsLeft { names: names.to_vec() };
            }
        }
    }

    fn row_mut(&mut self, step: &StepId) -> Option<&mut LedgerRow> {
        self.rows.iter_mut().find(|row| row.id == *step)
    }

    fn row_or_new(&mut self, step: &StepId, intent: &Intent) -> &mut LedgerRow {
        let at = match self.rows.iter().position(|row| row.id == *step) {
            Some(at) => at,
            None => {
                self.rows.push(LedgerRow::new(intent.clone()));
                self.rows.len() - 1
            }
        };
        &mut self.rows[at]
    }

    /// Returns a step's row.
    #[must_use]
    pub fn row(&self, step: &StepId) -> Option<&LedgerRow> {
        self.rows.iter().find(|row| row.id == *step)
    }

    /// Returns whether a confirmed run has not ended.
    #[must_use]
    pub fn unfinished(&self) -> bool {
        self.run.is_some() && self.ended.is_none()
    }

    /// Returns whether the latest run takes something back, at its end or not.
    #[must_use]
    pub fn takes_back(&self) -> bool {
        self.rows.iter().any(|row| row.intent.takes_back())
    }

    /// Returns whether the latest run left the deploy to a pipeline.
    #[must_use]
    pub fn left_to_pipeline(&self) -> bool {
        self.rows.iter().any(|row| matches!(row.intent, Intent::AwaitRollout(_)))
    }

    /// Returns whether a step was begun and nobody knows how it ended.
    #[must_use]
    pub fn in_doubt(&self) -> bool {
        self.rows.iter().any(|row| row.state == StepState::Started)
    }

    /// Returns whether this journal ends before what this machine wrote to it: an old backup was
    /// brought back, or it was moved away.
    #[must_use]
    pub fn older_than(&self, head: Head) -> bool {
        head.seq > self.seq
    }

    /// Returns whether every step of the run is done.
    #[must_use]
    pub fn all_done(&self) -> bool {
        !self.rows.is_empty() && self.rows.iter().all(|row| matches!(row.state, StepState::Done(_)))
    }
}

impl LedgerRow {
    /// Returns a step that was not begun.
    #[must_use]
    pub fn new(intent: Intent) -> Self {
        Self {
            id: intent.step(),
            intent,
            state: StepState::ToDo,
            attempts: 0,
            started: None,
            started_seq: None,
            finished: None,
            again: false,
            evidence: String::new(),
        }
    }
}
