//! `check --road`: did the plugin survive a move from Halyard to kustomize or the Operator?

use std::process::ExitCode;

use ecw_wizard::Exit;
use ecw_wizard::model::check::{Check, CheckVerdict};
use ecw_wizard::model::gate_answer::EndpointAnswer;
use ecw_wizard::model::goal::Goal;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::rules::status;
use ecw_wizard::state::Session;
use ecw_wizard::values::answers::{Key, Provenance};
use ecw_wizard::values::names::EndpointUrl;

use super::context::{Context, former};
use super::global::{Format, Global};
use super::reporting::{code, complain, print_json};
use crate::output::{StatusOutput, StatusRow, VERSION};
use ecw_host::{say, warn};

pub(super) fn run(global: &Global, format: Format) -> ExitCode {
    if global.kustomize.is_none() && global.operator.is_none() {
        warn!("check --road wants the road that Spinnaker is on now: --kustomize DIR or --operator FILE.");
        return code(Exit::Usage);
    }
    let Some(former) = former(global) else {
        warn!("No journal of an installation under Halyard was found. Name its directory: --hal-dir DIR");
        return code(Exit::CannotTell);
    };
    let from = || Provenance::Detected(former.place.clone());
    let given = former.answers.iter().map(|(key, value)| (*key, value.clone(), from())).collect();
    let context = match Context::answered(global, Mode::Look, given) {
        Ok(context) => context,
        Err(trouble) => return complain(&trouble, Exit::Preflight),
    };
    let session = match context.settled() {
        Ok(session) => session,
        Err(exit) => return exit,
    };
    let before = former.answers.iter().find(|(key, _)| *key == Key::Endpoint).map(|(_, value)| value.clone());
    let mut rows = status::rows(&session, Goal::All);
    rows.push(endpoint(&session, before.as_deref()));
    let exit = session.exit().unwrap_or_else(|| status::exit(&rows));
    let rows: Vec<StatusRow> = rows.iter().map(StatusRow::of).collect();
    match format {
        Format::Text => {
            say!("Former installation: {}", former.place);
            super::status::print_rows(&rows);
        }
        Format::Json => print_json(&StatusOutput {
            version: VERSION,
            exit: exit.code(),
            message: session.exit_words().map(str::to_owned),
            checks: rows,
            before_an_upgrade: Vec::new(),
        }),
    }
    code(exit)
}

/// What is at the former address now.
fn answers(session: &Session, before: &str) -> Check {
    let label = "Endpoint";
    let answer = session.facts().endpoint().and_then(|endpoint| endpoint.answer.as_ref());
    if answer.is_some_and(EndpointAnswer::is_there) {
        return Check::new(CheckVerdict::Good, label, format!("{before}, as before, and Gate answers there"));
    }
    let seen = answer.map(EndpointAnswer::cause).unwrap_or_default();
    Check::new(CheckVerdict::Unknown, label, format!("{before}, as before. {seen}"))
        .with_remedy("If Gate is elsewhere now, subscribe its new address: the wizard does, after Review.")
}

/// SNS posts where it was told to under Halyard: Gate has to be there still.
fn endpoint(session: &Session, before: Option<&str>) -> Check {
    let label = "Endpoint";
    let Some(before) = before else {
        return Check::new(CheckVerdict::Unknown, label, "the former installation subscribed none");
    };
    let now = session.deployment().and_then(|deployment| deployment.gate_url.clone());
    match now.map(|gate| EndpointUrl::of_gate(&gate)) {
        Some(now) if now.trim_end_matches('/') == before.trim_end_matches('/') => {
            Check::new(CheckVerdict::Good, label, format!("{before}, as before"))
        }
        Some(now) => {
            Check::new(CheckVerdict::Bad, label, format!("Gate is at {now} now, and SNS posts to {before}"))
                .with_remedy("Subscribe the new address: event-cache-wizard on this road does, after Review.")
        }
        // An overlay does not name Gate's address: whoever answers there has to be asked.
        None => answers(session, before),
    }
}
