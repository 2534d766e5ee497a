//! What the core's tests share: a world that answers questions, and a desk at which an operator sits.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "each test uses a part of it and reads fixtures from disk"
)]

pub mod runner;

use std::collections::VecDeque;

use ecw_halyard::{Compatibility, HalConfig};
use ecw_wizard::model::aws_report::*;
use ecw_wizard::model::check::{Check, CheckVerdict};
use ecw_wizard::model::gate_answer::NotifyVerdict;
use ecw_wizard::model::journal::Actor;
use ecw_wizard::model::ledger::Ledger;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::question::Question;
use ecw_wizard::model::report::*;
use ecw_wizard::state::Session;
use ecw_wizard::state::setup::Setup;
use ecw_wizard::ui::page::{Action, ItemId};
use ecw_wizard::update;
use ecw_wizard::values::answers::{Answers, Key, Provenance};
use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::names::TopicArn;
use ecw_wizard::values::time::Now;
use ecw_wizard::values::trouble::Trouble;
use ecw_wizard::{Cmd, Effect, Event};

pub const TOPIC: &str = "arn:aws:sns:us-west-2:123456789012:spinnaker-event-cache";
/// The note about plugins was read.
pub const READ: &[(Key, &str)] = &[(Key::Acknowledged, "true")];

/// Everything is decided that has no default.
pub const DECIDED: &[(Key, &str)] = &[(Key::Acknowledged, "true"), (Key::ConfigDelivery, "check")];

/// Returns what does not change in a test.
pub fn setup(mode: Mode) -> Setup {
    let actor = Actor { user: "u".into(), host: "h".into(), tty: None };
    let compatibility = Compatibility::parse(include_str!("../../../../assets/compatibility.yml")).unwrap();
    Setup::new(mode, actor, "r".into(), compatibility)
}

/// What the outside would answer.
#[derive(Clone)]
pub struct World {
    pub site: SiteReport,
    pub halyards: Vec<HalyardFound>,
    pub daemon: DaemonReport,
    pub repository: RepositoryReport,
    pub outcome: ProfileOutcome,
    pub pending: PendingReport,
    pub identity: Result<Identity, Trouble>,
    pub topics: Result<TopicsReport, Trouble>,
    pub topic: Result<TopicReport, Trouble>,
    pub endpoint: EndpointReport,
    pub silent: Option<&'static str>,
    /// Whether the state of a place opens at once.
    pub opens: bool,
}

pub fn check(verdict: CheckVerdict, label: &str) -> Check {
    Check::new(verdict, label, "seen")
}

pub fn config(name: &str) -> HalConfig {
    let path = format!("{}/../../tests/fixtures/halconfigs/{name}", env!("CARGO_MANIFEST_DIR"));
    HalConfig::parse(&std::fs::read_to_string(path).unwrap()).unwrap()
}

pub fn topic(text: &str) -> TopicArn {
    TopicArn::parse(text).unwrap()
}

impl World {
    pub fn good() -> Self {
        let channel = Channel {
            name: "default".into(),
            bucket: Some("bucket".into()),
            topic: None,
            last_status: None,
            last_at: None,
            last_error: None,
            subscribers: Vec::new(),
        };
        Self {
            site: SiteReport {
                hal_dir: "/home/spinnaker/.hal".into(),
                found_by: "your home directory".into(),
                config: Ok(config("h01-plain-1.31.2.yml")),
                checks: vec![check(CheckVerdict::Good, "Profiles directory")],
                gate_settings_url: None,
                read_only: None,
                git: GitTree::No,
                root_checks: Vec::new(),
                root: None,
                road: ecw_wizard::values::road::Road::Halyard,
                home: ecw_wizard::model::place::ProfileHome::Halyard,
                workloads: Vec::new(),
                apply: Vec::new(),
            },
            halyards: vec![HalyardFound {
                halyard_in: HalyardIn::parse("docker:halyard").unwrap(),
                image: "spinnaker/halyard:1.44.0".into(),
            }],
            daemon: DaemonReport {
                checks: vec![check(CheckVerdict::Good, "Halyard daemon")],
                hal_version: Some("1.63.0".into()),
            },
            repository: RepositoryReport {
                checks: vec![check(CheckVerdict::Good, "Plugin repository")],
                versions: vec!["0.2.1".into()],
            },
            outcome: ProfileOutcome::Edit { findings: Vec::new() },
            pending: PendingReport {
                changes: Some(Vec::new()),
                newer_files: Vec::new(),
                has_history: true,
                hal_diff: Some(Vec::new()),
                hal_folded: 0,
            },
            identity: Ok(Identity {
                account: "123456789012".into(),
                arn: "arn:aws:iam::123456789012:user/x".into(),
                partition: "aws".into(),
            }),
            topics: Ok(TopicsReport {
                topics: Vec::new(),
                topics_missing: None,
                config: Ok(ConfigReport {
                    recorder: Some(("default".into(), RecorderState::Recording)),
                    records: Some(Recording::default()),
                    channel: Some(channel),
                }),
            }),
            topic: Ok(TopicReport {
                arn: topic(TOPIC),
                exists: false,
                encrypted: false,
                kms_key: None,
                policy_diff: Vec::new(),
                policy_trouble: None,
                policy_doubt: None,
                sample: None,
                subscriptions: Vec::new(),
                subscriptions_missing: None,
            }),
            endpoint: EndpointReport { checks: vec![check(CheckVerdict::Good, "Address")], answer: None },
            silent: None,
            opens: true,
        }
    }

    pub fn answer(&self, question: &Question) -> Option<Report> {
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
                    health: check(CheckVerdict::Good, "Gate"),
                    notify: NotifyVerdict::NotThere,
                    installed: check(CheckVerdict::Good, "x"),
                };
                ("gate", Report::Gate(gate))
            }
            Question::Halyards => ("halyards", Report::Halyards(self.halyards.clone())),
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

pub struct Desk {
    pub session: Session,
    pub world: World,
    pub now: Now,
}

impl Desk {
    pub fn open(world: World, given: &[(Key, &str)]) -> Self {
        Self::open_as(Mode::Operator, world, given)
    }

    pub fn open_as(mode: Mode, world: World, given: &[(Key, &str)]) -> Self {
        let setup = setup(mode);
        let mut answers = Answers::default();
        for (key, value) in given {
            answers.set(*key, *value, Provenance::Typed);
        }
        let now = Now { mono: 1_000, wall: 1_795_348_800_000 };
        let mut desk =
            Self { session: update::begun(setup, answers, None, Ledger::default(), now), world, now };
        let effects = desk.session.start(now);
        desk.perform(effects);
        desk
    }

    pub fn perform(&mut self, effects: Vec<Effect>) {
        let mut queue: VecDeque<Effect> = effects.into();
        while let Some(effect) = queue.pop_front() {
            assert!(!effect.changes_the_world());
            let event = match effect {
                Effect::Ask(question) => self
                    .world
                    .answer(&question)
                    .map(|report| Event::Answered { question: Box::new(question), report: Box::new(report) }),
                Effect::Settle { .. } if self.world.opens => Some(Event::Stayed),
                _ => None,
            };
            if let Some(event) = event {
                queue.extend(self.session.update(event, self.now));
            }
        }
    }

    pub fn cmd(&mut self, cmd: Cmd) -> &mut Self {
        self.now = self.now.plus(1_000);
        let effects = self.session.update(Event::Cmd { cmd }, self.now);
        self.perform(effects);
        self
    }

    pub fn press(&mut self, item: ItemId) -> &mut Self {
        self.now = self.now.plus(1_000);
        let effects = self.session.update(Event::Cmd { cmd: Cmd::Press(item) }, self.now);
        self.perform(effects);
        self
    }

    pub fn next(&mut self) -> &mut Self {
        self.press(ItemId::Button(Action::Next))
    }
}
