//! Tags of AWS resources, as one answer: `key=value`, commas between.

use std::collections::BTreeMap;

/// Tags that a resource may have (SNS, `TagResource`).
const MOST: usize = 50;

/// Reads tags. AWS allows letters, digits, blanks and `_ . : / = + - @` in them (SNS API reference, `Tag`),
/// so that a comma stands in none; `=` may stand in a value.
///
/// # Errors
/// The sentence to show below the field.
pub fn tags(text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut found = BTreeMap::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (key, value) = part
            .split_once('=')
            .ok_or_else(|| format!("{part} is no tag. Write tags as owner=platform,cost-center=42"))?;
        let legal =
            |text: &str| text.chars().all(|each| each.is_alphanumeric() || " _.:/=+-@".contains(each));
        let (long, short) = (key.chars().count() > 128 || value.chars().count() > 256, key.is_empty());
        if long || short || !legal(key) || !legal(value) || key.starts_with("aws:") {
            return Err(format!(
                "AWS takes no tag {part}: letters, digits, blanks and _ . : / = + - @, at most 128 and 256 characters, not beginning with aws:"
            ));
        }
        found.insert(key.to_owned(), value.to_owned());
    }
    if found.len() > MOST { Err(format!("A topic has at most {MOST} tags.")) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::tags;

    #[test]
    fn tags_are_read_as_aws_takes_them() {
        let read = tags("owner=platform, cost center = a=b ,");
        let expected = [("owner", "platform"), ("cost center ", " a=b")];
        let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(read, Ok(expected.into_iter().collect()));
        for bad in ["owner", "=x", "aws:x=1", "a=b;c", &format!("{}=x", "k".repeat(129))] {
            assert!(tags(bad).is_err(), "{bad}");
        }
    }
}
