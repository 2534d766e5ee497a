//! Prerequisites: is this a Spinnaker under Halyard that the wizard can work on?

use ecw_halyard::Deployment;

use super::parts::{advanced, answered, bad, fact, field, looking};
use crate::model::check::{Check, CheckVerdict};
use crate::model::question::Question;
use crate::rules::deploy_needs::{cannot_deploy, daemon_checks, root_checks};
use crate::state::Session;
use crate::ui::page::{Action, Block, ItemId, Page, Ticked, Tone};
use crate::ui::pass::Pass;
use crate::values::answers::Key;
use crate::values::exit::Exit;
use crate::values::road::Road;

const NOTE: &str = "The plugin is set in local profiles, so only Gate and Clouddriver load it and restart. \
A big Clouddriver takes up to an hour to come back. On Kubernetes each later pod start downloads the plugin \
again: pods need a way to the plugin repository.";

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new("Is this the Spinnaker to work on?");
    page.text(Tone::Plain, "Only looking: nothing changes before you confirm the Review.");
    page.push(Block::Gap);
    place(&mut page, session);
    let Some(site) = session.facts.site() else {
        looking(&mut page, session, format!("the {}", session.road().home()).as_str(), None);
        page.button(Action::Next, "Next: Version", "");
        return page;
    };
    match &site.config {
        Err(trouble) => {
            page.push(Block::Checks(vec![
                Check::new(CheckVerdict::Bad, session.road().source(), &trouble.what)
                    .with_remedy(&trouble.fix),
            ]));
        }
        Ok(config) => {
            if config.deployments.len() > 1 {
                for deployment in &config.deployments {
                    let label =
                        format!("Deployment {}, Spinnaker {}", deployment.name, deployment.spinnaker.text);
                    let current =
                        if deployment.name == config.current { "the current one in hal config" } else { "" };
                    page.option(
                        Key::Deployment,
                        deployment.name.as_str(),
                        session.answers.text(Key::Deployment),
                        label,
                        current,
                    );
                }
            }
            deployment(&mut page, session);
        }
    }
    let rest = seldom(session.road());
    let more: Vec<_> =
        rest.iter().copied().filter(|each| each.0 != Key::HalyardIn || !elsewhere(session)).collect();
    advanced(&mut page, session, &more);
    page.push(Block::Gap);
    page.push(Block::Checks(checks(session)));
    if session.facts.waits(|question| matches!(question, Question::Cluster { .. })) {
        looking(&mut page, session, "the cluster", None);
    }
    if session.facts.waits(|question| matches!(question, Question::Daemon { .. })) {
        let since = session
            .facts
            .in_flight()
            .find(|slot| matches!(slot.question, Question::Daemon { .. }))
            .map(|slot| slot.asked);
        looking(&mut page, session, "the Halyard daemon", since);
    }
    page.heading("About plugins");
    page.text(Tone::Plain, NOTE);
    page.toggle(
        Key::Acknowledged,
        Ticked::from(session.answers.is_yes(Key::Acknowledged)),
        "I have read this",
        "",
    );
    if cannot_deploy(session) {
        page.toggle(
            Key::Apply,
            Ticked::from(session.answers.is_yes(Key::Apply)),
            "Run hal deploy apply",
            "off: only the profiles are written, which needs neither hal nor its daemon",
        );
    }
    page.button(Action::Next, "Next: Version", "");
    page.button(Action::CheckAgain, "Refresh", "");
    page
}

/// Where the profiles stand, and where they are deployed to.
fn place(page: &mut Page, session: &Session) {
    match session.road() {
        Road::Halyard => {
            if elsewhere(session) {
                field(page, session, Key::HalyardIn, HALYARD_IN.1, HALYARD_IN.2);
                found(page, session);
            }
            field(page, session, Key::HalDirectory, "", "/home/spinnaker/.hal");
        }
        Road::Kustomize => {
            field(page, session, Key::Overlay, "What kubectl apply -k is given.", "/srv/spinnaker-kustomize");
        }
        Road::Operator => {
            let help = "The file with the SpinnakerService, or a kustomize patch of it.";
            field(page, session, Key::Manifest, help, "/srv/spinnaker/spinnakerservice.yml");
        }
    }
    if !session.road().is_halyard() {
        let help = "Never the current one: it may be any cluster.";
        field(page, session, Key::KubeContext, help, "spinnaker-k8s");
    }
}

const HALYARD_IN: (Key, &str, &str) = (
    Key::HalyardIn,
    "local, docker:NAME, pod:NAMESPACE/POD, ssh:HOST or sudo:USER: files, hal and its daemon are reached there.",
    "docker:halyard",
);

/// Returns whether Halyard runs elsewhere, or may: there is no hal config here.
fn elsewhere(session: &Session) -> bool {
    !session.halyard_in().is_local() || session.looks_for_halyard()
}

/// Running containers and pods that look like Halyard.
fn found(page: &mut Page, session: &Session) {
    if !session.looks_for_halyard() {
        return;
    }
    let Some(found) = session.facts.halyards() else {
        looking(page, session, "containers and pods that look like Halyard", None);
        return;
    };
    for each in found {
        let text = each.halyard_in.to_string();
        page.option(Key::HalyardIn, &text, session.answers.text(Key::HalyardIn), &text, &each.image);
    }
    if found.is_empty() {
        page.text(Tone::Dim, "No running container or pod that looks like Halyard was found from here.");
    }
}

/// What has to be named seldom.
fn seldom(road: Road) -> &'static [(Key, &'static str, &'static str)] {
    const OVERLAY: (Key, &str, &str) =
        (Key::Overlay, "Spinnaker is deployed by kubectl apply -k from here.", "/srv/spinnaker-kustomize");
    const MANIFEST: (Key, &str, &str) =
        (Key::Manifest, "Spinnaker is deployed by the Operator, from this.", "/srv/spinnakerservice.yml");
    const NAMESPACE: (Key, &str, &str) = (Key::KubeNamespace, "Where the files name none.", "spinnaker");
    const KUBECONFIG: (Key, &str, &str) =
        (Key::Kubeconfig, "kubectl's own choice, when empty.", "/home/me/.kube/config");
    const KUBECTL: (Key, &str, &str) = (Key::Kubectl, "How kubectl is called.", "kubectl");
    match road {
        Road::Halyard => &[
            (
                Key::HalCommand,
                "How hal is called; it is not called before the daemon answers.",
                "docker exec -i halyard hal",
            ),
            (Key::DaemonEndpoint, "Where the Halyard daemon answers.", "http://localhost:8064"),
            HALYARD_IN,
            OVERLAY,
            MANIFEST,
        ],
        Road::Kustomize => &[NAMESPACE, KUBECONFIG, KUBECTL, MANIFEST],
        Road::Operator => &[NAMESPACE, KUBECONFIG, KUBECTL, OVERLAY],
    }
}

fn deployment(page: &mut Page, session: &Session) {
    let Some(deployment) = session.deployment() else {
        let config = session.facts.site().and_then(|site| site.config.as_ref().ok());
        let error =
            config.and_then(|config| config.deployment(Some(session.answers.text(Key::Deployment))).err());
        if let Some(error) = error {
            let check = Check::new(CheckVerdict::Bad, "Deployment", error.to_string());
            page.push(Block::Checks(vec![check.with_remedy(
                "Name one of them with --deployment, or fix currentDeployment in hal config.",
            )]));
        }
        return;
    };
    let place = match (&deployment.location, &deployment.account) {
        (Some(location), Some(account)) => format!(", namespace {location}, account {}", account.name),
        (Some(location), None) => format!(", namespace {location}"),
        _ => String::new(),
    };
    let mut facts =
        vec![fact("Deployment", format!("{}, {}{place}", deployment.name, deployment.kind.as_str()), "")];
    facts.extend(
        answered(session, Key::Deployment)
            .map(|mut answer| {
                answer.label = "Chosen".to_owned();
                answer
            })
            .filter(|answer| answer.note != "from hal config"),
    );
    page.push(Block::Facts(facts));
}

fn checks(session: &Session) -> Vec<Check> {
    let mut checks = session.facts.site().map(|site| site.checks.clone()).unwrap_or_default();
    checks.extend(root_checks(session));
    if let Some(deployment) = session.deployment() {
        checks.push(aws_provider(session.road(), deployment));
        for plugin in &deployment.own_plugins {
            let version = plugin.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
            let detail = format!(
                "{}{version} stands there too: every service downloads it and restarts for it",
                plugin.key
            );
            checks.push(
                Check::new(CheckVerdict::Warning, "hal config itself", detail).with_remedy(&plugin.remove),
            );
        }
    }
    checks.extend(daemon_checks(session).unwrap_or_default());
    checks
}

/// Halyard takes a provider that hal config leaves out as switched off.
fn aws_provider(road: Road, deployment: &Deployment) -> Check {
    if !road.is_halyard() {
        let label = "AWS provider";
        return match deployment.aws_enabled {
            Some(true) => Check::new(CheckVerdict::Good, label, "on"),
            Some(false) => {
                Check::new(CheckVerdict::Warning, label, "off: the plugin will have nothing to refresh")
                    .with_remedy("Set aws.enabled in Clouddriver's profile.")
            }
            None => Check::new(CheckVerdict::Unknown, label, "what was read does not say whether it is on"),
        };
    }
    let warning = |detail: String| Check::new(CheckVerdict::Warning, "AWS provider", detail);
    match deployment.aws_enabled {
        Some(true) => Check::new(CheckVerdict::Good, "AWS provider", "on"),
        Some(false) => warning("off in hal config: the plugin will have nothing to refresh".to_owned())
            .with_remedy("hal config provider aws enable"),
        None => {
            let others = deployment.providers.join(", ");
            warning(if others.is_empty() {
                "hal config lists no providers".to_owned()
            } else {
                format!("hal config does not switch aws on, so it is off; on: {others}")
            })
            .with_remedy("Add an AWS account, or go on if Clouddriver gets it from elsewhere.")
        }
    }
}

pub(super) fn pass(session: &Session) -> Pass {
    let road = session.road();
    let Some(site) = session.facts.site() else { return Pass::Busy(format!("the {}", road.home())) };
    let place = match road {
        Road::Halyard => Key::HalDirectory,
        Road::Kustomize => Key::Overlay,
        Road::Operator => Key::Manifest,
    };
    if let Err(trouble) = &site.config {
        return Pass::Stuck(crate::ui::pass::Stuck {
            why: format!("{} {}", trouble.what, trouble.fix),
            item: Some(ItemId::Field(place)),
            key: Some(place),
            exit: Exit::Preflight,
        });
    }
    if session.deployment().is_none() {
        let config = site.config.as_ref().ok();
        let error =
            config.and_then(|config| config.deployment(Some(session.answers.text(Key::Deployment))).err());
        let why = error.map_or_else(|| "Choose a deployment.".to_owned(), |error| error.to_string());
        return Pass::stuck(why, Exit::Preflight);
    }
    if session.settling > 0 {
        // What was done there decides which screen comes next.
        return Pass::Busy("what was done here before".to_owned());
    }
    if daemon_checks(session).is_none() {
        let what = if road.is_halyard() { "the Halyard daemon" } else { "the cluster" };
        return Pass::Busy(what.to_owned());
    }
    if let Some(check) = bad(&checks(session)) {
        let remedy = check.remedy.clone().unwrap_or_default();
        return Pass::stuck(format!("{}: {}. {remedy}", check.label, check.detail), Exit::Preflight);
    }
    if !session.answers.is_yes(Key::Acknowledged) && session.setup.mode == crate::model::mode::Mode::Operator
    {
        let why = "Read the note about plugins, tick it, and go on.";
        return Pass::item(why, ItemId::Toggle(Key::Acknowledged), Key::Acknowledged, Exit::Usage);
    }
    Pass::Ready
}
