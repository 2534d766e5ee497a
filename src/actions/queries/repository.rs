//! The plugin repository: does it list exactly this version, and does the zip answer?

use ecw_profile::{PLUGIN_ID, repository_base};
use ecw_wizard::model::check::{Check, CheckVerdict};
use ecw_wizard::model::report::RepositoryReport;
use serde_json::Value;
use sha2::{Digest, Sha512};

use ecw_ports::{Ports, Redirects};

/// A plugin has some megabytes.
const MOST: u64 = 512 * 1024 * 1024;

pub(super) fn look(ports: &Ports, url: &str, version: &str) -> RepositoryReport {
    let mut report = RepositoryReport { checks: Vec::new(), versions: Vec::new() };
    // pf4j reads plugins.json beside the URL, whatever its last part says.
    let list = format!("{}plugins.json", repository_base(url));
    let label = "Plugin repository";
    let body = match ports.web.get(&list, Redirects::Follow) {
        Ok(answer) if answer.status == 200 => answer.body,
        Ok(answer) => {
            report.checks.push(
                Check::new(CheckVerdict::Warning, label, format!("{list} answers HTTP {}", answer.status))
                    .with_remedy("Services treat an unreachable list as empty and start without the plugin. Check the URL."),
            );
            return report;
        }
        Err(why) => {
            report.checks.push(
                Check::new(CheckVerdict::Unknown, label, format!("not reachable from here ({why})"))
                    .with_remedy("The pods need to reach it. For a mirror, set the repository above."),
            );
            return report;
        }
    };
    let Ok(Value::Array(plugins)) = serde_json::from_str::<Value>(&body) else {
        report.checks.push(Check::new(
            CheckVerdict::Bad,
            label,
            format!("{list} is not a list of plugins; services stop on it"),
        ));
        return report;
    };
    let ours = plugins.iter().find(|plugin| plugin.get("id").and_then(Value::as_str) == Some(PLUGIN_ID));
    let releases =
        ours.and_then(|plugin| plugin.get("releases")).and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |release: &Value, key: &str| {
        release.get(key).and_then(Value::as_str).map(|text| ecw_halyard::strip(text, 300))
    };
    report.versions = releases.iter().filter_map(|release| text(release, "version")).take(50).collect();
    let Some(release) = releases.iter().find(|release| text(release, "version").as_deref() == Some(version))
    else {
        let have = if report.versions.is_empty() { "none".to_owned() } else { report.versions.join(", ") };
        report.checks.push(
            Check::new(
                CheckVerdict::Bad,
                label,
                format!(
                    "does not list {version} (it lists: {have}); services would silently take the latest"
                ),
            )
            .with_remedy("Choose a listed version."),
        );
        return report;
    };
    report.checks.push(Check::new(CheckVerdict::Good, label, format!("lists {version}")));
    // pf4j-update resolves a release's address against the list's (`DefaultUpdateRepository.initPlugins`).
    let zip_at =
        text(release, "url").map(|at| match url::Url::parse(&list).and_then(|list| list.join(&at)) {
            Ok(whole) => whole.to_string(),
            Err(_) => at,
        });
    report.checks.push(zip(ports, zip_at, text(release, "sha512sum")));
    report
}

/// The zip is fetched and hashed as the services will: one that answers may still not be the one that is listed.
fn zip(ports: &Ports, url: Option<String>, sha512: Option<String>) -> Check {
    let label = "Plugin zip";
    let Some(url) = url else { return Check::new(CheckVerdict::Bad, label, "the release names no zip") };
    let listed = sha512.map(|sum| sum.to_ascii_lowercase()).filter(|sum| sum.len() == 128);
    let mut hasher = Sha512::new();
    let mut take = |piece: &[u8]| {
        hasher.update(piece);
        Ok(())
    };
    let status = match ports.web.fetch(&url, MOST, &mut take) {
        Ok(status) => status,
        Err(why) => {
            return Check::new(
                CheckVerdict::Unknown,
                label,
                format!("{url} is not reachable from here ({why})"),
            )
            .with_remedy("If the pods cannot reach it either, they crash at each start.");
        }
    };
    if !(200..=299).contains(&status) {
        return Check::new(
            CheckVerdict::Bad,
            label,
            format!("{url} answers HTTP {status}: services that load it would crash at each start"),
        )
        .with_remedy("Do not deploy before the zip can be fetched.");
    }
    let found: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    match listed {
        None => Check::new(CheckVerdict::Good, label, "answers, no sha512 is listed"),
        Some(sum) if sum == found => {
            Check::new(CheckVerdict::Good, label, "answers, its sha512 is as listed")
        }
        Some(_) => Check::new(
            CheckVerdict::Bad,
            label,
            format!(
                "{url} is not the zip that is listed (its sha512 is {}...): services refuse it",
                &found[..16]
            ),
        )
        .with_remedy("Fetch it anew where you mirror it: event-cache-wizard plugin mirror DIR"),
    }
}
