//! The answers file: YAML, versioned. An unknown key is an error that suggests the nearest.

use ecw_halyard::yaml::Value;

use super::nearest_key;
use crate::values::answers::{Answers, Key};
use crate::values::choices::{SnsWhen, YesNo};
use crate::values::shell_words::shell_words;
use crate::values::targets;
use crate::values::validation::{among, validate};

/// Version of the file that this program writes and reads.
pub const ANSWERS_VERSION: u64 = 1;

/// Why an answers file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswersError {
    /// Not YAML.
    #[error("the answers file is not valid YAML: {0}")]
    NotYaml(String),
    /// Another version.
    #[error("the answers file has version {0}; this program reads version {ANSWERS_VERSION}")]
    Version(String),
    /// A key that does not exist.
    #[error("the answers file has an unknown key {key}; {hint}")]
    Unknown {
        key: String,
        /** which one was meant, or where all stand */
        hint: String,
    },
    /// A value that is not allowed.
    #[error("{key}: {why}")]
    Bad { key: String, why: String },
}

/// Returns the answers that a file gives; nulls give none.
///
/// # Errors
/// Names the key and what is wrong with it.
pub fn read(text: &str) -> Result<Vec<(Key, String)>, AnswersError> {
    let root = ecw_halyard::yaml::read(text).map_err(|error| AnswersError::NotYaml(error.to_string()))?;
    let Value::Mapping(map) = &root else {
        return Err(AnswersError::NotYaml("it is not a mapping".to_owned()));
    };
    match map.get("version").map(|version| version.as_u64()) {
        Some(Some(ANSWERS_VERSION)) => {}
        other => {
            return Err(AnswersError::Version(
                other.flatten().map_or("missing".to_owned(), |version| version.to_string()),
            ));
        }
    }
    let mut found = Vec::new();
    for (key, value) in map.iter().filter(|(key, _)| key.as_str() != Some("version")) {
        collect(key.as_str().unwrap_or("?"), value, &mut found)?;
    }
    one_or_several(&mut found)?;
    Ok(found)
}

/// Answers that name one place; with several targets each has its own.
const OF_ONE: [Key; 7] = [
    Key::Account,
    Key::Region,
    Key::RoleArn,
    Key::ExternalId,
    Key::TopicArn,
    Key::SourceAccounts,
    Key::ReplaceTopicArn,
];

/// A file that speaks of one place means that one, whatever the last visit was about; one that speaks of several
/// may not speak of one besides: it would have no say, without a word.
fn one_or_several(found: &mut Vec<(Key, String)>) -> Result<(), AnswersError> {
    let given = |key: Key| found.iter().find(|(each, _)| *each == key).map(|(_, value)| value.as_str());
    let several = given(Key::Targets).is_some_and(|list| !list.is_empty());
    let of_one = OF_ONE.into_iter().find(|key| given(*key).is_some());
    let bad =
        |key: Key, why: &str| Err(AnswersError::Bad { key: key.path().to_owned(), why: why.to_owned() });
    if let (true, Some(key)) = (several, of_one) {
        return bad(
            key,
            "it has no say beside several targets; name it in each of sns.targets, or leave it out",
        );
    }
    let later = given(Key::SnsWhen) == Some(SnsWhen::Later.text());
    if several && later {
        return bad(Key::SnsWhen, "several targets are set up from here; leave out sns.when, or sns.targets");
    }
    let names_one = of_one.is_some() || given(Key::TopicName).is_some() || given(Key::AwsProfile).is_some();
    if !several && (names_one || later) && given(Key::Targets).is_none() {
        found.push((Key::Targets, String::new()));
    }
    let place = [Key::Account, Key::Region, Key::AwsProfile];
    let given = |found: &[(Key, String)], key: Key| found.iter().any(|(each, _)| *each == key);
    if place.into_iter().any(|key| given(found, key)) && !given(found, Key::RoleArn) {
        // A role of the last visit is of the place that was meant then.
        found.push((Key::RoleArn, String::new()));
        found.push((Key::ExternalId, String::new()));
    }
    Ok(())
}

fn collect(path: &str, value: &Value, found: &mut Vec<(Key, String)>) -> Result<(), AnswersError> {
    if path == Key::Targets.path() {
        return targets(value, found);
    }
    if let (true, Value::Sequence(list)) = (path == Key::Deployment.path(), value) {
        return list.iter().try_for_each(|each| collect(path, each, found));
    }
    if let Some(key) = Key::ALL.iter().copied().find(|key| key.path() == path && !key.passing()) {
        if let Some(text) = scalar(key, value)? {
            validate(key, &text).map_err(|why| AnswersError::Bad { key: path.to_owned(), why })?;
            found.push((key, text));
        }
        return Ok(());
    }
    let prefix = format!("{path}.");
    let is_section = Key::ALL.iter().any(|key| key.path().starts_with(&prefix));
    match value {
        Value::Mapping(map) if is_section => map.iter().try_for_each(|(key, value)| {
            collect(&format!("{prefix}{}", key.as_str().unwrap_or("?")), value, found)
        }),
        Value::Null if is_section => Ok(()),
        _ if is_section => {
            let why = "it is a section of answers, not an answer".to_owned();
            Err(AnswersError::Bad { key: path.to_owned(), why })
        }
        _ => Err(AnswersError::Unknown { key: ecw_halyard::clean(path, 100), hint: nearest_key::hint(path) }),
    }
}

/// The targets: one is the same as the short form; several stay a list.
fn targets(value: &Value, found: &mut Vec<(Key, String)>) -> Result<(), AnswersError> {
    let bad = |why: String| AnswersError::Bad { key: Key::Targets.path().to_owned(), why };
    let text = match value {
        Value::Null => return Ok(()),
        other => serde_json::to_string(other).map_err(|error| bad(error.to_string()))?,
    };
    validate(Key::Targets, &text).map_err(bad)?;
    let mut list = targets::parse(&text).map_err(bad)?;
    if list.len() > 1 {
        found.push((Key::Targets, targets::write(&list)));
        return Ok(());
    }
    // None or one: whatever list the last visit had is none any more.
    found.push((Key::Targets, String::new()));
    if let Some(only) = list.pop() {
        found.push((Key::Account, only.name.account.to_string()));
        found.push((Key::Region, only.name.region.to_string()));
        found.extend(only.given);
    }
    Ok(())
}

fn scalar(key: Key, value: &Value) -> Result<Option<String>, AnswersError> {
    let bad = |why: &str| Err(AnswersError::Bad { key: key.path().to_owned(), why: why.to_owned() });
    let text = match value {
        Value::Null => return Ok(None),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Sequence(list) if matches!(key, Key::HalCommand | Key::Kubectl) => {
            let words: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            shell_words::join(words)
        }
        Value::Mapping(map) if key == Key::TopicTags => {
            let text = |value: &Value| scalar(Key::TopicName, value).map(Option::unwrap_or_default);
            let tags = map.iter().map(|(key, value)| Ok(format!("{}={}", text(key)?, text(value)?)));
            tags.collect::<Result<Vec<_>, AnswersError>>()?.join(",")
        }
        Value::Sequence(list) if matches!(key, Key::Services | Key::SourceAccounts) => {
            list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")
        }
        Value::Sequence(_) | Value::Mapping(_) | Value::Tagged(_) => {
            return bad("a single value is wanted here");
        }
    };
    if text.chars().any(char::is_control) {
        return bad("control characters are not allowed");
    }
    among(key, &text).map_err(|why| AnswersError::Bad { key: key.path().to_owned(), why })?;
    Ok(Some(text))
}

/// Returns the equivalent answers file of these answers; it holds no secrets, as answers hold none.
#[must_use]
pub fn write(answers: &Answers) -> String {
    let mut out = format!(
        "# Answers of event-cache-wizard; use with: event-cache-wizard apply --answers FILE --yes\nversion: {ANSWERS_VERSION}\n"
    );
    let existing = answers.existing_topic().is_some();
    let given = answers.iter().filter(|(key, answer)| !answer.value.is_empty() && !key.passing());
    let given = given.filter(|(key, _)| !(existing && *key == Key::TopicName));
    let lines: Vec<(Vec<&str>, String)> = given
        .map(|(key, answer)| {
            let line = format!("{}  # {}", literal(key, &answer.value), answer.from.words());
            (key.path().split('.').collect(), line)
        })
        .collect();
    group(&lines, 0, &mut out);
    out
}

/// Writes the lines of a group, each inner group once, in the order in which they first come.
fn group(lines: &[(Vec<&str>, String)], depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    let mut written: Vec<&str> = Vec::new();
    for (path, line) in lines {
        let name = path[depth];
        if path.len() == depth + 1 {
            out.push_str(&format!("{indent}{name}: {line}\n"));
        } else if !written.contains(&name) {
            written.push(name);
            out.push_str(&format!("{indent}{name}:\n"));
            let inner: Vec<_> = lines
                .iter()
                .filter(|(other, _)| other[depth] == name && other.len() > depth + 1)
                .cloned()
                .collect();
            group(&inner, depth + 1, out);
        }
    }
}

fn literal(key: Key, value: &str) -> String {
    match key {
        Key::HalCommand | Key::Kubectl => {
            let words = shell_words(value);
            format!("[{}]", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", "))
        }
        Key::Services => format!("[{}]", value.split(',').map(str::trim).collect::<Vec<_>>().join(", ")),
        Key::TopicTags => {
            let tags = crate::values::tags::tags(value).unwrap_or_default();
            let tags = tags.iter().map(|(key, value)| format!("{}: {}", quoted(key), quoted(value)));
            format!("{{{}}}", tags.collect::<Vec<_>>().join(", "))
        }
        Key::SourceAccounts => {
            format!("[{}]", value.split(',').map(|each| quoted(each.trim())).collect::<Vec<_>>().join(", "))
        }
        // JSON is YAML.
        Key::Targets => value.to_owned(),
        _ if YesNo::parse(value).is_some() => value.to_owned(),
        _ => quoted(value),
    }
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::answers::Provenance;

    #[test]
    fn what_is_written_reads_the_same() {
        let mut answers = Answers::default();
        answers.set(Key::HalCommand, "docker exec -i 'my hal' hal", Provenance::Typed);
        answers.set(Key::Region, "eu-west-1", Provenance::Environment("AWS_REGION".into()));
        answers.set(Key::Repair, "true", Provenance::Default);
        answers.set(Key::TopicName, "it-s", Provenance::Typed);
        let read: Vec<(Key, String)> = read(&write(&answers)).expect("reads");
        let read: Vec<(Key, String)> = read.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let expected: Vec<(Key, String)> =
            answers.iter().map(|(key, answer)| (key, answer.value.clone())).collect();
        assert_eq!(read, expected);
    }

    #[test]
    fn every_key_at_once_reads_the_same() {
        let mut answers = Answers::default();
        // Targets are for several places, all others for one.
        for key in Key::ALL.iter().filter(|key| !key.passing() && **key != Key::Targets) {
            let value = match key {
                Key::TopicArn => "new",
                Key::Account => "123456789012",
                Key::Endpoint => "https://gate.example.com/aws/notify",
                Key::ProbeUrl | Key::DaemonEndpoint | Key::RepositoryUrl => "http://localhost:1",
                Key::SpinnakerLine => "1.31",
                Key::PluginVersion => "0.2.1",
                Key::Region => "eu-west-1",
                Key::Targets => {
                    r#"[{"account":"123456789012","region":"us-west-2"},{"account":"123456789012","region":"eu-west-1"}]"#
                }
                Key::HubAccount => "123456789012",
                Key::Topology => "topic-per-region",
                Key::RoleArn => "arn:aws:iam::123456789012:role/x",
                Key::Stages => "gate-first",
                Key::ConfigDelivery => "skip",
                Key::SnsWhen => "now",
                Key::NewerVersion => "keep",
                Key::SampleStatement => "replace",
                Key::RawDelivery => "turn-off",
                Key::TopicTags => "cost=4 2,owner=it-s",
                Key::SourceAccounts => "123456789012,210987654321",
                Key::WaitForReady | Key::WaitForConfirmation => "5m",
                Key::HalyardIn => "docker:halyard",
                Key::HalDirectory | Key::Deployment | Key::HalCommand | Key::AwsProfile => "x",
                Key::Overlay | Key::Manifest => "/x y",
                Key::Kubectl => "kubectl --v 1",
                Key::Kubeconfig | Key::KubeContext | Key::KubeNamespace => "x",
                Key::TopicName | Key::ReplaceTopicArn => "x",
                Key::Services => "clouddriver,gate",
                _ => "true",
            };
            answers.set(*key, value, Provenance::Typed);
        }
        let mut read = read(&write(&answers)).expect("reads");
        read.retain(|(_, value)| !value.is_empty());
        read.sort();
        let expected: Vec<(Key, String)> =
            answers.iter().map(|(key, answer)| (key, answer.value.clone())).collect();
        assert_eq!(read, expected);
    }

    #[test]
    fn the_long_form_of_one_target_reads_as_the_short_one() {
        let long = "version: 1\nsns:\n  targets:\n  - {account: '123456789012', region: eu-west-1, topic: {name: t}, config_delivery: skip}\n";
        let short = "version: 1\naws: {account: '123456789012', region: eu-west-1}\nsns: {topic: {name: t}, config_delivery: skip}\n";
        let sorted = |text: &str| {
            let mut read = read(text).expect("reads");
            read.sort();
            read
        };
        assert_eq!(sorted(long), sorted(short));
        let error = |text: &str| read(text).expect_err("refused").to_string();
        let two = "targets: [{account: '123456789012', region: eu-west-1}, {account: '123456789012', region: us-west-2}]";
        assert_eq!(
            error(&format!("version: 1\naws: {{region: eu-west-1}}\nsns: {{{two}}}")),
            "aws.region: it has no say beside several targets; name it in each of sns.targets, or leave it out"
        );
        assert!(
            error(&format!("version: 1\nsns: {{when: later, {two}}}"))
                .starts_with("sns.when: several targets")
        );
        assert_eq!(read("version: 1\nsns: {targets: []}"), Ok(vec![(Key::Targets, String::new())]));
        let several = "version: 1\nsns:\n  targets:\n  - {account: '123456789012', region: eu-west-1}\n  - {account: 123456789012, region: us-west-2, topic: {name: t}}\n";
        let list = r#"[{"account":"123456789012","region":"eu-west-1"},{"account":"123456789012","region":"us-west-2","topic":{"name":"t"}}]"#;
        assert_eq!(read(several), Ok(vec![(Key::Targets, list.to_owned())]));
        let error = |text: &str| read(text).expect_err("refused").to_string();
        assert!(
            error("version: 1\nsns: {targets: [{}, {}]}")
                .contains("sns.targets: target 1: account is missing")
        );
        let place = "account: '123456789012', region: eu-west-1";
        assert!(
            error(&format!("version: 1\nsns: {{targets: [{{{place}, config_delivery: later}}]}}"))
                .contains("target 1: config_delivery: later is not one of check, point-at-topic, skip")
        );
        assert!(
            error("version: 1\nsns: {targets: [{regoin: x}]}").contains("regoin is none of account, region")
        );
    }

    #[test]
    fn the_example_of_the_documentation_reads() {
        let text = "
version: 1
halyard: { directory: /home/spinnaker/.hal, deployment: default, command: [hal], daemon_endpoint: null, validate: true }
plugin: { version: 0.2.1, allow_untested_spinnaker: false, repository: { url: null } }
configure: { services: [clouddriver, gate], repair: true }
install: { apply: true, stages: gate-first, allow_pending_changes: false, wait_for_ready: 90m }
gate: { probe_url: null }
aws: { profile: null, region: us-west-2 }
sns:
  endpoint: https://gate.example.com/aws/notify
  topic: { name: spinnaker-event-cache }
  wait_for_confirmation: 5m
  config_delivery: check
  replace_topic_arn: null
";
        let read = read(text).expect("reads");
        assert_eq!(read.iter().filter(|(_, value)| !value.is_empty()).count(), 17, "{read:?}");
        assert!(read.contains(&(Key::Services, "clouddriver,gate".to_owned())));
    }

    #[test]
    fn wrong_files_are_refused_with_the_key_and_the_nearest_one() {
        let error = |text: &str| read(text).expect_err("refused").to_string();
        assert_eq!(
            error("version: 1\nplugin: {versoin: 0.2.1}"),
            "the answers file has an unknown key plugin.versoin; did you mean plugin.version?"
        );
        assert_eq!(error("version: 2"), "the answers file has version 2; this program reads version 1");
        assert_eq!(error("plugin: {}"), "the answers file has version missing; this program reads version 1");
        assert!(
            error("version: 1\nsns: {topic: {name: 'a b'}}")
                .starts_with("sns.topic.name: SNS refuses a space")
        );
        assert_eq!(
            error("version: 1\ninstall: {stages: both}"),
            "install.stages: both is not one of gate-first, all-at-once"
        );
        assert_eq!(error("version: 1\nsns: 5"), "sns: it is a section of answers, not an answer");
        for (typed, meant) in [
            ("halyrd: {}", "halyard"),
            ("halyard: {comand: hal}", "halyard.command"),
            ("halyrd: {command: hal}", "halyard"),
            ("sns: {topics: {}}", "sns.topic"),
            ("sns: {topic: {nmae: a}}", "sns.topic.name"),
            ("plugins: {version: 1}", "plugin"),
            ("directory: /root/.hal", "halyard.directory"),
            ("namespace: spinnaker", "kubernetes.namespace"),
        ] {
            let said = error(&format!("version: 1\n{typed}"));
            assert!(said.ends_with(&format!("; did you mean {meant}?")), "{typed}: {said}");
        }
        assert_eq!(
            error("version: 1\nxyzzy: 1"),
            "the answers file has an unknown key xyzzy; see: event-cache-wizard answers --template"
        );
    }
}
