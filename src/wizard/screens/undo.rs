//! Undo: what shall be taken back, with what each choice costs.

use crate::model::part::Part;
use crate::rules::undo::{others, our_topic, steps};
use crate::state::Session;
use crate::ui::page::{Action, Block, Page, Ticked, Tone};
use crate::values::answers::Key;

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new("What do you want to undo?");
    if session.ledger.made.is_empty() {
        page.text(
            Tone::Plain,
            "The journal knows of nothing that this wizard made, so there is nothing to take back.",
        );
        for line in &session.ledger.adopted {
            page.text(Tone::Dim, format!("Not made by us: {line}"));
        }
        page.button(Action::GoBack, "Back", "");
        return page;
    }
    page.text(
        Tone::Plain,
        "Only what the journal says we made; later edits by others stay. Each choice shows its steps and asks once more.",
    );
    page.push(Block::Gap);
    let parts: Vec<Part> = Part::ALL.into_iter().filter(|part| !steps(session, *part).is_empty()).collect();
    for part in &parts {
        page.text(Tone::Plain, format!("- {}: {}.", part.label(), part.cost()));
    }
    page.push(Block::Gap);
    if let Some(arn) = our_topic(session) {
        let others = others(session, &arn);
        if others.is_empty() {
            let ticked = Ticked::from(session.answers.is_yes(Key::DeleteTopic));
            let label = format!("Delete the topic {} too", arn.name);
            page.toggle(Key::DeleteTopic, ticked, label, "we made it; left alone if anybody else subscribes");
        } else {
            page.text(Tone::Dim, format!("The topic {} stays: {} subscribe.", arn.name, others.join(", ")));
        }
    }
    for part in parts {
        page.button(Action::UndoPart(part), part.label(), part.cost());
    }
    page.button(Action::GoBack, "Back", "nothing is taken back");
    page
}
