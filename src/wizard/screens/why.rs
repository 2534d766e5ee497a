//! The pane beside or below the body: what the focused item means, and what the screen is for.

use super::help::help;
use crate::model::screen::Screen;
use crate::ui::form::Form;
use crate::ui::page::{Item, ItemState, Page, Tone};
use crate::values::road::Road;

/// Returns its paragraphs. Help of what is focused comes first: where there is little room, that is what is asked for.
#[must_use]
pub fn why(screen: Screen, road: Road, page: &Page, form: &Form) -> Vec<(String, Tone)> {
    let mut out = Vec::new();
    if let Some(item) = page.items().find(|item| form.focus.as_ref() == Some(&item.id)) {
        out.extend(focused(item));
    }
    if let Some(first) = help(screen, road).first() {
        out.push(((*first).to_owned(), Tone::Dim));
    }
    out
}

fn focused(item: &Item) -> Vec<(String, Tone)> {
    let mut words = item.help.clone();
    if let ItemState::Text { example, .. } = &item.state
        && !example.is_empty()
    {
        words = format!("{words} Example: {example}").trim_start().to_owned();
    }
    if words.is_empty() { Vec::new() } else { vec![(format!("{}: {words}", item.label), Tone::Plain)] }
}
