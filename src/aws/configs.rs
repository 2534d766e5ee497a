//! How calls are made in a place: credentials, authority, proxy, time-outs. Kept by place, so that connections
//! and the credentials of roles are used again.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use ecw_web::client::{Proxies, for_sdk};
use ecw_web::trust::{Trust, usable};
use ecw_wizard::model::place::{AssumedRole, AwsPlace};
use ecw_wizard::values::aws_trouble::AwsTrouble;
use ecw_wizard::values::trouble::Trouble;
use tokio::runtime::Handle;

use crate::shared_config::SharedConfig;

type Answered<T> = Result<T, Trouble>;

/// What makes a place's calls differ from another's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    profile: Option<String>,
    region: String,
    role: Option<(String, Option<String>)>,
}

impl Key {
    fn of(place: &AwsPlace) -> Self {
        let role = place.role.as_ref().map(|role| (role.arn.to_string(), role.external_id.clone()));
        Self { profile: place.profile.clone(), region: place.region.to_string(), role }
    }
}

type Known = BTreeMap<Key, SdkConfig>;
/// HTTP clients by whom they trust.
type Clients = BTreeMap<Trust, SharedHttpClient>;

/// The configurations of all places that were called.
pub(crate) struct Configs {
    runtime: Handle,
    known: Mutex<Known>,
    clients: Mutex<Clients>,
    ca_bundle: Option<String>,
    /// In a rehearsal: where the stand-in AWS answers. Credentials and endpoints of the environment
    /// are then not looked at.
    stand_in: Option<String>,
}

impl Configs {
    pub(crate) fn new(runtime: Handle, ca_bundle: Option<String>, stand_in: Option<String>) -> Self {
        Self { runtime, known: Mutex::default(), clients: Mutex::default(), ca_bundle, stand_in }
    }

    /// Returns whether AWS itself is called, not a stand-in.
    pub(crate) fn are_real(&self) -> bool {
        self.stand_in.is_none()
    }

    /// Forgets a place's configuration, so that a new login is seen.
    pub(crate) fn forget(&self, place: &AwsPlace) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&Key::of(place));
    }

    /// Returns how calls in a place are made.
    ///
    /// # Errors
    /// When it cannot be set up, such as an authority that cannot be read.
    pub(crate) fn of(&self, place: &AwsPlace) -> Answered<SdkConfig> {
        let key = Key::of(place);
        let known = |known: &Known| known.get(&key).cloned();
        if let Some(config) = known(&self.known.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(config);
        }
        // Not under the lock: other targets' calls go on meanwhile.
        let config = self.load(place)?;
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(key, config.clone());
        Ok(config)
    }

    fn load(&self, place: &AwsPlace) -> Answered<SdkConfig> {
        let client = self.client(place)?;
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(3))
            .operation_attempt_timeout(Duration::from_secs(10))
            .operation_timeout(Duration::from_secs(25))
            .build();
        let region = aws_config::Region::new(place.region.to_string());
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(client.clone())
            .timeout_config(timeouts)
            .retry_config(RetryConfig::standard().with_max_attempts(3))
            .region(region.clone());
        if let Some(url) = &self.stand_in {
            let keys =
                aws_credential_types::Credentials::new("123456789012", "rehearsal", None, None, "rehearsal");
            loader = loader.endpoint_url(url).credentials_provider(keys);
        } else if let Some(profile) = &place.profile {
            // The loader's own profile_name does not beat keys in the environment.
            // Roles and SSO are asked for on the way: by our client, through the same proxy, in a region.
            let way =
                ProviderConfig::without_region().with_region(Some(region.clone())).with_http_client(client);
            let provider =
                ProfileFileCredentialsProvider::builder().configure(&way).profile_name(profile).build();
            loader = loader.profile_name(profile).credentials_provider(provider);
        }
        let base = self.runtime.block_on(loader.load());
        Ok(match &place.role {
            Some(role) => self.assumed(&base, role),
            None => base,
        })
    }

    /// Returns the client that trusts what a place's calls are to trust. Reading all the system's authorities takes
    /// its time, so places share a client.
    fn client(&self, place: &AwsPlace) -> Answered<SharedHttpClient> {
        let of_profile = || SharedConfig::of(&self.runtime, place.profile.as_deref()).ca_bundle;
        let bundle = match (&self.ca_bundle, &self.stand_in) {
            (Some(path), _) => Some(("AWS_CA_BUNDLE", path.clone())),
            // The environment's beats the profile's, as in the aws command.
            (None, None) => of_profile().map(|path| ("ca_bundle", path)),
            (None, Some(_)) => None,
        };
        let trust = bundle.map(|(name, path)| trusted(name, &path)).transpose()?;
        // The stand-in is on loopback.
        let (trust, proxies) = match (trust, &self.stand_in) {
            (Some(pem), _) => (Trust::Besides(pem), Proxies::Environment),
            (None, None) => (Trust::Machine, Proxies::Environment),
            (None, Some(_)) => (Trust::Nobody, Proxies::None),
        };
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&trust) {
            return Ok(client.clone());
        }
        let client = for_sdk(&trust, proxies)
            .map_err(|error| AwsTrouble::Unreachable { detail: format!("TLS cannot be set up: {error}") })?;
        clients.insert(trust, client.clone());
        Ok(client)
    }

    /// The same with the credentials of a role that is assumed from there.
    fn assumed(&self, base: &SdkConfig, role: &AssumedRole) -> SdkConfig {
        let mut assume = AssumeRoleProvider::builder(role.arn.to_string())
            .configure(base)
            .session_name("event-cache-wizard");
        if let Some(id) = &role.external_id {
            assume = assume.external_id(id);
        }
        if let Some(region) = base.region() {
            assume = assume.region(region.clone());
        }
        let provider = match base.credentials_provider() {
            Some(own) => self.runtime.block_on(assume.build_from_provider(own)),
            None => self.runtime.block_on(assume.build()),
        };
        base.to_builder().credentials_provider(SharedCredentialsProvider::new(provider)).build()
    }
}

/// Returns the certificates of the bundle that a setting names.
fn trusted(name: &str, path: &str) -> Answered<Vec<u8>> {
    let pem = std::fs::read(path).map_err(|error| AwsTrouble::Unreachable {
        detail: format!("{name} {path} cannot be read: {error}"),
    })?;
    Ok(usable(&pem).ok_or_else(|| AwsTrouble::Unreachable {
        detail: format!("{name} {path} holds no certificate that can be used"),
    })?)
}
