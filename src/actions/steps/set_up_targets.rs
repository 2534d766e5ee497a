//! Set up SNS at several targets, side by side, and take it back there: each by its own session and journal.

use ecw_ports::Ports;
use ecw_wizard::Exit;
use ecw_wizard::messages::opening::To;
use ecw_wizard::model::journal::Author;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::part::Part;
use ecw_wizard::model::report::Probed;
use ecw_wizard::model::target_job::{Duty, OnBehalf, TARGET_END, TargetEnd, TargetJob};
use ecw_wizard::state::Session;
use ecw_wizard::steps::{Made, SetUpTargets, StepOutcome, TakeBackTargets};
use ecw_wizard::values::targets::{TargetName, counted_targets};
use ecw_wizard::values::trouble::Trouble;

use super::{Act, done, failed};
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
        for job in waiting {
            let came = Err("not begun: the target that holds its region's topic failed".to_owned());
            let end = End { name: job.name.clone(), came, left: Left::Nothing };
            keep(ports, &self.by, &end);
            ends.push(end);
        }
        let names = self.jobs.iter().map(|job| job.name.clone()).collect();
        told(&ends, "set up", Made::Targets { names })
    }

    fn probe(&self, _ports: &Ports) -> Probed {
        // An end in a target's journal may be that of an earlier run. Doing it again leaves alone what is done.
        Probed::NotDone
    }
}

impl Act for TakeBackTargets {
    fn execute(&self, ports: &Ports) -> StepOutcome {
        let (first, then): (Vec<&TargetJob>, Vec<&TargetJob>) =
            self.jobs.iter().partition(|job| job.duty == Duty::Delivers);
        let mut ends = work(ports, &first, &self.by, To::Undo(Part::Sns));
        ends.extend(work(ports, &then, &self.by, To::Undo(Part::Sns)));
        // Topics stay unless somebody wants them deleted; whose they are is not forgotten.
        let names: Vec<TargetName> =
            ends.iter().filter(|end| end.left == Left::Topic).map(|end| end.name.clone()).collect();
        let what = format!("SNS at {}", counted_targets(self.jobs.len()));
        let made = if names.is_empty() { Made::TakenBack { what } } else { Made::TopicsLeft { names } };
        told(&ends, "taken back", made)
    }

    fn probe(&self, _ports: &Ports) -> Probed {
        Probed::NotDone
    }
}

/// How a target's session ended: in a few words, or why it failed.
struct End {
    name: TargetName,
    came: Result<String, String>,
    left: Left,
}

/// What a target's journal says still stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    /// Nothing.
    Nothing,
    /// A topic, and nothing else.
    Topic,
    /// More than that.
    More,
}

fn left(session: &Session) -> Left {
    let made = &session.ledger().made;
    match made.iter().all(|work| matches!(work.made, Made::Topic { .. })) {
        true if made.is_empty() => Left::Nothing,
        true => Left::Topic,
        false => Left::More,
    }
}

fn work(ports: &Ports, jobs: &[&TargetJob], by: &OnBehalf, to: To) -> Vec<End> {
    side_by_side(ports, jobs, |job| {
        let end = match ports.targets.run(ports, job, by, Mode::Unattended, to) {
            Ok(session) => {
                let left = left(&session);
                // What AWS answered may hold what belongs in no journal.
                let came = ended(&session, to, left).map_err(|why| ecw_halyard::redact(&why));
                End { name: job.name.clone(), came, left }
            }
            Err(trouble) => End {
                name: job.name.clone(),
                came: Err(format!("{} {}", trouble.what, trouble.fix)),
                left: Left::More,
            },
        };
        keep(ports, by, &end);
        end
    })
}

fn ended(session: &Session, to: To, left: Left) -> Result<String, String> {
    let words = session.exit_words().map(str::to_owned);
    if to != To::Usual {
        if session.author() == Author::Other {
            return Err(
                "its journal was written by another user, whose word is not taken (--trust-journal takes it)"
                    .to_owned(),
            );
        }
        if session.journal_is_old() {
            return Err(
                "its journal ends before what this machine wrote to it: what was made there is not known"
                    .to_owned(),
            );
        }
        if session.exit() == Some(Exit::Done) && left == Left::More {
            return Err("not all of it is taken back".to_owned());
        }
    }
    match session.exit() {
        Some(Exit::Done) => Ok(words.unwrap_or_else(|| "done".to_owned())),
        _ => Err(words.unwrap_or_else(|| "it was broken off".to_owned())),
    }
}

/// Notes how it ended beside the target's journal: what failed before its run was begun stands in none.
fn keep(ports: &Ports, by: &OnBehalf, end: &End) {
    let (failed, words) = match &end.came {
        Ok(words) => (None, words.clone()),
        Err(why) => (Some(why.clone()), String::new()),
    };
    let noted = TargetEnd { run: by.run.clone(), failed, words };
    // Losing this loses a word, never a step.
    if let Ok(text) = serde_json::to_vec(&noted) {
        let _ = ports.store.at_target(&end.name).write(TARGET_END, &text);
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
        .filter_map(|end| end.came.as_ref().err().map(|why| format!("{}: {}", end.name, one_line(why))))
        .collect();
    if failures.is_empty() {
        return done(format!("{} {what}", counted_targets(ends.len())), made);
    }
    let mut words = failures.iter().take(NAMED).cloned().collect::<Vec<_>>().join(" ");
    if failures.len() > NAMED {
        words.push_str(&format!(" And {} more.", failures.len() - NAMED));
    }
    let others = if failures.len() < ends.len() { format!("; the others are {what}") } else { String::new() };
    failed(Trouble::new(
        format!("{} of {} failed{others}. {words}", failures.len(), counted_targets(ends.len())),
        "Fix what is named and retry: what is done is left alone. Each target's journal and ROLLBACK.txt stand under targets/ in the state directory.",
    ))
}

/// Its lines as one, so that the answer that is asked for stays in sight.
fn one_line(words: &str) -> String {
    ecw_halyard::clean(&words.lines().collect::<Vec<_>>().join(" "), 400)
}
