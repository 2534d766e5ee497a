//! `apply --plan`: nothing is done unless the world still equals the plan that was agreed to.

use crate::messages::effect::Effect;
use crate::model::plan_document::differences;
use crate::rules::plan_document::published;
use crate::state::Session;
use crate::values::exit::Exit;

impl Session {
    /// Returns whether the world still equals the plan that was agreed to; otherwise ends with each
    /// difference by name. Where nothing is left to do, nothing differs that matters.
    pub(crate) fn equals_plan(&mut self, effects: &mut Vec<Effect>) -> bool {
        let Some(agreed) = &self.setup.expected else { return true };
        let now = published(self);
        let found = differences(agreed, &now);
        if found.is_empty() || now.steps.is_empty() {
            return true;
        }
        self.exit_words = Some(format!(
            "The world no longer equals the plan; nothing was changed.\n- {}\nMake a new plan: event-cache-wizard plan --out DIR",
            found.join("\n- ")
        ));
        self.quit(Exit::PlanDiffers, effects);
        false
    }
}
