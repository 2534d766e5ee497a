//! Where credentials come from and by which way: the real program on a wire, with an HTTPS front of AWS, a
//! proxy that wants a login, and a private authority.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests write the files of AWS's tools")]

mod support;

use std::process::{Command, Output};

use support::amazon::{Amazon, LOGIN};
use support::site::{Site, exits, said};

const PROFILES: &str = "
[profile base]
aws_access_key_id = AKIAIOSFODNN7CANARY1
aws_secret_access_key = rehearsal

[profile assumes-role]
role_arn = arn:aws:iam::123456789012:role/ops
source_profile = base

[profile process]
credential_process = HOME/keys.sh

[sso-session work]
sso_start_url = https://work.awsapps.com/start
sso_region = us-west-2
sso_registration_scopes = sso:account:access

[profile sso]
sso_session = work
sso_account_id = 123456789012
sso_role_name = ops

[profile old-sso]
sso_start_url = https://work.awsapps.com/start
sso_region = us-west-2
sso_account_id = 123456789012
sso_role_name = ops

[profile role-from-sso]
role_arn = arn:aws:iam::123456789012:role/ops
source_profile = sso

[profile mfa]
role_arn = arn:aws:iam::123456789012:role/mfa
source_profile = base
mfa_serial = arn:aws:iam::123456789012:mfa/me

[profile web]
role_arn = arn:aws:iam::123456789012:role/ops
web_identity_token_file = HOME/token
role_session_name = me

[profile own-authority]
aws_access_key_id = AKIAIOSFODNN7CANARY1
aws_secret_access_key = rehearsal
ca_bundle = HOME/authority.pem

[profile ireland]
aws_access_key_id = AKIAIOSFODNN7CANARY1
aws_secret_access_key = rehearsal
region = eu-west-1
";
/// SHA-1 of `work` and of the start URL: how the aws command names its tokens.
const TOKENS: [&str; 2] =
    ["e274eeff768c6396088ec6eb091f4bf4d47ab1e0", "19aabcacc95f752e6b4e0978c9b2a1691b58f5e0"];

struct Office {
    site: Site,
    amazon: Amazon,
}

impl Office {
    fn open() -> Self {
        let site = Site::new();
        let home = site.path("");
        let amazon = Amazon::start(&home, &site.world);
        std::fs::create_dir_all(site.path(".aws/sso/cache")).unwrap();
        std::fs::write(site.path("config"), PROFILES.replace("HOME/", &site.text(""))).unwrap();
        std::fs::write(site.path("token"), "eyJhbGciOiJub25lIn0.e30.").unwrap();
        let keys = r#"{"Version":1,"AccessKeyId":"AKIAIOSFODNN7CANARY1","SecretAccessKey":"rehearsal"}"#;
        std::fs::write(site.path("keys.sh"), format!("#!/bin/sh\necho '{keys}'\n")).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(site.path("keys.sh"), mode).unwrap();
        let token = r#"{"accessToken":"t","expiresAt":"2099-01-01T00:00:00Z","region":"us-west-2","startUrl":"https://work.awsapps.com/start"}"#;
        for name in TOKENS {
            std::fs::write(site.path(&format!(".aws/sso/cache/{name}.json")), token).unwrap();
        }
        Self { site, amazon }
    }

    /// `plan`, with no AWS of the site's own, through the proxy and with the private authority.
    fn plan(&self, profile: Option<&str>) -> Command {
        let mut arguments = vec!["plan", "--answers", "answers.yml"];
        arguments.extend(profile.into_iter().flat_map(|profile| ["--aws-profile", profile]));
        let mut command = self.site.command(&arguments);
        for name in ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            command.env_remove(name);
        }
        command
            .env("AWS_CONFIG_FILE", self.site.path("config"))
            .env("AWS_CA_BUNDLE", &self.amazon.authority)
            .env("HTTPS_PROXY", self.amazon.proxy_url(LOGIN));
        command
    }

    fn by(&self, command: &mut Command) -> (Output, Vec<String>, Vec<String>) {
        let output = command.output().unwrap();
        (output, self.amazon.hosts(), self.amazon.tunnels())
    }
}

fn is_in(what: &str, (output, hosts, tunnels): &(Output, Vec<String>, Vec<String>)) {
    assert_eq!(output.status.code(), Some(13), "{what}: {}\n{hosts:?}\n{tunnels:?}", said(output));
    assert!(said(output).contains("AWS: arn:aws:"), "{what}: {}", said(output));
    assert!(tunnels.iter().all(|tunnel| tunnel.ends_with("let in")), "{what}: {tunnels:?}");
}

#[test]
fn every_profile_leads_to_aws_through_a_proxy_with_a_login_and_by_a_private_authority() {
    let office = Office::open();
    for profile in ["base", "assumes-role", "process", "sso", "old-sso", "role-from-sso", "web"] {
        let named = office.by(&mut office.plan(Some(profile)));
        is_in(profile, &named);
        assert!(named.1.contains(&"sns.us-west-2.amazonaws.com".to_owned()), "{profile}: {:?}", named.1);
        assert!(named.2.contains(&"CONNECT sns.us-west-2.amazonaws.com:443 let in".to_owned()), "{profile}");
        is_in(profile, &office.by(office.plan(None).env("AWS_PROFILE", profile)));
    }
}

#[test]
fn machines_and_their_environment_lead_to_aws_too() {
    let office = Office::open();
    let metadata = |path: &str| format!("http://127.0.0.1:{}{path}", office.amazon.metadata);
    let keys =
        [("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7CANARY1".to_owned()), ("AWS_SECRET_ACCESS_KEY", "x".to_owned())];
    let web = [
        ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/ops".to_owned()),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", office.site.text("token")),
    ];
    let container = [("AWS_CONTAINER_CREDENTIALS_FULL_URI", metadata("/container")), ("X", String::new())];
    for (what, environment) in [("keys", keys), ("web identity", web), ("container", container)] {
        is_in(what, &office.by(office.plan(None).envs(environment)));
    }
    let mut instance = office.plan(None);
    instance.env_remove("AWS_EC2_METADATA_DISABLED");
    is_in("instance", &office.by(instance.env("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata(""))));
}

#[test]
fn a_profiles_own_authority_and_region_and_fips_are_heeded() {
    let office = Office::open();
    is_in("own authority", &office.by(office.plan(Some("own-authority")).env_remove("AWS_CA_BUNDLE")));
    let untrusted = office.by(office.plan(Some("base")).env_remove("AWS_CA_BUNDLE"));
    exits(&untrusted.0, 7);
    assert!(said(&untrusted.0).contains("certificate"), "{}", said(&untrusted.0));

    std::fs::write(
        office.site.path("answers.yml"),
        format!("version: 1\nsns: {{endpoint: '{}'}}\n", office.site.gate.url("/aws/notify")),
    )
    .unwrap();
    let ireland = office.by(&mut office.plan(Some("ireland")));
    is_in("ireland", &ireland);
    assert!(ireland.1.contains(&"sns.eu-west-1.amazonaws.com".to_owned()), "{:?}", ireland.1);
    let fips = office.by(office.plan(Some("base")).env("AWS_USE_FIPS_ENDPOINT", "true"));
    is_in("fips", &fips);
    assert!(fips.1.iter().all(|host| host.contains("-fips.")), "{:?}", fips.1);
}

#[test]
fn without_a_proxy_the_private_authority_is_enough_and_no_proxy_is_heeded() {
    let office = Office::open();
    let front = format!("https://localhost:{}", office.amazon.front);
    let mut direct = office.plan(Some("base"));
    direct.env("AWS_ENDPOINT_URL", front).env("NO_PROXY", "127.0.0.1,localhost");
    let found = office.by(&mut direct);
    is_in("direct", &found);
    assert_eq!(found.2, Vec::<String>::new());
}

#[test]
fn a_proxy_that_turns_us_away_and_a_role_that_wants_a_code_are_said_plainly() {
    let office = Office::open();
    let away = office.by(office.plan(Some("base")).env("HTTPS_PROXY", office.amazon.proxy_url("me:wrong")));
    exits(&away.0, 7);
    let words = said(&away.0);
    assert!(words.contains("AWS does not answer: tunnel error: proxy authorization required. Check the region, the network and HTTPS_PROXY"), "{words}");
    // A bundle with a broken certificate is no bug; keys of the environment have no device.
    let broken = format!(
        "{}-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydA==\n-----END CERTIFICATE-----\n",
        std::fs::read_to_string(&office.amazon.authority).unwrap()
    );
    std::fs::write(office.site.path("broken.pem"), broken).unwrap();
    let bundle = office.site.path("broken.pem");
    is_in("broken bundle", &office.by(office.plan(Some("base")).env("AWS_CA_BUNDLE", bundle)));
    std::fs::write(office.site.path("nothing.pem"), "nothing").unwrap();
    let nothing = office.by(office.plan(Some("base")).env("AWS_CA_BUNDLE", office.site.path("nothing.pem")));
    exits(&nothing.0, 7);
    assert!(said(&nothing.0).contains("holds no certificate that can be used"), "{}", said(&nothing.0));
    let code = office.by(&mut office.plan(Some("mfa")));
    exits(&code.0, 7);
    assert!(said(&code.0).contains("asks for a code of an MFA device"), "{}", said(&code.0));
}

#[test]
fn the_same_authority_and_proxy_reach_the_plugin_repository_and_gate() {
    let office = Office::open();
    let mut plan = office.plan(Some("base"));
    plan.env("EVENT_CACHE_WIZARD_REPOSITORY_URL", "https://repository.example.com/plugins.json");
    let found = office.by(&mut plan);
    assert!(found.1.contains(&"repository.example.com".to_owned()), "{:?}\n{}", found.1, said(&found.0));
    assert!(said(&found.0).contains("0.2.1"), "{}", said(&found.0));
    is_in("repository", &found);
}
