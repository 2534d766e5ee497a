//! The one HTTP client, which is the AWS SDK's own: proxies as the environment says (`HTTPS_PROXY`, `NO_PROXY` and the
//! like), rustls on ring.

use std::io;
use std::ops::ControlFlow;
use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorSettings, SharedHttpClient};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use ecw_wizard::values::trouble::Trouble;
use http_body_util::BodyExt;
use url::Url;

use crate::trust::Trust;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(3);
/// Redirects that are followed.
const HOPS: usize = 5;

/// Whether the environment's proxies are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proxies {
    /// As the environment says.
    Environment,
    /// None: for what is on loopback whatever the environment says.
    None,
}

impl Proxies {
    fn config(self) -> ProxyConfig {
        match self {
            Self::Environment => ProxyConfig::from_env(),
            Self::None => ProxyConfig::disabled(),
        }
    }
}

/// Returns the client for the SDK.
///
/// # Errors
/// In words, when TLS cannot be set up.
pub fn for_sdk(trust: &Trust, proxies: Proxies) -> Result<SharedHttpClient, String> {
    let (tls, proxy) = (trust.context()?, proxies.config());
    Ok(Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder().proxy_config(proxy.clone());
        connector.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        connector.tls_provider(Provider::Rustls(CryptoMode::Ring)).tls_context(tls.clone()).build()
    }))
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub method: Method,
    pub url: &'a str,
    /// What is sent with it.
    pub body: &'a str,
    pub redirects: usize,
    /// How long all of it may take.
    pub within: Duration,
}

/// A method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
}

impl Method {
    const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

impl<'a> Asked<'a> {
    /// Returns a question with nothing but its URL, within a time; redirects are shown as they are.
    #[must_use]
    pub const fn of(method: Method, url: &'a str, within: Duration) -> Self {
        Self { method, url, body: "", redirects: 0, within }
    }

    /// The same, where redirects are followed.
    #[must_use]
    pub const fn following(self) -> Self {
        Self { redirects: HOPS, ..self }
    }

    /// The same with something to send.
    #[must_use]
    pub const fn with(self, body: &'a str) -> Self {
        Self { body, ..self }
    }
}

/// Takes a piece of a body, and says whether that was enough.
pub type Take<'a> = &'a mut dyn FnMut(&[u8]) -> io::Result<ControlFlow<()>>;

/// What stands above an answer's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub status: u16,
    pub content_type: String,
}

/// Asks and waits.
pub struct Client {
    connector: Connector,
}

impl Client {
    /// Returns a client.
    ///
    /// # Errors
    /// In words, when TLS cannot be set up.
    pub fn new(trust: &Trust, proxies: Proxies) -> Result<Self, String> {
        let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT).build();
        let connector = Connector::builder()
            .proxy_config(proxies.config())
            .connector_settings(settings)
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(trust.context()?)
            .build();
        Ok(Self { connector })
    }

    /// Asks, and hands the body over piece by piece, until `take` has enough or cannot take it.
    ///
    /// # Errors
    /// In words, when nothing answers in time, or a piece is not taken.
    pub async fn ask(&self, asked: &Asked<'_>, take: Take<'_>) -> Result<Head, Trouble> {
        let whole = async {
            let mut answer = self.followed(asked).await?;
            let head = Head {
                status: answer.status().as_u16(),
                content_type: answer.headers().get("content-type").unwrap_or_default().to_owned(),
            };
            let mut body = std::mem::replace(answer.body_mut(), SdkBody::taken());
            while let Some(frame) = body.frame().await {
                if let Ok(piece) = frame.map_err(|error| words(&*error))?.into_data()
                    && take(&piece).map_err(Trouble::reason)?.is_break()
                {
                    break;
                }
            }
            Ok(head)
        };
        tokio::time::timeout(asked.within, whole).await.unwrap_or_else(|_| Err("no answer in time".into()))
    }

    async fn followed(&self, asked: &Asked<'_>) -> Result<HttpResponse, Trouble> {
        let mut url = Url::parse(asked.url).map_err(Trouble::reason)?;
        for _ in 0..asked.redirects {
            let answer = self.once(asked, &url).await?;
            let Some(next) = leads_to(&answer, &url) else { return Ok(answer) };
            url = next;
        }
        self.once(asked, &url).await
    }

    async fn once(&self, asked: &Asked<'_>, url: &Url) -> Result<HttpResponse, Trouble> {
        let mut request = HttpRequest::new(SdkBody::from(asked.body));
        request.set_method(asked.method.name()).map_err(Trouble::reason)?;
        request.set_uri(url.as_str()).map_err(Trouble::reason)?;
        request.headers_mut().insert("user-agent", "event-cache-wizard");
        request.headers_mut().insert("accept", "*/*");
        self.connector.call(request).await.map_err(|error| words(&error).into())
    }
}

/// Returns where a redirect leads, if that is on the web.
fn leads_to(answer: &HttpResponse, from: &Url) -> Option<Url> {
    if !matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let next = from.join(answer.headers().get("location")?).ok()?;
    matches!(next.scheme(), "http" | "https").then_some(next)
}

/// Returns why nothing answered, by the innermost cause.
fn words(error: &(dyn std::error::Error + 'static)) -> String {
    let mut causes = vec![error.to_string()];
    let mut cause = error;
    while let Some(next) = cause.source() {
        causes.push(next.to_string());
        cause = next;
    }
    let refused = cause
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused);
    if refused {
        "connection refused".to_owned()
    } else if causes.iter().any(|each| each == "dns error") {
        "the name is unknown".to_owned()
    } else if causes.first().is_some_and(|first| first == "timeout") {
        "no answer in time".to_owned()
    } else {
        ecw_halyard::clean(causes.last().map(String::as_str).unwrap_or_default(), 200)
    }
}
