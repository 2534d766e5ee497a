//! The questions over a page, each with its words.

use crate::model::part::Part;
use crate::state::Session;
use crate::ui::dialog::Dialog;
use crate::ui::page::Action;

/// Ctrl-C while asking.
pub(crate) fn leave(session: &Session) -> Dialog {
    let untouched = session.ledger.run.is_none();
    let state = if untouched { "Nothing has been changed yet." } else { "What is done stays done." };
    Dialog {
        title: "Leave?".to_owned(),
        text: vec![
            format!("Your answers are saved. {state}"),
            "Start event-cache-wizard again to go on here.".to_owned(),
        ],
        buttons: vec![(Action::Stay, "Stay".to_owned()), (Action::Leave, "Leave".to_owned())],
        focus: 0,
        opened: session.now,
    }
}

/// Ctrl-C while a job runs.
pub(crate) fn running(session: &Session) -> Dialog {
    let mut buttons = vec![(Action::Detach, "Detach".to_owned()), (Action::Stay, "Stay".to_owned())];
    if session.can_cancel() {
        buttons.push((Action::CancelDeploy, "Cancel the deploy".to_owned()));
    }
    Dialog {
        title: "The deploy runs".to_owned(),
        text: vec![
            "Detach: this deploy goes on without you. All later steps wait until you come back.".to_owned(),
            format!("Come back with: {}", session.come_back()),
            if session.can_cancel() {
                "Cancel: hal stops half-way; services may be left on mixed versions.".to_owned()
            } else {
                "This deploy cannot be cancelled from here.".to_owned()
            },
        ],
        buttons,
        focus: 0,
        opened: session.now,
    }
}

/// The last question before the world changes.
pub(crate) fn begin(session: &Session, title: String, effects: Vec<String>) -> Dialog {
    Dialog {
        title,
        text: effects,
        buttons: vec![(Action::GoBack, "Go back".to_owned()), (Action::Begin, "Begin".to_owned())],
        focus: 0,
        opened: session.now,
    }
}

/// Cancelling a deploy, asked once more.
pub(crate) fn cancel(session: &Session) -> Dialog {
    Dialog {
        title: "Cancel the deploy?".to_owned(),
        text: vec![
            "The daemon's task is interrupted. Pods that were already replaced stay replaced;".to_owned(),
            "others keep their old configuration. Applying again later is safe.".to_owned(),
        ],
        buttons: vec![
            (Action::Stay, "Let it run".to_owned()),
            (Action::CancelNow, "Cancel the deploy".to_owned()),
        ],
        focus: 0,
        opened: session.now,
    }
}

/// A snapshot on purpose.
pub(crate) fn prove(session: &Session, channel: &str, bucket: Option<&str>) -> Dialog {
    let bucket = bucket.unwrap_or("that it names");
    Dialog {
        title: "Have AWS Config deliver a snapshot?".to_owned(),
        text: vec![
            format!(
                "Channel {channel} writes a configuration snapshot into the bucket {bucket} and tells the topic."
            ),
            "It changes no configuration and takes up to two minutes; S3 and SNS cost what they always do."
                .to_owned(),
        ],
        buttons: vec![
            (Action::Stay, "Not now".to_owned()),
            (Action::ProveNow, "Have it delivered".to_owned()),
        ],
        focus: 0,
        opened: session.now,
    }
}

/// Makes a support bundle.
pub(crate) const BUNDLE: &str = "event-cache-wizard bundle";

/// How to collect everything for whoever helps.
pub(crate) fn bundle(session: &Session) -> Dialog {
    Dialog {
        title: "A bundle for whoever helps you".to_owned(),
        text: vec![
            "Events, journal and the ends of hal's logs in one file. No secrets, profiles or hal config. It can be replayed.".to_owned(),
            "In another terminal, or after leaving (everything is saved):".to_owned(),
            session.command(BUNDLE),
        ],
        buttons: vec![
            (Action::Stay, "Close".to_owned()),
            (Action::CopyBundle, "Copy the command".to_owned()),
        ],
        focus: 0,
        opened: session.now,
    }
}

/// Taking another's place.
pub(crate) fn take_over(session: &Session) -> Dialog {
    let holder = session.holder.clone().unwrap_or_else(|| "Nobody any more".to_owned());
    Dialog {
        title: "Take over?".to_owned(),
        text: vec![
            format!("Works here now: {holder}"),
            "That wizard is asked to leave at once; what it was asking is saved. A running deploy is not touched.".to_owned(),
            "Then you go on from what the journal says.".to_owned(),
        ],
        buttons: vec![
            (Action::Stay, "Keep reading along".to_owned()),
            (Action::TakeOverNow, "Take over".to_owned()),
        ],
        focus: 0,
        opened: session.now,
    }
}

/// Undo, with what is taken back and what is not.
pub(crate) fn undo(session: &Session, part: Part, effects: Vec<String>) -> Dialog {
    Dialog {
        title: "Undo this?".to_owned(),
        text: effects,
        buttons: vec![(Action::Stay, "Go back".to_owned()), (Action::UndoNow(part), "Undo".to_owned())],
        focus: 0,
        opened: session.now,
    }
}
