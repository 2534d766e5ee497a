//! Set up SNS at several targets, side by side, and take it back there: each by its own session and journal.

use ecw_ports::Ports;
use ecw_wizard::Exit;
use ecw_wizard::messages::opening::To;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::part::Part;
use ecw_wizard::model::report::Probed;
use ecw_wizard::model::target_job::{Duty, OnBehalf, TargetJob};
use ecw_wizard::state::Session;
use ecw_wizard::steps::{Made, SetUpTargets, StepOutcome, TakeBackTargets};
use ecw_wizard::values::targets::TargetName;
use ecw_wizard::values::trouble::Trouble;

use super::{Act, done, failed};
use crate::open::ledger;
use crate::side_by_side::side_by_side;

/// So many failures are named one by one.
const NAMED: usize = 5;

impl Act for SetUpTargets {
    fn execute(&self, ports: &Ports) -> StepOutcome {
        // What publishes to another account's topic waits until that topic lets it.
        let (first, then): (Vec<&TargetJob>, Vec<&TargetJob>) =
            self.jobs.iter().partition(|job| job.duty == Duty::HasTopic);
        let mut ends = work(ports, &first, &self.by, To::Usual);
        let (ready, waiting): (Vec<&TargetJob>, Vec<&TargetJob>) =
            then.into_iter().partition(|job| !its_topic_failed(job, &ends));
        ends.extend(work(ports, &ready, &self.by, To::Usual));
        ends.extend(waiting.into_iter().map(|job| End {
            name: job.name.clone(),
            came: Err("not begun: the target that holds its region's topic failed".to_owned()),
        }));
        let names = self.jobs.iter().map(|job| job.name.clone()).collect();
        told(&ends, "set up", Made::Targets { names })
    }

    fn probe(&self, ports: &Ports) -> Probed {
        // Each target's own journal knows; doing it again leaves alone what is done.
        let over = |job: &TargetJob| {
            ledger(&*ports.store.at_target(&job.name)).is_ok_and(|ledger| ledger.ended.is_some())
        };
        let names: Vec<TargetName> = self.jobs.iter().map(|job| job.name.clone()).collect();
        if self.jobs.iter().all(over) {
            let evidence = format!("{} targets, each ended by its own journal", names.len());
            return Probed::Done { evidence, made: Some(Made::Targets { names }) };
        }
        Probed::NotDone
    }
}

impl Act for TakeBackTargets {
    fn execute(&self, ports: &Ports) -> StepOutcome {
        let (first, then): (Vec<&TargetJob>, Vec<&TargetJob>) =
            self.jobs.iter().partition(|job| job.duty == Duty::Delivers);
        let mut ends = work(ports, &first, &self.by, To::Undo(Part::Sns));
        ends.extend(work(ports, &then, &self.by, To::Undo(Part::Sns)));
        let what = format!("SNS at {} targets", self.jobs.len());
        told(&ends, "taken back", Made::TakenBack { what })
    }

    fn probe(&self, _ports: &Ports) -> Probed {
        Probed::NotDone
    }
}

/// How a target's session ended: in a few words, or why it failed.
struct End {
    name: TargetName,
    came: Result<String, String>,
}

fn work(ports: &Ports, jobs: &[&TargetJob], by: &OnBehalf, to: To) -> Vec<End> {
    side_by_side(ports, jobs, |job| {
        let came = match ports.targets.run(ports, job, by, Mode::Unattended, to) {
            Ok(session) => ended(&session),
            Err(trouble) => Err(format!("{} {}", trouble.what, trouble.fix)),
        };
        End { name: job.name.clone(), came }
    })
}

fn ended(session: &Session) -> Result<String, String> {
    let words = session.exit_words().map(str::to_owned);
    match session.exit() {
        Some(Exit::Done) => Ok(words.unwrap_or_else(|| "done".to_owned())),
        _ => Err(words.unwrap_or_else(|| "it was broken off".to_owned())),
    }
}

/// Whether the target that holds the topic a job delivers to is among those that failed.
fn its_topic_failed(job: &TargetJob, ends: &[End]) -> bool {
    let topic = job.answers().existing_topic().map(str::to_owned).unwrap_or_default();
    ends.iter().any(|end| {
        let holder = format!(":sns:{}:{}:", end.name.region, end.name.account);
        end.came.is_err() && topic.contains(&holder)
    })
}

fn told(ends: &[End], what: &str, made: Made) -> StepOutcome {
    let failures: Vec<String> = ends
        .iter()
        .filter_map(|end| end.came.as_ref().err().map(|why| format!("{}: {}", end.name, first_line(why))))
        .collect();
    if failures.is_empty() {
        return done(format!("{} targets {what}", ends.len()), made);
    }
    let mut words = failures.iter().take(NAMED).cloned().collect::<Vec<_>>().join(" ");
    if failures.len() > NAMED {
        words.push_str(&format!(" And {} more.", failures.len() - NAMED));
    }
    failed(Trouble::new(
        format!("{} of {} targets failed; the others are {what}. {words}", failures.len(), ends.len()),
        "Mend what is named and retry: what is done is left alone. Each target's journal and ROLLBACK.txt stand under targets/ in the state directory.",
    ))
}

fn first_line(words: &str) -> &str {
    words.lines().next().unwrap_or_default()
}
