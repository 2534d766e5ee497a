//! Transition tables: each screen against what may be found, and what it then lets pass.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests read fixtures from disk")]

mod support;

use ecw_halyard::PendingChange;
use ecw_profile::{Finding, Position};
use ecw_wizard::model::check::CheckVerdict;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::report::*;
use ecw_wizard::model::screen::Screen;
use ecw_wizard::screens;
use ecw_wizard::ui::page::{Action, Fold, ItemId};
use ecw_wizard::ui::pass::Pass;
use ecw_wizard::values::answers::Key;
use ecw_wizard::values::aws_trouble::AwsTrouble;
use ecw_wizard::values::trouble::Trouble;
use ecw_wizard::{Cmd, Effect, Event};
use support::{DECIDED, Desk, READ, TOPIC, World, check, config, topic};

/// What a screen lets pass, in words.
fn pass(world: World, given: &[(Key, &str)], screen: Screen) -> String {
    let desk = Desk::open(world, given);
    match screens::pass(&desk.session, screen) {
        Pass::Ready => "passes".to_owned(),
        Pass::Busy(what) => format!("busy: {what}"),
        Pass::Stuck(stuck) => {
            let key = stuck.key.map(|key| format!(" [{}]", key.path())).unwrap_or_default();
            format!("stuck, exit {}{key}: {}", stuck.exit.code(), stuck.why)
        }
    }
}

type Case = (&'static str, fn(&mut World), &'static [(Key, &'static str)]);

fn table(screen: Screen, cases: &[Case]) -> String {
    cases
        .iter()
        .map(|(name, change, given)| {
            let mut world = World::good();
            change(&mut world);
            format!("{name} -> {}\n", pass(world, given, screen))
        })
        .collect()
}

/// The note was read, and nothing is to be deployed from here.
const FILES_ALONE: &[(Key, &str)] = &[(Key::Acknowledged, "true"), (Key::Apply, "false")];

#[test]
fn prerequisites_pass_when_everything_is_there_and_the_note_was_read() {
    insta::assert_snapshot!(table(
        Screen::Prerequisites,
        &[
            ("good", |_| {}, READ),
            ("note not read", |_| {}, &[]),
            ("no answer about the directory", |world| world.silent = Some("site"), READ),
            ("no answer of the daemon", |world| world.silent = Some("daemon"), READ),
            (
                "no hal config",
                |world| world.site.config = Err(Trouble::new("There is none.", "Name another.")),
                READ
            ),
            ("unknown deployment", |_| {}, &[(Key::Acknowledged, "true"), (Key::Deployment, "prod")]),
            (
                "daemon down",
                |world| world.daemon.checks =
                    vec![check(CheckVerdict::Bad, "Halyard daemon").with_remedy("Start it.")],
                READ
            ),
            (
                "daemon down, and no deploy is wanted",
                |world| {
                    world.daemon.checks =
                        vec![check(CheckVerdict::Bad, "Halyard daemon").with_remedy("Start it.")];
                    world.daemon.hal_version = None;
                },
                FILES_ALONE
            ),
            (
                "the daemon reads another directory, and no deploy is wanted",
                |world| world.daemon.checks = vec![check(CheckVerdict::Bad, "Directory")],
                FILES_ALONE
            ),
            (
                "LocalDebian without root, and no deploy is wanted",
                |world| world.site.root_checks = vec![check(CheckVerdict::Bad, "Root for hal")],
                FILES_ALONE
            ),
            (
                "daemon cannot be told",
                |world| world.daemon.checks = vec![check(CheckVerdict::Unknown, "Halyard daemon")],
                READ
            ),
            ("AWS provider off", |world| world.site.config = Ok(config("h15-aws-disabled.yml")), READ),
            (
                "plugin in hal config too",
                |world| world.site.config = Ok(config("h17-plugin-in-halconfig-too.yml")),
                READ
            ),
            (
                "LocalDebian without root",
                |world| world.site.root_checks = vec![check(CheckVerdict::Bad, "Root for hal")],
                READ
            ),
        ]
    ));
}

#[test]
fn version_passes_inside_the_matrix_or_by_a_deliberate_act() {
    insta::assert_snapshot!(table(
        Screen::Version,
        &[
            ("1.31", |_| {}, &[]),
            ("older", |world| world.site.config = Ok(config("h05-unsupported-1.27.3.yml")), &[]),
            (
                "older, agreed",
                |world| world.site.config = Ok(config("h05-unsupported-1.27.3.yml")),
                &[(Key::AllowUntested, "true")]
            ),
            (
                "moving build",
                |world| world.site.config = Ok(config("h08-master-latest-unvalidated.yml")),
                &[]
            ),
            (
                "moving build, line named",
                |world| world.site.config = Ok(config("h08-master-latest-unvalidated.yml")),
                &[(Key::SpinnakerLine, "1.30")]
            ),
            ("Spring Boot 3", |_| {}, &[(Key::SpinnakerLine, "2025.4")]),
            ("not a version", |_| {}, &[(Key::PluginVersion, "latest")]),
            (
                "not listed",
                |world| world.repository.checks = vec![check(CheckVerdict::Bad, "Plugin repository")],
                &[]
            ),
            (
                "repository not reachable from here",
                |world| world.repository.checks = vec![check(CheckVerdict::Unknown, "Plugin repository")],
                &[]
            ),
            ("no answer yet", |world| world.silent = Some("repository"), &[]),
        ]
    ));
}

#[test]
fn configure_passes_what_can_be_edited_and_nothing_else() {
    insta::assert_snapshot!(table(
        Screen::Configure,
        &[
            ("insert", |_| {}, &[]),
            (
                "already right",
                |world| world.outcome = ProfileOutcome::Unchanged { findings: Vec::new() },
                &[]
            ),
            ("create", |world| world.outcome = ProfileOutcome::Create, &[]),
            ("repair", |world| world.outcome = repair(), &[]),
            ("repair, not wanted", |world| world.outcome = repair(), &[(Key::Repair, "false")]),
            (
                "newer version",
                |world| world.outcome =
                    ProfileOutcome::AsksNewer { found: "0.3.0".into(), at: Position { line: 4, column: 7 } },
                &[]
            ),
            (
                "unreadable",
                |world| world.outcome =
                    ProfileOutcome::Unreadable { trouble: Trouble::new("Denied.", "Ask.") },
                &[]
            ),
            ("read-only", |world| world.site.read_only = Some("It cannot be written.".into()), &[]),
            (
                "read-only, but already right",
                |world| {
                    world.site.read_only = Some("It cannot be written.".into());
                    world.outcome = ProfileOutcome::Unchanged { findings: Vec::new() };
                },
                &[]
            ),
            ("no answer yet", |world| world.silent = Some("profiles"), &[]),
        ]
    ));
}

fn repair() -> ProfileOutcome {
    ProfileOutcome::Repair {
        findings: vec![Finding::Disabled { found: "false".into(), at: Position { line: 4, column: 7 } }],
    }
}

#[test]
fn install_plan_stops_at_a_pending_version_only() {
    insta::assert_snapshot!(table(
        Screen::InstallPlan,
        &[
            ("nothing pending", |_| {}, &[]),
            ("another field", |world| world.pending.changes = Some(vec![changed("security.x")]), &[]),
            ("version", |world| world.pending.changes = Some(vec![changed("version")]), &[]),
            (
                "version, agreed",
                |world| world.pending.changes = Some(vec![changed("version")]),
                &[(Key::AllowPending, "true")]
            ),
            (
                "version, but no apply",
                |world| world.pending.changes = Some(vec![changed("version")]),
                &[(Key::Apply, "false")]
            ),
            ("no answer yet", |world| world.silent = Some("pending"), &[]),
        ]
    ));
}

fn changed(path: &str) -> PendingChange {
    PendingChange { path: path.into(), before: Some("1".into()), after: Some("2".into()) }
}

#[test]
fn aws_identity_tells_every_trouble_apart_and_not_from_here_always_passes() {
    insta::assert_snapshot!(table(
        Screen::AwsIdentity,
        &[
            ("known", |_| {}, &[]),
            ("no answer yet", |world| world.silent = Some("identity"), &[]),
            ("no credentials", |world| world.identity = Err(AwsTrouble::NoCredentials.into()), &[]),
            ("expired", |world| world.identity = Err(AwsTrouble::Expired.into()), &[]),
            ("SSO", |world| world.identity = Err(AwsTrouble::SsoLogin { profile: "dev".into() }.into()), &[]),
            (
                "denied",
                |world| world.identity =
                    Err(AwsTrouble::Denied { detail: "sts:GetCallerIdentity".into() }.into()),
                &[]
            ),
            (
                "unreachable",
                |world| world.identity =
                    Err(AwsTrouble::Unreachable { detail: "no answer in time".into() }.into()),
                &[]
            ),
            ("wrong region", |_| {}, &[(Key::Region, "mars")]),
            (
                "not from here",
                |world| world.identity = Err(AwsTrouble::NoCredentials.into()),
                &[(Key::SnsWhen, "later")]
            ),
        ]
    ));
}

#[test]
fn topic_refuses_what_sns_or_aws_config_would_refuse() {
    insta::assert_snapshot!(table(
        Screen::Topic,
        &[
            ("new", |_| {}, &[]),
            ("illegal name", |_| {}, &[(Key::TopicName, "AWS Event Cache Plugin")]),
            ("FIFO", |_| {}, &[(Key::TopicArn, "arn:aws:sns:us-west-2:123456789012:x.fifo")]),
            ("other region", |_| {}, &[(Key::TopicArn, "arn:aws:sns:eu-west-1:123456789012:x")]),
            ("an ARN that does not exist", |_| {}, &[(Key::TopicArn, TOPIC)]),
            ("existing", |world| world.topic.as_mut().unwrap().exists = true, &[(Key::TopicArn, TOPIC)]),
            (
                "encrypted",
                |world| {
                    let topic = world.topic.as_mut().unwrap();
                    (topic.exists, topic.encrypted) = (true, true);
                },
                &[(Key::TopicArn, TOPIC)]
            ),
            (
                "policy denies",
                |world| world.topic.as_mut().unwrap().policy_trouble = Some("It denies.".into()),
                &[]
            ),
            (
                "denied",
                |world| world.topic =
                    Err(AwsTrouble::Denied { detail: "SNS:GetTopicAttributes".into() }.into()),
                &[]
            ),
            ("no answer yet", |world| world.silent = Some("topic"), &[]),
        ]
    ));
}

#[test]
fn endpoint_wants_a_legal_address_and_passes_warnings() {
    insta::assert_snapshot!(table(
        Screen::Endpoint,
        &[
            ("from hal config", |_| {}, &[]),
            ("without scheme", |_| {}, &[(Key::Endpoint, "gate.example.com/aws/notify")]),
            ("with a user name", |_| {}, &[(Key::Endpoint, "https://me:pw@gate.example.com/aws/notify")]),
            (
                "private address",
                |world| world.endpoint.checks = vec![check(CheckVerdict::Warning, "Address")],
                &[]
            ),
            ("no answer yet", |world| world.silent = Some("endpoint"), &[]),
        ]
    ));
}

#[test]
fn delivery_is_pointed_elsewhere_only_when_the_present_topic_is_named() {
    fn publishes(world: &mut World) {
        let config = world.topics.as_mut().unwrap().config.as_mut().unwrap();
        config.channel.as_mut().unwrap().topic = Some(topic("arn:aws:sns:us-west-2:123456789012:other"));
    }
    insta::assert_snapshot!(table(
        Screen::Delivery,
        &[
            ("nobody has decided", publishes, &[(Key::TopicArn, "new")]),
            ("left as it is", publishes, &[(Key::TopicArn, "new"), (Key::ConfigDelivery, "check")]),
            (
                "pointed, present topic not named",
                publishes,
                &[(Key::TopicArn, "new"), (Key::ConfigDelivery, "point-at-topic")]
            ),
            (
                "pointed, named",
                publishes,
                &[
                    (Key::TopicArn, "new"),
                    (Key::ConfigDelivery, "point-at-topic"),
                    (Key::ReplaceTopicArn, "arn:aws:sns:us-west-2:123456789012:other"),
                ]
            ),
            ("nothing published so far", |_| {}, &[(Key::ConfigDelivery, "point-at-topic")]),
            ("no answer yet", |world| world.silent = Some("topics"), &[]),
        ]
    ));
}

#[test]
fn the_deploy_command_is_exact_for_every_kind_of_deployment() {
    let command = |name: &str, root: Option<RootWay>, given: &[(Key, &str)]| {
        let mut world = World::good();
        world.site.config = Ok(config(name));
        world.site.root = root;
        let session = Desk::open(world, given).session;
        ecw_wizard::rules::plan::stages(&session)
            .iter()
            .map(|stage| ecw_wizard::rules::plan::command(&session, stage).join(" "))
            .collect::<Vec<_>>()
    };
    let hal = "hal --color false deploy apply --deployment default";
    assert_eq!(
        command("h01-plain-1.31.2.yml", None, &[]),
        [format!("{hal} --service-names gate"), format!("{hal} --service-names clouddriver")]
    );
    assert_eq!(
        command("h02-ha-1.30.1.yml", None, &[(Key::Stages, "all-at-once")]),
        [format!(
            "{hal} --service-names clouddriver-caching clouddriver-rw clouddriver-ro clouddriver-ro-deck gate"
        )]
    );
    assert_eq!(
        command("h04-localdebian-1.29.0.yml", Some(RootWay::Sudo), &[])[0],
        format!("sudo -n {hal} --service-names gate")
    );
    assert_eq!(
        command(
            "h01-plain-1.31.2.yml",
            None,
            &[(Key::Validate, "false"), (Key::HalCommand, "docker exec -i halyard hal")]
        )[0],
        "docker exec -i halyard hal --color false deploy apply --deployment default --no-validate --service-names gate"
    );
}

#[test]
fn next_goes_through_the_flow_and_back_keeps_every_value() {
    let mut desk = Desk::open(World::good(), DECIDED);
    let mut seen = Vec::new();
    while desk.session.screen() != Screen::Review {
        seen.push(desk.session.screen());
        desk.next();
    }
    let asks: Vec<Screen> =
        Screen::FLOW.into_iter().filter(|screen| screen.asks() && *screen != Screen::Targets).collect();
    assert_eq!(seen, asks);
    let before: Vec<_> =
        desk.session.answers().iter().map(|(key, answer)| (key, answer.value.clone())).collect();
    for expected in seen.iter().rev() {
        desk.now = desk.now.plus(1_000);
        let effects = desk.session.update(Event::Cmd { cmd: Cmd::Back }, desk.now);
        desk.perform(effects);
        assert_eq!(desk.session.screen(), *expected);
    }
    for expected in asks[1..].iter().chain([&Screen::Review]) {
        desk.next();
        assert_eq!(desk.session.screen(), *expected);
    }
    let after: Vec<_> =
        desk.session.answers().iter().map(|(key, answer)| (key, answer.value.clone())).collect();
    assert_eq!(after, before);
}

#[test]
fn an_enter_that_comes_with_a_question_does_not_answer_it() {
    let mut desk = Desk::open(World::good(), &[]);
    let mut enter = |after: u64| {
        desk.now = desk.now.plus(after);
        let effects = desk.session.update(Event::Cmd { cmd: Cmd::Activate }, desk.now);
        desk.perform(effects);
        desk.session.answers().is_yes(Key::Acknowledged)
    };
    assert_eq!([enter(1_000), enter(100), enter(700)], [false, false, true]);
}

#[test]
fn a_plan_writes_nothing() {
    let mut desk = Desk::open_as(Mode::PlanOnly, World::good(), &[]);
    let effects = desk.session.update(Event::Terminate, desk.now);
    assert_eq!(effects, [Effect::Quit(ecw_wizard::Exit::Terminated)]);
}

#[test]
fn not_from_here_skips_the_sns_questions_and_can_be_taken_back() {
    let mut desk = Desk::open(World::good(), READ);
    desk.next().next().next().next();
    assert_eq!(desk.session.screen(), Screen::AwsIdentity);
    desk.press(ItemId::Button(Action::NotFromHere));
    assert_eq!(desk.session.screen(), Screen::Review);
    desk.press(ItemId::Fold(Fold::Values));
    desk.press(ItemId::Button(Action::GoTo(Screen::AwsIdentity))).press(ItemId::Button(Action::FromHere));
    desk.next();
    assert_eq!(desk.session.screen(), Screen::Topic);
}

#[test]
fn review_begins_only_through_its_dialog_and_not_while_something_is_open() {
    let mut desk = Desk::open(World::good(), DECIDED);
    while desk.session.screen() != Screen::Review {
        desk.next();
    }
    assert_eq!(screens::pass(&desk.session, Screen::Review), Pass::Ready);
    desk.next();
    let dialog = desk.session.dialog().cloned().unwrap();
    assert_eq!((dialog.chosen(), dialog.buttons.len()), (Action::GoBack, 2));
    desk.now = desk.now.plus(1_000);
    let effects = desk.session.update(Event::Cmd { cmd: Cmd::Activate }, desk.now);
    assert!(effects.iter().all(|effect| !matches!(effect, Effect::Journal(_))), "the safe button began");
    assert!(desk.session.dialog().is_none());
}
