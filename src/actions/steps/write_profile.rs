//! Write the plugin block into a profile, or take it out again.

use ecw_ports::Ports;
use ecw_profile::{EditVerdict, Removal, Root, remove, sha256_hex};
use ecw_wizard::model::place::{ProfileHome, WantedProfiles};
use ecw_wizard::model::report::Probed;
use ecw_wizard::steps::{Made, StepOutcome, UnwriteProfile, WriteProfile};
use ecw_wizard::values::trouble::Trouble;

use super::{Act, done, failed};
use crate::queries::overlay;

impl Act for WriteProfile {
    fn execute(&self, ports: &Ports) -> StepOutcome {
        write(ports, &self.wanted, &self.file, self.before.as_deref(), &self.after)
    }

    /// The replacement is atomic: either these bytes stand there or they do not.
    fn probe(&self, ports: &Ports) -> Probed {
        let path = self.wanted.path_of(&self.file);
        match ports.files.read(&path) {
            Ok(Some(bytes)) if ports.plans.sha256(&bytes) == self.after => {
                written_before(ports, &self.wanted, &self.file, &path, self.before.as_deref())
            }
            Ok(_) => Probed::NotDone,
            Err(error) => Probed::CannotTell { why: format!("{path} cannot be read: {error}") },
        }
    }
}

impl Act for UnwriteProfile {
    fn execute(&self, ports: &Ports) -> StepOutcome {
        take_out(ports, &self.wanted, &self.file, &self.receipts)
    }

    fn probe(&self, _ports: &Ports) -> Probed {
        Probed::NotDone
    }
}

/// Plans again on the bytes as they are now; they must be the ones that were shown.
fn write(
    ports: &Ports,
    wanted: &WantedProfiles,
    file: &str,
    before: Option<&str>,
    after: &str,
) -> StepOutcome {
    let path = match ours(ports, wanted, file) {
        Ok(path) => path,
        Err(trouble) => return failed(trouble),
    };
    let bytes = match read(ports, &path) {
        Ok(bytes) => bytes,
        Err(trouble) => return failed(trouble),
    };
    let now = bytes.as_deref().map(|bytes| ports.plans.sha256(bytes));
    if now.as_deref() == Some(after) {
        // Written before a crash, or by hand: the receipt comes from planning on the old bytes,
        // which the backup holds.
        return already(ports, wanted, file, &path, before);
    }
    if now.as_deref() != before {
        let what = format!("{file} was changed after it was shown to you.");
        return failed(Trouble::new(
            what,
            "Choose Change answers: it is read again and shown before anything is written.",
        ));
    }
    let edit = match ports.plans.plan(bytes.as_deref(), &wanted.block_for(file)) {
        EditVerdict::Create(edit) | EditVerdict::Edit(edit) | EditVerdict::Repair(edit) => edit,
        EditVerdict::Unchanged(_) => return done("already right", Made::Nothing),
        EditVerdict::AsksNewer { found, .. } => {
            return failed(Trouble::new(
                format!("{file} holds the newer version {found}."),
                "Choose Change answers.",
            ));
        }
        EditVerdict::Refused(refusal) => {
            return failed(Trouble::new(refusal.sentence(), "Choose Change answers."));
        }
    };
    let old = bytes.as_deref().unwrap_or_default();
    let pieces = match edit.pieces(old) {
        Ok(pieces) => pieces,
        Err(error) => return failed(Trouble::new(format!("{file}: {error}."), "Choose Change answers.")),
    };
    let backup = match now.map(|hash| ports.store.backup(file, old, &hash, &path)).transpose() {
        Ok(place) => place,
        Err(trouble) => return failed(trouble),
    };
    if let Err(trouble) = ports.files.replace(&path, bytes.as_deref(), &pieces) {
        return failed(trouble);
    }
    ports.plans.note_written(&pieces, &edit.receipt.after);
    done(
        format!("{path} has SHA-256 {}", &edit.receipt.after[..12]),
        Made::Profile { path, receipt: shareable(edit.receipt), backup },
    )
}

/// Returns the path of one of our two profiles in the hal directory that is worked on. A journal that
/// names anything else is not followed: others may write there.
fn ours(ports: &Ports, wanted: &WantedProfiles, file: &str) -> Result<String, Trouble> {
    let known = ["gate-local.yml", "clouddriver-local.yml"].contains(&file);
    if known && ports.store.covers(&wanted.hal_dir, &wanted.deployment) && kept_so(ports, wanted) {
        return Ok(wanted.path_of(file));
    }
    Err(Trouble::new(
        format!(
            "The journal names {} of deployment {} in {}, which is not the one that is worked on.",
            ecw_halyard::clean(file, 100),
            wanted.deployment,
            ecw_halyard::clean(&wanted.hal_dir, 300)
        ),
        "Name it with --hal-dir, --kustomize or --operator if it is meant. Nothing was changed there.",
    ))
}

/// Returns whether the profiles are kept there as the journal says: the paths of an overlay are found anew.
fn kept_so(ports: &Ports, wanted: &WantedProfiles) -> bool {
    match &wanted.home {
        ProfileHome::Halyard => true,
        ProfileHome::Overlay { .. } => overlay::discover(ports, &wanted.hal_dir)
            .is_ok_and(|found| found.home().as_ref() == Some(&wanted.home)),
        // Its name is the answers' (`update/drive.rs`), not the journal's.
        ProfileHome::Manifest { file } => !file.contains('/'),
    }
}

/// Returns that a step which nobody saw end has written the file, with what it made.
fn written_before(
    ports: &Ports,
    wanted: &WantedProfiles,
    file: &str,
    path: &str,
    before: Option<&str>,
) -> Probed {
    match already(ports, wanted, file, path, before) {
        StepOutcome::Done { evidence, made } => Probed::Done { evidence, made: Some(made) },
        StepOutcome::Failed { .. } | StepOutcome::Unknown { .. } => Probed::NotDone,
    }
}

fn already(
    ports: &Ports,
    wanted: &WantedProfiles,
    file: &str,
    path: &str,
    before: Option<&str>,
) -> StepOutcome {
    let old = match before {
        None => Some(None),
        Some(hash) => ports.store.read(&format!("backups/{file}.{}", &hash[..12])).ok().flatten().map(Some),
    };
    let made = old.and_then(|old| match ports.plans.plan(old.as_deref(), &wanted.block_for(file)) {
        EditVerdict::Create(edit) | EditVerdict::Edit(edit) | EditVerdict::Repair(edit) => {
            let backup = before.map(|hash| format!("{}/backups/{file}.{}", ports.store.place(), &hash[..12]));
            Some(Made::Profile { path: path.to_owned(), receipt: shareable(edit.receipt), backup })
        }
        _ => None,
    });
    done("already written", made.unwrap_or(Made::Nothing))
}

/// Returns the profile that a receipt is about.
fn profile_of<'f>(file: &'f str, receipt: &ecw_profile::Receipt) -> &'f str {
    match receipt.root {
        Root::File => file,
        Root::OperatorGate => "gate-local.yml",
        Root::OperatorClouddriver => "clouddriver-local.yml",
    }
}

/// Returns whether a receipt is about a profile that is kept as these are.
fn belongs(wanted: &WantedProfiles, receipt: &ecw_profile::Receipt) -> bool {
    match wanted.home {
        ProfileHome::Halyard | ProfileHome::Overlay { .. } => receipt.root == Root::File,
        ProfileHome::Manifest { .. } => receipt.root != Root::File && receipt.before.is_some(),
    }
}

/// Returns whether what stands there is what the profiles are kept in: of a manifest its kind is known.
fn is_still_one(wanted: &WantedProfiles, bytes: &[u8]) -> bool {
    !matches!(wanted.home, ProfileHome::Manifest { .. }) || ecw_profile::is_spinnaker_service(bytes)
}

/// Takes the edits back, the latest first, and writes once.
fn take_out(
    ports: &Ports,
    wanted: &WantedProfiles,
    file: &str,
    receipts: &[ecw_profile::Receipt],
) -> StepOutcome {
    let path = match ours(ports, wanted, file) {
        Ok(path) => path,
        Err(trouble) => return failed(trouble),
    };
    let taken_back = |what: &str| done(what, Made::TakenBack { what: format!("{file}: {what}") });
    let bytes = match read(ports, &path) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return taken_back("the file is gone already"),
        Err(trouble) => return failed(trouble),
    };
    let now = sha256_hex(&bytes);
    let (mut rest, mut what) = (bytes.clone(), "nothing of ours was left");
    for receipt in receipts {
        // A receipt of another place is none of ours: a manifest is never deleted, nor given bytes by a journal alone.
        if !belongs(wanted, receipt) || !is_still_one(wanted, &rest) {
            return failed(Trouble::new(
                format!("The journal's receipt does not belong to {}.", wanted.called(file)),
                "Take the Armory.AWSCATsOnEvent and awsEventCache entries out by hand. Nothing was changed.",
            ));
        }
        match remove(&rest, receipt) {
            Removal::DeleteFile => {
                return match ports.files.delete(&path, &now) {
                    Ok(()) => taken_back("deleted, as the wizard had made it"),
                    Err(trouble) => failed(trouble),
                };
            }
            Removal::Restored(original) => (rest, what) = (original, "the original bytes are back"),
            Removal::Edited(edited) => (rest, what) = (edited, "our lines are out, later edits stay"),
            Removal::AlreadyGone => {}
            Removal::Refused(_)
                if let Some(original) = from_backup(ports, profile_of(file, receipt), &rest, receipt) =>
            {
                (rest, what) = (original, "the original bytes are back");
            }
            Removal::Refused(refusal) => {
                return failed(Trouble::new(
                    format!("{file}: {}.", refusal.sentence()),
                    "Take the Armory.AWSCATsOnEvent and awsEventCache entries out by hand, then retry.",
                ));
            }
        }
    }
    if !is_still_one(wanted, &rest) {
        return failed(Trouble::new(
            format!("What the journal's receipts lead to is no manifest any more ({path})."),
            "Take the Armory.AWSCATsOnEvent and awsEventCache entries out by hand. Nothing was changed.",
        ));
    }
    if rest != bytes
        && let Err(trouble) = ports.files.replace(&path, Some(&bytes), &[&rest])
    {
        return failed(trouble);
    }
    taken_back(what)
}

/// The journal holds no secret, so a former text that looks like one stands in the backup alone.
fn shareable(receipt: ecw_profile::Receipt) -> ecw_profile::Receipt {
    receipt.without(|text| ecw_halyard::redact(text) != text)
}

/// Returns the bytes before from the backup, where nobody edited the file since.
fn from_backup(ports: &Ports, file: &str, now: &[u8], receipt: &ecw_profile::Receipt) -> Option<Vec<u8>> {
    let before = receipt.before.as_ref().filter(|_| sha256_hex(now) == receipt.after)?;
    let bytes = ports.store.read(&format!("backups/{file}.{}", &before[..12])).ok().flatten()?;
    (sha256_hex(&bytes) == *before).then_some(bytes)
}

fn read(ports: &Ports, path: &str) -> Result<Option<Vec<u8>>, Trouble> {
    ports.files.read(path).map_err(|error| {
        Trouble::new(
            format!("{path} cannot be read: {error}."),
            "Give this user the right to read it, then retry.",
        )
    })
}
