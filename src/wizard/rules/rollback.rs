//! ROLLBACK.txt: how to take everything back by hand and without the wizard. It says what was really
//! made, as the journal knows it, so it is written anew after each step. Every line is a remark or one
//! POSIX shell command that can be run as it stands, in this order: events first, then each file with
//! the deploy of its services.

use ecw_halyard::ServiceName;

use crate::model::ledger::Work;
use crate::rules::plan;
use crate::state::Session;
use crate::steps::{ByHand, Made, names};
use crate::values::answers::Key;
use crate::values::halyard_in::HalyardIn;
use crate::values::time::utc;

/// The name of the file in the state directory.
pub const FILE: &str = "ROLLBACK.txt";

/// Returns the file's text for what stands by the journal.
#[must_use]
pub fn rollback(session: &Session) -> String {
    let mut lines = vec![
        "# How to take this installation back by hand. Every line is a remark or one shell command."
            .to_owned(),
        format!("# Written {} by {}", utc(session.now.wall), session.setup.actor.user),
        format!("# With the wizard: {}", session.command("event-cache-wizard undo")),
    ];
    if session.road().is_halyard() {
        lines.push(
            "# Do not use `hal deploy rollback`: Halyard does not support it for Kubernetes or LocalDebian."
                .to_owned(),
        );
    }
    if let Some(role) = session.aws_place().and_then(|place| place.role) {
        let id = role.external_id.map(|id| format!(" --external-id {}", shell_words::quote(&id)));
        lines.push(format!(
            "# The aws commands want the credentials of the role {}. Take them first:",
            role.arn
        ));
        lines.push(format!(
            "# aws sts assume-role --role-arn {} --role-session-name rollback{}",
            role.arn,
            id.unwrap_or_default()
        ));
    }
    let made = &session.ledger.made;
    if made.is_empty() {
        lines.push("# Nothing was made so far.".to_owned());
    }
    let mut restored: Vec<String> = Vec::new();
    let (mut events, mut files, mut leftovers) = (Vec::new(), Vec::new(), Vec::new());
    for work in made.iter().rev() {
        let step = work.intent.step();
        let first =
            made.iter().find(|each| each.intent.step() == step || one_file(each, work)).unwrap_or(work);
        match work.intent.by_hand(&work.made, &first.made) {
            ByHand::Nothing | ByHand::Deploy { .. } => {}
            ByHand::Events(commands) => events.extend(commands),
            ByHand::Leftover(remarks) => leftovers.extend(remarks),
            ByHand::Profile { .. } if restored_already(work, &restored) => {}
            ByHand::Profile { file, lines } => {
                files.extend(lines);
                if session.road().is_halyard() {
                    files.extend(deploys_of(session, &file));
                }
                restored.push(path_of(work).unwrap_or(file));
            }
        }
    }
    lines.extend(events);
    let taken = !files.is_empty();
    lines.extend(files);
    if taken && !session.road().is_halyard() {
        lines.push("# Gate and Clouddriver restart; where a pipeline applies, commit instead:".to_owned());
        lines.push(shell_words::join(session.kubectl_apply()));
    }
    lines.extend(leftovers);
    lines.join("\n") + "\n"
}

/// The file on disk that a work has written.
fn path_of(work: &Work) -> Option<String> {
    work.intent.write_profile().map(|write| write.wanted.path_of(&write.file))
}

/// Two profiles may stand in one file: the bytes from before all of ours are those from before the first of both.
fn one_file(left: &Work, right: &Work) -> bool {
    path_of(left).is_some() && path_of(left) == path_of(right)
}

fn restored_already(work: &Work, restored: &[String]) -> bool {
    path_of(work).is_some_and(|path| restored.contains(&path))
}

/// The deploys that took a file into the services, as they were called.
fn deploys_of(session: &Session, file: &str) -> Vec<String> {
    let rows = session.ledger.rows.iter().filter(|row| row.started.is_some());
    let mut lines = Vec::new();
    for row in rows {
        if let ByHand::Deploy { services, lines: commands } =
            row.intent.by_hand(&Made::Nothing, &Made::Nothing)
            && services.iter().any(|service| service.profile_file() == file)
        {
            lines.extend(commands);
        }
    }
    if lines.is_empty() && session.answers.is_yes(Key::Apply) {
        // Deployed by an earlier run: as it would be called now.
        let services: Vec<ServiceName> =
            session.services().into_iter().filter(|each| each.profile_file() == file).collect();
        if !services.is_empty() {
            lines.push(format!("# restarts {}", names(&services)));
            lines.push(shell_words::join(HalyardIn::typed(&plan::command(session, &services))));
        }
    }
    lines
}
