//! What `hal` prints, read line by line as it comes. The rules are those of the CLI's `ResponseUnwrapper` and
//! `AnsiUi` (<https://github.com/spinnaker/halyard>, `halyard-cli`).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::text::clean;

/// Longer lines are cut.
const LINE_LIMIT: usize = 2_000;
/// More problems than this are not kept: the oldest that is no error goes.
const PROBLEM_LIMIT: usize = 200;
const TASK_LIMIT: usize = 100;

/// Where a task stands. The mark `-` is both a spinner and a failure, so the second line decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TaskState {
    /// Still at work.
    Running,
    /// Done.
    Succeeded,
    /// Failed.
    Failed,
    /// Interrupted.
    Interrupted,
    /// Timed out.
    TimedOut,
}

/// One task of the daemon as the CLI shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Task {
    /// Such as `Deploy spin-gate`.
    pub name: String,
    /// Its present stage.
    pub stage: String,
    /// Where it stands.
    pub state: TaskState,
}

/// How bad a problem is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// A remark.
    Info,
    /// A warning.
    Warning,
    /// An error.
    Error,
}

/// One problem with its remedy, unwrapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Problem {
    /// `Global` or such as `default.security`.
    pub location: String,
    /// How bad.
    pub severity: Severity,
    /// What.
    pub message: String,
    /// What to do, if hal says so.
    pub remedy: Option<String>,
}

/// What an exit code and a transcript say together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "why")]
pub enum HalOutcome {
    /// Exit 0 and hal's last success line.
    Succeeded,
    /// Exit 1 and hal's own failure text.
    Failed(String),
    /// hal says that its task was interrupted: a signal to hal, or a request to the daemon.
    Stopped(String),
    /// Anything else: it has to be probed.
    Unknown(String),
}

/// A transcript being read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    rest: Vec<u8>,
    tasks: Vec<Task>,
    problems: Vec<Problem>,
    messages: Vec<String>,
    location: String,
    pending_task: Option<String>,
    open: Option<Open>,
    last_success: bool,
    /// Tasks of the block that hal paints over and over; an empty line begins a new one.
    painted: BTreeSet<String>,
    tail: std::collections::VecDeque<String>,
    printed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Message,
    Remedy,
}

impl Transcript {
    /// Reads more output; partial lines are kept until they are whole.
    ///
    /// ```
    /// use ecw_halyard::{HalOutcome, Transcript};
    ///
    /// let mut transcript = Transcript::default();
    /// transcript.feed(b"+ Apply deployment\n  Success\n+ Run `hal deploy connect` to");
    /// transcript.feed(b" connect to Spinnaker.\n");
    /// // Success is both: exit 0 and hal's last words.
    /// assert_eq!(transcript.outcome(Some(0)), HalOutcome::Succeeded);
    /// assert!(matches!(transcript.outcome(None), HalOutcome::Unknown(_)));
    /// ```
    pub fn feed(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if *byte == b'\n' {
                let line = std::mem::take(&mut self.rest);
                self.line(&String::from_utf8_lossy(&line));
            } else if self.rest.len() < LINE_LIMIT * 4 {
                self.rest.push(*byte);
            }
        }
    }

    /// The tasks, in order of appearance.
    #[must_use]
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// The problems, in order of appearance.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Returns how many different lines there were so far; a line that is printed again at once counts once.
    #[must_use]
    pub fn printed(&self) -> u64 {
        self.printed
    }

    /// Returns the last lines without spinner frames, oldest first; repeated lines are folded.
    pub fn tail(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.tail.iter().map(String::as_str)
    }

    /// Returns what the exit code (`None` = a signal, or nobody knows) and the text say together.
    #[must_use]
    pub fn outcome(&self, exit: Option<i32>) -> HalOutcome {
        let failure = self.failure();
        match exit {
            Some(0) if self.last_success && !self.script_failed() => HalOutcome::Succeeded,
            Some(0) => HalOutcome::Unknown("hal exited 0, but its last success line is missing".to_owned()),
            _ if self.stopped().is_some() => HalOutcome::Stopped(self.stopped().unwrap_or_default()),
            Some(1) => match failure {
                Some(text) => HalOutcome::Failed(text),
                None => HalOutcome::Unknown("hal exited 1 without saying what failed".to_owned()),
            },
            Some(7) => {
                HalOutcome::Unknown("hal gave up waiting (exit 7); the deploy may still go on".to_owned())
            }
            Some(code @ 125..=127) => {
                HalOutcome::Unknown(format!("the hal command could not be run properly (exit {code})"))
            }
            Some(code) => HalOutcome::Unknown(format!("hal exited {code}")),
            None => HalOutcome::Unknown("hal ended without an exit status".to_owned()),
        }
    }

    /// Returns hal's words for an interrupted task. One that ran into hal's own deadline says so instead.
    fn stopped(&self) -> Option<String> {
        let errors = self.problems.iter().filter(|problem| problem.severity == Severity::Error);
        let errors = errors.map(|problem| problem.message.as_str());
        let late = |text: &str| text.contains("timed out") || text.contains("taking too long");
        let said: Vec<&str> = errors.chain(self.messages.iter().map(String::as_str)).collect();
        if said.iter().any(|text| text.contains("taking too long")) {
            return None;
        }
        let words = ["Task killed by interrupt", "DaemonTaskInterrupted"];
        let found = |word: &&str| said.iter().any(|text| text.contains(*word) && !late(text));
        words.into_iter().find(found).map(str::to_owned)
    }

    fn script_failed(&self) -> bool {
        self.problems
            .iter()
            .any(|problem| problem.severity == Severity::Error && problem.location == "script")
    }

    fn failure(&self) -> Option<String> {
        let error = self.problems.iter().find(|problem| problem.severity == Severity::Error);
        let message =
            self.messages.iter().rev().find(|message| !message.contains("I'm afraid I can't do that"));
        match (error, message) {
            (Some(problem), _) => Some(problem.message.clone()),
            (None, Some(message)) => Some(message.clone()),
            (None, None) => None,
        }
    }

    fn line(&mut self, raw: &str) {
        let stripped = strip_escapes(raw);
        let framed = stripped.starts_with('\r');
        let line = clean(&stripped, LINE_LIMIT);
        if let Some(name) = self.pending_task.take() {
            if framed || line.starts_with("  ") || line.is_empty() {
                self.frame(name, line.trim());
                return;
            }
            self.plain(&name);
        }
        if framed && let Some(name) = task_line(&line) {
            self.pending_task = Some(name.to_owned());
            self.open = None;
            return;
        }
        self.plain(line.trim_end());
    }

    fn frame(&mut self, name: String, stage: &str) {
        let state = match stage {
            "Success" => TaskState::Succeeded,
            "Failure" => TaskState::Failed,
            "Interrupted" => TaskState::Interrupted,
            "Timed out" => TaskState::TimedOut,
            _ => TaskState::Running,
        };
        let task = Task { name, stage: stage.to_owned(), state };
        let painted = self.painted.contains(&task.name);
        if self.painted.len() < TASK_LIMIT {
            self.painted.insert(task.name.clone());
        }
        let same = |known: &Task| known.name == task.name && (painted || known.state == TaskState::Running);
        let known = self.tasks.iter().rposition(same);
        match known {
            Some(at) if self.tasks[at] == task => return,
            Some(at) => self.tasks[at] = task.clone(),
            None if self.tasks.len() < TASK_LIMIT => self.tasks.push(task.clone()),
            None => {}
        }
        let text = if task.stage.is_empty() { task.name } else { format!("{}: {}", task.name, task.stage) };
        self.push_tail(text);
    }

    fn plain(&mut self, line: &str) {
        if line.is_empty() {
            self.open = None;
            self.painted.clear();
            return;
        }
        self.push_tail(line.to_owned());
        for prefix in ["Validation in ", "Problems in "] {
            if let Some(place) = line.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(':')) {
                place.clone_into(&mut self.location);
                self.open = None;
                return;
            }
        }
        for (prefix, severity) in
            [("- INFO ", Severity::Info), ("- WARNING ", Severity::Warning), ("! ERROR ", Severity::Error)]
        {
            if let Some(text) = line.strip_prefix(prefix) {
                self.problem(severity, text);
                return;
            }
        }
        if let Some(text) = line.strip_prefix("? ") {
            self.remedy(text);
        } else if let Some(text) = line.strip_prefix("+ ") {
            self.last_success = text.contains("hal deploy connect");
            self.open = None;
        } else if let Some(text) = line.strip_prefix("- ") {
            self.open = None;
            if self.messages.len() == PROBLEM_LIMIT {
                self.messages.remove(0);
            }
            self.messages.push(text.to_owned());
        } else {
            self.continued(line.trim_start());
        }
    }

    fn problem(&mut self, severity: Severity, text: &str) {
        let script = severity == Severity::Error && text.contains("running script");
        let location = if script { "script".to_owned() } else { self.location.clone() };
        if self.problems.len() == PROBLEM_LIMIT {
            // What decides comes last, and is an error.
            let oldest = self.problems.iter().position(|problem| problem.severity != Severity::Error);
            self.problems.remove(oldest.unwrap_or(0));
        }
        self.problems.push(Problem { location, severity, message: text.to_owned(), remedy: None });
        self.open = Some(Open::Message);
    }

    fn remedy(&mut self, text: &str) {
        if let Some(problem) = self.problems.last_mut() {
            let remedy = problem.remedy.get_or_insert_default();
            if remedy.len() < LINE_LIMIT {
                if !remedy.is_empty() {
                    remedy.push(' ');
                }
                remedy.push_str(text);
            }
            self.open = Some(Open::Remedy);
        }
    }

    fn continued(&mut self, text: &str) {
        let (Some(open), Some(problem)) = (self.open, self.problems.last_mut()) else { return };
        let target = match open {
            Open::Message => &mut problem.message,
            Open::Remedy => problem.remedy.get_or_insert_default(),
        };
        if target.len() < LINE_LIMIT {
            target.push(' ');
            target.push_str(text);
        }
    }

    fn push_tail(&mut self, line: String) {
        const KEPT: usize = 500;
        if let Some(last) = self.tail.back_mut() {
            let (text, times) = match last.rsplit_once("  (x") {
                Some((text, times)) => (text, times.trim_end_matches(')').parse::<u64>().unwrap_or(1)),
                None => (last.as_str(), 1),
            };
            if text == line {
                *last = format!("{line}  (x{})", times + 1);
                return;
            }
        }
        if self.tail.len() == KEPT {
            self.tail.pop_front();
        }
        self.tail.push_back(line);
        self.printed += 1;
    }
}

fn task_line(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(['+', '-', '_', '^', '*', '!', '/'])?;
    let name = rest.strip_prefix(' ')?;
    let problem = ["INFO ", "WARNING ", "ERROR "].iter().any(|word| name.starts_with(word));
    (!problem && !name.is_empty()).then_some(name)
}

/// Drops escape sequences but keeps carriage returns, which tell frames from messages.
fn strip_escapes(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for (at, part) in raw.split('\r').enumerate() {
        if at > 0 {
            out.push('\r');
        }
        out.push_str(&clean(part, LINE_LIMIT));
    }
    out
}
