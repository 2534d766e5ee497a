//! Several targets: what would be done at each, how each stands, how far each has come. Looking changes nothing.

use ecw_ports::Ports;
use ecw_wizard::Exit;
use ecw_wizard::messages::opening::To;
use ecw_wizard::model::check::{Check, CheckVerdict};
use ecw_wizard::model::goal::Goal;
use ecw_wizard::model::ledger::{Ledger, StepState};
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::target_job::{
    OnBehalf, TargetJob, TargetPhase, TargetPlan, TargetProgress, TargetStand,
};
use ecw_wizard::rules::{plan, status, summary};
use ecw_wizard::values::targets::TargetName;

use crate::open::ledger;
use crate::side_by_side::side_by_side;

/// Returns what would be done at each.
pub(super) fn plans(ports: &Ports, jobs: &[TargetJob], by: &OnBehalf) -> Vec<TargetPlan> {
    side_by_side(ports, jobs, |job| {
        let name = job.name.clone();
        match ports.targets.run(ports, job, by, Mode::PlanOnly, To::Usual) {
            Ok(session) => {
                let steps = plan::steps(&session);
                TargetPlan {
                    name,
                    steps: steps.iter().map(|step| step.describe()).collect(),
                    calls: steps.iter().flat_map(|step| step.aws_calls()).collect(),
                    exit: session.exit().unwrap_or(Exit::CannotTell).code(),
                    words: session.exit_words().map(str::to_owned),
                    asks: session.asks(),
                }
            }
            Err(trouble) => TargetPlan {
                name,
                steps: Vec::new(),
                calls: Vec::new(),
                exit: Exit::Journal.code(),
                words: Some(format!("{} {}", trouble.what, trouble.fix)),
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
                vec![Check::new(CheckVerdict::Unknown, "State", trouble.what).with_remedy(trouble.fix)]
            }
        },
    })
}

/// Returns how far each has come, by its own journal.
pub(super) fn progress(ports: &Ports, names: &[TargetName]) -> Vec<TargetProgress> {
    names.iter().map(|name| progress_of(name, ledger(&*ports.store.at_target(name)).ok())).collect()
}

fn progress_of(name: &TargetName, ledger: Option<Ledger>) -> TargetProgress {
    let ledger = ledger.unwrap_or_default();
    let rows = &ledger.rows;
    let done = rows.iter().filter(|row| matches!(row.state, StepState::Done(_))).count();
    let (phase, words) = match rows.iter().find(|row| !matches!(row.state, StepState::Done(_))) {
        _ if ledger.run.is_none() => (TargetPhase::ToDo, String::new()),
        _ if ledger.ended.is_some() => (TargetPhase::Done, "done".to_owned()),
        Some(row) => match &row.state {
            StepState::Failed(why) => (TargetPhase::Failed, format!("{}: {why}", row.intent.describe())),
            StepState::Unknown(why) => (TargetPhase::Unknown, format!("{}: {why}", row.intent.describe())),
            StepState::ToDo | StepState::Started | StepState::Done(_) => {
                (TargetPhase::Begun, row.intent.describe())
            }
        },
        None => (TargetPhase::Begun, "waits for Gate's confirmation".to_owned()),
    };
    TargetProgress { name: name.clone(), phase, done, of: rows.len(), words, made: summary::made_by(&ledger) }
}
