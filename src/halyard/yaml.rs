//! The one place where YAML is read and written as values, within limits: how big, how deep.
//!
//! The reader behind it is serde_yaml, which the client chose; it is not maintained any more, so nothing
//! else in the workspace names it and another one can take its place here. Alone it takes minutes over a
//! text that is nested 200,000 deep, and six times the memory of a big one. It reads hal config, service
//! settings, histories, the answers file, the saved answers and our own tables. Profiles are never read
//! with it: it keeps neither places nor comments, and the editor needs both (crate `ecw-profile`, whose
//! tests use it as an independent oracle).

use granit_parser::{Event, Parser};
pub use serde_yaml::{Mapping, Value};

/// The biggest file that is read: hand-kept hal configs have some ten thousand bytes.
pub const BIGGEST: usize = 4 * 1024 * 1024;
/// The deepest nesting that is read.
pub const DEEPEST: usize = 64;

/// Why a text was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum YamlError {
    /// Bigger than [`BIGGEST`].
    #[error("it has {0} bytes; more than {BIGGEST} are not read")]
    Big(usize),
    /// Nested deeper than [`DEEPEST`].
    #[error("it is nested more than {DEEPEST} deep")]
    Deep,
    /// Not YAML.
    #[error("{0}")]
    Syntax(String),
}

/// Reads a text.
///
/// # Errors
/// When it is not YAML, or bigger or deeper than anything that is meant to be read here.
pub fn read(text: &str) -> Result<Value, YamlError> {
    if text.len() > BIGGEST {
        return Err(YamlError::Big(text.len()));
    }
    if deep(text) {
        return Err(YamlError::Deep);
    }
    serde_yaml::from_str(text).map_err(|error| YamlError::Syntax(crate::text::clean(&error.to_string(), 300)))
}

/// Reads a text of several documents; anchors and merge keys are followed.
///
/// # Errors
/// As [`read`].
pub fn read_all(text: &str) -> Result<Vec<Value>, YamlError> {
    if text.len() > BIGGEST {
        return Err(YamlError::Big(text.len()));
    }
    if deep(text) {
        return Err(YamlError::Deep);
    }
    let syntax = |error: serde_yaml::Error| YamlError::Syntax(crate::text::clean(&error.to_string(), 300));
    let mut documents = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        let mut value: Value = serde::Deserialize::deserialize(document).map_err(syntax)?;
        value.apply_merge().map_err(syntax)?;
        documents.push(value);
    }
    Ok(documents)
}

/// Reads a JSON text. A key that stands twice has its last value: Halyard's own view names the service
/// integrations of its canary analysis twice each (`tests/fixtures/hal-real`), which YAML forbids.
///
/// # Errors
/// When it is not JSON, or bigger or deeper than anything that is meant to be read here.
pub fn read_json(text: &str) -> Result<Value, YamlError> {
    if text.len() > BIGGEST {
        return Err(YamlError::Big(text.len()));
    }
    let syntax = |said: String| YamlError::Syntax(crate::text::clean(&said, 300));
    // serde_json nests 128 deep at most.
    let json: serde_json::Value = serde_json::from_str(text).map_err(|error| syntax(error.to_string()))?;
    serde_yaml::to_value(json).map_err(|error| syntax(error.to_string()))
}

/// Returns what a value says, as a type.
///
/// # Errors
/// When it does not fit.
pub fn typed<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, YamlError> {
    serde_yaml::from_value(value)
        .map_err(|error| YamlError::Syntax(crate::text::clean(&error.to_string(), 300)))
}

/// Returns a value of ours as YAML.
///
/// # Errors
/// When it has none, such as a map whose keys are maps.
pub fn write(value: &impl serde::Serialize) -> Result<String, YamlError> {
    serde_yaml::to_string(value).map_err(|error| YamlError::Syntax(error.to_string()))
}

/// Whether a text is nested too deep; stops at the first place that is.
fn deep(text: &str) -> bool {
    let mut depth = 0_usize;
    for next in Parser::new_from_str(text) {
        let Ok((event, _)) = next else { return looks_deep(text) };
        match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => depth += 1,
            Event::SequenceEnd | Event::MappingEnd => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

/// The same by its marks alone, for a text that is no YAML at some place before.
fn looks_deep(text: &str) -> bool {
    let mut open = 0_usize;
    for line in text.lines() {
        let dashes = line.split(' ').take_while(|word| matches!(*word, "" | "-" | "?" | ":"));
        if dashes.filter(|word| !word.is_empty()).count() > DEEPEST {
            return true;
        }
        for each in line.bytes() {
            match each {
                b'[' | b'{' => open += 1,
                b']' | b'}' => open = open.saturating_sub(1),
                _ => {}
            }
            if open > DEEPEST {
                return true;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_big_or_too_deep_is_refused_whatever_it_is_made_of() {
        let deep = |open: &str, close: &str, times: usize| {
            format!("a: {}1{}\n", open.repeat(times), close.repeat(times))
        };
        for text in [
            deep("[", "]", 200_000),
            deep("{a: ", "}", 200_000),
            format!("a:\n{}1\n", "- ".repeat(200_000)),
            format!("\"\n[{}", "[".repeat(200_000)),
        ] {
            assert_eq!(read(&text), Err(YamlError::Deep), "{}", &text[..20]);
        }
        assert_eq!(read(&"a: 1\n".repeat(BIGGEST / 4)), Err(YamlError::Big(5 * (BIGGEST / 4))));
        assert!(read(&deep("[", "]", DEEPEST - 2)).is_ok());
        assert!(matches!(read("a: [1"), Err(YamlError::Syntax(_))));
    }
}
