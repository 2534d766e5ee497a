//! Where credentials come from: the program on a wire, with a profile that is named.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests read files from disk")]

mod support;

use support::site::{SECRET, Site, exits, said};

const CONFIG: &str = "[profile base]\naws_access_key_id = AKIAIOSFODNN7CANARY1\naws_secret_access_key = SECRET\n\n\
[profile ops]\nrole_arn = arn:aws:iam::123456789012:role/ops\nsource_profile = base\n";

#[test]
fn a_named_profile_that_assumes_a_role_is_used_as_by_aws_profile() {
    let site = Site::new();
    std::fs::write(site.path("config"), CONFIG.replace("SECRET", SECRET)).unwrap();
    let planned = |arguments: &[&str], profile: Option<&str>| {
        let mut command = site.command(arguments);
        command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
        command.env("AWS_CONFIG_FILE", site.path("config"));
        command.env("AWS_ENDPOINT_URL_STS", format!("{}/aws", site.world));
        command.envs(profile.map(|profile| ("AWS_PROFILE", profile)));
        command.output().unwrap()
    };
    let plan = ["plan", "--answers", "answers.yml", "--aws-profile"];
    for profile in ["base", "ops"] {
        let named = planned(&[&plan[..], &[profile]].concat(), None);
        exits(&named, 13);
        let by_environment = planned(&plan[..3], Some(profile));
        exits(&by_environment, 13);
        assert!(said(&named).contains("AWS: arn:aws:"), "{}", said(&named));
    }
}
