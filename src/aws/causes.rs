//! Why no service answered: by the SDK's own error types and sentences, never by a word somewhere in a text,
//! since names of profiles, hosts and files stand there too.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use ecw_wizard::values::aws_trouble::AwsTrouble;

/// What aws-config 1.13 says of a login that is missing, over or unreadable (`src/sso/token.rs`,
/// `src/sso/cache.rs`; the types are private).
const NO_SSO_LOGIN: [&str; 3] = [
    "the SSO token has expired and cannot be refreshed",
    "failed to load the cached SSO token",
    "invalid JSON in cached SSO token file",
];

/// Walks the causes of an error that no service answered.
pub(crate) fn by_cause(error: &(dyn Error + 'static), profile: &str) -> AwsTrouble {
    let mut texts = Vec::new();
    let mut credentials = None;
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(each) = cause {
        if let Some(found) = each.downcast_ref::<CredentialsError>() {
            credentials.get_or_insert(found);
        }
        texts.push(each.to_string());
        cause = each.source();
    }
    let last = ecw_halyard::clean(texts.last().map(String::as_str).unwrap_or_default(), 200);
    if texts.iter().any(|text| NO_SSO_LOGIN.contains(&text.as_str())) {
        return AwsTrouble::SsoLogin { profile: profile.to_owned() };
    }
    match credentials {
        Some(CredentialsError::CredentialsNotLoaded(_))
            if texts.iter().any(|text| names_no_profile(text)) =>
        {
            AwsTrouble::BadProfile { detail: last }
        }
        Some(CredentialsError::CredentialsNotLoaded(_)) => AwsTrouble::NoCredentials,
        Some(CredentialsError::ProviderTimedOut(_)) => {
            AwsTrouble::Unreachable { detail: "the credentials provider does not answer".to_owned() }
        }
        Some(_) => AwsTrouble::BadProfile { detail: last },
        None if texts.iter().any(|text| text.contains("Missing Region")) => {
            AwsTrouble::WrongRegion { detail: "no region is set".to_owned() }
        }
        None => AwsTrouble::Unreachable { detail: last },
    }
}

/// "profile `x` was not defined", as aws-config says it, whatever the profile is called.
fn names_no_profile(text: &str) -> bool {
    text.starts_with("profile `") && text.ends_with("` was not defined")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Said(&'static str, Option<Box<dyn Error + Send + Sync>>);

    impl std::fmt::Display for Said {
        fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            out.write_str(self.0)
        }
    }

    impl Error for Said {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref().map(|cause| cause as &(dyn Error + 'static))
        }
    }

    fn said(text: &'static str) -> Said {
        Said(text, None)
    }

    fn dispatch(cause: impl Error + Send + Sync + 'static) -> AwsTrouble {
        by_cause(&Said("dispatch failure", Some(Box::new(cause))), "sso-prod")
    }

    #[test]
    fn causes_are_told_apart_by_type_and_not_by_a_word_in_a_name() {
        let provider = |text| CredentialsError::provider_error(said(text));
        let not_loaded = |text| CredentialsError::not_loaded(said(text));
        let login = AwsTrouble::SsoLogin { profile: "sso-prod".to_owned() };
        let bad = |text: &str| AwsTrouble::BadProfile { detail: text.to_owned() };
        let away = |text: &str| AwsTrouble::Unreachable { detail: text.to_owned() };
        let table = [
            (dispatch(provider("failed to load the cached SSO token")), login.clone()),
            (dispatch(provider("the SSO token has expired and cannot be refreshed")), login),
            (
                dispatch(provider("the role is not associated with this account")),
                bad("the role is not associated with this account"),
            ),
            (
                dispatch(provider("external process exited with code 1: no lessons today")),
                bad("external process exited with code 1: no lessons today"),
            ),
            (dispatch(provider("could not read profile sso-prod")), bad("could not read profile sso-prod")),
            (
                dispatch(not_loaded("profile `sso-prod` was not defined")),
                bad("profile `sso-prod` was not defined"),
            ),
            (dispatch(not_loaded("no providers in chain provided credentials")), AwsTrouble::NoCredentials),
            (
                dispatch(CredentialsError::invalid_configuration(said(
                    "profile missing aws_secret_access_key",
                ))),
                bad("profile missing aws_secret_access_key"),
            ),
            (
                dispatch(CredentialsError::provider_timed_out(std::time::Duration::from_secs(5))),
                away("the credentials provider does not answer"),
            ),
            (dispatch(said("connection refused")), away("connection refused")),
            (dispatch(said("no address of sso.example.com")), away("no address of sso.example.com")),
            (
                dispatch(said("credentials.example.com is not found")),
                away("credentials.example.com is not found"),
            ),
            (
                dispatch(said("Invalid Configuration: Missing Region")),
                AwsTrouble::WrongRegion { detail: "no region is set".to_owned() },
            ),
        ];
        for (found, expected) in table {
            assert_eq!(found, expected);
        }
    }
}
