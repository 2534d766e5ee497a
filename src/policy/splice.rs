//! Changing one statement of a policy and no other byte: what people wrote comes back as they wrote it,
//! with its numbers, unknown members and blanks.

use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::PolicyError;

#[derive(Deserialize)]
struct Document<'t> {
    #[serde(borrow, default, rename = "Statement")]
    statement: Option<&'t RawValue>,
}

/// Where the statements of a policy stand in its text.
pub(crate) struct Spliced<'t> {
    text: &'t str,
    /// The whole value of `Statement`; `None` when there is none.
    whole: Option<Range<usize>>,
    /// Each statement.
    each: Vec<Range<usize>>,
    /// It is one statement without a list around it.
    bare: bool,
}

impl<'t> Spliced<'t> {
    /// Reads where the statements stand.
    ///
    /// # Errors
    /// When the text is no JSON object, or its statements are neither an object nor a list.
    pub(crate) fn read(text: &'t str) -> Result<Self, PolicyError> {
        let not_json = |error: serde_json::Error| PolicyError::NotJson(error.to_string());
        if !text.trim_start().starts_with('{') {
            return Err(PolicyError::NotJson("not an object".to_owned()));
        }
        let document: Document<'t> = serde_json::from_str(text).map_err(not_json)?;
        let span = |part: &RawValue| {
            let start = part.get().as_ptr().addr() - text.as_ptr().addr();
            start..start + part.get().len()
        };
        let Some(statement) = document.statement else {
            return Ok(Self { text, whole: None, each: Vec::new(), bare: false });
        };
        let whole = Some(span(statement));
        match statement.get().as_bytes().first() {
            Some(b'{') => Ok(Self { text, whole, each: vec![span(statement)], bare: true }),
            Some(b'[') => {
                let list: Vec<&RawValue> = serde_json::from_str(statement.get()).map_err(not_json)?;
                Ok(Self { text, whole, each: list.into_iter().map(span).collect(), bare: false })
            }
            _ => Err(PolicyError::NotJson("Statement is neither an object nor a list".to_owned())),
        }
    }

    /// Returns each statement's own text.
    pub(crate) fn statements(&self) -> impl Iterator<Item = &'t str> {
        self.each.iter().map(|span| &self.text[span.clone()])
    }

    fn with(&self, span: Range<usize>, new: &str) -> String {
        [&self.text[..span.start], new, &self.text[span.end..]].concat()
    }

    /// Returns the text with a statement behind the others.
    pub(crate) fn append(&self, statement: &str) -> String {
        match (&self.whole, self.each.last()) {
            (Some(whole), Some(_)) if self.bare => {
                self.with(whole.clone(), &format!("[{},{statement}]", &self.text[whole.clone()]))
            }
            (_, Some(last)) => self.with(last.end..last.end, &format!(",{statement}")),
            (Some(whole), None) => self.with(whole.start + 1..whole.start + 1, statement),
            (None, None) => {
                // The object's own brace is the last character that is no blank.
                let end = self.text.trim_end().len() - 1;
                let empty = self.text[..end].trim() == "{";
                let comma = if empty { "" } else { "," };
                self.with(end..end, &format!("{comma}\"Statement\":[{statement}]"))
            }
        }
    }

    /// Returns the text with another statement in the place of one.
    pub(crate) fn replace(&self, number: usize, statement: &str) -> String {
        self.with(self.each[number].clone(), statement)
    }

    /// Returns the text without a statement, and without the comma that parted it from its neighbour.
    pub(crate) fn cut(&self, number: usize) -> String {
        let span = &self.each[number];
        if self.bare {
            return self.with(span.clone(), "[]");
        }
        match (number.checked_sub(1).and_then(|before| self.each.get(before)), self.each.get(number + 1)) {
            (Some(before), _) => self.with(before.end..span.end, ""),
            (None, Some(after)) => self.with(span.start..after.start, ""),
            (None, None) => self.with(span.clone(), ""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_appended_is_cut_out_again_to_the_byte() {
        for text in [
            r#"{"Statement":[]}"#,
            "{ \"Version\" : 1e2,\n \"Statement\" : [ {\"a\":12345678901234567890123} , {\"b\":2} ] , \"Odd\":[1, 2] }\n",
            r#"{"Statement":[{"a":"]},"}]}"#,
        ] {
            let appended = Spliced::read(text).expect("JSON").append(r#"{"ours":1}"#);
            let spliced = Spliced::read(&appended).expect("JSON");
            assert_eq!(spliced.statements().last(), Some(r#"{"ours":1}"#), "{appended}");
            assert_eq!(spliced.cut(spliced.each.len() - 1), text);
        }
    }

    #[test]
    fn a_bare_statement_and_none_at_all_become_lists() {
        let append = |text| Spliced::read(text).map(|spliced| spliced.append("{}"));
        assert_eq!(append(r#"{"Statement": {"a":1}}"#), Ok(r#"{"Statement": [{"a":1},{}]}"#.to_owned()));
        assert_eq!(append("{ }\n"), Ok("{ \"Statement\":[{}]}\n".to_owned()));
        assert_eq!(append(r#"{"Id":1}"#), Ok(r#"{"Id":1,"Statement":[{}]}"#.to_owned()));
        for bad in ["[]", "", "{", r#"{"Statement":1}"#, r#"{"Statement":[],"Statement":[]}"#] {
            assert!(append(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn any_statement_can_be_replaced_or_cut() {
        let spliced = Spliced::read(r#"{"Statement":[ {"a":1}, {"b":2}, {"c":3} ]}"#).expect("JSON");
        assert_eq!(spliced.cut(0), r#"{"Statement":[ {"b":2}, {"c":3} ]}"#);
        assert_eq!(spliced.cut(1), r#"{"Statement":[ {"a":1}, {"c":3} ]}"#);
        assert_eq!(spliced.replace(2, "{}"), r#"{"Statement":[ {"a":1}, {"b":2}, {} ]}"#);
    }
}
