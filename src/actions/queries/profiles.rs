//! What has to happen to the two profiles, and what other files say. Bytes stay in here.

use ecw_profile::{Edit, EditVerdict, SiblingKind, read_sibling};
use ecw_wizard::model::place::WantedProfiles;
use ecw_wizard::model::report::{ProfileOutcome, ProfileReport, ProfilesReport};
use ecw_wizard::values::trouble::Trouble;

use super::diff::diff;
use ecw_ports::Ports;

/// Returns the path of a profile.
#[must_use]
pub fn path_of(wanted: &WantedProfiles, file: &str) -> String {
    format!("{}/{}/profiles/{file}", wanted.hal_dir, wanted.deployment)
}

pub(super) fn look(ports: &Ports, wanted: &WantedProfiles) -> ProfilesReport {
    let mut report = ProfilesReport { files: Vec::new(), contradictions: Vec::new(), settings: Vec::new() };
    for file in &wanted.files {
        report.files.push(profile(ports, wanted, file));
    }
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
        if let Ok(Some(bytes)) = ports.files.read(&path_of(wanted, &file)) {
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
    report
}

/// Returns what would change in the profiles as a patch for `patch -p1` in the hal directory. It is
/// exact, so its context may hold secrets: it goes to a private file and nowhere else.
#[must_use]
pub fn patch(ports: &Ports, wanted: &WantedProfiles) -> String {
    let mut out = String::new();
    for file in &wanted.files {
        let before = ports.files.read(&path_of(wanted, file)).ok().flatten();
        let (EditVerdict::Create(edit) | EditVerdict::Edit(edit) | EditVerdict::Repair(edit)) =
            ports.plans.plan(before.as_deref(), &wanted.block)
        else {
            continue;
        };
        let name = format!("{}/profiles/{file}", wanted.deployment);
        let old = before.as_deref().unwrap_or_default();
        let Ok(after) = edit.after(old) else { continue };
        let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(&after));
        let from = if before.is_some() { format!("a/{name}") } else { "/dev/null".to_owned() };
        let difference = similar::TextDiff::from_lines(&*old, &*new);
        out.push_str(
            &difference.unified_diff().context_radius(3).header(&from, &format!("b/{name}")).to_string(),
        );
    }
    out
}

fn profile(ports: &Ports, wanted: &WantedProfiles, file: &str) -> ProfileReport {
    let path = path_of(wanted, file);
    let mut report = ProfileReport {
        file: file.to_owned(),
        path: path.clone(),
        outcome: ProfileOutcome::Create,
        before: None,
        after: None,
        diff: Vec::new(),
        size: 0,
    };
    let bytes = match ports.files.read(&path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let trouble = Trouble::new(
                format!("{path} cannot be read: {error}."),
                "Run the wizard as Halyard's user, or give this user the right.",
            );
            report.outcome = ProfileOutcome::Unreadable { trouble };
            return report;
        }
    };
    report.size = bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
    let mut edited = |edit: &Edit| {
        report.after = Some(edit.receipt.after.clone());
        report.diff = diff(bytes.as_deref().unwrap_or_default(), &edit.receipt);
        let pieces = edit.pieces(bytes.as_deref().unwrap_or_default()).unwrap_or_default();
        report.size = pieces.iter().map(|piece| piece.len() as u64).sum();
    };
    let (verdict, hash) = match bytes.as_deref() {
        Some(bytes) => {
            let (verdict, hash) = ports.plans.plan_and_hash(bytes, &wanted.block);
            (verdict, Some(hash))
        }
        None => (ports.plans.plan(None, &wanted.block), None),
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
        EditVerdict::Refused(refusal) => ProfileOutcome::Refused { refusal, snippet: wanted.block.snippet() },
    };
    report.before = hash;
    report
}
