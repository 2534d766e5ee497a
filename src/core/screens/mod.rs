//! The screens: each decides what it says (`page`) and whether it may be passed (`pass`).

mod aws_identity;
mod configure;
mod delivery;
mod endpoint;
mod help;
mod home;
mod install;
mod install_plan;
mod parts;
mod prerequisites;
mod readiness;
mod resume;
mod review;
mod sns;
mod spinnaker_upgrade;
mod summary;
mod topic;
mod undo;
mod version;
mod watch;

pub use help::help;

use crate::answers::Key;
use crate::flow::{Pass, Screen};
use crate::names::{AccountId, DeploymentName, EndpointUrl, PluginVersion, Region, TopicArn, TopicName};
use crate::page::{Action, Page, Tone};
use crate::session::Session;
use crate::time::parse_span;

/// Returns what a screen says.
#[must_use]
pub fn page(session: &Session, screen: Screen) -> Page {
    let mut page = match screen {
        Screen::Resume => resume::page(session),
        Screen::Home => home::page(session),
        Screen::Undo => undo::page(session),
        Screen::SpinnakerUpgrade => spinnaker_upgrade::page(session),
        Screen::Watch => watch::page(session),
        Screen::Prerequisites => prerequisites::page(session),
        Screen::Version => version::page(session),
        Screen::Configure => configure::page(session),
        Screen::InstallPlan => install_plan::page(session),
        Screen::AwsIdentity => aws_identity::page(session),
        Screen::Topic => topic::page(session),
        Screen::Endpoint => endpoint::page(session),
        Screen::Delivery => delivery::page(session),
        Screen::Review => review::page(session),
        Screen::Install => install::page(session),
        Screen::Readiness => readiness::page(session),
        Screen::Sns => sns::page(session),
        Screen::Summary => summary::page(session),
    };
    if was_confirmed(session, screen) {
        read_only(&mut page);
    }
    page
}

/// Returns whether a screen's part was confirmed in a run and is not being changed.
fn was_confirmed(session: &Session, screen: Screen) -> bool {
    (screen.asks() || screen == Screen::Review) && session.ledger.run.is_some() && !session.changing
}

/// A screen whose part was already carried out is shown read-only, with *Change*.
fn read_only(page: &mut Page) {
    page.blocks.retain(|block| !matches!(block, crate::page::Block::Item(_)));
    page.text(Tone::Dim, "This part was confirmed. Changing it leads through Review again.");
    page.button(Action::Next, "Back to the run", "");
    page.button(Action::Change, "Change answers", "");
}

/// Returns whether a screen may be passed.
#[must_use]
pub fn pass(session: &Session, screen: Screen) -> Pass {
    if was_confirmed(session, screen) {
        return Pass::Ready;
    }
    match screen {
        Screen::Resume | Screen::Home | Screen::Undo | Screen::SpinnakerUpgrade | Screen::Watch => {
            Pass::stuck("Choose how to go on.", crate::Exit::Usage)
        }
        Screen::Prerequisites => prerequisites::pass(session),
        Screen::Version => version::pass(session),
        Screen::Configure => configure::pass(session),
        Screen::InstallPlan => install_plan::pass(session),
        Screen::AwsIdentity => aws_identity::pass(session),
        Screen::Topic => topic::pass(session),
        Screen::Endpoint => endpoint::pass(session),
        Screen::Delivery => delivery::pass(session),
        Screen::Review => review::pass(session),
        Screen::Install | Screen::Readiness | Screen::Sns => Pass::Busy("the run".to_owned()),
        Screen::Summary => Pass::Ready,
    }
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
    let ok = |result: Result<(), crate::names::BadName>| result.map_err(|error| error.0);
    match key {
        Key::Deployment => DeploymentName::parse(text).map(drop).map_err(|error| format!("{error}.")),
        Key::PluginVersion => ok(PluginVersion::parse(text).map(drop)),
        Key::Region => ok(Region::parse(text).map(drop)),
        Key::Account if !text.is_empty() => ok(AccountId::parse(text).map(drop)),
        Key::TopicName => ok(TopicName::parse(text).map(drop)),
        Key::TopicArn if text.is_empty() || text == "new" => Ok(()),
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
        Key::HalCommand if crate::derive::shell_words(text).is_empty() => {
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
