//! Did a deploy take our files? `staging/` and `history/` hold what the last apply used.

use ecw_halyard::{ServiceName, read_history};
use ecw_wizard::model::check::CheckVerdict;
use ecw_wizard::model::readiness::StagedReport;
use ecw_wizard::values::names::DeploymentName;

use ecw_ports::Ports;

pub(super) fn look(
    ports: &Ports,
    hal_dir: &str,
    deployment: &DeploymentName,
    services: &[ServiceName],
) -> Vec<StagedReport> {
    let base = format!("{hal_dir}/{deployment}");
    let read = |path: String| ports.files.read(&path).ok().flatten();
    let history = read(format!("{base}/history/service-profiles.yml"))
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let history_at = ports.files.stat(&format!("{base}/history/service-profiles.yml")).ok().flatten();
    let history_at = history_at.map(|stat| stat.mtime);
    services
        .iter()
        .map(|service| {
            let file = service.profile_file();
            let ours = read(format!("{base}/profiles/{file}")).map(|bytes| ports.plans.sha256(&bytes));
            let staged = read(format!("{base}/staging/{file}")).map(|bytes| ports.plans.sha256(&bytes));
            let listed = history.as_deref().and_then(|text| read_history(text, service.history_key()));
            let in_history = listed.as_ref().is_some_and(|files| files.iter().any(|each| each == file));
            // Each apply writes staging and history anew, for the services that it names alone: where this
            // one is not listed, what stands there is another stage's and says nothing about it.
            let another_stage = listed.is_none();
            let (staged_verdict, staged_words) = match (&ours, &staged) {
                (None, None) => (CheckVerdict::Good, "no file, none staged"),
                (Some(ours), Some(staged)) if ours == staged => (CheckVerdict::Good, "staged as written"),
                (Some(_), None) if another_stage => (CheckVerdict::Unknown, "no longer staged"),
                (_, Some(_)) => (CheckVerdict::Bad, "another version is staged"),
                (Some(_), None) => (CheckVerdict::Bad, "not staged"),
            };
            let (history_verdict, words) = match (&ours, in_history) {
                _ if another_stage => {
                    (CheckVerdict::Unknown, "the history is another stage's, or there is none")
                }
                (None, false) | (Some(_), true) => (CheckVerdict::Good, "in the history"),
                (None, true) | (Some(_), false) => (CheckVerdict::Bad, "not in the history"),
            };
            StagedReport {
                service: *service,
                staged: staged_verdict,
                history: history_verdict,
                history_at,
                detail: format!("{staged_words}, {words}"),
            }
        })
        .collect()
}
