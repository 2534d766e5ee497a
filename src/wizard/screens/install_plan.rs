//! Install plan: which services go out in which stages, and what else would go out with them.

use super::parts::looking;
use crate::model::check::{Check, CheckVerdict};
use crate::rules::plan;
use crate::state::Session;
use crate::ui::page::{Action, Block, ItemId, Page, Ticked, Tone};
use crate::ui::pass::Pass;
use crate::values::answers::Key;
use crate::values::choices::Stages;
use crate::values::exit::Exit;

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new("What is deployed, and what else goes out");
    let chosen = session.answers.text(Key::Stages);
    page.option(
        Key::Stages,
        Stages::GateFirst.text(),
        chosen,
        "Gate first, then Clouddriver",
        "Gate's readiness proves the plugin before the long restart",
    );
    page.option(
        Key::Stages,
        Stages::AllAtOnce.text(),
        chosen,
        "All at once",
        "one apply; a mistake meets every service",
    );
    page.toggle(
        Key::Apply,
        Ticked::from(session.answers.is_yes(Key::Apply)),
        "Run hal deploy apply",
        "off: only the profiles are written; you deploy later",
    );
    if session.answers.is_yes(Key::Apply) {
        page.heading("Commands");
        for stage in plan::stages(session) {
            page.text(Tone::Plain, plan::command(session, &stage).join(" "));
        }
        page.text(Tone::Dim, "hal gives up after 30 minutes by itself; the pods may still come up. The wizard looks for itself.");
    }
    page.heading("Also pending");
    match session.facts.pending() {
        None => looking(&mut page, session, "what else would go out", None),
        Some(_) => {
            page.push(Block::Checks(checks(session)));
        }
    }
    if needs_decision(session) {
        let label = "These changes may go out too";
        page.toggle(Key::AllowPending, Ticked::from(session.answers.is_yes(Key::AllowPending)), label, "");
    }
    page.button(Action::Next, "Next: AWS identity", "");
    page.button(Action::CheckAgain, "Look again", "");
    page
}

fn checks(session: &Session) -> Vec<Check> {
    let Some(pending) = session.facts.pending() else { return Vec::new() };
    let mut checks = Vec::new();
    match &pending.changes {
        Some(changes) if changes.is_empty() => {
            checks.push(Check::new(CheckVerdict::Good, "hal config", "as last applied or backed up"));
        }
        Some(changes) => {
            for change in changes.iter().take(20) {
                let before = change.before.as_deref().unwrap_or("nothing");
                let after = change.after.as_deref().unwrap_or("nothing");
                let label = if change.is_version() { "Spinnaker version" } else { "hal config" };
                let place = if change.is_version() { String::new() } else { format!("{}: ", change.path) };
                let check =
                    Check::new(CheckVerdict::Warning, label, format!("{place}{before} becomes {after}"));
                checks.push(if change.is_version() {
                    check.with_remedy("These services would change their Spinnaker version.")
                } else {
                    check
                });
            }
            if changes.len() > 20 {
                checks.push(Check::new(
                    CheckVerdict::Warning,
                    "hal config",
                    format!("and {} more changes", changes.len() - 20),
                ));
            }
        }
        None if pending.has_history => {
            checks.push(Check::new(
                CheckVerdict::Unknown,
                "hal config",
                "the copy of the last apply cannot be compared",
            ));
        }
        None => checks.push(Check::new(
            CheckVerdict::Unknown,
            "hal config",
            "no copy of a last apply here, so nothing to compare with",
        )),
    }
    match &pending.hal_diff {
        Some(lines) if lines.is_empty() => {
            checks.push(Check::new(CheckVerdict::Good, "hal deploy diff", "no changes"));
        }
        Some(lines) => {
            checks
                .extend(lines.iter().map(|line| Check::new(CheckVerdict::Warning, "hal deploy diff", line)));
        }
        None => checks.push(Check::new(CheckVerdict::Unknown, "hal deploy diff", "could not be asked")),
    }
    for file in &pending.newer_files {
        checks.push(Check::new(CheckVerdict::Warning, "Edited since the last apply", file));
    }
    checks
}

fn needs_decision(session: &Session) -> bool {
    let Some(pending) = session.facts.pending() else { return false };
    session.answers.is_yes(Key::Apply)
        && pending
            .changes
            .as_ref()
            .is_some_and(|changes| changes.iter().any(ecw_halyard::PendingChange::is_version))
}

pub(super) fn pass(session: &Session) -> Pass {
    if session.facts.pending().is_none() {
        return Pass::Busy("what else would go out".to_owned());
    }
    if needs_decision(session) && !session.answers.is_yes(Key::AllowPending) {
        let why = "A change of the Spinnaker version would go out with this deploy. Decide that first.";
        return Pass::item(why, ItemId::Toggle(Key::AllowPending), Key::AllowPending, Exit::Preflight);
    }
    Pass::Ready
}
