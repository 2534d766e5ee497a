//! `hal` and its daemon.

use ecw_halyard::ServiceName;
use ecw_profile::{EditVerdict, NewerVersion, WantedBlock};

use crate::faults::{Fault, LEAKED};
use crate::site::{Service, World};
use crate::things::{Apply, Frame};

const PREP_MS: u64 = 20_000;
const GATE_MS: u64 = 90_000;
const CLOUDDRIVER_MS: u64 = 240_000;

impl World {
    /// Begins an apply. `profile` returns the bytes of a file under `profiles/`.
    pub fn apply(
        &mut self,
        services: &[ServiceName],
        profile: impl Fn(&str) -> Option<Vec<u8>>,
        now: u64,
    ) -> usize {
        let names = services.iter().map(|each| each.as_str()).collect::<Vec<_>>().join(" ");
        self.note(format!("hal deploy apply {names}"));
        let meets = |apply: &Apply| {
            now < apply.started + apply.takes && apply.services.iter().any(|each| services.contains(each))
        };
        if self.applies.iter().any(meets) {
            self.note(format!("TWO DEPLOYS AT ONCE of {names}"));
        }
        let (frames, takes, exit) = self.script(services);
        let mut writes = Vec::new();
        if matches!(exit, 0 | 7) && !self.has(Fault::ApplyNothing) {
            let mut history = String::new();
            for service in services {
                let file = service.profile_file();
                history.push_str(&format!(
                    "{}:\n  {}.yml: d41d8cd9\n",
                    service.history_key(),
                    service.as_str()
                ));
                if let Some(bytes) = profile(file) {
                    history.push_str(&format!("  {file}: {}\n", &ecw_profile::sha256_hex(&bytes)[..8]));
                    writes.push((format!("staging/{file}"), bytes.clone()));
                    let plugin = enabled(&bytes);
                    let ready_at = now + takes + if service.is_gate() { 45_000 } else { 120_000 };
                    self.services.insert(*service, Service { plugin, ready_at });
                } else {
                    self.services.insert(*service, Service { plugin: None, ready_at: now + takes });
                }
            }
            writes.dedup();
            writes.push(("history/service-profiles.yml".to_owned(), history.into_bytes()));
        }
        self.applies.push(Apply {
            services: services.to_vec(),
            started: now,
            frames,
            takes,
            exit,
            writes,
            settled: false,
        });
        self.applies.len() - 1
    }

    /// Returns an apply.
    #[must_use]
    pub fn applied(&self, number: usize) -> Option<&Apply> {
        self.applies.get(number)
    }

    /// Takes the files that an apply which has ended leaves; once.
    pub fn settle(&mut self, number: usize, now: u64) -> Vec<(String, Vec<u8>)> {
        let Some(apply) = self.applies.get_mut(number) else { return Vec::new() };
        if apply.settled || now < apply.started + apply.takes {
            return Vec::new();
        }
        apply.settled = true;
        apply.writes.clone()
    }

    /// Interrupts an apply, as the daemon's task interrupt does.
    pub fn interrupt(&mut self, number: usize, now: u64) {
        self.note("daemon: interrupt task");
        if let Some(apply) = self.applies.get_mut(number) {
            let at = now.saturating_sub(apply.started);
            apply.frames.retain(|frame| frame.at <= at);
            apply.frames.push(Frame {
                at,
                text: "\r! Apply deployment\n\r  Interrupted\n- Failed to deploy Spinnaker.\n".to_owned(),
            });
            apply.takes = at;
            apply.exit = 7;
            apply.writes.clear();
        }
    }

    fn script(&self, services: &[ServiceName]) -> (Vec<Frame>, u64, i32) {
        let mut frames = Vec::new();
        let mut say = |at: u64, text: &str| frames.push(Frame { at, text: text.to_owned() });
        say(0, "\n\n\r+ Get current deployment\n\r  Success\n");
        say(1_000, "\n\n\r- Prep deployment\n\r  Validating default with DeploymentConfigurationValidator\n");
        if self.has(Fault::ApplyInvalid) {
            say(
                PREP_MS,
                "\r- Prep deployment\n\r  Failure\n\rValidation in default.persistentStorage.s3:\n! ERROR Failed to ensure the required bucket \"spin-front50\" exists: The security\n  token included in the request is invalid.\n\n- Failed to prep Spinnaker deployment\n",
            );
            return (frames, PREP_MS, 1);
        }
        if self.has(Fault::Leaky) {
            let [password, key] = LEAKED;
            let text = format!(
                "\rValidation in default.persistentStorage:\n- WARNING connected with password: {password}\n? Do not use {key}.\n\nusing dbPassword={password}\n"
            );
            say(PREP_MS, &text);
        }
        say(
            PREP_MS,
            "\r+ Prep deployment\n\r  Success\n\rValidation in default.security:\n- WARNING Your UI or API domain does not have override base URLs set even though\n  your Spinnaker deployment is a Distributed deployment on a remote cloud\n  provider.\n? We recommend that you instead configure an authentication mechanism.\n\n+ Preparation complete... deploying Spinnaker\n\n\n\r+ Get current deployment\n\r  Success\n\n\n\r^ Apply deployment\n\r  Generating all Spinnaker profile files and endpoints: Building service endpoints\n",
        );
        let takes = if services.iter().any(|each| !each.is_gate()) { CLOUDDRIVER_MS } else { GATE_MS };
        for service in services {
            say(PREP_MS + 5_000, &format!("\n\n\r^ Deploy {}\n\r\n", service.kubernetes_name()));
        }
        let marks = ["_", "-", "^", "*"];
        for (turn, at) in (PREP_MS + 6_000..takes).step_by(10_000).enumerate() {
            let mark = marks[turn % marks.len()];
            say(
                at,
                &format!(
                    "\r{mark} Apply deployment\n\r  Generating all Spinnaker profile files and endpoints: Waiting on deployments to complete\n"
                ),
            );
            for service in services {
                say(
                    at,
                    &format!(
                        "\r{mark} Deploy {0}\n\r  Deploying {0} with kubectl: Running kubectl apply on the resource definition...\n",
                        service.kubernetes_name()
                    ),
                );
            }
        }
        let (state, word, exit) = match () {
            () if self.has(Fault::ApplyKubectl) => ("-", "Failure", 1),
            () if self.has(Fault::ApplyTimeout) => ("/", "Timed out", 7),
            () => ("+", "Success", 0),
        };
        let takes = if exit == 7 { 30 * 60_000 } else { takes };
        say(takes, &format!("\r{state} Apply deployment\n\r  {word}\n"));
        for service in services {
            say(takes, &format!("\r{state} Deploy {}\n\r  {word}\n", service.kubernetes_name()));
        }
        say(
            takes,
            match exit {
                0 => "+ Run `hal deploy connect` to connect to Spinnaker.\n",
                1 => {
                    "\rValidation in Global:\n! ERROR Failed check for Namespace/spinnaker in null\nUnable to connect to the server: net/http: TLS handshake timeout\n\n\n- Failed to deploy Spinnaker.\n"
                }
                _ => {
                    "\rValidation in Global:\n! ERROR Unexpected exception:\n  DaemonTaskInterrupted(message=Child task timed out)\n\n- Failed to deploy Spinnaker. Task killed because it was taking too long.\n"
                }
            },
        );
        (frames, takes, exit)
    }
}

/// Returns the plugin version that a profile enables, as Spring would read it, whatever repository
/// it names.
fn enabled(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let urls = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("url: "))
        .map(|url| url.trim_matches(['\'', '"']).to_owned());
    let urls: Vec<String> = urls.collect();
    ["0.2.1", "0.2.0", "0.1.0"].into_iter().find_map(|version| {
        let fits = urls.iter().any(|url| {
            let wanted =
                WantedBlock { version: version.to_owned(), url: url.clone(), newer: NewerVersion::Ask };
            matches!(ecw_profile::plan(Some(bytes), &wanted), EditVerdict::Unchanged(_))
        });
        fits.then(|| version.to_owned())
    })
}
