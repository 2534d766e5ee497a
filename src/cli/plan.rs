//! `plan`: what would change.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use ecw_core::Exit;
use ecw_core::question::Verdict;
use ecw_core::session::{Mode, Session};
use ecw_core::step::Intent;
use serde_json::json;

use super::apply::take_answers;
use super::context::Context;
use super::{Format, Global, code, complain};
use crate::drive::unattended::{self, Style};
use crate::redact::redact;

/// Says what would change: file differences, exact commands, AWS calls, how each step is undone.
/// Exits 0 when nothing has to change, 13 when something has.
#[derive(Debug, Args)]
pub(super) struct Plan {
    /// Answers (YAML, version 1)
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// How to report
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Write plan.md and plan.json into this directory
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Plan {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        let mut context = match Context::real(global, Mode::PlanOnly) {
            Ok(context) => context,
            Err(trouble) => return complain(&trouble, Exit::Preflight),
        };
        if let Err(why) = take_answers(&mut context, self.answers.as_ref()) {
            eprintln!("{why}");
            return code(Exit::Usage);
        }
        match &self.out {
            None => print(&context, self.format),
            Some(dir) => match settled(&context) {
                Ok(session) => write(&session, dir),
                Err(exit) => exit,
            },
        }
    }
}

fn write(session: &Session, dir: &PathBuf) -> ExitCode {
    let value = as_json(session);
    let digest = ecw_profile::sha256_hex(value.to_string().as_bytes());
    let value = json!({"digest": digest, "plan": value});
    let written = std::fs::create_dir_all(dir)
        .and_then(|()| std::fs::write(dir.join("plan.json"), redact(&format!("{value:#}\n"))))
        .and_then(|()| std::fs::write(dir.join("plan.md"), redact(&as_text(session))));
    match written {
        Ok(()) => {
            println!("{}\n{}", dir.join("plan.md").display(), dir.join("plan.json").display());
            exit_of(session)
        }
        Err(error) => {
            eprintln!("{} could not be written: {error}", dir.display());
            code(Exit::Failed)
        }
    }
}

fn settled(context: &Context) -> Result<Session, ExitCode> {
    let session = context.open().map_err(|trouble| complain(&trouble, Exit::Journal))?;
    Ok(unattended::settle(&context.ports, session, &context.state_dir, Style::Quiet))
}

fn exit_of(session: &Session) -> ExitCode {
    code(session.exit.unwrap_or(Exit::Done))
}

/// Prints the plan.
pub(super) fn print(context: &Context, format: Format) -> ExitCode {
    let session = match settled(context) {
        Ok(session) => session,
        Err(exit) => return exit,
    };
    match format {
        Format::Json => println!("{}", redact(&format!("{:#}", as_json(&session)))),
        Format::Text => print!("{}", redact(&as_text(&session))),
    }
    exit_of(&session)
}

fn as_json(session: &Session) -> serde_json::Value {
    let steps: Vec<serde_json::Value> = ecw_core::plan::steps(session)
        .iter()
        .map(|step| {
            json!({
                "step": step.step().to_string(),
                "describe": step.describe(),
                "explain": step.explain(),
                "usual_time": step.usual_time(),
                "command": if let Intent::Apply { command, .. } = step { Some(command) } else { None },
            })
        })
        .collect();
    json!({
        "version": 1,
        "exit": session.exit.unwrap_or(Exit::Done).code(),
        "message": session.exit_words,
        "steps": steps,
        "files": session.facts.profiles().map(|profiles| &profiles.files),
        "policy_diff": session.facts.topic().and_then(|topic| topic.as_ref().ok()).map(|topic| &topic.policy_diff),
    })
}

fn as_text(session: &Session) -> String {
    let mut out = String::new();
    let mut say = |line: &str| {
        out.push_str(line);
        out.push('\n');
    };
    let steps = ecw_core::plan::steps(session);
    say("# What would change");
    if steps.is_empty() {
        say("Nothing: everything is as wanted, or see below.");
    }
    for (at, step) in steps.iter().enumerate() {
        say(&format!("{}. {} ({}). {}", at + 1, step.describe(), step.usual_time(), step.explain()));
        if let Intent::Apply { command, .. } = step {
            say(&format!("   {}", command.join(" ")));
        }
    }
    for file in session.facts.profiles().map(|profiles| profiles.files.as_slice()).unwrap_or_default() {
        if !file.diff.is_empty() {
            say(&format!("\n## {}", file.path));
            file.diff.iter().for_each(|line| say(line));
        }
    }
    if let Some(Ok(topic)) = session.facts.topic()
        && !topic.policy_diff.is_empty()
    {
        say(&format!("\n## Access policy of {}", topic.arn));
        topic.policy_diff.iter().for_each(|line| say(line));
    }
    let checks = [
        session.facts.site().map(|site| &site.checks),
        session.facts.daemon().map(|daemon| &daemon.checks),
        session.facts.repository().map(|repository| &repository.checks),
        session.facts.endpoint().map(|endpoint| &endpoint.checks),
    ];
    say("\n## What was seen");
    for check in checks.into_iter().flatten().flatten() {
        let verdict = match check.verdict {
            Verdict::Good => "good",
            Verdict::Warning => "warning",
            Verdict::Unknown => "unknown",
            Verdict::Bad => "bad",
        };
        say(&format!("- {verdict}: {}: {}", check.label, check.detail));
    }
    if let Some(words) = &session.exit_words {
        say(&format!("\n{words}"));
    }
    out
}
