//! The hand-over: what whoever has the AWS rights gets, when SNS is not set up from here. Files made of
//! templates in `assets/handover`; nothing in them replaces what stands in AWS.

use std::collections::BTreeMap;

use crate::rules::defaults::DEFAULT_TOPIC;
use crate::rules::least_rights::{Granted, iam_policy};
use crate::state::Session;
use crate::steps::AwsGrant;
use crate::values::answers::Key;
use crate::values::names::{Region, TopicArn};

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
        let existing = session.answers.existing_topic().and_then(|arn| TopicArn::parse(arn).ok());
        let named = Some(text(Key::TopicName)).filter(|name| !name.is_empty());
        let sources = text(Key::SourceAccounts);
        let sources = sources.split(',').map(str::trim).filter(|each| !each.is_empty());
        let of = |part: fn(&TopicArn) -> String| existing.as_ref().map(part);
        Self {
            region: of(|arn| arn.region.to_string()).unwrap_or_else(|| text(Key::Region)),
            account: of(|arn| arn.account.to_string()).unwrap_or_else(|| text(Key::Account)),
            topic: of(|arn| arn.name.clone()).or(named).unwrap_or_else(|| DEFAULT_TOPIC.to_owned()),
            sources: sources.map(str::to_owned).collect(),
            endpoint: text(Key::Endpoint),
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
        let or_any = |text: &str| if text.is_empty() { "*".to_owned() } else { text.to_owned() };
        let (region, account) = (or_any(&self.region), or_any(&self.account));
        let topic = format!("arn:{partition}:sns:{region}:{account}:{}", self.topic);
        let granted = Granted(vec![AwsGrant::ForDelivery, AwsGrant::ForRollbackByHand]);
        format!("{:#}\n", iam_policy(&topic, &granted))
    }

    /// The places in the templates, each quoted for where it stands.
    fn places(&self) -> Vec<(&'static str, String)> {
        let shell = |text: &str| shell_words::quote(text).into_owned();
        // The names have rules, and addresses hold no quote, brace or backslash.
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
            ("REGION_TEXT", shown(&self.region, "REGION")),
            ("ACCOUNT_TEXT", shown(&self.account, "that of your credentials")),
            ("SOURCES_TEXT", shown(&self.sources.join(", "), "the same; name more in SOURCE_ACCOUNTS")),
            ("TOPIC_NAME_TEXT", self.topic.clone()),
            ("ENDPOINT_TEXT", shown(&self.endpoint, "not known yet; the operator says it")),
            ("TOPIC_NAME_YAML", quoted(&self.topic)),
            ("SOURCES_YAML", quoted(&self.sources.join(","))),
            ("ENDPOINT_YAML", format!("'{}'", self.endpoint.replace('\'', "''"))),
            ("PROTOCOL_YAML", quoted(self.protocol())),
            ("TOPIC_NAME_HCL", quoted(&self.topic)),
            ("SOURCES_HCL", self.sources.iter().map(|each| quoted(each)).collect::<Vec<_>>().join(", ")),
            ("ENDPOINT_HCL", quoted(&self.endpoint)),
        ]
    }

    /// In one pass, so that a value that looks like a place stays as it is.
    fn filled(&self, template: &str) -> String {
        let places = self.places();
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("{{") {
            text.push_str(before);
            let Some((name, behind)) = after.split_once("}}") else { break };
            let value = places.iter().find(|(place, _)| *place == name).map(|(_, value)| value.as_str());
            text.push_str(value.unwrap_or_default());
            rest = behind;
        }
        text.push_str(rest);
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
    let place = format!("{}/{DIRECTORY}", session.state_place());
    vec![
        "SNS is still to be set up. Give this directory to whoever has the AWS rights; its README.md says what to do:"
            .to_owned(),
        place,
        "They give receipt.json back. Then:".to_owned(),
        session.command("event-cache-wizard resume --receipt receipt.json"),
    ]
}
