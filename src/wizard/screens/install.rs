//! Install: profiles are written, hal deploys. A viewer: the job goes on without it.

use ecw_halyard::{Severity, TaskState};

use super::halted::{halted, ways_on};
use super::parts::thousandths;
use crate::model::check::{Check, CheckVerdict};
use crate::model::ledger::{LedgerRow, StepState};
use crate::model::screen::Screen;
use crate::rules::limits::HAL_LIMIT_MS;
use crate::rules::task::Task;
use crate::state::Session;
use crate::state::run::{DeployView, Halt};
use crate::steps::{Intent, StepKind};
use crate::ui::page::{Action, Block, Gauge, Mark, Page, StepLine, Tone};
use crate::values::time::{clock, span, time_of_day};

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new(if session.run.halt.is_some() { "The run waits for you" } else { "Installing" });
    halted(&mut page, session);
    if session.job_runs() {
        page.text(Tone::Good, format!("Safe to disconnect. Come back: {}", session.come_back()));
    }
    page.push(Block::Steps(steps(session, |kind| !kind.in_aws())));
    if let Some(deploy) = &session.run.deploy
        && deploy.ended.is_none()
    {
        watching(&mut page, session, deploy);
    }
    problems(&mut page, session);
    if matches!(session.next_task(), Some((Screen::Install, Task::Ready(_)))) && session.run.halt.is_none() {
        super::readiness::waiting(&mut page, session);
    }
    ways_on(&mut page, session);
    if session.job_runs() {
        page.button(Action::Detach, "Leave; the deploy goes on", "all later steps wait until you come back");
    }
    if session.can_cancel() {
        page.button(
            Action::CancelDeploy,
            "Cancel the deploy",
            "asks first; a half-way deploy is the worst state",
        );
    }
    page
}

/// Returns the run's steps as lines.
pub(super) fn steps(session: &Session, of: impl Fn(StepKind) -> bool) -> Vec<StepLine> {
    let next = session.ledger.rows.iter().position(|row| !matches!(row.state, StepState::Done(_)));
    session
        .ledger
        .rows
        .iter()
        .enumerate()
        .filter(|(_, row)| of(row.intent.step().kind))
        .map(|(at, row)| StepLine {
            mark: mark(session, row, Some(at) == next),
            text: row.intent.describe(),
            note: note(session, row),
        })
        .collect()
}

fn mark(session: &Session, row: &LedgerRow, is_next: bool) -> Mark {
    match &row.state {
        StepState::Done(_) => Mark::Done,
        StepState::Failed(_) => Mark::Failed,
        StepState::Unknown(_) => Mark::Unknown,
        StepState::Started if session.run.armed() => Mark::Busy(session.now.mono / 1_000),
        StepState::Started => Mark::Unknown,
        StepState::ToDo if is_next && session.run_active() => Mark::Now,
        StepState::ToDo => Mark::ToDo,
    }
}

fn note(session: &Session, row: &LedgerRow) -> String {
    match (row.started, row.finished) {
        (Some(started), Some(finished)) => span(finished.saturating_sub(started)),
        (Some(started), None) if matches!(row.state, StepState::Started) => {
            let since = span(session.now.wall.saturating_sub(started));
            format!("{since}, usually {}", row.intent.usual_time())
        }
        _ => row.intent.usual_time().to_owned(),
    }
}

pub(super) fn watching(page: &mut Page, session: &Session, deploy: &DeployView) {
    let elapsed = session.now.wall.saturating_sub(deploy.started);
    page.push(Block::Gap);
    if session.road().is_halyard() {
        page.push(Block::Gauge(Gauge {
            filled: thousandths(elapsed, HAL_LIMIT_MS),
            words: format!(
                "{}, hal gives up {} (30 min)",
                span(elapsed),
                clock(deploy.started + HAL_LIMIT_MS)
            ),
        }));
        page.text(Tone::Dim, "  The bar is time towards hal's limit, not work done.");
    } else {
        page.text(Tone::Plain, format!("kubectl applies for {}; seconds as a rule.", span(elapsed)));
    }
    let lines = deploy
        .transcript
        .tasks()
        .iter()
        .rev()
        .take(6)
        .rev()
        .map(|task| StepLine {
            mark: match task.state {
                TaskState::Running => Mark::Now,
                TaskState::Succeeded => Mark::Done,
                TaskState::Failed => Mark::Failed,
                TaskState::Interrupted | TaskState::TimedOut => Mark::Unknown,
            },
            text: task.name.clone(),
            note: String::new(),
        })
        .collect();
    page.push(Block::Steps(lines));
    page.push(Block::Log { lines: heard(deploy), rows: 6 });
    silence(page, session, deploy);
}

/// hal's last lines with the time at which each came; repeats are folded.
fn heard(deploy: &DeployView) -> Vec<String> {
    let times = deploy.times.iter().copied().map(Some).chain(std::iter::repeat(None));
    let stamped = |(line, at): (&str, Option<u64>)| match at {
        Some(at) => format!("{} {line}", time_of_day(at)),
        None => line.to_owned(),
    };
    deploy.transcript.tail().zip(times).map(stamped).collect()
}

fn silence(page: &mut Page, session: &Session, deploy: &DeployView) {
    const QUIET_MS: u64 = 30_000;
    const LONG_MS: u64 = 180_000;
    if let Some((since, why)) = &deploy.down {
        let since = span(session.now.mono.saturating_sub(*since));
        let words = format!(
            "Nothing is heard from {} for {since}: {why}. What was begun there goes on as far as it can; it is asked again and again.",
            session.halyard_in()
        );
        page.text(Tone::Warning, words);
        return;
    }
    let silent = session.now.mono.saturating_sub(deploy.last_output);
    if silent >= LONG_MS {
        page.text(
            Tone::Warning,
            if session.road().is_halyard() {
                format!("Silent for {}. hal often is while pods start; waiting costs nothing. It stops by itself at its limit, and the wizard then looks for itself.", span(silent))
            } else {
                format!("Silent for {}: kubectl waits for the cluster.", span(silent))
            },
        );
    } else if silent >= QUIET_MS {
        page.text(Tone::Dim, format!("Silent for {}.", span(silent)));
    }
}

fn problems(page: &mut Page, session: &Session) {
    let Some(deploy) = &session.run.deploy else { return };
    let checks: Vec<Check> = deploy
        .transcript
        .problems()
        .iter()
        .filter(|problem| problem.severity > Severity::Info)
        .map(|problem| {
            let verdict =
                if problem.severity == Severity::Error { CheckVerdict::Bad } else { CheckVerdict::Warning };
            let check = Check::new(
                verdict,
                if problem.location.is_empty() { session.road().deployer() } else { &problem.location },
                &problem.message,
            );
            match &problem.remedy {
                Some(remedy) => check.with_remedy(remedy),
                None => check,
            }
        })
        .collect();
    if !checks.is_empty() {
        page.heading(format!("What {} says", session.road().deployer()));
        page.push(Block::Checks(checks));
    }
    if matches!(session.run.halt, Some(Halt::Failed { .. } | Halt::Unknown { .. })) {
        page.heading(format!("Last lines of {}", session.road().deployer()));
        page.push(Block::Log { lines: heard(deploy), rows: 20 });
    }
    let applies = session.ledger.rows.iter().any(|row| matches!(row.intent, Intent::ApplyDeployment(_)));
    if applies && deploy.ended.is_some() {
        let whole = if session.halyard_in().is_local() {
            format!("Whole log: l, or deploy-{}/log in the state directory", deploy.number)
        } else {
            format!("Whole log: l; it stands in {}", session.halyard_in())
        };
        page.text(Tone::Dim, whole);
    }
}
