//! Commands of this program, as they work where this session does.

use crate::model::mode::Rehearsal;
use crate::state::Session;
use crate::values::answers::{Key, Provenance};

impl Session {
    /// Returns a command of this program that works where this session does: what only a screen or an
    /// answers file named is named again.
    #[must_use]
    pub fn command(&self, words: &str) -> String {
        let mut command = words.to_owned();
        let flags = [
            (Key::HalyardIn, "--halyard-in"),
            (Key::HalDirectory, "--hal-dir"),
            (Key::Deployment, "--deployment"),
            (Key::Overlay, "--kustomize"),
            (Key::Manifest, "--operator"),
            (Key::Kubeconfig, "--kubeconfig"),
            (Key::KubeContext, "--context"),
            (Key::KubeNamespace, "--namespace"),
        ];
        for (key, flag) in flags {
            let named = self.answers.get(key).filter(|answer| {
                !answer.value.is_empty()
                    && matches!(
                        answer.from,
                        Provenance::AnswersFile | Provenance::Typed | Provenance::Flag(_)
                    )
            });
            if let (Some(answer), Rehearsal::No) = (named, self.setup.rehearsal) {
                command.push_str(&format!(" {flag} {}", shell_words::quote(&answer.value)));
            }
        }
        if let Some(dir) = &self.setup.state_dir {
            command.push_str(&format!(" --state-dir {}", shell_words::quote(dir)));
        }
        command
    }

    /// Returns the command that comes back to a running job.
    #[must_use]
    pub fn come_back(&self) -> String {
        self.command(&self.setup.come_back)
    }
}
