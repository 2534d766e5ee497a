//! Help for each screen: what it decides, what happens with it, how to change it later.

use unicode_width::UnicodeWidthStr;

use crate::messages::keymap::{InLine, KeyPlace, shown};
use crate::model::screen::Screen;
use crate::ui::page::Tone;
use crate::ui::wrap::{cut, wrap};
use crate::values::road::Road;

/// Returns the help page of a screen, wrapped to a width: what it decides, then every key.
#[must_use]
pub fn help_lines(screen: Screen, road: Road, width: usize) -> Vec<(String, Tone)> {
    let plain = |line| (line, Tone::Plain);
    let mut lines: Vec<(String, Tone)> =
        help(screen, road).iter().flat_map(|paragraph| wrap(paragraph, width)).map(plain).collect();
    lines.push(plain(String::new()));
    let mut seen: Vec<&str> = Vec::new();
    let mut cells = Vec::new();
    for binding in shown(KeyPlace::Items, InLine::No).chain(shown(KeyPlace::Text, InLine::No)) {
        if !seen.contains(&binding.name) {
            seen.push(binding.name);
            cells.push(format!("{:<10} {}", binding.name, binding.words));
        }
    }
    let column = width / 2;
    let half = cells.len().div_ceil(2);
    for (at, cell) in cells.iter().take(half).enumerate() {
        let right = cells.get(at + half).map(String::as_str).unwrap_or_default();
        let left = cut(cell, column.saturating_sub(1));
        let gap = " ".repeat(column.saturating_sub(left.width()));
        lines.push((format!("{left}{gap}{}", cut(right, column)), Tone::Dim));
    }
    lines
}

/// Returns the help of a screen, one paragraph an entry.
#[must_use]
pub fn help(screen: Screen, road: Road) -> &'static [&'static str] {
    if let Some(other) = by_kubectl(screen).filter(|_| !road.is_halyard()) {
        return other;
    }
    match screen {
        Screen::Resume => &[
            "A run was confirmed earlier and has not ended. Steps that are done stay done; a step that was begun and whose end nobody knows is looked at before anything is done.",
            "Start over keeps your answers and leads through Review again.",
        ],
        Screen::Home => &[
            "The plugin is installed here. Everything is looked at afresh: files, the plugin in each service, topic, policy, subscription, delivery.",
            "Every change leads through Review again. Undo asks what, with time and cost of each choice.",
            "An installation that no journal knows of can be adopted: it is noted as not made by us, and undo leaves it alone.",
        ],
        Screen::Undo => &[
            "Takes back what the journal says this wizard made, and nothing else. Stopping the events takes seconds and restarts nothing; taking the plugin out of a service deploys that service.",
            "A part that fails (AWS rights, for instance) does not hold up the others. hal deploy rollback is not used: Halyard does not support it here.",
        ],
        Screen::SpinnakerUpgrade => &[
            "Says whether the plugin is published for a Spinnaker version that you plan. Changes nothing. From a pipeline: event-cache-wizard check --spinnaker VERSION",
        ],
        Screen::Watch => &[
            "Another wizard works on this deployment. You see its journal and hal's output live; nothing is changed from here.",
            "Take over asks first, then has the other wizard leave. A running deploy is not touched.",
        ],
        Screen::Prerequisites => &[
            "Decides which Halyard directory and deployment the wizard works on. Only looked at; nothing is written before Review.",
            "hal itself is not called before the daemon's port answers: an old wrapper would otherwise start a second daemon.",
            "Change it later with --hal-dir, --deployment and --hal.",
        ],
        Screen::Version => &[
            "Decides the plugin version. It lands in clouddriver-local.yml and gate-local.yml. A version that the repository does not list silently becomes its latest; a zip that cannot be fetched keeps the service from starting.",
        ],
        Screen::Configure => &[
            "Shows exactly what is inserted into the two profiles below <hal dir>/<deployment>/profiles. Every other byte stays. Undo takes just these lines out again.",
            "The key is the plugin's id: the published snippet's key enables nothing.",
        ],
        Screen::InstallPlan => &[
            "Decides which services are deployed in which order. An apply ships whatever else is pending in hal config for these services: it is listed here.",
        ],
        Screen::AwsIdentity => &[
            "Decides the account and region of the topic. Credentials come from the AWS SDK's own chain and are never stored. Not from here is a full answer: whoever has the rights gets a directory with all that it takes.",
        ],
        Screen::Targets => &[
            "SNS is set up in each account and region on its own, side by side: each has its journal under targets/ in the state directory, its progress line and its own end. What failed is tried again by Retry or the next run; what is done is left alone.",
            "A topic a target keeps the accounts apart. One topic a region means fewer subscriptions at Gate, and a policy that names every account whose AWS Config publishes to it.",
            "A role to assume, an external id, a profile or a topic of its own is named in the answers file (sns.targets).",
        ],
        Screen::Topic => &[
            "Decides the SNS topic that AWS Config publishes to. Its access policy gets one statement; the rest of it stays. AWS Config needs a Standard topic and does not support encrypted ones.",
        ],
        Screen::Endpoint => &[
            "Decides the address that SNS posts to: Gate's public address plus /aws/notify. It lands in the subscription. SNS reaches public addresses only and trusts public certificates only.",
        ],
        Screen::Delivery => &[
            "Decides whether AWS Config's delivery channel is pointed at the topic. There is one channel per account and region; its bucket stays. Undo restores a former topic.",
        ],
        Screen::Review => &[
            "Every value with where it came from. Nothing has changed so far; Go ahead asks once more and then begins. ROLLBACK.txt in the state directory says how to take it back by hand.",
        ],
        Screen::Install => &[
            "Profiles are written, then hal deploys stage by stage. hal runs on its own: closing this terminal does not stop it. Come back with event-cache-wizard attach.",
        ],
        Screen::Readiness => &[
            "Looks, strongest evidence first, whether each service is up and has started the plugin. What cannot be checked from here may be vouched for; what is not there is not passed silently.",
        ],
        Screen::Sns => &[
            "Creates the topic if need be, adds one policy statement, subscribes Gate and waits until Gate has confirmed. SNS tries for about two minutes; after that a new confirmation can be sent.",
        ],
        Screen::Summary => &["What was made and where, what is left, how to check and how to undo."],
    }
}

/// What is otherwise where kubectl or a pipeline deploys; `None` = the same as with Halyard.
fn by_kubectl(screen: Screen) -> Option<&'static [&'static str]> {
    Some(match screen {
        Screen::Undo => &[
            "Takes back what the journal says this wizard made, and nothing else. Stopping the events takes seconds and restarts nothing; taking the plugin out of the files applies them again, or leaves that to your pipeline.",
            "A part that fails (AWS rights, for instance) does not hold up the others.",
        ],
        Screen::Watch => &[
            "Another wizard works here. You see its journal and kubectl's output live; nothing is changed from here.",
            "Take over asks first, then has the other wizard leave. A running apply is not touched.",
        ],
        Screen::Prerequisites => &[
            "Decides which overlay or manifest, and which cluster, the wizard works on. Only looked at; nothing is written before Review.",
            "kubectl is always given a context: the current one may be any cluster.",
            "Change it later with --kustomize, --operator, --context and --namespace.",
        ],
        Screen::Configure => &[
            "Shows exactly what is inserted: into the two profiles that the overlay merges, or below spec.spinnakerConfig.profiles of the manifest. Every other byte stays. Undo takes just these lines out again.",
            "The key is the plugin's id: the published snippet's key enables nothing.",
        ],
        Screen::InstallPlan => &[
            "Decides whether the files are applied from here or by your pipeline. They are applied whole: what else differs from the cluster goes out too, and is listed here.",
        ],
        Screen::Install => &[
            "The files are written, then kubectl applies them once, or your pipeline does. kubectl runs on its own: closing this terminal does not stop it. Come back with event-cache-wizard attach.",
        ],
        Screen::Resume
        | Screen::Home
        | Screen::SpinnakerUpgrade
        | Screen::Version
        | Screen::AwsIdentity
        | Screen::Targets
        | Screen::Topic
        | Screen::Endpoint
        | Screen::Delivery
        | Screen::Review
        | Screen::Readiness
        | Screen::Sns
        | Screen::Summary => return None,
    })
}
