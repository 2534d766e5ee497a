//! A command as the words that a POSIX shell would make of it; nothing is ever given to a shell.

/// Splits a command as shell words; quotes group, nothing is expanded. A command with an open
/// quote is no command.
#[must_use]
pub fn shell_words(text: &str) -> Vec<String> {
    ::shell_words::split(text).unwrap_or_default()
}

/// Returns words as a command that reads back as them.
#[must_use]
pub fn join(words: &[String]) -> String {
    ::shell_words::join(words)
}

/// Returns words as a text that a POSIX shell, bash, zsh and fish read back as them: every word stands in single
/// quotes, so that nothing in it is a brace, a pattern or a name to any of them.
#[must_use]
pub fn quoted(words: &[String]) -> String {
    let quoted = words.iter().map(|word| format!("'{}'", word.replace('\'', r"'\''")));
    quoted.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{quoted, shell_words};

    #[test]
    fn what_is_quoted_for_a_shell_reads_back_and_nothing_in_it_is_special() {
        let words =
            ["", "a{b,c}d", "x{1..3}", "it's", "~", "-n", "$(x) `y` \\ \"", "a\nb", "*"].map(str::to_owned);
        let text = quoted(&words);
        assert_eq!(shell_words(&text), words);
        assert!(text.starts_with(r"'' 'a{b,c}d' 'x{1..3}' 'it'\''s' '~'"), "{text}");
    }

    #[test]
    fn a_command_splits_as_shell_words_and_nothing_is_expanded() {
        assert_eq!(shell_words("docker exec -i halyard hal"), ["docker", "exec", "-i", "halyard", "hal"]);
        assert_eq!(shell_words(r#"a 'b c' "d \" e" f\ g $HOME"#), ["a", "b c", "d \" e", "f g", "$HOME"]);
        assert!(shell_words("  ").is_empty() && shell_words("a 'b").is_empty());
    }
}
