//! `schema`: the published JSON schemas.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use ecw_host::say;
use ecw_wizard::Exit;
use serde_json::{Map, Value};

use super::reporting::{code, print_json};

/// All of them as the types are described, with definitions that several share once: describing them anew would make
/// the program a tenth bigger.
const SCHEMAS: &str = include_str!("../../assets/schemas.json");

/// Prints the JSON schema (draft 2020-12) of what a command reports or writes, or the list of schemas.
#[derive(Debug, Args)]
pub(super) struct PrintSchema {
    /// Of what; without it, the list of them
    #[arg(value_enum)]
    of: Option<Of>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Of {
    /// apply and undo --format json
    Apply,
    /// plan --format json and plan.json
    Plan,
    /// apply, plan and undo --format json with several deployments
    Deployments,
    /// status and wait --format json
    Status,
    /// status --all --format json
    StatusAll,
    /// check --format json
    Check,
    /// report --format json
    Report,
    /// one line of events.jsonl
    Event,
    /// one line of journal.jsonl
    Journal,
    /// a support bundle
    Bundle,
}

impl Of {
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

impl PrintSchema {
    pub(super) fn run(self) -> ExitCode {
        match self.of {
            Some(of) => print_json(&published(&of.name())),
            None => list(),
        }
        code(Exit::Done)
    }
}

fn list() {
    for value in Of::value_variants().iter().filter_map(ValueEnum::to_possible_value) {
        let help = value.get_help().map(ToString::to_string).unwrap_or_default();
        say!("{:<12} {help}", value.get_name());
    }
}

/// Returns a schema with the definitions that it needs.
fn published(name: &str) -> Value {
    let mut all: Value = serde_json::from_str(SCHEMAS).unwrap_or_default();
    let mut root = all["roots"][name].take();
    let all = all["$defs"].as_object().cloned().unwrap_or_default();
    let mut needed = Vec::new();
    names(&root, &mut needed);
    let mut at = 0;
    while let Some(name) = needed.get(at).cloned() {
        if let Some(definition) = all.get(&name) {
            names(definition, &mut needed);
        }
        at += 1;
    }
    let needed: Map<String, Value> = all.into_iter().filter(|(name, _)| needed.contains(name)).collect();
    if let (Some(root), false) = (root.as_object_mut(), needed.is_empty()) {
        root.insert("$defs".to_owned(), needed.into());
    }
    root
}

/// Adds the names of definitions that a schema refers to and that are not there yet.
fn names(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            let name =
                members.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix("#/$defs/"));
            if let Some(name) = name.filter(|name| !found.iter().any(|each| each == name)) {
                found.push(name.to_owned());
            }
            members.values().for_each(|each| names(each, found));
        }
        Value::Array(items) => items.iter().for_each(|each| names(each, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use ecw_wizard::messages::event::Logged;
    use ecw_wizard::model::journal::Record;
    use schemars::{Schema, schema_for};

    use super::*;
    use crate::cli::bundle::Bundle;
    use crate::output::{
        ApplyOutput, CheckOutput, DeploymentsOutput, DeploymentsStatus, PlanFile, RunReport, StatusOutput,
    };

    fn described(of: Of) -> Schema {
        match of {
            Of::Apply => schema_for!(ApplyOutput),
            Of::Plan => schema_for!(PlanFile),
            Of::Deployments => schema_for!(DeploymentsOutput),
            Of::Status => schema_for!(StatusOutput),
            Of::StatusAll => schema_for!(DeploymentsStatus),
            Of::Check => schema_for!(CheckOutput),
            Of::Report => schema_for!(RunReport),
            Of::Event => schema_for!(Logged),
            Of::Journal => schema_for!(Record),
            Of::Bundle => schema_for!(Bundle),
        }
    }

    /// The file as the types would have it: a definition a line.
    fn written() -> String {
        let (mut definitions, mut roots) = (Map::new(), Map::new());
        for of in Of::value_variants() {
            let mut root = described(*of).to_value();
            if let Some(own) = root.as_object_mut().expect("a schema").remove("$defs") {
                for (name, definition) in own.as_object().expect("definitions") {
                    let former = definitions.insert(name.clone(), definition.clone());
                    assert!(former.is_none_or(|former| former == *definition), "two types called {name}");
                }
            }
            roots.insert(of.name(), root);
        }
        definitions.sort_keys();
        let lines = |of: &Map<String, Value>| {
            let lines: Vec<String> =
                of.iter().map(|(name, each)| format!("{}:{each}", Value::from(name.as_str()))).collect();
            lines.join(",\n")
        };
        format!("{{\"$defs\":{{\n{}\n}},\"roots\":{{\n{}\n}}}}\n", lines(&definitions), lines(&roots))
    }

    #[test]
    fn what_is_printed_is_what_the_types_are() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/schemas.json");
        let wanted = written();
        crate::cli::generated::is_current(path, &wanted);
        for of in Of::value_variants() {
            let mut described = described(*of).to_value();
            if let Some(definitions) = described.get_mut("$defs").and_then(Value::as_object_mut) {
                definitions.sort_keys();
            }
            assert_eq!(published(&of.name()), described, "{of:?}");
        }
    }
}
