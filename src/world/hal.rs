//! `hal` and its daemon.

use ecw_halyard::ServiceName;
use ecw_profile::{EditVerdict, NewerVersion, Root, WantedBlock};

use crate::faults::Fault;
use crate::hal_words::{self as words, Interrupt};
use crate::site::{Service, World};
use crate::things::{Apply, Frame};

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
        let (frames, takes, exit) = words::apply(&self.faults, services);
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
                    let plugin = enabled(&bytes, Root::File);
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

    /// Interrupts an apply.
    pub fn interrupt(&mut self, number: usize, who: Interrupt, now: u64) {
        self.note("daemon: interrupt task");
        if let Some(apply) = self.applies.get_mut(number) {
            let at = now.saturating_sub(apply.started);
            apply.frames.retain(|frame| frame.at <= at);
            let (text, exit) = words::interrupted(who, &apply.services);
            apply.frames.push(Frame { at, text });
            apply.takes = at;
            apply.exit = exit;
            apply.writes.clear();
        }
    }
}

/// Returns the plugin version that a profile enables at a root of a file, as Spring would read it, whatever repository
/// it names.
pub(crate) fn enabled(bytes: &[u8], root: Root) -> Option<String> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let urls = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("url: "))
        .map(|url| url.trim_matches(['\'', '"']).to_owned());
    let urls: Vec<String> = urls.collect();
    ["0.2.1", "0.2.0", "0.1.0"].into_iter().find_map(|version| {
        let fits = urls.iter().any(|url| {
            let wanted =
                WantedBlock { version: version.to_owned(), url: url.clone(), newer: NewerVersion::Ask, root };
            matches!(ecw_profile::plan(Some(bytes), &wanted), EditVerdict::Unchanged(_))
        });
        fits.then(|| version.to_owned())
    })
}
