//! The note in a hal directory elsewhere that says where its deployment's state stands: here. A wizard on another
//! machine, or over there, is told.

use ecw_wizard::values::trouble::Trouble;

use super::carry::{Errand, Far, FarTrouble, script, unreached};
use super::deploys::Yard;

/// What was found in the hal directory there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Noted {
    /// Nothing: the state was not begun.
    Nothing,
    /// A wizard over there keeps a journal of its own.
    Own,
    /// Where the state stands, in words.
    Elsewhere(String),
}

/// Whether it is only looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noting<'a> {
    /// Only looked for.
    Look,
    /// Noted, where nothing is noted yet: this.
    Note(&'a str),
}

impl Far {
    /// Returns where the state of a deployment over there stands, noting it if that is asked for.
    ///
    /// # Errors
    /// When it cannot be told or noted.
    pub fn noted(&self, yard: &Yard, noting: Noting<'_>) -> Result<Noted, Trouble> {
        let profiles = format!("{}/profiles", yard.deployment);
        let words = match noting {
            Noting::Look => vec![yard.home.as_str()],
            Noting::Note(text) => vec![yard.home.as_str(), text, profiles.as_str()],
        };
        let said = self.run(&yard.place, &Errand::about(script!("note.sh"), &words)).map_err(|trouble| {
            let there = yard.place.at(&yard.home);
            match (trouble, noting) {
                (FarTrouble::No(why), Noting::Note(_)) => Trouble::new(
                    format!("That the state of this deployment is kept here could not be noted in {there}: {why}."),
                    "Give the user that works there the right to write into the hal directory, then start again.",
                ),
                (FarTrouble::No(why), Noting::Look) => Trouble::new(
                    format!("Where the state of this deployment is kept could not be read in {there}: {why}."),
                    "Give the user that works there the right to read the hal directory, then start again.",
                ),
                (FarTrouble::NotTold(why) | FarTrouble::Line(why), _) => unreached(&yard.place, &why),
            }
        })?;
        Ok(match said.line.strip_prefix("ok ") {
            Some(text) => Noted::Elsewhere(text.to_owned()),
            None if said.line == "own" => Noted::Own,
            None => Noted::Nothing,
        })
    }
}
