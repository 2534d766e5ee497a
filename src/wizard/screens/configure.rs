//! Configure: what happens to the two profiles, as an exact difference.

use super::parts::{looking, toggled};
use crate::model::check::{Check, CheckVerdict};
use crate::model::report::{GitTree, ProfileOutcome, ProfileReport, ProfilesReport};
use crate::state::Session;
use crate::ui::diff::counted;
use crate::ui::page::{Action, Block, Fold, ItemId, Page, Ticked, Tone};
use crate::ui::pass::Pass;
use crate::values::answers::Key;
use crate::values::choices::NewerVersion;
use crate::values::exit::Exit;
use crate::values::halyard_in::HalyardIn;
use crate::values::road::Road;

/// Kubernetes' limit for a Secret, which holds all files of a service.
const SECRET_LIMIT: u64 = 1024 * 1024;

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new("What the two profiles will say");
    let Some(profiles) = session.facts.profiles() else {
        looking(&mut page, session, "the profiles", None);
        return page;
    };
    for (at, file) in profiles.files.iter().enumerate() {
        if at > 0 {
            page.push(Block::Gap);
        }
        profile(&mut page, session, at, file);
    }
    if !profiles.contradictions.is_empty() || !profiles.settings.is_empty() {
        page.heading("Other files that matter");
        page.push(Block::Checks(other_files(profiles)));
    }
    if profiles.files.iter().any(|file| matches!(file.outcome, ProfileOutcome::Repair { .. })) {
        page.push(Block::Gap);
        page.toggle(
            Key::Repair,
            Ticked::from(session.answers.is_yes(Key::Repair)),
            "Fix what is wrong as shown",
            "",
        );
    }
    if profiles.files.iter().any(|file| matches!(file.outcome, ProfileOutcome::AsksNewer { .. })) {
        let chosen = session.answers.text(Key::NewerVersion);
        page.option(
            Key::NewerVersion,
            NewerVersion::Keep.text(),
            chosen,
            "Keep the newer version",
            "the wizard never lowers a version",
        );
        page.option(
            Key::NewerVersion,
            NewerVersion::Ask.text(),
            chosen,
            "Do not decide yet",
            "go back and choose the plugin version anew",
        );
    }
    let site = session.facts.site();
    if changes(session) && site.is_some_and(|site| site.git == GitTree::Yes || site.read_only.is_some()) {
        page.push(Block::Gap);
        let why = site.and_then(|site| site.read_only.clone());
        let help = why.unwrap_or_else(|| {
            format!("the {} is in a git work tree: commit the change your own way", session.road().home())
        });
        let ticked = Ticked::from(session.answers.is_yes(Key::PatchOnly));
        page.toggle(Key::PatchOnly, ticked, "Write a patch file instead of editing", help);
    }
    page.button(Action::Next, "Next: Install plan", "");
    page.button(Action::CheckAgain, "Refresh", "");
    page
}

/// What other files say that matters.
pub(super) fn other_files(profiles: &ProfilesReport) -> Vec<Check> {
    let mut checks: Vec<Check> = profiles
        .contradictions
        .iter()
        .map(|each| Check::new(CheckVerdict::Warning, &each.file, &each.what).with_remedy(&each.consequence))
        .collect();
    checks.extend(profiles.settings.iter().map(|each| {
        Check::new(CheckVerdict::Warning, "service-settings", &each.what).with_remedy(&each.consequence)
    }));
    checks
}

fn profile(page: &mut Page, session: &Session, at: usize, file: &ProfileReport) {
    let open = !toggled(session, Fold::Profile(at));
    if file.diff.is_empty() {
        page.push(Block::Heading(format!("{}  {}", file.file, headline(&file.outcome))));
    } else {
        let enter = if open { "hide the difference" } else { "show the difference" };
        page.row(ItemId::Fold(Fold::Profile(at)), &file.file, summary(file), enter);
    }
    let findings = match &file.outcome {
        ProfileOutcome::Unchanged { findings }
        | ProfileOutcome::Edit { findings }
        | ProfileOutcome::Repair { findings } => findings.as_slice(),
        _ => &[],
    };
    for finding in findings {
        page.text(Tone::Warning, finding.sentence());
    }
    match &file.outcome {
        ProfileOutcome::Refused { refusal, snippet } => {
            page.text(Tone::Bad, format!("Not edited: {}.", refusal.sentence()));
            page.text(Tone::Plain, "Fix that line, or merge this block by hand; then refresh.");
            page.push(Block::Copy(snippet.lines().map(str::to_owned).collect()));
        }
        ProfileOutcome::AsksNewer { found, at } => {
            page.text(
                Tone::Warning,
                format!("Line {}: plugin version {found} is newer than the chosen one.", at.line),
            );
        }
        ProfileOutcome::Unreadable { trouble } => {
            page.push(Block::Checks(vec![
                Check::new(CheckVerdict::Bad, &file.file, &trouble.what).with_remedy(&trouble.fix),
            ]));
        }
        ProfileOutcome::Unchanged { .. }
        | ProfileOutcome::Create
        | ProfileOutcome::Edit { .. }
        | ProfileOutcome::Repair { .. } => {}
    }
    if !file.diff.is_empty() && open {
        page.push(Block::Diff { of: file.file.clone(), lines: file.diff.clone() });
    }
    if file.size > SECRET_LIMIT * 9 / 10 {
        let words = format!(
            "{} KiB: near Kubernetes' limit of 1 MiB for all files of a service. The apply may fail.",
            file.size / 1024
        );
        page.text(Tone::Warning, words);
    }
}

/// Returns what happens to a file, with how many lines come and go.
pub(super) fn summary(file: &ProfileReport) -> String {
    let headline = headline(&file.outcome);
    counted(&file.diff).map_or_else(|| headline.to_owned(), |lines| format!("{lines}  {headline}"))
}

fn headline(outcome: &ProfileOutcome) -> &'static str {
    match outcome {
        ProfileOutcome::Unchanged { .. } => "already right, nothing to do",
        ProfileOutcome::Create => "will be created",
        ProfileOutcome::Edit { .. } => "lines to insert",
        ProfileOutcome::Repair { .. } => "will be fixed",
        ProfileOutcome::AsksNewer { .. } => "holds a newer version",
        ProfileOutcome::Refused { .. } => "cannot be edited safely",
        ProfileOutcome::Unreadable { .. } => "cannot be read",
    }
}

pub(super) fn pass(session: &Session) -> Pass {
    let Some(profiles) = session.facts.profiles() else { return Pass::Busy("the profiles".to_owned()) };
    if session.answers.is_no(Key::WriteProfiles) {
        return Pass::Ready;
    }
    for file in &profiles.files {
        match &file.outcome {
            ProfileOutcome::Refused { refusal, .. } => {
                return Pass::stuck(
                    format!("{} cannot be edited safely: {}.", file.file, refusal.sentence()),
                    Exit::Profile,
                );
            }
            ProfileOutcome::Unreadable { trouble } => {
                return Pass::stuck(
                    format!("{}: {} {}", file.file, trouble.what, trouble.fix),
                    Exit::Profile,
                );
            }
            ProfileOutcome::AsksNewer { found, .. } => {
                let why = format!(
                    "{} holds the newer plugin version {found}. Decide what to do with it.",
                    file.file
                );
                let item = ItemId::Option(Key::NewerVersion, NewerVersion::Keep.text().to_owned());
                return Pass::item(why, item, Key::NewerVersion, Exit::Profile);
            }
            ProfileOutcome::Repair { .. } if !session.answers.is_yes(Key::Repair) => {
                let why =
                    format!("{} has wrong entries; the plugin stays off unless they are fixed.", file.file);
                return Pass::item(why, ItemId::Toggle(Key::Repair), Key::Repair, Exit::Profile);
            }
            _ => {}
        }
    }
    if changes(session) && session.answers.is_yes(Key::PatchOnly) {
        let way = match HalyardIn::split(&session.hal_dir().unwrap_or_default()) {
            (HalyardIn::Local, _) => format!("patch -p1 in {}", patched_in(session)),
            (place, dir) => {
                let words = ["patch", "-p1", "-d", dir].map(str::to_owned).to_vec();
                let patch = shell_words::join(HalyardIn::typed(&place.command(words)));
                let from = format!("{}/profiles.patch", session.state_place());
                format!("{patch} <{}", shell_words::quote(&from))
            }
        };
        let why = format!(
            "The change stands in profiles.patch in the state directory. Apply it your own way ({way}), then refresh.",
        );
        return Pass::item(why, ItemId::Toggle(Key::PatchOnly), Key::PatchOnly, Exit::Profile);
    }
    Pass::Ready
}

/// Where the patch's paths begin.
fn patched_in(session: &Session) -> String {
    match session.road() {
        Road::Halyard => "the hal directory".to_owned(),
        Road::Kustomize | Road::Operator => session.hal_dir().unwrap_or_default(),
    }
}

/// Returns whether a profile has to change.
fn changes(session: &Session) -> bool {
    let files = session.facts.profiles().map(|profiles| profiles.files.as_slice()).unwrap_or_default();
    files.iter().any(|file| !matches!(file.outcome, ProfileOutcome::Unchanged { .. }))
}
