//! How SnakeYAML reads a plain scalar: YAML 1.1's types, dates left out as Spring Boot's loader does
//! (`OriginTrackedYamlLoader.NoTimestampResolver`).

/// A plain scalar's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Boolean,
    Number,
    Text,
}

/// Returns the type of an untagged plain scalar (`org.yaml.snakeyaml.resolver.Resolver`).
pub(crate) fn kind(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "yes" | "Yes" | "YES" | "no" | "No" | "NO" | "true" | "True" | "TRUE" | "false" | "False"
        | "FALSE" | "on" | "On" | "ON" | "off" | "Off" | "OFF" => Kind::Boolean,
        _ if is_number(text) => Kind::Number,
        _ => Kind::Text,
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let all = |text: &str, fits: fn(char) -> bool| !text.is_empty() && text.chars().all(fits);
    if let Some(bits) = digits.strip_prefix("0b") {
        return all(bits, |each| matches!(each, '0' | '1' | '_'));
    }
    if let Some(hex) = digits.strip_prefix("0x") {
        return all(hex, |each| each.is_ascii_hexdigit() || each == '_');
    }
    if matches!(digits, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    if let Some(octal) =
        digits.strip_prefix('0').filter(|rest| !rest.is_empty() && !rest.contains(['.', ':']))
    {
        return all(octal, |each| matches!(each, '0'..='7' | '_')) || is_decimal(digits);
    }
    is_sexagesimal(digits) || is_decimal(digits)
}

/// `190:20:30`, also with a fraction.
fn is_sexagesimal(digits: &str) -> bool {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut parts = whole.split(':');
    let counts =
        |part: &str| !part.is_empty() && part.chars().all(|each| each.is_ascii_digit() || each == '_');
    let first = parts.next().is_some_and(counts);
    let rest: Vec<&str> = parts.collect();
    let sixty = |part: &&str| matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
    first && !rest.is_empty() && rest.iter().all(sixty) && (fraction.is_empty() || counts(fraction))
}

/// `12`, `1_000`, `1.5`, `.5`, `1e3`.
fn is_decimal(digits: &str) -> bool {
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (digits, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let counts = |part: &str| part.chars().all(|each| each.is_ascii_digit() || each == '_');
    let begins = |part: &str| part.starts_with(|first: char| first.is_ascii_digit());
    counts(whole)
        && counts(fraction)
        && (begins(whole) || whole.is_empty() && begins(fraction))
        && exponent.is_none_or(|power| !power.is_empty() && power.chars().all(|each| each.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{Kind, kind};

    #[test]
    fn plain_scalars_have_the_types_that_snakeyaml_gives_them() {
        let table = [
            (Kind::Null, ["", "~", "null", "NULL"].as_slice()),
            (Kind::Boolean, &["yes", "Off", "TRUE", "on"]),
            (
                Kind::Number,
                &[
                    "0", "1", "-12", "+3", "1_000", "0777", "0x1F", "0b10", "1.5", ".5", "1.", "1e3",
                    "12:30:45", ".inf", ".NaN",
                ],
            ),
            (
                Kind::Text,
                &[
                    "nULL",
                    "yEs",
                    "y",
                    "n",
                    "1.2.3",
                    "0.2.1",
                    "0x",
                    "a1",
                    "1a",
                    "12:60",
                    "2024-01-01",
                    "-",
                    "+",
                    "<<",
                    ".",
                ],
            ),
        ];
        for (expected, texts) in table {
            for text in texts {
                assert_eq!(kind(text), expected, "{text}");
            }
        }
    }
}
