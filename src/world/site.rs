//! The world's state and its begin.

use std::collections::{BTreeMap, BTreeSet};

use ecw_halyard::ServiceName;

use crate::faults::Fault;
use crate::files::MemoryFiles;
use crate::things::{Apply, Channel, Subscription, Topic};

/// The account of the stand-in AWS.
pub const ACCOUNT: &str = "123456789012";
/// Its region.
pub const REGION: &str = "us-west-2";
/// Where the hal directory stands in the skin without a disk.
pub const HAL_DIR: &str = "/home/spinnaker/.hal";

/// A deployed service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// It runs with a profile that enables the plugin at this version.
    pub plugin: Option<String>,
    /// World time from which it is ready with that.
    pub ready_at: u64,
}

/// Everything.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub faults: BTreeSet<Fault>,
    /// Files, in the skin without a disk.
    pub files: MemoryFiles,
    pub(crate) services: BTreeMap<ServiceName, Service>,
    pub(crate) applies: Vec<Apply>,
    pub(crate) topics: BTreeMap<String, Topic>,
    pub(crate) subscriptions: Vec<Subscription>,
    /// The account and region that are called at the moment.
    pub(crate) called: (String, String),
    /// AWS Config's delivery channels, by account and region.
    pub(crate) channels: BTreeMap<(String, String), Channel>,
    /// Accounts and regions that were called.
    pub(crate) seen: BTreeSet<(String, String)>,
    /// World time of the latest snapshot that was delivered.
    pub(crate) snapshot: Option<u64>,
    pub(crate) next_id: u64,
    /// Every change that was made to the world, in order: what tests count.
    pub effects: Vec<String>,
}

impl World {
    /// Returns a world in which nothing is installed, with a realistic hal directory.
    #[must_use]
    pub fn new(faults: impl IntoIterator<Item = Fault>) -> Self {
        let mut world = Self { faults: faults.into_iter().collect(), ..Self::default() };
        world.call(ACCOUNT, REGION);
        for (path, text) in Self::hal_directory(&world.faults) {
            world.files.put(format!("{HAL_DIR}/{path}"), text, 0);
        }
        world
    }

    /// Returns the files of the stand-in hal directory, by path below it.
    #[must_use]
    pub fn hal_directory(faults: &BTreeSet<Fault>) -> Vec<(&'static str, String)> {
        let config = include_str!("../../assets/rehearsal/config.yml");
        // Halyard's full form, as it writes it at each apply: every default stands there.
        let applied = include_str!("../../assets/rehearsal/backup-config.yml");
        let applied = if faults.contains(&Fault::PendingVersion) {
            applied.replace("1.31.2", "1.31.1")
        } else {
            applied.to_owned()
        };
        vec![
            ("config", config.to_owned()),
            (".backup/config", applied),
            (
                "default/profiles/clouddriver-local.yml",
                include_str!("../../assets/rehearsal/clouddriver-local.yml").to_owned(),
            ),
            (
                "default/profiles/gate-local.yml",
                include_str!("../../assets/rehearsal/gate-local.yml").to_owned(),
            ),
            ("default/profiles/orca-local.yml", "tasks:\n  executionWindow:\n    timezone: UTC\n".to_owned()),
            ("default/service-settings/gate.yml", "healthEndpoint: /health\n".to_owned()),
            (
                "default/history/service-profiles.yml",
                "clouddriver:\n  clouddriver.yml: d41d8cd9\ngate:\n  gate.yml: d41d8cd9\n".to_owned(),
            ),
        ]
    }

    /// Says which account and region the next calls of AWS are made in. AWS Config records wherever it is
    /// first looked at.
    pub fn call(&mut self, account: &str, region: &str) {
        self.called = (account.to_owned(), region.to_owned());
        if !self.seen.insert(self.called.clone()) {
            return;
        }
        let channel =
            Channel { name: "default".to_owned(), bucket: format!("config-bucket-{account}"), topic: None };
        self.channels.insert(self.called.clone(), channel);
    }

    pub(crate) fn has(&self, fault: Fault) -> bool {
        self.faults.contains(&fault)
    }

    pub(crate) fn note(&mut self, effect: impl Into<String>) {
        let (account, region) = &self.called;
        let effect = effect.into();
        let elsewhere = (account.as_str(), region.as_str()) != (ACCOUNT, REGION);
        self.effects.push(if elsewhere { format!("{account} {region} {effect}") } else { effect });
    }

    /// Returns an id that looks like a UUID and is the same in each rehearsal.
    pub(crate) fn id(&mut self) -> String {
        self.next_id += 1;
        format!("00000000-0000-4000-8000-{:012x}", self.next_id)
    }

    /// Returns the state of a service at a moment.
    #[must_use]
    pub fn service(&self, service: ServiceName) -> Service {
        self.services.get(&service).cloned().unwrap_or_default()
    }
}
