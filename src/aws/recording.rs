//! What a recorder of AWS Config records and how its deliveries went, from descriptions and statuses as AWS JSON writes
//! them (the model of AWS Config, 2014-11-12).

use ecw_wizard::model::aws_report::{
    Delivered, DeliveryStatus, Recording, RecordingFrequency, RecordingGroup,
};
use serde_json::Value;

/// Types that are kept of a list; AWS Config knows some 400.
const TYPES: usize = 1_000;

/// Returns a text of an answer.
pub(crate) fn text<'a>(of: &'a Value, key: &str) -> Option<&'a str> {
    of.get(key).and_then(Value::as_str)
}

/// Returns the first of a list in an answer.
pub(crate) fn first<'a>(of: &'a Value, key: &str) -> Option<&'a Value> {
    of.get(key)?.as_array()?.first()
}

fn is(of: &Value, key: &str) -> bool {
    of.get(key).and_then(Value::as_bool).unwrap_or_default()
}

/// Returns what it records.
pub(crate) fn recording(recorder: &Value, status: Option<&Value>) -> Recording {
    let mode = recorder.get("recordingMode");
    let of = |mode: &Value| match text(mode, "recordingFrequency") {
        Some("DAILY") => RecordingFrequency::Daily,
        _ => RecordingFrequency::Continuous,
    };
    let overrides = mode.and_then(|mode| mode.get("recordingModeOverrides")?.as_array());
    let overridden = |wanted: RecordingFrequency| {
        let fitting = overrides.into_iter().flatten().filter(|each| of(each) == wanted);
        fitting.flat_map(|each| texts(each.get("resourceTypes"))).collect()
    };
    Recording {
        group: group(recorder),
        daily: overridden(RecordingFrequency::Daily),
        continuous: overridden(RecordingFrequency::Continuous),
        frequency: mode.map(of).unwrap_or_default(),
        last_error: status.and_then(last_error),
    }
}

/// Returns a failure's code and text in one.
fn last_error(of: &Value) -> Option<String> {
    let code = text(of, "lastErrorCode").filter(|code| !code.is_empty())?;
    let message = text(of, "lastErrorMessage").map(|message| format!(": {message}")).unwrap_or_default();
    Some(ecw_halyard::clean(&format!("{code}{message}"), 300))
}

/// Returns how a channel's deliveries went last.
pub(crate) fn delivery_status(status: &Value) -> DeliveryStatus {
    let delivered = |info: &str, time: &str| {
        let info = status.get(info)?;
        let at = info.get(time).and_then(Value::as_f64);
        Some(Delivered {
            status: ecw_halyard::clean(text(info, "lastStatus")?, 40),
            error: last_error(info),
            at: at.filter(|at| *at >= 0.0).map(|at| (at * 1e3).round() as u64),
        })
    };
    DeliveryStatus {
        snapshot: delivered("configSnapshotDeliveryInfo", "lastAttemptTime"),
        stream: delivered("configStreamDeliveryInfo", "lastStatusChangeTime"),
    }
}

fn group(recorder: &Value) -> RecordingGroup {
    let Some(group) = recorder.get("recordingGroup") else { return RecordingGroup::AllAndGlobal };
    let strategy = group.get("recordingStrategy").and_then(|strategy| text(strategy, "useOnly"));
    match strategy {
        Some("EXCLUSION_BY_RESOURCE_TYPES") => {
            let excluded = group.get("exclusionByResourceTypes");
            RecordingGroup::AllBut(texts(excluded.and_then(|excluded| excluded.get("resourceTypes"))))
        }
        _ if is(group, "allSupported") && is(group, "includeGlobalResourceTypes") => {
            RecordingGroup::AllAndGlobal
        }
        _ if is(group, "allSupported") => RecordingGroup::AllRegional,
        _ => RecordingGroup::Only(texts(group.get("resourceTypes"))),
    }
}

fn texts(types: Option<&Value>) -> Vec<String> {
    let types = types.and_then(Value::as_array).into_iter().flatten();
    types.take(TYPES).filter_map(Value::as_str).map(|each| ecw_halyard::clean(each, 100)).collect()
}
