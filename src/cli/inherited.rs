//! What an installation under Halyard leaves to the road that took its place: endpoint, topic, region and version, as
//! hints that the screens show. Nothing of it is taken without an operator who sees it.

use std::path::{Path, PathBuf};

use ecw_actions::open;
use ecw_host::disk::Disk;
use ecw_host::state_place::{PlaceCell, StatePlace};
use ecw_host::store::StateDirectory;
use ecw_ports::Files;
use ecw_wizard::model::ledger::Ledger;
use ecw_wizard::steps::SubscribeGate;
use ecw_wizard::values::answers::{Answers, Key};
use ecw_wizard::values::names::DeploymentName;

/// What is known of the installation under Halyard.
pub(super) struct Inherited {
    /// Where its state stands.
    pub(super) place: String,
    /// Answers that still hold: (which, value).
    pub(super) answers: Vec<(Key, String)>,
}

impl Inherited {
    /// Reads what stands in the state of the first hal directory that has one; `None` = there is none.
    pub(super) fn of(disk: &Disk, given: Option<&str>) -> Option<Self> {
        let candidates: Vec<PathBuf> = match given {
            Some(dir) => vec![PathBuf::from(dir)],
            None => disk.candidates().into_iter().map(|(dir, _)| PathBuf::from(dir)).collect(),
        };
        candidates.iter().filter(|dir| dir.join("config").is_file()).find_map(|dir| Self::at(disk, dir))
    }

    fn at(disk: &Disk, dir: &Path) -> Option<Self> {
        let config = disk.read(&dir.join("config").display().to_string()).ok().flatten();
        let config = config.and_then(|bytes| ecw_halyard::HalConfig::read(&bytes).ok());
        let deployment: DeploymentName = config.map(|config| config.current).unwrap_or_default();
        let place =
            StatePlace { hal_dir: Some(dir.to_path_buf()), deployment, elsewhere: None, target: None };
        let words = place.words();
        let store = StateDirectory::new(PlaceCell::new(place), None, None);
        let ledger = open::ledger(&store).ok()?;
        ledger.run.as_ref()?;
        let saved = open::saved(&store).ok().flatten().map(|saved| saved.answers).unwrap_or_default();
        Some(Self { place: words, answers: answers(&ledger, &saved) })
    }
}

fn answers(ledger: &Ledger, saved: &Answers) -> Vec<(Key, String)> {
    let mut found = Vec::new();
    let subscribed = ledger.made.iter().rev().find_map(|work| work.intent.subscribe_gate());
    if let Some(SubscribeGate { aws, arn, endpoint }) = subscribed {
        found.push((Key::Endpoint, endpoint.as_str().to_owned()));
        found.push((Key::TopicArn, arn.to_string()));
        found.push((Key::Region, aws.region.to_string()));
    }
    for key in
        [Key::Endpoint, Key::TopicArn, Key::Region, Key::PluginVersion, Key::RepositoryUrl, Key::ProbeUrl]
    {
        let value = saved.text(key);
        if !value.is_empty() && found.iter().all(|(known, _)| *known != key) {
            found.push((key, value.to_owned()));
        }
    }
    found
}
