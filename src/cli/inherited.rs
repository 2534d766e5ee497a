//! What an installation under Halyard leaves to the road that took its place: endpoint, topic, region and version, as
//! hints that the screens show. Nothing of it is taken without an operator who sees it.

use ecw_actions::open;
use ecw_host::state_place::{PlaceCell, StatePlace};
use ecw_host::store::StateDirectory;
use ecw_wizard::model::ledger::Ledger;
use ecw_wizard::steps::SubscribeGate;
use ecw_wizard::values::answers::{Answers, Key};
use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::names::DeploymentName;

use super::place::Grounds;

/// What is known of the installation under Halyard.
pub(super) struct Inherited {
    /// Where its state stands.
    pub(super) place: String,
    /// Answers that still hold: (which, value).
    pub(super) answers: Vec<(Key, String)>,
}

impl Inherited {
    /// Reads what stands in the state of the first hal directory that has one; `None` = there is none.
    pub(super) fn of(grounds: &Grounds<'_>, halyard_in: &HalyardIn, given: Option<&str>) -> Option<Self> {
        let candidates: Vec<String> = match given {
            Some(dir) => vec![halyard_in.at(dir)],
            None => grounds.files.candidates(halyard_in).into_iter().map(|(dir, _)| dir).collect(),
        };
        candidates.iter().find_map(|dir| Self::at(grounds, dir))
    }

    fn at(grounds: &Grounds<'_>, dir: &str) -> Option<Self> {
        let config = grounds.files.read(&format!("{dir}/config")).ok().flatten()?;
        let config = ecw_halyard::HalConfig::read(&config).ok();
        let deployment: DeploymentName = config.map(|config| config.current).unwrap_or_default();
        let place = StatePlace::of(Some(dir), deployment, None, grounds.user_state);
        let words = place.words();
        let store = StateDirectory::new(PlaceCell::new(place), None, None).carried_by(grounds.far.clone());
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
