//! The hand-over: what whoever has the AWS rights gets, when SNS is not set up from here. Files made of
//! templates in `assets/handover`; nothing in them replaces what stands in AWS.

use std::collections::BTreeMap;

use crate::rules::defaults::DEFAULT_TOPIC;
use crate::rules::least_rights::{Granted, iam_policy};
use crate::state::Session;
use crate::steps::AwsGrant;
use crate::values::answers::Key;
use crate::values::names::{NOTIFY_PATH, Region};

/// The directory's name, in the state directory.
pub const DIRECTORY: &str = "handover";
/// The files' names.
pub const FILES: [&str; 5] =
    ["README.md", "set-up-sns.sh", "event-cache.cfn.yml", "event-cache.tf", "iam-policy.json"];

const README: &str = include_str!("../../../assets/handover/README.md");
const SCRIPT: &str = include_str!("../../../assets/handover/set-up-sns.sh");
const CLOUD_FORMATION: &str = include_str!("../../../assets/handover/event-cache.cfn.yml");
const TERRAFORM: &str = include_str!("../../../assets/handover/event-cache.tf");

/// What the files speak of.
struct Values {
    region: String,
    account: String,
    topic: String,
    sources: Vec<String>,
    endpoint: String,
    tags: BTreeMap<String, String>,
}

impl Values {
    fn of(session: &Session) -> Self {
        let text = |key: Key| session.answers.text(key).to_owned();
        let or = |text: String, other: &str| if text.is_empty() { other.to_owned() } else { text };
        let sources = text(Key::SourceAccounts);
        Self {
            region: or(text(Key::Region), "us-east-1"),
            account: text(Key::Account),
            topic: or(text(Key::TopicName), DEFAULT_TOPIC),
            sources: sources
                .split(',')
                .map(str::trim)
                .filter(|each| !each.is_empty())
                .map(str::to_owned)
                .collect(),
            endpoint: or(text(Key::Endpoint), &format!("https://gate.example.com{NOTIFY_PATH}")),
            tags: session.answers.topic_tags(),
        }
    }

    fn protocol(&self) -> &'static str {
        if self.endpoint.starts_with("http:") { "http" } else { "https" }
    }

    fn tags(&self) -> String {
        let tag = |(key, value): (&String, &String)| {
            shell_words::quote(&format!("Key={key},Value={value}")).into_owned()
        };
        let tags: Vec<String> = self.tags.iter().map(tag).collect();
        if tags.is_empty() { String::new() } else { format!("--tags {} ", tags.join(" ")) }
    }

    fn policy(&self) -> String {
        let partition = Region::parse(&self.region).map_or("aws", |region| region.partition());
        let account = if self.account.is_empty() { "*" } else { &self.account };
        let topic = format!("arn:{partition}:sns:{}:{account}:{}", self.region, self.topic);
        format!("{:#}\n", iam_policy(&topic, &Granted(vec![AwsGrant::ForDelivery])))
    }

    /// The places in the templates, each quoted for where it stands.
    fn places(&self) -> Vec<(&'static str, String)> {
        let shell = |text: &str| shell_words::quote(text).into_owned();
        let quoted = |text: &str| format!("\"{text}\"");
        let shown = |text: &str, none: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
        // A raw string of JMESPath: only its own quote needs a backslash.
        let by_endpoint = format!("'{}'", self.endpoint.replace('\'', "\\'"));
        vec![
            ("REGION", shell(&self.region)),
            ("ACCOUNT", shell(&self.account)),
            ("TOPIC_NAME", shell(&self.topic)),
            ("SOURCE_ACCOUNTS", shell(&self.sources.join(" "))),
            ("ENDPOINT", shell(&self.endpoint)),
            ("PROTOCOL", self.protocol().to_owned()),
            ("BY_ENDPOINT", shell(&by_endpoint)),
            ("TAGS", self.tags()),
            ("REGION_TEXT", self.region.clone()),
            ("ACCOUNT_TEXT", shown(&self.account, "that of your credentials")),
            ("SOURCES_TEXT", shown(&self.sources.join(", "), "the same; name more in SOURCE_ACCOUNTS")),
            ("TOPIC_NAME_TEXT", self.topic.clone()),
            ("ENDPOINT_TEXT", self.endpoint.clone()),
            ("TOPIC_NAME_YAML", quoted(&self.topic)),
            ("SOURCES_YAML", quoted(&self.sources.join(","))),
            ("ENDPOINT_YAML", format!("'{}'", self.endpoint.replace('\'', "''"))),
            ("PROTOCOL_YAML", quoted(self.protocol())),
            ("TOPIC_NAME_HCL", quoted(&self.topic)),
            ("SOURCES_HCL", self.sources.iter().map(|each| quoted(each)).collect::<Vec<_>>().join(", ")),
            ("ENDPOINT_HCL", quoted(&self.endpoint)),
        ]
    }

    fn filled(&self, template: &str) -> String {
        let mut text = template.to_owned();
        for (place, value) in self.places() {
            text = text.replace(&format!("{{{{{place}}}}}"), &value);
        }
        text
    }
}

/// Returns the files, by name.
#[must_use]
pub fn files(session: &Session) -> Vec<(&'static str, String)> {
    let values = Values::of(session);
    FILES
        .into_iter()
        .zip([
            values.filled(README),
            values.filled(SCRIPT),
            values.filled(CLOUD_FORMATION),
            values.filled(TERRAFORM),
            values.policy(),
        ])
        .collect()
}

/// Returns what is done with them, in words; values to copy stand alone on their lines.
#[must_use]
pub fn words(session: &Session) -> Vec<String> {
    let place = match (&session.setup.state_dir, session.hal_dir()) {
        (Some(dir), _) => format!("{dir}/{DIRECTORY}"),
        (None, Some(hal_dir)) => {
            let deployment = session.deployment().map_or("default", |each| each.name.as_str());
            format!("{hal_dir}/.event-cache-wizard/{deployment}/{DIRECTORY}")
        }
        (None, None) => DIRECTORY.to_owned(),
    };
    vec![
        "SNS is still to be set up. Give this directory to whoever has the AWS rights; its README.md says what to do:"
            .to_owned(),
        place,
        "They give receipt.json back. Then:".to_owned(),
        session.command("event-cache-wizard resume --receipt receipt.json"),
    ]
}
