//! Several targets: what would be done at each, how each stands, how far each has come. Looking changes nothing.

use ecw_ports::Ports;
use ecw_wizard::Exit;
use ecw_wizard::messages::opening::To;
use ecw_wizard::model::check::{Check, CheckVerdict};
use ecw_wizard::model::goal::Goal;
use ecw_wizard::model::ledger::{Ledger, StepState};
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::target_job::{
    OnBehalf, TARGET_END, TargetEnd, TargetJob, TargetPhase, TargetPlan, TargetProgress, TargetStand,
};
use ecw_wizard::rules::plan_document::published;
use ecw_wizard::rules::{arrival, plan, status, summary};
use ecw_wizard::values::targets::TargetName;

use crate::open::ledger;
use crate::side_by_side::side_by_side;

/// Returns what would be done at each.
pub(super) fn plans(ports: &Ports, jobs: &[TargetJob], by: &OnBehalf) -> Vec<TargetPlan> {
    side_by_side(ports, jobs, |job| {
        let name = job.name.clone();
        match ports.targets.run(ports, job, by, Mode::PlanOnly, To::Usual) {
            Ok(session) => {
                let document = published(&session);
                let exit = session.exit().unwrap_or(Exit::CannotTell);
                // Where it cannot be done nothing is.
                let can = matches!(exit, Exit::Done | Exit::Pending);
                let steps = if can { plan::steps(&session) } else { Vec::new() };
                TargetPlan {
                    name,
                    steps: steps.iter().map(|step| step.describe()).collect(),
                    calls: steps.iter().flat_map(|step| step.aws_calls()).collect(),
                    world: document.world,
                    policy_diff: document.policy_diff,
                    exit: exit.code(),
                    words: session.exit_words().map(ecw_halyard::redact),
                    missing: arrival::missing_in_plan(&session),
                    asks: session.asks(),
                }
            }
            Err(trouble) => TargetPlan {
                name,
                steps: Vec::new(),
                calls: Vec::new(),
                world: Vec::new(),
                policy_diff: None,
                exit: Exit::Journal.code(),
                words: Some(format!("{} {}", trouble.what, trouble.fix)),
                missing: None,
                asks: None,
            },
        }
    })
}

/// Returns how each stands.
pub(super) fn stand(ports: &Ports, jobs: &[TargetJob], by: &OnBehalf) -> Vec<TargetStand> {
    side_by_side(ports, jobs, |job| TargetStand {
        name: job.name.clone(),
        checks: match ports.targets.run(ports, job, by, Mode::Look, To::Usual) {
            Ok(session) => status::rows(&session, Goal::Events),
            Err(trouble) => {
                vec![Check::new(CheckVerdict::Unknown, status::UNREAD, trouble.what).with_remedy(trouble.fix)]
            }
        },
    })
}

/// Returns how far each has come in a run, by its own journal and by how its session ended.
pub(super) fn progress(ports: &Ports, run: &str, names: &[TargetName]) -> Vec<TargetProgress> {
    names
        .iter()
        .map(|name| {
            let store = ports.store.at_target(name);
            let end = store.read(TARGET_END).ok().flatten();
            let end = end.and_then(|bytes| serde_json::from_slice::<TargetEnd>(&bytes).ok());
            let end = end.filter(|end| end.run == run);
            progress_of(name, &ledger(&*store).unwrap_or_default(), run, end)
        })
        .collect()
}

fn progress_of(name: &TargetName, ledger: &Ledger, run: &str, end: Option<TargetEnd>) -> TargetProgress {
    // What an earlier run did is none of this one's.
    let rows = if ledger.run.as_deref() == Some(run) { ledger.rows.as_slice() } else { &[] };
    let done = rows.iter().filter(|row| matches!(row.state, StepState::Done(_))).count();
    let open = rows.iter().find(|row| !matches!(row.state, StepState::Done(_)));
    let (phase, words) = match (end, open) {
        (Some(TargetEnd { failed: Some(why), .. }), _) => {
            (TargetPhase::Failed, ecw_halyard::clean(&why.replace('\n', " "), 400))
        }
        (Some(TargetEnd { words, .. }), _) => (TargetPhase::Done, words),
        (None, Some(row)) => match &row.state {
            StepState::Failed(why) => (TargetPhase::Failed, format!("{}: {why}", row.intent.describe())),
            StepState::Unknown(why) => (TargetPhase::Unknown, format!("{}: {why}", row.intent.describe())),
            StepState::ToDo | StepState::Started | StepState::Done(_) => {
                (TargetPhase::Begun, row.intent.describe())
            }
        },
        (None, None) if rows.is_empty() => (TargetPhase::ToDo, String::new()),
        (None, None) => (TargetPhase::Begun, "waits for Gate's confirmation".to_owned()),
    };
    TargetProgress { name: name.clone(), phase, done, of: rows.len(), words, made: summary::made_by(ledger) }
}
