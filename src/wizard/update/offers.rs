//! What follows from facts: answers that are offered, and the screen that is opened.

use crate::model::mode::Mode;
use crate::model::press::Press;
use crate::model::report::ProfileOutcome;
use crate::model::screen::Screen;
use crate::rules::defaults::{DEFAULT_TOPIC, OF_PROFILE, REPOSITORY_URL};
use crate::state::Session;
use crate::state::stage::Stage;
use crate::values::answers::{Key, Provenance};
use crate::values::choices::{ConfigDelivery, NewerVersion, SnsWhen, Stages};
use crate::values::halyard_in::HalyardIn;
use crate::values::names::EndpointUrl;

impl Session {
    /// Offers the answers that follow from facts; stronger ones stay.
    pub(crate) fn offer_answers(&mut self) {
        let defaults = [
            (Key::HalCommand, "hal"),
            (Key::Kubectl, "kubectl"),
            (Key::DaemonEndpoint, "http://localhost:8064"),
            (Key::Validate, "true"),
            (Key::RepositoryUrl, REPOSITORY_URL),
            (Key::NewerVersion, NewerVersion::Ask.text()),
            (Key::Services, "clouddriver,gate"),
            (Key::WriteProfiles, "true"),
            (Key::Repair, "true"),
            (Key::Apply, "true"),
            (Key::Stages, Stages::GateFirst.text()),
            (Key::WaitForReady, "90m"),
            (Key::SnsWhen, SnsWhen::Now.text()),
            (Key::WaitForConfirmation, "5m"),
            (Key::TopicName, DEFAULT_TOPIC),
        ];
        for (key, value) in defaults {
            self.answers.offer(key, value, Provenance::Default);
        }
        if !self.setup.mode.asks() {
            // Whoever can be asked decides: one of the two ends in nothing ever arriving.
            self.answers.offer(Key::ConfigDelivery, ConfigDelivery::Check.text(), Provenance::Default);
        }
        self.offer_from_site();
        let plugin = self.compatibility().plugin().to_owned();
        if self.deployment().is_some() {
            self.answers.offer(
                Key::PluginVersion,
                plugin,
                Provenance::Detected("the compatibility table".to_owned()),
            );
        }
        let channel = self
            .facts
            .topics()
            .and_then(|topics| topics.as_ref().ok())
            .and_then(|topics| topics.config.as_ref().ok());
        let topic =
            channel.and_then(|config| config.channel.as_ref()).and_then(|channel| channel.topic.clone());
        // Who names a topic wants that one.
        let named = self.answers.get(Key::TopicName).is_some_and(|name| name.from.is_given());
        if let Some(topic) = topic.filter(|topic| !topic.is_fifo() && !named) {
            self.answers.offer(
                Key::TopicArn,
                topic.to_string(),
                Provenance::Detected("AWS Config's delivery channel".to_owned()),
            );
        }
    }

    fn offer_from_site(&mut self) {
        let Some(site) = self.facts.site() else { return };
        let (hal_dir, found_by) = (site.hal_dir.clone(), site.found_by.clone());
        let patch = if site.read_only.is_some() { "true" } else { "false" };
        self.answers.offer(Key::PatchOnly, patch, Provenance::Detected("the profiles directory".to_owned()));
        let Some(site) = self.facts.site() else { return };
        let settings_url = site.gate_settings_url.clone();
        let current = site.config.as_ref().ok().map(|config| config.current.clone());
        if self.road().is_halyard() {
            let (_, hal_dir) = HalyardIn::split(&hal_dir);
            self.answers.offer(Key::HalDirectory, hal_dir, Provenance::Detected(found_by));
        }
        let source = self.road().source();
        let from_config = || Provenance::Detected(source.to_owned());
        if let Some(current) = current {
            self.answers.offer(Key::Deployment, current, from_config());
        }
        let Some(deployment) = self.deployment() else { return };
        let gate = settings_url.or_else(|| deployment.gate_url.clone());
        let regions = deployment.aws_regions.clone();
        let probe = gate.clone().unwrap_or_else(|| "http://localhost:8084".to_owned());
        self.answers.offer(Key::ProbeUrl, probe, from_config());
        if let Some(gate) = gate {
            self.answers.offer(Key::Endpoint, EndpointUrl::of_gate(&gate), from_config());
        }
        let of_profile = Provenance::Detected(OF_PROFILE.to_owned());
        let named = self.answers.get(Key::Region).is_some_and(|region| region.from == of_profile);
        if let Some(region) = regions.first().filter(|_| !named) {
            self.answers.offer(Key::Region, region.clone(), from_config());
        }
    }

    /// Returns whether this session may open Home: an operator's, or one that is to adopt what it finds.
    pub(crate) fn opens_home(&self) -> bool {
        let adopts = self.setup.presses.contains(&Press::Adopt);
        self.setup.mode == Mode::Operator || adopts && self.setup.mode == Mode::Unattended
    }

    /// Shows Home first where the plugin is configured already and no journal knows of it, unless
    /// the operator has begun to go through the questions.
    pub(crate) fn find_home(&mut self) {
        if *self.stage.base() != Stage::Arriving || !self.opens_home() {
            return;
        }
        let Some(profiles) = self.facts.profiles() else { return };
        let there = !profiles.files.is_empty()
            && profiles.files.iter().all(|file| matches!(file.outcome, ProfileOutcome::Unchanged { .. }));
        let moved = self.forms.get(&Screen::Prerequisites).is_some_and(|form| form.moved);
        let untouched = self.passed.is_empty() && !moved && self.ledger.run.is_none();
        self.stage.move_to(if there && untouched { Stage::Home } else { Stage::Asking });
    }
}
