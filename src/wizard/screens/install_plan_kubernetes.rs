//! Install plan where kubectl deploys: what would be sent to the cluster, and what else an apply would change.

use super::parts::{bad, looking};
use crate::model::check::Check;
use crate::rules::plan;
use crate::state::Session;
use crate::ui::page::{Action, Block, ItemId, Page, Ticked, Tone};
use crate::ui::pass::Pass;
use crate::values::answers::Key;
use crate::values::exit::Exit;
use crate::values::road::Road;

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new("What is applied, and what else goes out");
    page.toggle(
        Key::Apply,
        Ticked::from(session.answers.is_yes(Key::Apply)),
        "Run kubectl apply",
        "off: you commit the files, your pipeline applies them; the services are waited for",
    );
    if session.answers.is_yes(Key::Apply) {
        page.heading("Command");
        for stage in plan::stages(session) {
            page.text(Tone::Plain, shell_words::join(plan::command(session, &stage)));
        }
    }
    page.heading("What it changes");
    match session.facts.rendered() {
        None if session.facts.profiles().is_some() => {
            looking(&mut page, session, "what kubectl would send", None);
        }
        None => looking(&mut page, session, "the profiles", None),
        Some(rendered) => {
            page.push(Block::Checks(rendered.checks.clone()));
            if session.road() == Road::Operator {
                page.text(
                    Tone::Dim,
                    "The Operator takes the manifest up by itself, a moment later; the wizard watches the services.",
                );
            }
            if !rendered.diff.is_empty() {
                page.push(Block::Diff { of: "kubectl kustomize".to_owned(), lines: rendered.diff.clone() });
            }
        }
    }
    page.button(Action::Next, "Next: AWS identity", "");
    page.button(Action::CheckAgain, "Refresh", "");
    page
}

pub(super) fn checks(session: &Session) -> Vec<Check> {
    session.facts.rendered().map(|rendered| rendered.checks.clone()).unwrap_or_default()
}

pub(super) fn pass(session: &Session) -> Pass {
    let Some(rendered) = session.facts.rendered() else {
        return Pass::Busy("what kubectl would send".to_owned());
    };
    // What would not be merged would not be deployed by a pipeline either.
    match bad(&rendered.checks) {
        Some(check) => {
            let remedy = check.remedy.clone().unwrap_or_default();
            let why = format!("{}: {}. {remedy}", check.label, check.detail);
            Pass::item(why, ItemId::Toggle(Key::Apply), Key::Apply, Exit::Preflight)
        }
        None => Pass::Ready,
    }
}
