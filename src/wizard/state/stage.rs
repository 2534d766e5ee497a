//! Where the flow stands. One value, so that no two of its parts can contradict each other.

use crate::model::part::Part;
use crate::model::screen::Screen;

/// Where the flow stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// Nothing is known yet of what stands here: the questions, or Home once an installation is found.
    #[default]
    Arriving,
    /// The questions and Review: for the first run, or because answers of a begun one are changed.
    Asking,
    /// A finished installation, and what can be done with it.
    Home,
    /// An unfinished run waits for the operator's decision.
    Resume,
    /// A confirmed run, on its way or at its end.
    Running,
    /// The step that an earlier process began is found out first.
    FindingOut(Then),
    /// A part is taken back as soon as everything was looked at.
    UndoWhenSeen(Part),
    /// The operator looks at another screen for a while.
    Visiting {
        /// Which.
        screen: Screen,
        /// Where the flow stands meanwhile; never a visit itself.
        from: Box<Self>,
    },
}

/// What follows once the step in doubt is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// The run is planned anew.
    Replan,
    /// What changed since is decided by the operator; the run goes on if nothing did.
    AskAboutChanges,
    /// A part is taken back.
    Undo(Part),
}

impl Stage {
    /// Returns where the flow stands, whatever is visited meanwhile.
    #[must_use]
    pub fn base(&self) -> &Self {
        match self {
            Self::Visiting { from, .. } => from,
            other => other,
        }
    }

    /// Returns the screen that is visited.
    #[must_use]
    pub fn visited(&self) -> Option<Screen> {
        match self {
            Self::Visiting { screen, .. } => Some(*screen),
            _ => None,
        }
    }

    /// Returns what follows once the step in doubt is known, if that is waited for.
    #[must_use]
    pub fn then(&self) -> Option<Then> {
        match self.base() {
            Self::FindingOut(then) => Some(*then),
            _ => None,
        }
    }

    /// Visits a screen, or ends the visit.
    pub(crate) fn visit(&mut self, screen: Option<Screen>) {
        let base = self.take_base();
        *self = match screen {
            Some(screen) => Self::Visiting { screen, from: Box::new(base) },
            None => base,
        };
    }

    /// Moves the flow on; a visit goes on.
    pub(crate) fn move_to(&mut self, base: Self) {
        match self {
            Self::Visiting { from, .. } => **from = base,
            other => *other = base,
        }
    }

    fn take_base(&mut self) -> Self {
        match std::mem::take(self) {
            Self::Visiting { from, .. } => *from,
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_ends_where_the_flow_stands_by_then() {
        let mut stage = Stage::Home;
        stage.visit(Some(Screen::Undo));
        assert_eq!((stage.visited(), stage.base()), (Some(Screen::Undo), &Stage::Home));
        stage.visit(Some(Screen::SpinnakerUpgrade));
        stage.move_to(Stage::FindingOut(Then::Replan));
        assert_eq!((stage.visited(), stage.then()), (Some(Screen::SpinnakerUpgrade), Some(Then::Replan)));
        stage.visit(None);
        assert_eq!(stage, Stage::FindingOut(Then::Replan));
    }
}
