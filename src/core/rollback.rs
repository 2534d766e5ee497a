//! ROLLBACK.txt: how to take everything back by hand and without the wizard. It says what was really
//! made, as the journal knows it, so it is written anew after each step. Every line is a remark or one
//! POSIX shell command that can be run as it stands, in this order: events first, then each file with
//! the deploy of its services.

use ecw_halyard::ServiceName;

use crate::answers::Key;
use crate::ledger::Work;
use crate::plan;
use crate::question::AwsPlace;
use crate::session::Session;
use crate::step::{Intent, Made, names};
use crate::time::utc;

/// The name of the file in the state directory.
pub const FILE: &str = "ROLLBACK.txt";

/// Returns the file's text for what stands by the journal.
#[must_use]
pub fn rollback(session: &Session) -> String {
    let mut lines = vec![
        "# How to take this installation back by hand. Every line is a remark or one shell command."
            .to_owned(),
        format!("# Written {} by {}", utc(session.now.wall), session.setup.actor.user),
        "# With the wizard: event-cache-wizard undo".to_owned(),
        "# Do not use `hal deploy rollback`: Halyard does not support it for Kubernetes or LocalDebian."
            .to_owned(),
    ];
    let made = &session.ledger.made;
    if made.is_empty() {
        lines.push("# Nothing was made so far.".to_owned());
    }
    for work in made.iter().rev() {
        lines.extend(of_sns(work));
    }
    let mut restored: Vec<&str> = Vec::new();
    for work in made.iter().rev() {
        let (Intent::WriteProfile { file, .. }, Made::Profile { path, .. }) = (&work.intent, &work.made)
        else {
            continue;
        };
        // The oldest edit of a file has the bytes from before all of ours.
        let first = made.iter().find_map(|each| match (&each.intent, &each.made) {
            (Intent::WriteProfile { file: other, .. }, Made::Profile { receipt, backup, .. })
                if other == file =>
            {
                Some((receipt.before.is_some(), backup.clone()))
            }
            _ => None,
        });
        let (Made::Profile { receipt, .. }, Some((existed, backup))) = (&work.made, first) else { continue };
        if restored.contains(&file.as_str()) {
            continue;
        }
        restored.push(file);
        lines.push(format!("# {file}: only while it is as we wrote it; else take our entries out by hand"));
        let check = format!("echo {} | sha256sum -c --status", word(&format!("{}  {path}", receipt.after)));
        lines.push(match (existed, backup) {
            (true, Some(backup)) => format!("{check} && cp {} {}", word(&backup), word(path)),
            (true, None) => format!("# no backup of {path} is known"),
            (false, _) => format!("{check} && rm {}", word(path)),
        });
        lines.extend(deploys_of(session, file));
    }
    for work in made.iter().rev() {
        if let (Intent::CreateTopic { aws, .. }, Made::Topic { arn }) = (&work.intent, &work.made) {
            lines.push(
                "# The topic costs nothing and may have other subscribers. To delete it too:".to_owned(),
            );
            lines.push(format!("# aws sns delete-topic {} --topic-arn {arn}", place(aws)));
        }
    }
    lines.join("\n") + "\n"
}

/// The deploys that took a file into the services, as they were called.
fn deploys_of(session: &Session, file: &str) -> Vec<String> {
    let rows = session.ledger.rows.iter().filter(|row| row.started.is_some());
    let mut lines = Vec::new();
    for row in rows {
        if let Intent::Apply { services, command, .. } = &row.intent
            && services.iter().any(|service| service.profile_file() == file)
        {
            lines.push(format!("# restarts {}", names(services)));
            lines.push(shell_words::join(command));
        }
    }
    if lines.is_empty() && session.answers.is_yes(Key::Apply) {
        // Deployed by an earlier run: as it would be called now.
        let services: Vec<ServiceName> =
            session.services().into_iter().filter(|each| each.profile_file() == file).collect();
        if !services.is_empty() {
            lines.push(format!("# restarts {}", names(&services)));
            lines.push(shell_words::join(plan::command(session, &services)));
        }
    }
    lines
}

fn word(text: &str) -> String {
    shell_words::quote(text).into_owned()
}

/// How the aws command line is told where to work.
fn place(aws: &AwsPlace) -> String {
    let profile = aws.profile.as_ref().map(|profile| format!(" --profile {}", word(profile)));
    format!("--region {}{}", aws.region, profile.unwrap_or_default())
}

fn of_sns(work: &Work) -> Vec<String> {
    match (&work.intent, &work.made) {
        (Intent::Subscribe { aws, arn, endpoint }, Made::Subscription { arn: known }) => {
            let found = format!(
                "\"$(aws sns list-subscriptions-by-topic {} --topic-arn {arn} --query {} --output text)\"",
                place(aws),
                word(&format!("Subscriptions[?Endpoint=='{endpoint}']|[0].SubscriptionArn"))
            );
            let subscription = known.as_deref().map_or(found, word);
            vec![
                "# the events stop at once (a pending subscription expires by itself after 48 h)".to_owned(),
                format!("aws sns unsubscribe {} --subscription-arn {subscription}", place(aws)),
            ]
        }
        (Intent::Deliver { aws, arn, .. }, Made::Delivery { channel, former }) => {
            let edit = match former {
                Some(former) => format!("s|{arn}|{former}|"),
                None => format!("s|\"snsTopicARN\": *\"{arn}\", *||; s|, *\"snsTopicARN\": *\"{arn}\"||"),
            };
            vec![
                "# AWS Config's delivery channel as it is, but for its topic".to_owned(),
                format!(
                    "aws configservice put-delivery-channel {0} --delivery-channel \"$(aws configservice describe-delivery-channels {0} --delivery-channel-names {1} --query {2} --output json | tr -d '\\n' | sed {3})\"",
                    place(aws),
                    word(channel),
                    word("DeliveryChannels[0]"),
                    word(&edit)
                ),
            ]
        }
        (Intent::AllowPublish { aws, arn }, Made::Statement { sid }) => vec![
            "# our one statement out of the topic's policy".to_owned(),
            format!("aws sns remove-permission {} --topic-arn {arn} --label {}", place(aws), word(sid)),
        ],
        _ => Vec::new(),
    }
}
