//! Transition tables: each screen against what may be found, and what it then lets pass.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests read fixtures from disk")]

use std::collections::VecDeque;

use ecw_core::answers::{Answers, Key, Provenance};
use ecw_core::flow::{Pass, Screen};
use ecw_core::journal::{Actor, Ledger};
use ecw_core::names::TopicArn;
use ecw_core::page::{Action, ItemId};
use ecw_core::question::*;
use ecw_core::screens;
use ecw_core::session::{Looking, Mode, Rehearsal, Session, Setup};
use ecw_core::time::Now;
use ecw_core::trouble::{AwsTrouble, Trouble};
use ecw_core::{Cmd, Effect, Event};
use ecw_halyard::{Compatibility, HalConfig, PendingChange};
use ecw_profile::{Finding, Position};

const TOPIC: &str = "arn:aws:sns:us-west-2:123456789012:spinnaker-event-cache";

/// What the outside would answer.
#[derive(Clone)]
struct World {
    site: SiteReport,
    daemon: DaemonReport,
    repository: RepositoryReport,
    outcome: ProfileOutcome,
    pending: PendingReport,
    identity: Result<Identity, AwsTrouble>,
    topics: Result<TopicsReport, AwsTrouble>,
    topic: Result<TopicReport, AwsTrouble>,
    endpoint: EndpointReport,
    silent: Option<&'static str>,
}

fn check(verdict: Verdict, label: &str) -> Check {
    Check::new(verdict, label, "seen")
}

fn config(name: &str) -> HalConfig {
    let path = format!("{}/../../tests/fixtures/halconfigs/{name}", env!("CARGO_MANIFEST_DIR"));
    HalConfig::parse(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn topic(text: &str) -> TopicArn {
    TopicArn::parse(text).unwrap()
}

impl World {
    fn good() -> Self {
        let channel = Channel {
            name: "default".into(),
            bucket: Some("bucket".into()),
            topic: None,
            last_status: None,
            subscribers: Vec::new(),
        };
        Self {
            site: SiteReport {
                hal_dir: "/home/spinnaker/.hal".into(),
                found_by: "your home directory".into(),
                config: Ok(config("h01-plain-1.31.2.yml")),
                checks: vec![check(Verdict::Good, "Profiles directory")],
                gate_settings_url: None,
                read_only: None,
                git: GitTree::No,
                root_checks: Vec::new(),
                root: None,
            },
            daemon: DaemonReport {
                checks: vec![check(Verdict::Good, "Halyard daemon")],
                hal_version: Some("1.63.0".into()),
            },
            repository: RepositoryReport {
                checks: vec![check(Verdict::Good, "Plugin repository")],
                versions: vec!["0.2.1".into()],
            },
            outcome: ProfileOutcome::Edit { findings: Vec::new() },
            pending: PendingReport {
                changes: Some(Vec::new()),
                newer_files: Vec::new(),
                has_history: true,
                hal_diff: Some(Vec::new()),
            },
            identity: Ok(Identity {
                account: "123456789012".into(),
                arn: "arn:aws:iam::123456789012:user/x".into(),
                partition: "aws".into(),
            }),
            topics: Ok(TopicsReport {
                topics: Vec::new(),
                config: Ok(ConfigReport {
                    recorder: Some(("default".into(), RecorderState::Recording)),
                    channel: Some(channel),
                }),
            }),
            topic: Ok(TopicReport {
                arn: topic(TOPIC),
                exists: false,
                encrypted: false,
                policy_diff: Vec::new(),
                policy_trouble: None,
                subscriptions: Vec::new(),
            }),
            endpoint: EndpointReport { checks: vec![check(Verdict::Good, "Address")] },
            silent: None,
        }
    }

    fn answer(&self, question: &Question) -> Option<Report> {
        let (name, report) = match question {
            Question::Site { .. } => ("site", Report::Site(Box::new(self.site.clone()))),
            Question::Daemon { .. } => ("daemon", Report::Daemon(self.daemon.clone())),
            Question::Repository { .. } => ("repository", Report::Repository(self.repository.clone())),
            Question::Profiles { .. } => {
                let file = |name: &str| ProfileReport {
                    file: name.into(),
                    path: format!("/p/{name}"),
                    outcome: self.outcome.clone(),
                    before: Some("0".repeat(64)),
                    after: Some("1".repeat(64)),
                    diff: Vec::new(),
                    size: 100,
                };
                let files = vec![file("gate-local.yml"), file("clouddriver-local.yml")];
                (
                    "profiles",
                    Report::Profiles(ProfilesReport {
                        files,
                        contradictions: Vec::new(),
                        settings: Vec::new(),
                    }),
                )
            }
            Question::Pending { .. } => ("pending", Report::Pending(self.pending.clone())),
            Question::Identity { .. } => ("identity", Report::Identity(self.identity.clone())),
            Question::Topics { .. } => ("topics", Report::Topics(self.topics.clone())),
            Question::Topic { arn, .. } => {
                let report = self.topic.clone().map(|report| TopicReport { arn: arn.clone(), ..report });
                ("topic", Report::Topic(report))
            }
            Question::Endpoint { .. } => ("endpoint", Report::Endpoint(self.endpoint.clone())),
            Question::Gate { .. } => {
                let gate = GateReport {
                    health: check(Verdict::Good, "Gate"),
                    notify: NotifyVerdict::NotThere,
                    installed: check(Verdict::Good, "x"),
                };
                ("gate", Report::Gate(gate))
            }
            // Home looks at everything afresh.
            Question::Staged { .. }
            | Question::Ready { .. }
            | Question::Subscription { .. }
            | Question::Tasks { .. } => return None,
            other => panic!("not asked while asking: {other:?}"),
        };
        (self.silent != Some(name)).then_some(report)
    }
}

struct Desk {
    session: Session,
    world: World,
    now: Now,
}

impl Desk {
    fn open(world: World, given: &[(Key, &str)]) -> Self {
        let setup = Setup {
            actor: Actor { user: "u".into(), host: "h".into(), tty: None },
            compatibility: Compatibility::parse(include_str!("../../../assets/compatibility.yml")).unwrap(),
            run: "r".into(),
            change: None,
            mode: Mode::Operator,
            rehearsal: Rehearsal::No,
            come_back: "event-cache-wizard attach".into(),
            state_dir: None,
            looking: Looking::default(),
            unknown: ecw_core::session::Unknown::default(),
            expected: None,
        };
        let mut answers = Answers::default();
        for (key, value) in given {
            answers.set(*key, *value, Provenance::Typed);
        }
        let now = Now { mono: 1_000, wall: 1_795_348_800_000 };
        let mut desk =
            Self { session: Session::new(setup, answers, None, Ledger::default(), now), world, now };
        let effects = desk.session.start(now);
        desk.perform(effects);
        desk
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        let mut queue: VecDeque<Effect> = effects.into();
        while let Some(effect) = queue.pop_front() {
            assert!(!effect.changes_the_world());
            if let Effect::Ask(question) = effect
                && let Some(report) = self.world.answer(&question)
            {
                let event = Event::Answered { question: Box::new(question), report: Box::new(report) };
                queue.extend(self.session.update(event, self.now));
            }
        }
    }

    fn press(&mut self, item: ItemId) -> &mut Self {
        self.now = self.now.plus(1_000);
        let effects = self.session.update(Event::Cmd { cmd: Cmd::Press(item) }, self.now);
        self.perform(effects);
        self
    }

    fn next(&mut self) -> &mut Self {
        self.press(ItemId::Button(Action::Next))
    }
}

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

const READ: &[(Key, &str)] = &[(Key::Acknowledged, "true")];

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
                    vec![check(Verdict::Bad, "Halyard daemon").with_remedy("Start it.")],
                READ
            ),
            (
                "daemon cannot be told",
                |world| world.daemon.checks = vec![check(Verdict::Unknown, "Halyard daemon")],
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
                |world| world.site.root_checks = vec![check(Verdict::Bad, "Root for hal")],
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
                |world| world.repository.checks = vec![check(Verdict::Bad, "Plugin repository")],
                &[]
            ),
            (
                "repository not reachable from here",
                |world| world.repository.checks = vec![check(Verdict::Unknown, "Plugin repository")],
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
            ("no credentials", |world| world.identity = Err(AwsTrouble::NoCredentials), &[]),
            ("expired", |world| world.identity = Err(AwsTrouble::Expired), &[]),
            ("SSO", |world| world.identity = Err(AwsTrouble::SsoLogin { profile: "dev".into() }), &[]),
            (
                "denied",
                |world| world.identity = Err(AwsTrouble::Denied { detail: "sts:GetCallerIdentity".into() }),
                &[]
            ),
            (
                "unreachable",
                |world| world.identity = Err(AwsTrouble::Unreachable { detail: "no answer in time".into() }),
                &[]
            ),
            ("wrong region", |_| {}, &[(Key::Region, "mars")]),
            (
                "not from here",
                |world| world.identity = Err(AwsTrouble::NoCredentials),
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
                |world| world.topic = Err(AwsTrouble::Denied { detail: "SNS:GetTopicAttributes".into() }),
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
                |world| world.endpoint.checks = vec![check(Verdict::Warning, "Address")],
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
            ("left as it is", publishes, &[(Key::TopicArn, "new")]),
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
        ecw_core::plan::stages(&session)
            .iter()
            .map(|stage| ecw_core::plan::command(&session, stage).join(" "))
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
    let mut desk = Desk::open(World::good(), READ);
    let mut seen = Vec::new();
    while desk.session.screen() != Screen::Review {
        seen.push(desk.session.screen());
        desk.next();
    }
    assert_eq!(seen, Screen::FLOW[..8].to_vec());
    let before: Vec<_> =
        desk.session.answers.iter().map(|(key, answer)| (key, answer.value.clone())).collect();
    for expected in seen.iter().rev() {
        desk.now = desk.now.plus(1_000);
        let effects = desk.session.update(Event::Cmd { cmd: Cmd::Back }, desk.now);
        desk.perform(effects);
        assert_eq!(desk.session.screen(), *expected);
    }
    for expected in &Screen::FLOW[1..9] {
        desk.next();
        assert_eq!(desk.session.screen(), *expected);
    }
    let after: Vec<_> =
        desk.session.answers.iter().map(|(key, answer)| (key, answer.value.clone())).collect();
    assert_eq!(after, before);
}

#[test]
fn an_enter_that_comes_with_a_question_does_not_answer_it() {
    let mut desk = Desk::open(World::good(), &[]);
    let mut enter = |after: u64| {
        desk.now = desk.now.plus(after);
        let effects = desk.session.update(Event::Cmd { cmd: Cmd::Activate }, desk.now);
        desk.perform(effects);
        desk.session.answers.is_yes(Key::Acknowledged)
    };
    assert_eq!([enter(1_000), enter(100), enter(700)], [false, false, true]);
}

#[test]
fn a_plan_writes_nothing() {
    let mut desk = Desk::open(World::good(), READ);
    desk.session.setup.mode = Mode::PlanOnly;
    let effects = desk.session.update(Event::Terminate, desk.now);
    assert_eq!(effects, [Effect::Quit(ecw_core::Exit::Terminated)]);
}

#[test]
fn not_from_here_skips_the_sns_questions_and_can_be_taken_back() {
    let mut desk = Desk::open(World::good(), READ);
    desk.next().next().next().next();
    assert_eq!(desk.session.screen(), Screen::AwsIdentity);
    desk.press(ItemId::Button(Action::NotFromHere));
    assert_eq!(desk.session.screen(), Screen::Review);
    desk.press(ItemId::Button(Action::GoTo(Screen::AwsIdentity))).press(ItemId::Button(Action::FromHere));
    desk.next();
    assert_eq!(desk.session.screen(), Screen::Topic);
}

#[test]
fn review_begins_only_through_its_dialog_and_not_while_something_is_open() {
    let mut desk = Desk::open(World::good(), READ);
    while desk.session.screen() != Screen::Review {
        desk.next();
    }
    assert_eq!(screens::pass(&desk.session, Screen::Review), Pass::Ready);
    desk.next();
    let dialog = desk.session.dialog.clone().unwrap();
    assert_eq!((dialog.chosen(), dialog.buttons.len()), (Action::GoBack, 2));
    desk.now = desk.now.plus(1_000);
    let effects = desk.session.update(Event::Cmd { cmd: Cmd::Activate }, desk.now);
    assert!(effects.iter().all(|effect| !matches!(effect, Effect::Journal(_))), "the safe button began");
    assert!(desk.session.dialog.is_none());
}
