//! What an apply would send to the cluster: kustomize's output before and after the edit, and what else the
//! cluster would see changed. Nothing is written for it: the edited overlay is rendered from a copy.

use ecw_halyard::kustomize::{documents, read_rendered};
use ecw_ports::{Output, Ports};
use ecw_wizard::model::check::{Check, CheckVerdict};
use ecw_wizard::model::place::WantedProfiles;
use ecw_wizard::model::report::RenderedReport;

use super::diff::{Masker, shown};
use super::edits::each_edit;
use super::kustomized::{Kustomized, RENDER, kustomized};

/// More lines of the difference than this are counted, not shown.
const LINES: usize = 400;
/// More objects than this are counted, not named.
const OBJECTS: usize = 20;

pub(super) fn look(
    ports: &Ports,
    wanted: &WantedProfiles,
    kubectl: &[String],
    apply: &[String],
) -> RenderedReport {
    let mut report = RenderedReport { diff: Vec::new(), checks: Vec::new() };
    let overlay = apply.iter().position(|word| word == "-k").and_then(|at| apply.get(at + 1));
    if let Some(dir) = overlay {
        rendering(ports, wanted, kubectl, dir, &mut report);
    }
    report.checks.extend(live(ports, kubectl, apply));
    report
}

/// Returns the files as they will be: (whole path, content); those that stay are not among them.
fn edited(ports: &Ports, wanted: &WantedProfiles) -> Vec<(String, Vec<u8>)> {
    let mut edited: Vec<(String, Vec<u8>)> = Vec::new();
    each_edit(ports, wanted, |path, _, after| {
        // The second profile of a manifest is written behind the first.
        edited.retain(|(known, _)| known != path);
        edited.push((path.to_owned(), after.to_vec()));
    });
    edited
}

fn rendering(
    ports: &Ports,
    wanted: &WantedProfiles,
    kubectl: &[String],
    dir: &str,
    report: &mut RenderedReport,
) {
    let label = "kubectl kustomize";
    let before = match kustomized(ports, kubectl, dir) {
        Kustomized::Printed(text) => text,
        Kustomized::Refused(said) => {
            report.checks.push(
                Check::new(CheckVerdict::Bad, label, format!("fails: {said}"))
                    .with_remedy(format!("See: kubectl kustomize {dir}")),
            );
            return;
        }
        Kustomized::NotRun(trouble) => {
            report.checks.push(Check::new(CheckVerdict::Bad, label, trouble.what).with_remedy(trouble.fix));
            return;
        }
    };
    let edited = edited(ports, wanted);
    if edited.is_empty() {
        report.checks.push(Check::new(CheckVerdict::Good, label, "nothing has to change"));
        return;
    }
    let after = match Kustomized::of(ports.commands.render_edited(kubectl, dir, &edited, RENDER)) {
        Kustomized::Printed(text) => text,
        Kustomized::Refused(said) => {
            report.checks.push(Check::new(
                CheckVerdict::Bad,
                label,
                format!("fails with the edited files: {said}"),
            ));
            return;
        }
        Kustomized::NotRun(trouble) => {
            report.checks.push(
                Check::new(
                    CheckVerdict::Unknown,
                    label,
                    format!("was not tried with the edited files: {}", trouble.what),
                )
                .with_remedy(trouble.fix),
            );
            return;
        }
    };
    report.checks.push(holds(wanted, &edited, &after));
    report.diff = diff(&before, &after);
}

/// What kustomize prints must hold what was shown, to the byte: else the file is not the one that is merged.
fn holds(wanted: &WantedProfiles, edited: &[(String, Vec<u8>)], after: &str) -> Check {
    let label = "kubectl kustomize";
    if !wanted.home_is_overlay() {
        return Check::new(CheckVerdict::Good, label, "renders with the edited patch");
    }
    let rendered = read_rendered(after).profiles;
    let missing: Vec<&String> = wanted
        .files
        .iter()
        .filter(|file| {
            let path = wanted.path_of(file);
            edited.iter().filter(|(each, _)| *each == path).any(|(_, content)| {
                // kustomize writes texts as block scalars, which end in one line break as the file does.
                !rendered.iter().any(|(entry, found)| entry == *file && found == content)
            })
        })
        .collect();
    if missing.is_empty() {
        Check::new(CheckVerdict::Good, label, "prints the edited files, byte for byte")
    } else {
        let names: Vec<&str> = missing.iter().map(|name| name.as_str()).collect();
        Check::new(
            CheckVerdict::Bad,
            label,
            format!("does not print the edited {}: another file is merged", names.join(" and ")),
        )
        .with_remedy("See which kustomization merges it last, and name that overlay.")
    }
}

/// Returns the objects that differ, with their lines; what a Secret holds is never shown.
fn diff(before: &str, after: &str) -> Vec<String> {
    let (old, new) = (documents(before), documents(after));
    let gone: Vec<&str> = old.iter().copied().filter(|each| !new.contains(each)).collect();
    let come: Vec<&str> = new.iter().copied().filter(|each| !old.contains(each)).collect();
    let masked = |object: &str| -> String {
        let mut masker = Masker::default();
        object.trim_end().lines().map(|line| format!("{}\n", masker.shown(&shown(line)))).collect()
    };
    let join = |list: &[&str]| list.iter().map(|each| masked(each)).collect::<Vec<_>>().join("---\n");
    let (gone, come) = (join(&gone), join(&come));
    let difference = similar::TextDiff::from_lines(&gone, &come);
    let mut lines = Vec::new();
    let secret = |text: &str| text.lines().any(|line| line.trim_end() == "kind: Secret");
    if secret(&gone) || secret(&come) {
        lines.push("@ a Secret differs: its lines are not shown".to_owned());
        return lines;
    }
    for hunk in difference.unified_diff().context_radius(2).iter_hunks() {
        lines.push("@ rendered".to_owned());
        for change in hunk.iter_changes() {
            let mark = match change.tag() {
                similar::ChangeTag::Equal => ' ',
                similar::ChangeTag::Delete => '-',
                similar::ChangeTag::Insert => '+',
            };
            lines.push(format!("{mark} {}", change.value().trim_end_matches('\n')));
        }
    }
    let more = lines.len().saturating_sub(LINES);
    lines.truncate(LINES);
    if more > 0 {
        lines.push(format!("@ and {more} more lines"));
    }
    lines
}

/// What the cluster would see changed by an apply as the files are now: somebody else's edits go out too.
fn live(ports: &Ports, kubectl: &[String], apply: &[String]) -> Vec<Check> {
    let label = "Also pending";
    let command: Vec<String> =
        kubectl.iter().cloned().chain(["diff".to_owned()]).chain(apply.iter().cloned()).collect();
    match ports.commands.run(&command, RENDER) {
        Ok(Output { status: Some(0), .. }) => {
            vec![Check::new(CheckVerdict::Good, label, "the cluster is as the files are now")]
        }
        Ok(Output { status: Some(1), stdout, .. }) if stdout.contains("diff ") => {
            let objects: Vec<String> =
                stdout.lines().filter(|line| line.starts_with("diff ")).filter_map(object).collect();
            let more = objects.len().saturating_sub(OBJECTS);
            let mut checks: Vec<Check> = objects
                .into_iter()
                .take(OBJECTS)
                .map(|object| {
                    Check::new(
                        CheckVerdict::Warning,
                        label,
                        format!("{object} differs from the cluster: an apply changes it too"),
                    )
                })
                .collect();
            if more > 0 {
                checks.push(Check::new(CheckVerdict::Warning, label, format!("and {more} more objects")));
            }
            checks
        }
        Ok(output) => {
            let said = output.stderr.lines().last().unwrap_or_default();
            let said = ecw_halyard::clean(&ecw_halyard::redact(said), 300);
            vec![Check::new(CheckVerdict::Unknown, label, format!("kubectl diff does not tell: {said}"))]
        }
        Err(trouble) => vec![Check::new(CheckVerdict::Unknown, label, trouble.what).with_remedy(trouble.fix)],
    }
}

/// `diff -u -N /tmp/LIVE-1/apps.v1.Deployment.spinnaker.gate /tmp/MERGED-2/...`
fn object(line: &str) -> Option<String> {
    let path = line.split_whitespace().find(|word| word.contains("LIVE-"))?;
    Some(ecw_halyard::clean(path.rsplit('/').next()?, 200))
}
