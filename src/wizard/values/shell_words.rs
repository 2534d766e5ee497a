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

#[cfg(test)]
mod tests {
    use super::shell_words;

    #[test]
    fn a_command_splits_as_shell_words_and_nothing_is_expanded() {
        assert_eq!(shell_words("docker exec -i halyard hal"), ["docker", "exec", "-i", "halyard", "hal"]);
        assert_eq!(shell_words(r#"a 'b c' "d \" e" f\ g $HOME"#), ["a", "b c", "d \" e", "f g", "$HOME"]);
        assert!(shell_words("  ").is_empty() && shell_words("a 'b").is_empty());
    }
}
