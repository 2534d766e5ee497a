//! Takes out what looks like a secret before anything is shown, logged, journaled or bundled.

/// What stands in place of a secret.
pub const HIDDEN: &str = "(hidden)";

/// Returns whether a property or variable of this name holds a secret.
#[must_use]
pub fn secret_name(name: &str) -> bool {
    const WORDS: [&str; 10] = [
        "password",
        "passwd",
        "secret",
        "token",
        "accesskey",
        "apikey",
        "privatekey",
        "passphrase",
        "credential",
        "authorization",
    ];
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|each| each.to_ascii_lowercase()).collect();
    WORDS.iter().any(|word| plain.contains(word))
}

/// Returns text without AWS keys, bearer tokens, credentials in URLs, and values that stand behind
/// a name that holds a secret (`password: x`, `"token":"x"`, `--secret=x`).
#[must_use]
pub fn redact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // A name that holds a secret was read, and nothing but quotes, blanks and a separator since.
    let mut awaits = Awaits::Nothing;
    while let Some(first) = rest.chars().next() {
        let between = matches!(first, '"' | '\'' | '\\' | ' ');
        if awaits == Awaits::Value && !between {
            let (scheme, behind) = scheme_of(rest);
            out.push_str(scheme);
            rest = &behind[end_of_value(behind)..];
            if !rest.starts_with(HIDDEN) {
                out.push_str(if behind.is_empty() { "" } else { HIDDEN });
            }
            awaits = Awaits::Nothing;
        } else if awaits == Awaits::Separator && matches!(first, ':' | '=') {
            out.push(first);
            rest = &rest[1..];
            awaits = Awaits::Value;
        } else if of_word(first) {
            let end = rest.find(|each| !of_word(each)).unwrap_or(rest.len());
            let taken;
            (taken, awaits) = push_word(&mut out, &rest[..end]);
            rest = &rest[taken..];
        } else {
            if !between {
                awaits = Awaits::Nothing;
            }
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

/// What the next word may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Awaits {
    Nothing,
    Separator,
    Value,
}

/// Where a value ends: at a blank, a quote or what ends a list.
fn end_of_value(text: &str) -> usize {
    text.find(|each: char| each.is_whitespace() || matches!(each, '"' | '\'' | ',' | '}' | ']' | '\\'))
        .unwrap_or(text.len())
}

/// `Bearer` and `Basic` stand before what is secret.
fn scheme_of(text: &str) -> (&str, &str) {
    for scheme in ["Bearer ", "bearer ", "Basic ", "basic ", "token "] {
        if text.starts_with(scheme) {
            return text.split_at(scheme.len());
        }
    }
    ("", text)
}

fn of_word(each: char) -> bool {
    each.is_ascii_alphanumeric() || "/+=_-.:@%~".contains(each)
}

/// Pushes a word as it may be shown; returns how much of it was read, and whether a secret follows.
fn push_word(out: &mut String, word: &str) -> (usize, Awaits) {
    // `name=value` and `name:value` in one word, but not a URL or an ARN.
    let split = word.find(['=', ':']).filter(|_| !word.contains("://") && !word.starts_with("arn:"));
    if let Some(at) = split.filter(|at| secret_name(&word[..*at])) {
        out.push_str(&word[..=at]);
        return (at + 1, Awaits::Value);
    }
    out.push_str(&shown(word));
    (word.len(), if secret_name(word) { Awaits::Separator } else { Awaits::Nothing })
}

fn shown(word: &str) -> String {
    let access_key = |text: &str| {
        (text.starts_with("AKIA") || text.starts_with("ASIA"))
            && text.len() >= 16
            && text.chars().all(|each| each.is_ascii_alphanumeric())
    };
    if access_key(word) || word.starts_with("eyJ") && word.matches('.').count() == 2 {
        return HIDDEN.to_owned();
    }
    if let Some(scheme) = word.find("://") {
        let rest = &word[scheme + 3..];
        let host_end = rest.find('/').unwrap_or(rest.len());
        if let Some(at) = rest[..host_end].rfind('@') {
            return format!("{}://{HIDDEN}{}", &word[..scheme], &rest[at..]);
        }
    }
    without_secret_keys(word)
}

/// Forty characters of base64 without a path's shape: an AWS secret key.
fn without_secret_keys(word: &str) -> String {
    const LENGTH: usize = 40;
    let of_key = |each: char| each.is_ascii_alphanumeric() || "/+".contains(each);
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    while !rest.is_empty() {
        let end = rest.find(|each| !of_key(each)).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end);
        let has = |kind: fn(&char) -> bool| run.chars().any(|each| kind(&each));
        let secret = run.len() == LENGTH
            && has(char::is_ascii_uppercase)
            && has(char::is_ascii_lowercase)
            && has(char::is_ascii_digit)
            && run.matches('/').count() <= 4;
        out.push_str(if secret { HIDDEN } else { run });
        let next = behind.find(of_key).unwrap_or(behind.len());
        out.push_str(&behind[..next]);
        rest = &behind[next..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn keys_tokens_and_url_credentials_are_hidden() {
        let text = "key AKIAIOSFODNN7EXAMPLE is \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKE1\" https://me:pw@host/x arn:aws:sns:eu-west-1:123456789012:x";
        assert_eq!(
            redact(text),
            "key (hidden) is \"(hidden)\" https://(hidden)@host/x arn:aws:sns:eu-west-1:123456789012:x"
        );
    }

    #[test]
    fn the_value_behind_a_secrets_name_is_hidden_however_it_is_written() {
        for (text, shown) in [
            ("password: hunter2", "password: (hidden)"),
            ("--db-password=hunter2 --port=1", "--db-password=(hidden) --port=1"),
            (r#"{"clientSecret":"a.b","port":1}"#, r#"{"clientSecret":"(hidden)","port":1}"#),
            (r#""text":"\"token\": \"abc\"""#, r#""text":"\"token\": \"(hidden)\"""#),
            ("password: P@ss!w0rd next", "password: (hidden) next"),
            ("dbPassword: $ecret", "dbPassword: (hidden)"),
            ("Authorization: Bearer ghp_x.y", "Authorization: Bearer (hidden)"),
            (
                "https://gate.example.com/aws/notify?token=abc",
                "https://gate.example.com/aws/notify?token=(hidden)",
            ),
            ("AWS_SECRET_ACCESS_KEY=x", "AWS_SECRET_ACCESS_KEY=(hidden)"),
            ("Do not use wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKE1.", "Do not use (hidden)."),
            (
                "The security token included in the request is expired",
                "The security token included in the request is expired",
            ),
            ("ask for credentials, then: check", "ask for credentials, then: check"),
            ("gate-local.yml: created", "gate-local.yml: created"),
        ] {
            assert_eq!(redact(text), shown);
        }
    }

    #[test]
    fn redacting_twice_changes_nothing_more() {
        let once = redact("password: hunter2 secret=\"x\" https://a:b@c/");
        assert_eq!(redact(&once), once);
    }
}
