//! Version: which Spinnaker line, and which plugin version goes with it.

use ecw_halyard::CompatibilityVerdict as Pair;

use super::parts::{advanced, bad, fact, field, looking};
use crate::model::check::{Check, CheckVerdict};
use crate::model::question::Question;
use crate::state::Session;
use crate::ui::page::{Action, Block, ItemId, Page, Ticked, Tone};
use crate::ui::pass::Pass;
use crate::values::answers::Key;
use crate::values::exit::Exit;

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new("Which plugin version fits this Spinnaker?");
    let Some(deployment) = session.deployment() else { return page };
    let shown = if deployment.spinnaker.text.is_empty() { "none chosen" } else { &deployment.spinnaker.text };
    let line = session.line().map_or_else(|| "not known".to_owned(), |line| line.to_string());
    page.push(Block::Facts(vec![
        fact("Spinnaker version", shown, format!("from {}", session.road().source())),
        fact("Release line", line, ""),
    ]));
    if let Some(remark) = deployment.spinnaker.remark {
        page.text(Tone::Warning, remark.sentence());
    }
    if deployment.spinnaker.line.is_none() {
        field(&mut page, session, Key::SpinnakerLine, "Its version does not tell the release line.", "1.31");
    }
    page.push(Block::Gap);
    page.push(Block::Checks(vec![pair(session)]));
    if session.compatibility().tested() {
        for (_, words) in session.walls_in_short() {
            page.text(Tone::Dim, words);
        }
    }
    field(&mut page, session, Key::PluginVersion, "", "0.2.1");
    advanced(
        &mut page,
        session,
        &[(
            Key::RepositoryUrl,
            "Where Gate and Clouddriver fetch the plugin: the published one, or a mirror that they reach.",
            "https://mirror.example.com/repositories.json",
        )],
    );
    match session.facts.repository() {
        Some(repository) => {
            page.push(Block::Checks(repository.checks.clone()));
        }
        None => {
            let since =
                session.facts.in_flight().find(|slot| matches!(slot.question, Question::Repository { .. }));
            looking(&mut page, session, "the plugin repository", since.map(|slot| slot.asked));
        }
    }
    if !session.compatibility().tested() {
        let label = "Go on with a pair that nobody has published as working";
        page.toggle(Key::AllowUntested, Ticked::from(session.answers.is_yes(Key::AllowUntested)), label, "");
    }
    page.button(Action::Next, "Next: Profiles", "");
    page.button(Action::CheckAgain, "Refresh", "");
    page
}

fn pair(session: &Session) -> Check {
    let table = &session.setup.compatibility;
    let source = format!("{}, {}", table.source, table.date);
    match session.compatibility() {
        Pair::Tested(plugin) => Check::new(
            CheckVerdict::Good,
            "Compatibility",
            format!("plugin {plugin} is published for this line"),
        ),
        Pair::Untested(_) => Check::new(
            CheckVerdict::Warning,
            "Compatibility",
            "this line is outside the published matrix (1.28 to 1.31)",
        )
        .with_remedy(format!("Source: {source}")),
        Pair::Walled(_) => {
            let walls = session.walls();
            let what = walls.first().map(|wall| wall.detail.clone()).unwrap_or_default();
            Check::new(CheckVerdict::Warning, "Compatibility", format!("{what}."))
                .with_remedy("Try it on a copy first; where it is installed, take it out.")
        }
        Pair::Unknown(_) => {
            Check::new(CheckVerdict::Warning, "Compatibility", "the release line is not known")
                .with_remedy("Name it above, or tick below to go on all the same.")
        }
    }
}

pub(super) fn pass(session: &Session) -> Pass {
    if session.deployment().is_none() {
        return Pass::Busy(format!("the {}", session.road().home()));
    }
    if session.wanted_profiles().is_none() {
        return Pass::field("Give the plugin version, for example 0.2.1", Key::PluginVersion);
    }
    if !session.compatibility().tested() && !session.answers.is_yes(Key::AllowUntested) {
        let why = "Outside the published matrix: go on only by a deliberate act. Tick the box.";
        return Pass::item(why, ItemId::Toggle(Key::AllowUntested), Key::AllowUntested, Exit::Preflight);
    }
    let Some(repository) = session.facts.repository() else {
        return Pass::Busy("the plugin repository".to_owned());
    };
    match bad(&repository.checks) {
        Some(check) => Pass::Stuck(crate::ui::pass::Stuck {
            why: format!("{}: {}", check.label, check.detail),
            item: Some(ItemId::Field(Key::PluginVersion)),
            key: Some(Key::PluginVersion),
            exit: Exit::Preflight,
        }),
        None => Pass::Ready,
    }
}
