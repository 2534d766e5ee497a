//! One call of AWS: made, told apart, noted.

use std::error::Error;
use std::sync::Arc;

use aws_sdk_sns::config::retry::{ClassifyRetry, RetryAction};
use aws_sdk_sns::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sns::operation::RequestId;
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use ecw_wizard::model::place::AwsPlace;
use ecw_wizard::steps::AwsAction;
use ecw_wizard::values::aws_trouble::AwsTrouble;
use ecw_wizard::values::trouble::Trouble;

use ecw_ports::CallLog;
use tokio::runtime::Handle;

use crate::causes::by_cause;

/// SNS answers "Throttled" with 429, which the SDK does not try again by itself.
#[derive(Debug)]
pub(crate) struct SlowDown;

impl ClassifyRetry for SlowDown {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        match context.response().map(|response| response.status().as_u16()) {
            Some(429) => RetryAction::throttling_error(),
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "SNS asks to slow down"
    }
}

/// How calls are made: on which runtime, and where they are noted.
pub(crate) struct Calls {
    pub(crate) runtime: Handle,
    pub(crate) log: Arc<dyn CallLog>,
}

impl Calls {
    /// Makes a call and notes it: what was called on what, and what came of it. No parameter stands in the
    /// log, so no secret does.
    pub(crate) fn make<T, E>(
        &self,
        place: &AwsPlace,
        action: AwsAction,
        on: &str,
        call: impl Future<Output = Result<T, SdkError<E>>>,
    ) -> Result<T, Trouble>
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let begun = self.log.begun();
        let answer = self.runtime.block_on(call);
        let came_of_it = match &answer {
            Ok(_) => "ok".to_owned(),
            Err(error) => refused(error),
        };
        let profile = place.profile.as_deref().unwrap_or("-");
        let role = place.role.as_ref().map(|role| format!(" role={}", role.arn)).unwrap_or_default();
        let line = format!("{} {} profile={profile}{role} {on} {came_of_it}", action.name(), place.region);
        self.log.ended(begun, &ecw_halyard::redact(&ecw_halyard::clean(&line, 1_000)));
        answer.map_err(|error| told_apart(error, place))
    }
}

/// What the log says of an error: its code, its text, and the request's id, by which AWS's support finds it.
fn refused<E: ProvideErrorMetadata + Error + 'static>(error: &SdkError<E>) -> String {
    let id = error.request_id().map(|id| format!(" request-id={id}")).unwrap_or_default();
    let status =
        error.raw_response().map(|raw| format!("HTTP {} ", raw.status().as_u16())).unwrap_or_default();
    match error {
        SdkError::ServiceError(service) => {
            let meta = service.err();
            let code = meta.code().unwrap_or("no code");
            format!("{status}{code}: {}{id}", meta.message().unwrap_or_default())
        }
        other => {
            let mut cause: &dyn Error = other;
            while let Some(next) = cause.source() {
                cause = next;
            }
            format!("{status}failed: {cause}{id}")
        }
    }
}

/// Returns the profile that advice has to name: the one that was chosen, or the environment's.
pub(crate) fn profile_of(place: &AwsPlace) -> String {
    let environment = || std::env::var("AWS_PROFILE").ok().filter(|name| !name.is_empty());
    let named = place.profile.clone().or_else(environment);
    named.map_or_else(|| "default".to_owned(), |name| ecw_halyard::clean(&name, 100))
}

/// Returns what an SDK error means.
fn told_apart<E>(error: SdkError<E>, place: &AwsPlace) -> Trouble
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let trouble = match &error {
        SdkError::ServiceError(service) => {
            let meta = service.err();
            match meta.code() {
                Some(code) => AwsTrouble::of_code(code, meta.message().unwrap_or_default()),
                None => AwsTrouble::NotAws { status: service.raw().status().as_u16() },
            }
        }
        SdkError::ResponseError(response) => AwsTrouble::NotAws { status: response.raw().status().as_u16() },
        SdkError::TimeoutError(_) => AwsTrouble::Unreachable { detail: "no answer in time".to_owned() },
        other => by_cause(other, &profile_of(place)),
    };
    trouble.into()
}
