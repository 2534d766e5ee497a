//! `status`: every probe run afresh.

use std::process::ExitCode;

use clap::Args;
use ecw_core::Exit;
use ecw_core::names::EndpointUrl;
use ecw_core::question::{Check, ProfileOutcome, Question, Readiness, Report, SubscriptionState, Verdict};
use ecw_core::session::{Mode, Session};
use serde_json::json;

use super::context::Context;
use super::{Format, Global, code, complain};
use crate::drive::unattended::{self, Style};
use crate::looks;

/// Looks at files, services, topic and subscription afresh. Exits 0 when all is there, 8 when
/// something is not, 14 when that cannot be told.
#[derive(Debug, Args)]
pub(super) struct Status {
    /// How to report
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl Status {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        let context = match Context::real(global, Mode::PlanOnly) {
            Ok(context) => context,
            Err(trouble) => return complain(&trouble, Exit::Preflight),
        };
        let mut session = match context.open() {
            Ok(session) => session,
            Err(trouble) => return complain(&trouble, Exit::Journal),
        };
        // The last run is history here: it must not go on.
        session.ledger.ended.get_or_insert_with(|| "looked at".to_owned());
        session.changing = true;
        let session = unattended::settle(&context.ports, session, &context.state_dir, Style::Quiet);
        let checks = checks(&context, &session);
        match self.format {
            Format::Text => {
                for check in &checks {
                    println!("{:<8} {}: {}", word(check.verdict), check.label, check.detail);
                    if let Some(remedy) = &check.remedy {
                        println!("         {remedy}");
                    }
                }
            }
            Format::Json => {
                let list: Vec<_> = checks
                    .iter()
                    .map(|check| json!({"verdict": word(check.verdict), "what": check.label, "evidence": check.detail, "remedy": check.remedy}))
                    .collect();
                println!("{:#}", json!({"version": 1, "checks": list}));
            }
        }
        code(match checks.iter().map(|check| check.verdict).max() {
            Some(Verdict::Bad | Verdict::Warning) => Exit::NotThere,
            Some(Verdict::Unknown) | None => Exit::CannotTell,
            Some(Verdict::Good) => Exit::Done,
        })
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Good => "there",
        Verdict::Unknown => "unknown",
        Verdict::Warning | Verdict::Bad => "missing",
    }
}

fn checks(context: &Context, session: &Session) -> Vec<Check> {
    let mut checks = Vec::new();
    match session.facts.profiles() {
        Some(profiles) => {
            for file in &profiles.files {
                let (verdict, detail) = match &file.outcome {
                    ProfileOutcome::Unchanged { .. } => (Verdict::Good, "enables the plugin".to_owned()),
                    ProfileOutcome::Create => (Verdict::Bad, "there is no such file".to_owned()),
                    ProfileOutcome::Edit { .. } | ProfileOutcome::Repair { .. } => {
                        (Verdict::Bad, "does not enable the plugin as wanted".to_owned())
                    }
                    ProfileOutcome::AsksNewer { found, .. } => {
                        (Verdict::Good, format!("enables the newer version {found}"))
                    }
                    ProfileOutcome::Refused { refusal, .. } => (Verdict::Bad, refusal.sentence()),
                    ProfileOutcome::Unreadable { trouble } => (Verdict::Unknown, trouble.what.clone()),
                };
                checks.push(Check::new(verdict, &file.path, detail));
            }
        }
        None => {
            let words = session
                .exit_words
                .clone()
                .unwrap_or_else(|| "the hal directory was not understood".to_owned());
            checks.push(Check::new(Verdict::Unknown, "profiles", words.replace('\n', " ")));
        }
    }
    for service in session.services() {
        let question = Question::Ready { target: session.ready_target(), service };
        if let Report::Ready(report) = looks::answer(&context.ports, &question) {
            let verdict = match report.state {
                Readiness::Ready => Verdict::Good,
                Readiness::Waiting | Readiness::Failed => Verdict::Bad,
                Readiness::CannotTell => Verdict::Unknown,
            };
            let seen: Vec<String> =
                report.checks.iter().map(|check| format!("{} {}", check.label, check.detail)).collect();
            checks.push(Check::new(verdict, service.to_string(), seen.join("; ")));
        }
    }
    checks.push(subscription(context, session));
    checks
}

fn subscription(context: &Context, session: &Session) -> Check {
    let label = "subscription";
    let (Some(aws), Some(topic)) = (session.aws_place(), session.topic_arn()) else {
        let why = session
            .facts
            .identity()
            .and_then(|identity| identity.as_ref().err())
            .map(|trouble| trouble.trouble().what);
        return Check::new(
            Verdict::Unknown,
            label,
            why.unwrap_or_else(|| "the topic is not known".to_owned()),
        );
    };
    let Ok(endpoint) = EndpointUrl::parse(session.answers.text(ecw_core::answers::Key::Endpoint)) else {
        return Check::new(Verdict::Unknown, label, "the endpoint is not known");
    };
    match looks::answer(&context.ports, &Question::Subscription { aws, topic, endpoint }) {
        Report::Subscription(Ok(SubscriptionState::Confirmed { arn })) => {
            Check::new(Verdict::Good, label, format!("confirmed, {arn}"))
        }
        Report::Subscription(Ok(SubscriptionState::Pending { .. })) => {
            Check::new(Verdict::Warning, label, "pending")
                .with_remedy("Start the wizard to send a new confirmation.")
        }
        Report::Subscription(Ok(SubscriptionState::Missing)) => {
            Check::new(Verdict::Bad, label, "Gate is not subscribed")
        }
        Report::Subscription(Err(ecw_core::trouble::AwsTrouble::NotFound)) => {
            Check::new(Verdict::Bad, label, "the topic does not exist")
        }
        Report::Subscription(Err(trouble)) => Check::new(Verdict::Unknown, label, trouble.trouble().what),
        _ => Check::new(Verdict::Unknown, label, "no answer"),
    }
}
