//! What a recorder of AWS Config records and how its deliveries went, from descriptions and statuses.

use aws_sdk_config::primitives::DateTime;
use aws_sdk_config::types::{
    ConfigurationRecorder, ConfigurationRecorderStatus, DeliveryChannelStatus, DeliveryStatus as AwsStatus,
    RecordingFrequency as Frequency, RecordingStrategyType, ResourceType,
};
use ecw_wizard::model::aws_report::{
    Delivered, DeliveryStatus, Recording, RecordingFrequency, RecordingGroup,
};

/// Types that are kept of a list; AWS Config knows some 400.
const TYPES: usize = 1_000;

/// Returns what it records.
pub(crate) fn recording(
    recorder: &ConfigurationRecorder,
    status: Option<&ConfigurationRecorderStatus>,
) -> Recording {
    let mode = recorder.recording_mode();
    let of = |frequency: &Frequency| match frequency {
        Frequency::Daily => RecordingFrequency::Daily,
        _ => RecordingFrequency::Continuous,
    };
    let overridden = |wanted: RecordingFrequency| {
        let overrides = mode.map(|mode| mode.recording_mode_overrides()).unwrap_or_default();
        let fitting = overrides.iter().filter(|each| of(each.recording_frequency()) == wanted);
        fitting.flat_map(|each| texts(each.resource_types())).collect()
    };
    Recording {
        group: group(recorder),
        daily: overridden(RecordingFrequency::Daily),
        continuous: overridden(RecordingFrequency::Continuous),
        frequency: mode.map(|mode| of(mode.recording_frequency())).unwrap_or_default(),
        last_error: status
            .and_then(|status| last_error(status.last_error_code(), status.last_error_message())),
    }
}

/// Returns a failure's code and text in one.
fn last_error(code: Option<&str>, message: Option<&str>) -> Option<String> {
    let code = code.filter(|code| !code.is_empty())?;
    let message = message.map(|message| format!(": {message}")).unwrap_or_default();
    Some(ecw_halyard::clean(&format!("{code}{message}"), 300))
}

/// Returns how a channel's deliveries went last.
pub(crate) fn delivery_status(status: &DeliveryChannelStatus) -> DeliveryStatus {
    let at = |time: Option<&DateTime>| time.and_then(|time| u64::try_from(time.to_millis().ok()?).ok());
    let text = |status: Option<&AwsStatus>| status.map(|status| ecw_halyard::clean(status.as_str(), 40));
    let snapshot = status.config_snapshot_delivery_info().and_then(|info| {
        Some(Delivered {
            status: text(info.last_status())?,
            error: last_error(info.last_error_code(), info.last_error_message()),
            at: at(info.last_attempt_time()),
        })
    });
    let stream = status.config_stream_delivery_info().and_then(|info| {
        Some(Delivered {
            status: text(info.last_status())?,
            error: last_error(info.last_error_code(), info.last_error_message()),
            at: at(info.last_status_change_time()),
        })
    });
    DeliveryStatus { snapshot, stream }
}

fn group(recorder: &ConfigurationRecorder) -> RecordingGroup {
    let Some(group) = recorder.recording_group() else { return RecordingGroup::AllAndGlobal };
    let strategy = group.recording_strategy().and_then(|strategy| strategy.use_only());
    match strategy {
        Some(RecordingStrategyType::ExclusionByResourceTypes) => {
            let excluded = group.exclusion_by_resource_types();
            RecordingGroup::AllBut(texts(excluded.map(|each| each.resource_types()).unwrap_or_default()))
        }
        _ if group.all_supported() && group.include_global_resource_types() => RecordingGroup::AllAndGlobal,
        _ if group.all_supported() => RecordingGroup::AllRegional,
        _ => RecordingGroup::Only(texts(group.resource_types())),
    }
}

fn texts(types: &[ResourceType]) -> Vec<String> {
    types.iter().take(TYPES).map(|each| ecw_halyard::clean(each.as_str(), 100)).collect()
}
