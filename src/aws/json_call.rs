//! A call of a service that speaks AWS JSON, through the SDK's own orchestrator: its credentials, signature, retries,
//! time-outs and errors, without a crate generated for all that the service can do.

use std::error::Error;
use std::fmt;

use aws_config::SdkConfig;
use aws_runtime::auth::{SigV4OperationSigningConfig, sigv4};
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_runtime::user_agent::{ApiMetadata, UserAgentInterceptor};
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier};
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{
    AuthSchemeOptionResolverParams, SharedAuthScheme, SharedAuthSchemeOptionResolver,
};
use aws_smithy_runtime_api::client::identity::SharedIdentityResolver;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::SigningName;
use aws_types::region::SigningRegion;
use serde_json::Value;

use crate::services::Service;

/// An answer that is an error, by its code and message.
#[derive(Debug)]
pub(crate) struct Refused(ErrorMetadata);

impl fmt::Display for Refused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl Error for Refused {}

impl ProvideErrorMetadata for Refused {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}

type Answer = Result<Value, SdkError<Refused, HttpResponse>>;

/// Calls an action with its input; returns what it answers. Nothing but an object is an answer.
pub(crate) async fn call(config: &SdkConfig, service: Service, action: &'static str, input: Value) -> Answer {
    let name = format!("{}.{action}", service.target);
    let mut operation = Operation::builder()
        .service_name(service.setting)
        .operation_name(action)
        .endpoint_url(&service.endpoint(config))
        .runtime_plugin(signed(config, service))
        .interceptor(UserAgentInterceptor::new())
        .retry_classifier(TransientErrorClassifier::<Refused>::new())
        .retry_classifier(AwsErrorCodeClassifier::<Refused>::new())
        .retry_classifier(HttpStatusCodeClassifier::default())
        .with_connection_poisoning();
    if let Some(version) = config.behavior_version() {
        operation = operation.behavior_version(version);
    }
    if let Some(client) = config.http_client() {
        operation = operation.http_client(client);
    }
    if let Some(retries) = config.retry_config() {
        operation = operation.standard_retry(retries);
    }
    if let Some(limits) = config.timeout_config() {
        operation = operation.timeout_config(limits.clone());
    }
    if let Some(sleep) = config.sleep_impl() {
        operation = operation.sleep_impl(sleep);
    }
    if let Some(clock) = config.time_source() {
        operation = operation.time_source(clock);
    }
    let operation = operation
        .serializer(move |input: Value| {
            let mut request = HttpRequest::new(SdkBody::from(input.to_string()));
            request.set_method("POST")?;
            request.headers_mut().insert("content-type", service.content_type);
            request.headers_mut().insert("x-amz-target", name.clone());
            Ok(request)
        })
        .deserializer(answered)
        .build();
    operation.invoke(input).await
}

/// Returns how calls of the service are signed.
fn signed(config: &SdkConfig, service: Service) -> StaticRuntimePlugin {
    let mut layer = Layer::new("signed");
    layer.store_put(ApiMetadata::new(service.host, env!("CARGO_PKG_VERSION")));
    layer.store_put(SigningName::from_static(service.signed_as));
    if let Some(region) = config.region() {
        layer.store_put(SigningRegion::from(region.clone()));
    }
    layer.store_put(SigV4OperationSigningConfig::default());
    layer.store_put(AuthSchemeOptionResolverParams::new(()));
    let mut components = RuntimeComponentsBuilder::new("signed");
    components.set_auth_scheme_option_resolver(Some(SharedAuthSchemeOptionResolver::new(
        StaticAuthSchemeOptionResolver::new(vec![sigv4::SCHEME_ID]),
    )));
    components.push_auth_scheme(SharedAuthScheme::new(sigv4::SigV4AuthScheme::new()));
    components.set_identity_cache(config.identity_cache());
    if let Some(credentials) = config.credentials_provider() {
        components.set_identity_resolver(sigv4::SCHEME_ID, SharedIdentityResolver::new(credentials));
    }
    StaticRuntimePlugin::new().with_config(layer.freeze()).with_runtime_components(components)
}

fn answered(response: &HttpResponse) -> Result<Value, OrchestratorError<Refused>> {
    let body = response.body().bytes().unwrap_or_default();
    let read = serde_json::from_slice::<Value>(body);
    if response.status().is_success() {
        return match read {
            Ok(answer) if answer.is_object() => Ok(answer),
            Ok(_) => Err(OrchestratorError::response("it is no object".into())),
            Err(error) => Err(OrchestratorError::response(error.into())),
        };
    }
    let read = read.unwrap_or_default();
    let text = |key: &str| read.get(key).and_then(Value::as_str);
    let headers = response.headers();
    // SQS gives the code of its former protocol beside the new one.
    let code = headers.get("x-amzn-query-error").map(|both| both.split(';').next().unwrap_or(both));
    let code =
        code.or_else(|| headers.get("x-amzn-errortype")).or_else(|| text("__type")).or_else(|| text("code"));
    let mut meta = ErrorMetadata::builder();
    if let Some(code) = code {
        meta = meta.code(plain(code));
    }
    if let Some(message) = text("message").or_else(|| text("Message")) {
        meta = meta.message(message);
    }
    Err(OrchestratorError::operation(Refused(meta.build())))
}

/// Returns an error's code without the name of its shape's model before it and a document's address behind it, as AWS
/// JSON 1.1 says it may be written.
fn plain(code: &str) -> &str {
    let code = code.split(':').next().unwrap_or(code);
    code.rsplit('#').next().unwrap_or(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_what_stands_between_a_model_and_an_address() {
        let table = [
            ("NoSuchDeliveryChannelException", "NoSuchDeliveryChannelException"),
            ("com.amazonaws.sqs#QueueDoesNotExist", "QueueDoesNotExist"),
            (
                "AccessDeniedException:http://internal.amazon.com/coral/com.amazon.coral.service/",
                "AccessDeniedException",
            ),
        ];
        for (written, code) in table {
            assert_eq!(plain(written), code);
        }
    }
}
