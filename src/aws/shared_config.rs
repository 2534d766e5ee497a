//! What the shared AWS configuration files say of a profile besides its credentials.

use aws_config::profile::{self, ProfileSet};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_types::os_shim_internal::{Env, Fs};
use tokio::runtime::Handle;

/// How many profiles a chain of `source_profile` may have; the SDK itself gives up on a circle.
const CHAIN: usize = 10;

/// The parts that matter here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SharedConfig {
    /// `region`.
    pub region: Option<String>,
    /// `ca_bundle`, which the SDK does not read.
    pub ca_bundle: Option<String>,
    /// Somewhere on the way to its credentials a code is asked for, which the SDK does not do.
    pub(crate) wants_mfa: bool,
}

impl SharedConfig {
    /// Reads what stands there for a profile; without one, for `AWS_PROFILE` or the default. What cannot be
    /// read says nothing: the SDK tells what is wrong with it.
    #[must_use]
    pub fn of(runtime: &Handle, profile: Option<&str>) -> Self {
        let (fs, env) = (Fs::real(), Env::real());
        let named = profile.map(|name| name.to_owned().into());
        let files = EnvConfigFiles::default();
        match runtime.block_on(profile::load(&fs, &env, &files, named)) {
            Ok(set) => Self::in_set(&set),
            Err(_) => Self::default(),
        }
    }

    fn in_set(set: &ProfileSet) -> Self {
        let text = |key: &str| set.get(key).filter(|text| !text.is_empty()).map(str::to_owned);
        let mut wants_mfa = false;
        let mut name = Some(set.selected_profile().to_owned());
        for _ in 0..CHAIN {
            let Some(profile) = name.as_deref().and_then(|name| set.get_profile(name)) else { break };
            wants_mfa |= profile.get("role_arn").is_some() && profile.get("mfa_serial").is_some();
            name = profile.get("source_profile").map(str::to_owned);
        }
        Self { region: text("region"), ca_bundle: text("ca_bundle"), wants_mfa }
    }
}
