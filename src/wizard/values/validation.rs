//! Whether an answer may be taken, wherever it comes from.

use crate::values::answers::{Key, NEW_TOPIC};
use crate::values::choices::{
    ConfigDelivery, NewerVersion, RawDelivery, SampleStatement, SnsWhen, Stages, Topology, YesNo,
};
use crate::values::halyard_in::HalyardIn;
use crate::values::names::{
    AccountId, BadName, DeploymentName, EndpointUrl, PluginVersion, Region, RoleArn, TopicArn, TopicName,
};
use crate::values::targets::{self, Target};
use crate::values::time::parse_span;

/// Checks an answer of which there are only a few.
///
/// # Errors
/// Which there are.
pub fn among(key: Key, text: &str) -> Result<(), String> {
    let allowed = match key {
        Key::Stages => Stages::TEXTS,
        Key::ConfigDelivery => ConfigDelivery::TEXTS,
        Key::SnsWhen => SnsWhen::TEXTS,
        Key::Topology => Topology::TEXTS,
        Key::NewerVersion => NewerVersion::TEXTS,
        Key::SampleStatement => SampleStatement::TEXTS,
        Key::RawDelivery => RawDelivery::TEXTS,
        Key::Validate
        | Key::Acknowledged
        | Key::AllowUntested
        | Key::Repair
        | Key::WriteProfiles
        | Key::PatchOnly
        | Key::Apply
        | Key::AcceptEncrypted
        | Key::DeleteTopic
        | Key::AllowPending => YesNo::TEXTS,
        _ => return Ok(()),
    };
    if allowed.contains(&text) {
        return Ok(());
    }
    Err(format!("{} is not one of {}", ecw_halyard::clean(text, 100), allowed.join(", ")))
}

/// Checks a typed answer: what is wrong, what is allowed, how to mend it.
///
/// # Errors
/// The sentence to show below the field.
pub fn validate(key: Key, text: &str) -> Result<(), String> {
    let text = text.trim();
    // An answer is journaled, saved and shown.
    let userinfo =
        url::Url::parse(text).is_ok_and(|url| !url.username().is_empty() || url.password().is_some());
    if userinfo {
        return Err("Leave user names and passwords out of the address.".to_owned());
    }
    if ecw_halyard::redact(text) != text {
        return Err("That looks like it holds a secret. No answer needs one; leave it out.".to_owned());
    }
    let ok = |result: Result<(), BadName>| result.map_err(|error| error.0);
    match key {
        Key::Deployment => DeploymentName::parse(text).map(drop).map_err(|error| format!("{error}.")),
        Key::PluginVersion => ok(PluginVersion::parse(text).map(drop)),
        Key::Region => ok(Region::parse(text).map(drop)),
        Key::Targets => of_targets(text),
        Key::AnotherTarget if !text.is_empty() => Target::typed(text).map(drop),
        Key::RoleArn if !text.is_empty() => ok(RoleArn::parse(text).map(drop)),
        Key::ExternalId if !text.is_empty() => external_id(text),
        Key::Account | Key::HubAccount if !text.is_empty() => ok(AccountId::parse(text).map(drop)),
        Key::SourceAccounts if !text.is_empty() => {
            text.split(',').try_for_each(|each| ok(AccountId::parse(each).map(drop)))
        }
        Key::TopicTags => crate::values::tags::tags(text).map(drop),
        Key::TopicName => ok(TopicName::parse(text).map(drop)),
        Key::TopicArn if text.is_empty() || text == NEW_TOPIC => Ok(()),
        Key::TopicArn => {
            let arn = TopicArn::parse(text).map_err(|error| error.0)?;
            if arn.is_fifo() {
                Err("A FIFO topic cannot deliver to HTTP endpoints. Choose a Standard topic.".to_owned())
            } else {
                Ok(())
            }
        }
        Key::Endpoint => ok(EndpointUrl::parse(text).map(drop)),
        Key::Services if !text.split(',').all(|name| ["clouddriver", "gate"].contains(&name.trim())) => {
            Err("Name clouddriver, gate, or both.".to_owned())
        }
        Key::HalDirectory if text.is_empty() => {
            Err("Name Halyard's directory, for example /home/spinnaker/.hal".to_owned())
        }
        Key::Kubectl if crate::values::shell_words::shell_words(text).is_empty() => {
            Err("Name the kubectl command, for example kubectl".to_owned())
        }
        Key::HalyardIn => ok(HalyardIn::parse(text).map(drop)),
        Key::Overlay | Key::Manifest if !text.is_empty() && !text.starts_with('/') => {
            Err("Name the whole path, beginning with /".to_owned())
        }
        Key::KubeNamespace if !text.is_empty() => namespace(text),
        Key::HalCommand if crate::values::shell_words::shell_words(text).is_empty() => {
            Err("Name the hal command, for example hal, or docker exec -i halyard hal".to_owned())
        }
        Key::ProbeUrl | Key::DaemonEndpoint | Key::RepositoryUrl => match url::Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.username().is_empty() => Ok(()),
            Ok(url) if !url.username().is_empty() => {
                Err("Leave user names and passwords out of the address.".to_owned())
            }
            _ => Err("This is an address with a scheme, for example http://localhost:8084".to_owned()),
        },
        Key::SpinnakerLine if !text.is_empty() && text.parse::<ecw_halyard::Line>().is_err() => {
            Err("A release line is two numbers, for example 1.31 or 2025.0".to_owned())
        }
        Key::WaitForReady | Key::WaitForConfirmation if parse_span(text).is_none() => {
            Err("A length of time, for example 90m, 45s or 2h".to_owned())
        }
        _ => Ok(()),
    }
}

/// Kubernetes: an RFC 1123 label.
fn namespace(text: &str) -> Result<(), String> {
    let is_good = |each: char| each.is_ascii_lowercase() || each.is_ascii_digit() || each == '-';
    if text.len() <= 63 && text.chars().all(is_good) && !text.starts_with('-') && !text.ends_with('-') {
        return Ok(());
    }
    Err("A namespace has up to 63 lower-case letters, digits and hyphens, for example spinnaker".to_owned())
}

/// STS: 2 to 1,224 characters, letters, digits and `+=,.@:/-` (reference of `AssumeRole`).
fn external_id(text: &str) -> Result<(), String> {
    let is_good = |each: char| each.is_ascii_alphanumeric() || "_+=,.@:/-".contains(each);
    if (2..=1_224).contains(&text.len()) && text.chars().all(is_good) {
        return Ok(());
    }
    Err("An external id has 2 to 1224 letters, digits and _+=,.@:/-".to_owned())
}

/// Each target's own answers are checked as any other's.
fn of_targets(text: &str) -> Result<(), String> {
    for (at, target) in targets::parse(text)?.iter().enumerate() {
        for (key, value) in &target.given {
            validate(*key, value)
                .and_then(|()| among(*key, value))
                .map_err(|why| format!("target {}: {}: {why}", at + 1, targets::own_name(*key)))?;
        }
    }
    Ok(())
}
