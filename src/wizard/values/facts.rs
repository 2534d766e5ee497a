//! Facts about the programs and services of others, each with its source and the day on which it was read:
//! `assets/*.yml`. What the code uses of them is held against them by `tests/facts.rs`.

use serde::{Deserialize, Serialize};

/// The files, by what they are about.
const FILES: [(&str, &str); 6] = [
    ("endpoints", include_str!("../../../assets/endpoints.yml")),
    ("walls", include_str!("../../../assets/walls.yml")),
    ("limits", include_str!("../../../assets/limits.yml")),
    ("prices", include_str!("../../../assets/prices.yml")),
    ("recorded-types", include_str!("../../../assets/recorded-types.yml")),
    ("iam-actions", include_str!("../../../assets/iam-actions.yml")),
];
const COMPATIBILITY: &str = include_str!("../../../assets/compatibility.yml");
const DEFAULTS: &str = include_str!("../../../assets/halyard/defaults.yml");

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Its name within its file.
    pub name: String,
    /// Its value.
    pub value: String,
    /// What it means.
    pub what: String,
    /// Where it was read.
    pub source: String,
    /// When, as `YYYY-MM-DD`.
    pub date: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    facts: Vec<Fact>,
}

#[derive(Deserialize)]
struct Dated {
    source: String,
    date: String,
}

/// Facts of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Facts {
    /// Such as `endpoints`.
    pub about: String,
    /// In the order of the file.
    pub facts: Vec<Fact>,
}

/// Returns every fact.
///
/// # Errors
/// When a file that is built in is not the expected YAML, which a test rules out.
pub fn all() -> Result<Vec<Facts>, ecw_halyard::yaml::YamlError> {
    let mut all = vec![compatibility()?];
    for (about, text) in FILES {
        let file: File = ecw_halyard::yaml::typed(ecw_halyard::yaml::read(text)?)?;
        if file.version != 1 {
            return Err(ecw_halyard::yaml::YamlError::Syntax(format!("{about}: version {}", file.version)));
        }
        all.push(Facts { about: about.to_owned(), facts: file.facts });
    }
    let defaults: Dated = ecw_halyard::yaml::typed(ecw_halyard::yaml::read(DEFAULTS)?)?;
    let fact = Fact {
        name: "halyard-defaults".to_owned(),
        value: "assets/halyard/defaults.yml".to_owned(),
        what: "What Halyard fills in where a hal config says nothing".to_owned(),
        source: defaults.source,
        date: defaults.date,
    };
    all.push(Facts { about: "halyard".to_owned(), facts: vec![fact] });
    Ok(all)
}

fn compatibility() -> Result<Facts, ecw_halyard::yaml::YamlError> {
    let table: ecw_halyard::Compatibility =
        ecw_halyard::yaml::typed(ecw_halyard::yaml::read(COMPATIBILITY)?)?;
    let row = |name: String, value: String, what: &str| Fact {
        name,
        value,
        what: what.to_owned(),
        source: table.source.clone(),
        date: table.date.clone(),
    };
    let mut facts: Vec<Fact> = table
        .lines
        .iter()
        .map(|line| {
            row(
                format!("spinnaker-{}", line.spinnaker),
                line.plugin.clone(),
                "Plugin version that is published for it",
            )
        })
        .collect();
    facts.extend(table.walls.iter().map(|wall| Fact {
        name: format!("wall-{}", wall.name),
        value: wall.from.clone(),
        what: wall.what.clone(),
        source: wall.source.clone(),
        date: wall.date.clone(),
    }));
    Ok(Facts { about: "compatibility".to_owned(), facts })
}
