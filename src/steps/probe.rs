//! Where a step stands in the world, without changing it.

use ecw_core::question::Probed;
use ecw_core::step::{Intent, Made};
use ecw_core::trouble::AwsTrouble;

use crate::looks::profiles::path_of;
use crate::ports::Ports;

/// Returns where the step stands.
#[must_use]
pub fn probe(ports: &Ports, intent: &Intent) -> Probed {
    match intent {
        // The replacement is atomic: either these bytes stand there or they do not.
        Intent::WriteProfile { wanted, file, before, after } => {
            let path = path_of(wanted, file);
            match ports.files.read(&path) {
                Ok(Some(bytes)) if ecw_profile::sha256_hex(&bytes) == *after => {
                    super::write_profile::written_before(ports, wanted, file, &path, before.as_deref())
                }
                Ok(_) => Probed::NotDone,
                Err(error) => Probed::CannotTell { why: format!("{path} cannot be read: {error}") },
            }
        }
        Intent::UnwriteProfile { .. } => Probed::NotDone,
        Intent::Apply { .. } => Probed::CannotTell { why: "a deploy is told by its own files".to_owned() },
        Intent::CreateTopic { aws, arn, .. } => match ports.aws.topic(aws, arn) {
            // It did not exist when the step was planned, so it is ours.
            Ok(_) => done("the topic exists", Some(Made::Topic { arn: arn.clone() })),
            Err(trouble) => of_aws(&trouble),
        },
        // These look first when they run, so running them again changes nothing that is done.
        Intent::AllowPublish { .. }
        | Intent::Subscribe { .. }
        | Intent::Deliver { .. }
        | Intent::DeleteTopic { .. }
        | Intent::DisallowPublish { .. }
        | Intent::Unsubscribe { .. }
        | Intent::Undeliver { .. } => by_looking(ports, intent),
    }
}

fn by_looking(ports: &Ports, intent: &Intent) -> Probed {
    match intent {
        Intent::AllowPublish { aws, arn } => match ports.aws.topic(aws, arn) {
            Ok(topic) => {
                let policy = topic.policy.unwrap_or_default();
                let merged = ecw_policy::merge(Some(&policy), &arn.to_string(), arn.account.as_str());
                if !matches!(&merged, Ok(merged) if merged.document.is_none()) {
                    return Probed::NotDone;
                }
                // Ours only if the statement reads exactly as we write it.
                let sid = "AWSConfigSNSPolicy".to_owned();
                let ours = matches!(
                    ecw_policy::remove(&policy, &sid, &arn.to_string(), arn.account.as_str()),
                    Ok(Some(_))
                );
                done("AWS Config may publish", ours.then_some(Made::Statement { sid }))
            }
            Err(trouble) => of_aws(&trouble),
        },
        Intent::Subscribe { aws, arn, endpoint } => match ports.aws.subscriptions(aws, arn) {
            Ok(list) => match list.into_iter().find(|each| each.endpoint == endpoint.as_str()) {
                Some(found) => {
                    let known = found.arn.starts_with("arn:").then_some(found.arn);
                    done("the subscription is listed", Some(Made::Subscription { arn: known }))
                }
                None => Probed::NotDone,
            },
            Err(trouble) => of_aws(&trouble),
        },
        Intent::Deliver { aws, arn, replaces } => match ports.aws.config(aws) {
            Ok(config) => match config.channel {
                Some(channel) if channel.topic.as_ref() == Some(arn) => {
                    let made = Made::Delivery { channel: channel.name, former: replaces.clone() };
                    done("the delivery channel names our topic", Some(made))
                }
                _ => Probed::NotDone,
            },
            Err(trouble) => of_aws(&trouble),
        },
        _ => Probed::NotDone,
    }
}

fn done(evidence: &str, made: Option<Made>) -> Probed {
    Probed::Done { evidence: evidence.to_owned(), made }
}

fn of_aws(trouble: &AwsTrouble) -> Probed {
    match trouble {
        AwsTrouble::NotFound => Probed::NotDone,
        other => Probed::CannotTell { why: other.trouble().what },
    }
}
