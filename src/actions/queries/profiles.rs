//! What has to happen to the two profiles, and what other files say. Bytes stay in here.

use ecw_profile::{Edit, EditVerdict, SiblingKind, read_sibling};
use ecw_wizard::model::place::WantedProfiles;
use ecw_wizard::model::report::{ProfileOutcome, ProfileReport, ProfilesReport};
use ecw_wizard::values::trouble::Trouble;

use super::diff::diff;
use super::edits::each_edit;
use ecw_ports::Ports;

pub(super) fn look(ports: &Ports, wanted: &WantedProfiles) -> ProfilesReport {
    let mut report = ProfilesReport { files: Vec::new(), contradictions: Vec::new(), settings: Vec::new() };
    // Where two profiles stand in one file, the second is planned on what the first makes of it.
    let mut made: Option<(String, Vec<u8>)> = None;
    for file in &wanted.files {
        let path = wanted.path_of(file);
        let bytes = match made.take_if(|(of, _)| *of == path) {
            Some((_, bytes)) => Ok(Some(bytes)),
            None => ports.files.read(&path),
        };
        let (profile, after) = profile(ports, wanted, file, path, bytes);
        made = after.map(|after| (profile.path.clone(), after));
        report.files.push(profile);
    }
    if wanted.home.is_halyard() {
        beside(ports, wanted, &mut report);
    } else if wanted.home_is_overlay() {
        beside_in_overlay(ports, wanted, &mut report);
    }
    report
}

/// Every service of an overlay reads `spinnaker-local.yml`, where it merges one from the same directory.
fn beside_in_overlay(ports: &Ports, wanted: &WantedProfiles, report: &mut ProfilesReport) {
    let Some(first) = wanted.files.first() else { return };
    let path = wanted.path_of(first);
    let (dir, _) = path.rsplit_once('/').unwrap_or((".", ""));
    let file = "spinnaker-local.yml";
    if let Ok(Some(bytes)) = ports.files.read(&format!("{dir}/{file}")) {
        let found = read_sibling(file, &SiblingKind::SpinnakerLocal, &bytes, &wanted.block);
        report.contradictions.extend(found);
    }
}

/// What else Halyard ships to the services.
fn beside(ports: &Ports, wanted: &WantedProfiles, report: &mut ProfilesReport) {
    let mut siblings = vec![
        ("spinnaker-local.yml".to_owned(), SiblingKind::SpinnakerLocal),
        ("clouddriver.yml".to_owned(), SiblingKind::Full),
        ("gate.yml".to_owned(), SiblingKind::Full),
    ];
    if wanted.clouddriver_ha {
        for role in ["caching", "rw", "ro", "ro-deck"] {
            siblings.push((format!("clouddriver-{role}-local.yml"), SiblingKind::Role));
        }
    }
    for (file, kind) in siblings {
        if let Ok(Some(bytes)) = ports.files.read(&wanted.path_of(&file)) {
            report.contradictions.extend(read_sibling(&file, &kind, &bytes, &wanted.block));
        }
    }
    for service in [
        "gate",
        "clouddriver",
        "clouddriver-caching",
        "clouddriver-rw",
        "clouddriver-ro",
        "clouddriver-ro-deck",
    ] {
        let path = format!("{}/{}/service-settings/{service}.yml", wanted.hal_dir, wanted.deployment);
        if let Ok(Some(bytes)) = ports.files.read(&path) {
            report.settings.extend(ecw_halyard::read_service_settings(&String::from_utf8_lossy(&bytes)).0);
        }
    }
}

/// Returns what would change in the profiles as a patch for `patch -p1` in the hal directory. It is
/// exact, so its context may hold secrets: it goes to a private file and nowhere else.
#[must_use]
pub fn patch(ports: &Ports, wanted: &WantedProfiles) -> String {
    let mut out = String::new();
    each_edit(ports, wanted, |path, before, after| {
        let name = path.strip_prefix(&format!("{}/", wanted.hal_dir)).unwrap_or(path);
        let old = before.unwrap_or_default();
        let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(after));
        let from = if before.is_some() { format!("a/{name}") } else { "/dev/null".to_owned() };
        let difference = similar::TextDiff::from_lines(&*old, &*new);
        out.push_str(
            &difference.unified_diff().context_radius(3).header(&from, &format!("b/{name}")).to_string(),
        );
    });
    out
}

/// Returns what has to happen to a profile, and the file as it then is.
fn profile(
    ports: &Ports,
    wanted: &WantedProfiles,
    file: &str,
    path: String,
    bytes: Result<Option<Vec<u8>>, Trouble>,
) -> (ProfileReport, Option<Vec<u8>>) {
    let block = wanted.block_for(file);
    let mut report = ProfileReport {
        file: file.to_owned(),
        path: path.clone(),
        outcome: ProfileOutcome::Create,
        before: None,
        after: None,
        diff: Vec::new(),
        size: 0,
    };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => {
            let trouble = Trouble::new(
                format!("{path} cannot be read: {error}."),
                "Run the wizard as who may read and write it (Halyard's user), or give this user the right.",
            );
            report.outcome = ProfileOutcome::Unreadable { trouble };
            return (report, None);
        }
    };
    report.size = bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
    // Kept only where another profile stands in the same file: profiles may be huge.
    let one_file = !block.root.is_file();
    let mut after = None;
    let mut edited = |edit: &Edit| {
        if one_file {
            after = edit.after(bytes.as_deref().unwrap_or_default()).ok();
        }
        report.after = Some(edit.receipt.after.clone());
        report.diff = diff(bytes.as_deref().unwrap_or_default(), &edit.receipt);
        let pieces = edit.pieces(bytes.as_deref().unwrap_or_default()).unwrap_or_default();
        report.size = pieces.iter().map(|piece| piece.len() as u64).sum();
    };
    let (verdict, hash) = match bytes.as_deref() {
        Some(bytes) => {
            let (verdict, hash) = ports.plans.plan_and_hash(bytes, &block);
            (verdict, Some(hash))
        }
        None => (ports.plans.plan(None, &block), None),
    };
    report.outcome = match verdict {
        EditVerdict::Unchanged(findings) => ProfileOutcome::Unchanged { findings },
        EditVerdict::Create(edit) => {
            edited(&edit);
            ProfileOutcome::Create
        }
        EditVerdict::Edit(edit) => {
            edited(&edit);
            ProfileOutcome::Edit { findings: edit.findings }
        }
        EditVerdict::Repair(edit) => {
            edited(&edit);
            ProfileOutcome::Repair { findings: edit.findings }
        }
        EditVerdict::AsksNewer { found, at } => ProfileOutcome::AsksNewer { found, at },
        EditVerdict::Refused(refusal) => ProfileOutcome::Refused { refusal, snippet: block.snippet() },
    };
    report.before = hash;
    // What stays is what the next profile of the same file stands in.
    (report, after.or(bytes).filter(|_| one_file))
}
