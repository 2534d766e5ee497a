//! Install plan: which services go out in which stages, and what else would go out with them.

use ecw_halyard::PendingChange;

use super::install_plan_kubernetes;
use super::parts::looking;
use crate::model::check::{Check, CheckVerdict};
use crate::model::report::PendingReport;
use crate::rules::plan;
use crate::state::Session;
use crate::ui::page::{Action, Block, ItemId, Page, Ticked, Tone};
use crate::ui::pass::Pass;
use crate::values::answers::Key;
use crate::values::choices::Stages;
use crate::values::exit::Exit;
use crate::values::halyard_in::HalyardIn;

/// More changes than this are counted, not listed.
const SHOWN: usize = 20;

pub(super) fn page(session: &Session) -> Page {
    if !session.road().is_halyard() {
        return install_plan_kubernetes::page(session);
    }
    let mut page = Page::new("What is deployed, and what else goes out");
    // What else goes out is the first thing to be seen; that nothing does may stand below.
    if goes_out_too(session) {
        also_pending(&mut page, session);
        page.push(Block::Gap);
    }
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
            page.text(Tone::Plain, shell_words::join(HalyardIn::typed(&plan::command(session, &stage))));
        }
        page.text(Tone::Dim, "hal gives up after 30 minutes by itself; the pods may still come up. The wizard looks for itself.");
    }
    if !goes_out_too(session) {
        also_pending(&mut page, session);
    }
    page.button(Action::Next, "Next: AWS identity", "");
    page.button(Action::CheckAgain, "Refresh", "");
    page
}

fn goes_out_too(session: &Session) -> bool {
    session.facts.pending().is_some_and(|pending| {
        let changes = pending.changes.as_ref().is_some_and(|changes| !changes.is_empty());
        changes || pending.hal_diff.as_ref().is_some_and(|lines| !lines.is_empty())
    })
}

fn also_pending(page: &mut Page, session: &Session) {
    page.heading("Also pending");
    match session.facts.pending() {
        None => looking(page, session, "what else would go out", None),
        Some(_) => {
            page.push(Block::Checks(checks(session)));
        }
    }
    if needs_decision(session) {
        let label = "Allow these changes to go out too";
        page.toggle(Key::AllowPending, Ticked::from(session.answers.is_yes(Key::AllowPending)), label, "");
    }
}

pub(super) fn checks(session: &Session) -> Vec<Check> {
    if !session.road().is_halyard() {
        return install_plan_kubernetes::checks(session);
    }
    let Some(pending) = session.facts.pending() else { return Vec::new() };
    let mut checks = hal_config(pending);
    checks.extend(hal_deploy_diff(pending));
    let newer = pending.newer_files.iter();
    checks.extend(newer.map(|file| Check::new(CheckVerdict::Warning, "Edited since the last apply", file)));
    checks
}

/// What the files say: hal config beside its copy of the last apply.
fn hal_config(pending: &PendingReport) -> Vec<Check> {
    let unknown = |why: &str| vec![Check::new(CheckVerdict::Unknown, "hal config", why)];
    let Some(changes) = &pending.changes else {
        return unknown(if pending.has_history {
            "the copy of the last apply cannot be compared"
        } else {
            "no copy of a last apply here, so nothing to compare with"
        });
    };
    if changes.is_empty() {
        return vec![Check::new(CheckVerdict::Good, "hal config", "as last applied or backed up")];
    }
    let mut checks: Vec<Check> = changes.iter().take(SHOWN).map(changed).collect();
    if let Some(more) = changes.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        checks.push(Check::new(CheckVerdict::Warning, "hal config", format!("and {more} more changes")));
    }
    checks
}

fn changed(change: &PendingChange) -> Check {
    if change.is_version() {
        return Check::new(CheckVerdict::Warning, "Spinnaker version", change.becomes())
            .with_remedy("These services would change their Spinnaker version.");
    }
    Check::new(CheckVerdict::Warning, "hal config", format!("{}: {}", change.path, change.becomes()))
}

/// What hal itself says, without what is nobody's change.
fn hal_deploy_diff(pending: &PendingReport) -> Vec<Check> {
    let label = "hal deploy diff";
    let Some(lines) = &pending.hal_diff else {
        return vec![Check::new(CheckVerdict::Unknown, label, "could not be asked")];
    };
    let folded = match pending.hal_folded {
        0 => String::new(),
        1 => " (1 default or new id folded)".to_owned(),
        more => format!(" ({more} defaults or new ids folded)"),
    };
    if lines.is_empty() {
        return vec![Check::new(CheckVerdict::Good, label, format!("no changes{folded}"))];
    }
    let last = lines.len() - 1;
    let said = |(at, line): (usize, &String)| {
        let note = if at == last { folded.as_str() } else { "" };
        Check::new(CheckVerdict::Warning, label, format!("{line}{note}"))
    };
    lines.iter().enumerate().map(said).collect()
}

fn needs_decision(session: &Session) -> bool {
    let Some(pending) = session.facts.pending() else { return false };
    session.answers.is_yes(Key::Apply)
        && pending.changes.as_ref().is_some_and(|changes| changes.iter().any(PendingChange::is_version))
}

pub(super) fn pass(session: &Session) -> Pass {
    if !session.road().is_halyard() {
        return install_plan_kubernetes::pass(session);
    }
    if session.facts.pending().is_none() {
        return Pass::Busy("what else would go out".to_owned());
    }
    if needs_decision(session) && !session.answers.is_yes(Key::AllowPending) {
        let why = "A change of the Spinnaker version would go out with this deploy. Decide that first.";
        return Pass::item(why, ItemId::Toggle(Key::AllowPending), Key::AllowPending, Exit::Preflight);
    }
    Pass::Ready
}
