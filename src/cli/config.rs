//! This user's defaults: `config.yml` in `$XDG_CONFIG_HOME/event-cache-wizard`, by the names of flags. Weaker than all
//! that is said for one run or was answered on a visit, stronger than what is detected.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use clap::{Command, ValueEnum};
use ecw_halyard::yaml::{self, Value};
use ecw_host::warn;
use ecw_wizard::values::nearest_key;
use ecw_wizard::values::trouble::Trouble;

use super::environment::{PREFIX, variable};

/// What is of one run or one deployment alone.
const OF_A_RUN: [&str; 4] = ["change", "state-dir", "help", "version"];
/// What would mean another place in each directory that the program is started in.
const PATHS: [&str; 4] = ["hal-dir", "kustomize", "operator", "kubeconfig"];
const LONGEST: u64 = 64 * 1024;

/// The defaults.
#[derive(Clone, Debug, Default)]
pub(super) struct Config {
    /// As it is named to the operator.
    file: String,
    values: BTreeMap<String, String>,
}

impl Config {
    /// Reads the file, if there is one: `EVENT_CACHE_WIZARD_CONFIG` names another. `program` has the flags.
    ///
    /// # Errors
    /// When somebody else may write to it, or what stands there is no default.
    pub(super) fn read(program: &Command) -> Result<Self, Trouble> {
        let named = variable(&format!("{PREFIX}CONFIG")).map(PathBuf::from);
        let Some(file) = named.or_else(usual) else { return Ok(Self::default()) };
        let shown = file.display().to_string();
        match text_of(&file) {
            Ok(None) => Ok(Self::default()),
            Ok(Some(text)) => values_of(program, &text).map(|values| Self { file: shown.clone(), values }),
            Err(why) => Err(why),
        }
        .map_err(|why| {
            Trouble::new(
                format!("{shown} cannot be used: {why}."),
                "Fix it, or take it away, then start again.",
            )
        })
    }

    /// Returns a default by the name of its flag.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Returns whether a switch is on.
    pub(super) fn is_on(&self, name: &str) -> bool {
        self.get(name) == Some("true")
    }

    /// Returns where the defaults stand.
    pub(super) fn file(&self) -> &str {
        &self.file
    }
}

/// Where it stands: XDG's configuration directory.
fn usual() -> Option<PathBuf> {
    let base = variable("XDG_CONFIG_HOME").map(PathBuf::from).filter(|dir| dir.is_absolute());
    let base = base.or_else(|| Some(Path::new(&variable("HOME")?).join(".config")))?;
    Some(base.join("event-cache-wizard/config.yml"))
}

/// Returns its text; it says which commands are run, so nobody else's word is taken. Another user's, where `HOME` is
/// theirs (`sudo -u`), is passed over.
fn text_of(file: &Path) -> Result<Option<String>, String> {
    let opened = match std::fs::File::open(file) {
        Ok(opened) => opened,
        Err(error) if [ErrorKind::NotFound, ErrorKind::PermissionDenied].contains(&error.kind()) => {
            return Ok(None);
        }
        Err(error) => return Err(error.to_string()),
    };
    let metadata = opened.metadata().map_err(|error| error.to_string())?;
    let us = rustix::process::geteuid().as_raw();
    if metadata.is_file() && ![us, 0].contains(&metadata.uid()) {
        warn!("{} is another user's: it is not used.", file.display());
        return Ok(None);
    }
    if metadata.is_file() && metadata.mode() & 0o022 != 0 {
        return Err("others may write to it, and it says which commands are run".to_owned());
    }
    let mut text = String::new();
    opened.take(LONGEST + 1).read_to_string(&mut text).map_err(|error| error.to_string())?;
    if text.len() as u64 > LONGEST {
        return Err("it is unreasonably long".to_owned());
    }
    Ok(Some(text))
}

fn values_of(program: &Command, text: &str) -> Result<BTreeMap<String, String>, String> {
    let root = match yaml::read(text).map_err(|error| error.to_string())? {
        Value::Null => return Ok(BTreeMap::new()),
        Value::Mapping(root) => root,
        _ => return Err("it is not a mapping of flags to values".to_owned()),
    };
    let flags: Vec<_> = program
        .get_arguments()
        .filter_map(|flag| Some((flag.get_long()?, flag)))
        .filter(|(name, _)| !OF_A_RUN.contains(name))
        .collect();
    let mut values = BTreeMap::new();
    for (name, value) in &root {
        let name = ecw_halyard::clean(name.as_str().unwrap_or("?"), 60);
        let Some((_, flag)) = flags.iter().find(|(each, _)| **each == name) else {
            return Err(format!("{name} is no flag that can be given for every run{}", meant(&name, &flags)));
        };
        let text = match value {
            Value::Null => continue,
            Value::Bool(value) => value.to_string(),
            Value::Number(value) => value.to_string(),
            Value::String(value) => value.clone(),
            Value::Sequence(_) | Value::Mapping(_) | Value::Tagged(_) => {
                return Err(format!("{name} is no text"));
            }
        };
        let takes_value = flag.get_action().takes_values();
        let possible: Vec<String> =
            flag.get_possible_values().iter().map(|each| each.get_name().to_owned()).collect();
        if !takes_value && !["true", "false"].contains(&text.as_str()) {
            return Err(format!("{name} is true or false"));
        }
        if takes_value && !possible.is_empty() && !possible.contains(&text) {
            return Err(format!("{name} is one of {}", possible.join(", ")));
        }
        if PATHS.contains(&name.as_str()) && !text.starts_with('/') {
            return Err(format!("{name} is a path that begins with /"));
        }
        values.insert(name, text);
    }
    Ok(values)
}

fn meant(name: &str, flags: &[(&str, &clap::Arg)]) -> String {
    let alike = nearest_key::alike(name, flags.iter().map(|(each, _)| (*each).to_owned()));
    alike.map(|each| format!("; did you mean {each}?")).unwrap_or_default()
}

/// Returns a default that is one of several words.
pub(super) fn word<T: ValueEnum>(config: &Config, name: &str) -> Option<T> {
    T::from_str(config.get(name)?, true).ok()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::arguments::Cli;

    #[test]
    fn defaults_are_flags_of_every_run_and_what_is_none_of_them_is_named() {
        let good =
            "region: eu-west-1\naws-profile: spinnaker\ntheme: light\nascii: true\nhal-dir: /srv/hal\nhal:\n";
        let expected = [
            ("ascii", "true"),
            ("aws-profile", "spinnaker"),
            ("hal-dir", "/srv/hal"),
            ("region", "eu-west-1"),
            ("theme", "light"),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let values_of = |text: &str| super::values_of(&Cli::command(), text);
        assert_eq!(values_of(good), Ok(BTreeMap::from(expected)));
        assert_eq!(values_of("# nothing yet\n"), Ok(BTreeMap::new()));
        let bad = [
            ("regoin: eu-west-1", "regoin is no flag that can be given for every run; did you mean region?"),
            ("change: CHG-1", "change is no flag that can be given for every run"),
            ("theme: pink", "theme is one of terminal, light, high-contrast"),
            ("ascii: perhaps", "ascii is true or false"),
            ("hal-dir: hal", "hal-dir is a path that begins with /"),
            ("region: [a]", "region is no text"),
            ("- region", "it is not a mapping of flags to values"),
        ];
        for (text, why) in bad {
            assert_eq!(values_of(text), Err(why.to_owned()), "{text}");
        }
    }
}
