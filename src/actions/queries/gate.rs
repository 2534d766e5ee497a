//! What Gate answers: health, `/aws/notify` (GET, never POST), `/plugins/installed`.

use ecw_wizard::model::check::{Check, CheckVerdict};
use ecw_wizard::model::gate_answer::{EndpointAnswer, NotifyVerdict};
use ecw_wizard::model::report::GateReport;
use ecw_wizard::values::names::NOTIFY_PATH;
use serde_json::Value;

use ecw_ports::{Ports, Redirects};

/// Looks at Gate.
pub(super) fn look(ports: &Ports, base: &str) -> GateReport {
    let base = base.trim_end_matches('/');
    let health = match ports.web.get(&format!("{base}/health"), Redirects::Show) {
        Ok(answer) if answer.status == 200 => Check::new(CheckVerdict::Good, "Gate", "healthy"),
        Ok(answer) => {
            Check::new(CheckVerdict::Unknown, "Gate", format!("/health answers HTTP {}", answer.status))
        }
        Err(why) => Check::new(CheckVerdict::Unknown, "Gate", format!("does not answer from here: {why}")),
    };
    GateReport { health, notify: notify(ports, base), installed: installed(ports, base) }
}

/// Looks at `/aws/notify`.
pub(super) fn notify(ports: &Ports, base: &str) -> NotifyVerdict {
    match endpoint(ports, &format!("{}{NOTIFY_PATH}", base.trim_end_matches('/'))) {
        EndpointAnswer::Http { verdict, .. } => verdict,
        EndpointAnswer::Silent { .. } => NotifyVerdict::CannotTell,
    }
}

/// Looks at a whole URL of `/aws/notify`.
pub(super) fn endpoint(ports: &Ports, url: &str) -> EndpointAnswer {
    match ports.web.get(url, Redirects::Show) {
        Ok(answer) => {
            let html = answer.content_type.contains("html")
                || answer.body.trim_start().to_ascii_lowercase().starts_with("<!doctype");
            EndpointAnswer::Http { verdict: NotifyVerdict::of(answer.status, html), status: answer.status }
        }
        Err(why) => EndpointAnswer::Silent { why: ecw_halyard::clean(&why.what, 200) },
    }
}

/// Looks at `/plugins/installed`. The list for Clouddriver is normally empty and proves nothing;
/// Gate's own can be trusted.
pub(super) fn installed(ports: &Ports, base: &str) -> Check {
    let label = "/plugins/installed";
    match ports
        .web
        .get(&format!("{}/plugins/installed?service=gate", base.trim_end_matches('/')), Redirects::Show)
    {
        Ok(answer) if answer.status == 200 => {
            let list = serde_json::from_str::<Value>(&answer.body).ok();
            let plugins = list.as_ref().and_then(|list| list.get("gate")).and_then(Value::as_array);
            let ours = plugins.into_iter().flatten().find(|plugin| {
                plugin.get("pluginId").and_then(Value::as_str) == Some(ecw_profile::PLUGIN_ID)
            });
            match ours.and_then(|plugin| plugin.get("version")).and_then(Value::as_str) {
                Some(version) => Check::new(
                    CheckVerdict::Good,
                    label,
                    format!("Gate lists the plugin, {}", ecw_halyard::clean(version, 40)),
                ),
                None => Check::new(CheckVerdict::Warning, label, "Gate does not list the plugin"),
            }
        }
        Ok(answer) if matches!(answer.status, 301..=399 | 401 | 403) => {
            Check::new(CheckVerdict::Unknown, label, "wants a login, as usual with authentication on")
        }
        Ok(answer) => Check::new(CheckVerdict::Unknown, label, format!("HTTP {}", answer.status)),
        Err(why) => Check::new(CheckVerdict::Unknown, label, why.what),
    }
}
