//! What happened, as lines: for pipelines, logs and screen readers. No control characters, UTC,
//! at most one heartbeat a minute.

use ecw_wizard::model::ledger::StepState;
use ecw_wizard::model::target_job::{TargetPhase, TargetProgress};
use ecw_wizard::rules::task::Task;
use ecw_wizard::state::Session;
use ecw_wizard::values::time::utc;

/// A heartbeat comes when nothing else did for this long.
const HEARTBEAT_MS: u64 = 60_000;

/// Remembers what was said already.
#[derive(Debug, Default)]
pub struct Progress {
    states: Vec<String>,
    hal: usize,
    waiting: String,
    targets: Vec<String>,
    last: Option<u64>,
}

impl Progress {
    /// Returns the lines that are new.
    pub fn lines(&mut self, session: &Session) -> Vec<String> {
        let mut lines = Vec::new();
        let states: Vec<String> = session
            .ledger()
            .rows
            .iter()
            .map(|row| format!("{}{}", row.intent.describe(), state(&row.state)))
            .collect();
        for (at, line) in states.iter().enumerate() {
            if self.states.get(at) != Some(line) && !line.ends_with(": to do") {
                lines.push(line.clone());
            }
        }
        self.states = states;
        if let Some(deploy) = session.run().deploy() {
            let tasks: Vec<String> = deploy
                .transcript
                .tasks()
                .iter()
                .filter(|task| task.state != ecw_halyard::TaskState::Running)
                .map(|task| format!("  {}: {} {}", session.road().deployer(), task.name, task.stage))
                .collect();
            if deploy.offset == 0 || tasks.len() < self.hal {
                self.hal = 0;
            }
            lines.extend(tasks.iter().skip(self.hal).cloned());
            self.hal = tasks.len();
        }
        let targets: Vec<String> = session.run().targets().iter().map(of_target).collect();
        for (at, line) in targets.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
            if self.targets.get(at) != Some(line) {
                lines.push(format!("  {line}"));
            }
        }
        self.targets = targets;
        let waiting = waiting(session);
        if !waiting.is_empty() && waiting != self.waiting {
            lines.push(waiting.clone());
        }
        self.waiting = waiting;
        if lines.is_empty() {
            return self.heartbeat(session).into_iter().collect();
        }
        self.last = Some(session.now().mono);
        lines.into_iter().map(|line| format!("{}  {line}", utc(session.now().wall))).collect()
    }

    /// Returns the line that says that it is still at work, where nothing was said for a while.
    pub fn heartbeat(&mut self, session: &Session) -> Option<String> {
        let now = session.now();
        let last = *self.last.get_or_insert(now.mono);
        let at_work = session.at_work().filter(|_| now.mono.saturating_sub(last) >= HEARTBEAT_MS)?;
        self.last = Some(now.mono);
        Some(format!("{}  still at work: {}", utc(now.wall), at_work.line()))
    }
}

fn state(state: &StepState) -> String {
    match state {
        StepState::ToDo => ": to do".to_owned(),
        StepState::Started => " ...".to_owned(),
        StepState::Done(_) => ": done".to_owned(),
        StepState::Failed(why) => format!(": FAILED: {why}"),
        StepState::Unknown(why) => format!(": UNKNOWN: {why}"),
    }
}

/// What is said of a target; nothing before it was begun.
fn of_target(target: &TargetProgress) -> String {
    let TargetProgress { name, done, of, words, .. } = target;
    match target.phase {
        TargetPhase::ToDo => String::new(),
        TargetPhase::Begun => format!("{name}: {done} of {of}, {words}"),
        TargetPhase::Failed => format!("{name}: FAILED: {words}"),
        TargetPhase::Unknown => format!("{name}: UNKNOWN: {words}"),
        TargetPhase::Done => format!("{name}: {words}"),
    }
}

fn waiting(session: &Session) -> String {
    match session.next_task() {
        Some((_, Task::Ready(services))) => {
            let names = ecw_wizard::steps::names(&services);
            let by_pipeline = session.ledger().left_to_pipeline();
            match session.commit_command().filter(|_| by_pipeline) {
                Some(commit) => format!("Waiting until your pipeline has deployed {names}. Commit: {commit}"),
                None => format!("Waiting until ready: {names}"),
            }
        }
        Some((_, Task::Confirm)) => "Waiting until Gate confirms its subscription".to_owned(),
        Some((_, Task::Step(_))) | None => String::new(),
    }
}
