//! What is committed where overlay or manifest are kept in git: the edit stays uncommitted, its message and the text of
//! a pull request are written out.

use crate::messages::effect::Effect;
use crate::model::ledger::StepState;
use crate::model::report::GitTree;
use crate::state::Session;
use crate::steps::Made;
use crate::values::answers::Key;
use crate::values::halyard_in::HalyardIn;

/// The commit message, in the state directory.
pub const MESSAGE: &str = "commit-message.txt";
/// The text of a pull request, in the state directory.
pub const PULL_REQUEST: &str = "pull-request.md";

impl Session {
    /// Returns whether the files that are written are kept in git and deployed by kubectl or a pipeline.
    #[must_use]
    pub fn commits(&self) -> bool {
        !self.road().is_halyard() && self.facts.site().is_some_and(|site| site.git == GitTree::Yes)
    }

    /// Returns the files that the latest run changed, by their whole paths.
    fn changed_files(&self) -> Vec<String> {
        let rows = self.ledger.rows.iter().filter(|row| matches!(row.state, StepState::Done(_)));
        let mut paths: Vec<String> = rows
            .filter_map(|row| {
                let write = row.intent.write_profile().map(|write| write.wanted.path_of(&write.file));
                let take = || row.intent.unwrite_profile().map(|take| take.wanted.path_of(&take.file));
                write.or_else(take)
            })
            .collect();
        paths.sort();
        paths.dedup();
        paths
    }

    /// Returns the command that commits what was written; `None` where nothing was, or nothing is committed.
    #[must_use]
    pub fn commit_command(&self) -> Option<String> {
        let files = self.changed_files();
        if !self.commits() || files.is_empty() {
            return None;
        }
        let (dir, message) = (self.hal_dir()?, format!("{}/{MESSAGE}", self.state_place()));
        let command = ["git", "-C", &dir, "commit", "-F", &message, "--"];
        Some(shell_words::join(command.into_iter().chain(files.iter().map(String::as_str))))
    }

    /// Returns where the state stands, as a path.
    #[must_use]
    pub fn state_place(&self) -> String {
        match (&self.setup.state_dir, self.hal_dir()) {
            (Some(dir), _) => dir.clone(),
            (None, Some(hal_dir)) => {
                let deployment = self.deployment().map_or("default", |each| each.name.as_str());
                let hal_dir = match (HalyardIn::split(&hal_dir), &self.setup.stand_ins) {
                    ((HalyardIn::Local, _), _) | (_, None) => hal_dir,
                    ((place, there), Some(stand_ins)) => format!("{stand_ins}/{}", place.stand_in(there)),
                };
                format!("{hal_dir}/.event-cache-wizard/{deployment}")
            }
            (None, None) => ".".to_owned(),
        }
    }

    /// Writes both texts out, as the files are now.
    pub(crate) fn write_commit(&self, effects: &mut Vec<Effect>) {
        if self.commit_command().is_none() {
            return;
        }
        effects.push(Effect::WriteState { name: MESSAGE.to_owned(), text: message(self) });
        effects.push(Effect::WriteState { name: PULL_REQUEST.to_owned(), text: pull_request(self) });
    }
}

fn title(session: &Session) -> &'static str {
    if session.ledger.takes_back() {
        "Take the AWS Event Cache plugin out of Gate and Clouddriver"
    } else {
        "Load the AWS Event Cache plugin in Gate and Clouddriver"
    }
}

fn files(session: &Session) -> String {
    let dir = session.hal_dir().unwrap_or_default();
    let short = |file: &String| file.strip_prefix(&format!("{dir}/")).unwrap_or(file).to_owned();
    session.changed_files().iter().map(|file| format!("- {}\n", short(file))).collect()
}

fn message(session: &Session) -> String {
    let plugin = plugin(session);
    format!(
        "{}\n\n{plugin}\n\n{}\nGate and Clouddriver restart once this is applied.\nMade with event-cache-wizard; taken back with: {}\n",
        title(session),
        files(session),
        session.command("event-cache-wizard undo")
    )
}

fn plugin(session: &Session) -> String {
    let version = session.answers.text(Key::PluginVersion);
    format!("Armory.AWSCATsOnEvent {version} from {}, in", session.answers.text(Key::RepositoryUrl))
}

fn pull_request(session: &Session) -> String {
    let taken = session.ledger.made.iter().filter(|work| matches!(work.made, Made::Profile { .. })).count();
    let why = if session.ledger.takes_back() {
        "Clouddriver polls AWS again as before; nothing else in these files changes."
    } else {
        "AWS Config then pushes changes through SNS to Gate, instead of Clouddriver polling AWS into its rate limits."
    };
    format!(
        "# {}\n\n{why}\n\n## What changes\n\n{}\n{}Only lines of ours come or go; every other byte stays.\n\n## What happens when it is applied\n\nGate (2 to 10 minutes) and Clouddriver (5 to 60 minutes) restart, and download the plugin at each start of a pod.\n\n## How to see that it worked\n\n`{}`\n\n## How to take it back\n\nRevert this commit, or `{}`{}\n",
        title(session),
        plugin(session) + "\n\n",
        files(session) + "\n",
        session.command("event-cache-wizard wait --for ready"),
        session.command("event-cache-wizard undo"),
        if taken == 0 { "" } else { ", which gives the former bytes back." },
    )
}
