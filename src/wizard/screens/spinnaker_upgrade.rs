//! Spinnaker upgrade: would the plugin go with the version that is planned? Changes nothing.

use ecw_halyard::{CompatibilityVerdict as Pair, Spinnaker};

use super::parts::{fact, field};
use crate::model::check::{Check, CheckVerdict};
use crate::rules::walls::REMOVE;
use crate::state::Session;
use crate::ui::page::{Action, Block, Page, Tone};
use crate::values::answers::Key;
use crate::values::road::Road;

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new("Does the plugin go with another Spinnaker?");
    let now = session.deployment().map(|each| each.spinnaker.text.clone()).unwrap_or_default();
    page.push(Block::Facts(vec![fact(
        "Spinnaker version now",
        now,
        format!("from {}", session.road().source()),
    )]));
    field(&mut page, session, Key::NextSpinnaker, "As it is released.", "1.31.2");
    let text = session.answers.text(Key::NextSpinnaker);
    if !text.is_empty() {
        verdict(&mut page, session, text);
    }
    page.heading("When Spinnaker is upgraded");
    page.text(
        Tone::Plain,
        match session.road() {
            Road::Halyard => "1. hal config version edit --version VERSION, then hal deploy apply.",
            Road::Kustomize => "1. Set newTag of every image in the overlay, then kubectl apply -k.",
            Road::Operator => "1. Set spec.spinnakerConfig.config.version, then kubectl apply.",
        },
    );
    page.text(
        Tone::Plain,
        "2. Start the wizard again: it looks at everything afresh, and upgrades the plugin if need be.",
    );
    page.button(Action::CheckSpinnaker, "Check", "");
    page.button(Action::GoBack, "Back", "");
    page
}

fn verdict(page: &mut Page, session: &Session, text: &str) {
    let table = &session.setup.compatibility;
    let spinnaker = Spinnaker::parse(text);
    let (verdict, words) = match table.verdict(spinnaker.line) {
        Pair::Tested(plugin) => (CheckVerdict::Good, format!("plugin {plugin} is published for this line")),
        Pair::Untested(_) => (CheckVerdict::Warning, "this line is outside the published matrix".to_owned()),
        Pair::Walled(_) => (CheckVerdict::Bad, "the plugin cannot be expected to work there".to_owned()),
        Pair::Unknown(_) => {
            (CheckVerdict::Unknown, "its release line cannot be told from the version".to_owned())
        }
    };
    let check =
        Check::new(verdict, text, words).with_remedy(format!("Source: {}, {}", table.source, table.date));
    page.push(Block::Checks(vec![check]));
    let walls = spinnaker.line.map(|line| session.walls_of(line)).unwrap_or_default();
    if !walls.is_empty() {
        page.push(Block::Checks(walls));
        page.text(Tone::Strong, format!("{REMOVE}; undo is ready on the Home screen."));
    }
}
