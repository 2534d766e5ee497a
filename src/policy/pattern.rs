//! IAM's patterns: `*` is any run of characters, `?` is one.

/// Whether a pattern fits a text; letter case counts.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut from, mut star) = (0, 0, None);
    while from < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(each) if *each == '?' || *each == text[from] => {
                at += 1;
                from += 1;
            }
            _ => match star {
                // The last star takes one character more.
                Some((before, taken)) => {
                    star = Some((before, taken + 1));
                    at = before + 1;
                    from = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|each| *each == '*')
}

/// Whether an ARN's pattern fits an ARN: part by part, so no star reaches over a colon but in the last.
pub(crate) fn arn_like(pattern: &str, arn: &str) -> bool {
    let (patterns, parts): (Vec<&str>, Vec<&str>) =
        (pattern.splitn(6, ':').collect(), arn.splitn(6, ':').collect());
    patterns.len() == parts.len() && patterns.iter().zip(parts).all(|(pattern, part)| glob(pattern, part))
}

#[cfg(test)]
mod tests {
    use super::{arn_like, glob};

    #[test]
    fn stars_and_question_marks_fit_as_in_iam() {
        for (pattern, text, fits) in [
            ("sns:*", "sns:publish", true),
            ("sns:pub*", "sns:publish", true),
            ("sns:p?blish", "sns:publish", true),
            ("*ish", "sns:publish", true),
            ("*", "", true),
            ("a*b*c", "aXbYbc", true),
            ("a*b*c", "aXbY", false),
            ("", "a", false),
            ("sns:get*", "sns:publish", false),
        ] {
            assert_eq!(glob(pattern, text), fits, "{pattern} {text}");
        }
        assert!(arn_like("arn:aws:sns:*:1:t*", "arn:aws:sns:us-west-2:1:topic"));
        assert!(!arn_like("arn:aws:*:topic", "arn:aws:sns:us-west-2:1:topic"));
    }
}
