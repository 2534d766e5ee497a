//! Takes out what looks like a secret before anything is logged or bundled.

/// Returns text without AWS keys, bearer tokens and credentials in URLs.
#[must_use]
pub fn redact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for each in text.chars() {
        if each.is_ascii_alphanumeric() || "/+=_-.:@%~".contains(each) {
            word.push(each);
        } else {
            out.push_str(&redacted(&word));
            word.clear();
            out.push(each);
        }
    }
    out.push_str(&redacted(&word));
    out
}

fn redacted(word: &str) -> String {
    const HIDDEN: &str = "(hidden)";
    let long_key = |text: &str| {
        (text.starts_with("AKIA") || text.starts_with("ASIA"))
            && text.len() >= 16
            && text.chars().all(|each| each.is_ascii_alphanumeric())
    };
    if long_key(word) || word.starts_with("eyJ") && word.matches('.').count() == 2 {
        return HIDDEN.to_owned();
    }
    if let Some(scheme) = word.find("://") {
        let rest = &word[scheme + 3..];
        let host_end = rest.find('/').unwrap_or(rest.len());
        if let Some(at) = rest[..host_end].rfind('@') {
            return format!("{}://{HIDDEN}{}", &word[..scheme], &rest[at..]);
        }
    }
    // Forty characters of base64 without a word's shape: an AWS secret key.
    let secret = word.len() == 40
        && word.chars().all(|each| each.is_ascii_alphanumeric() || "/+=".contains(each))
        && word.chars().any(|each| each.is_ascii_uppercase())
        && word.chars().any(|each| each.is_ascii_lowercase())
        && word.chars().any(|each| each.is_ascii_digit());
    if secret { HIDDEN.to_owned() } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn keys_tokens_and_url_credentials_are_hidden() {
        let text = "key AKIAIOSFODNN7EXAMPLE secret \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKE1\" https://me:pw@host/x arn:aws:sns:eu-west-1:123456789012:x";
        assert_eq!(
            redact(text),
            "key (hidden) secret \"(hidden)\" https://(hidden)@host/x arn:aws:sns:eu-west-1:123456789012:x"
        );
    }
}
