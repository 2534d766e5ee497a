//! The likely cause of what hal says, for the failures that operators meet most, and the command that helps.

/// What is likely wrong, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likely {
    /// The cause, one sentence.
    pub cause: &'static str,
    /// A command to look or to fix with; empty = there is none.
    pub command: &'static str,
}

/// Words that hal prints (in lower case), and what they tell. The first that fits counts; the words are from
/// transcripts of the real Halyard (`tests/fixtures/hal`) and its sources.
const KNOWN: &[(&[&str], Likely)] = &[
    (
        &["required bucket", "security token"],
        Likely {
            cause: "Halyard's own S3 keys are wrong or have expired. This change did not cause it.",
            command: "hal config storage s3 edit --access-key-id <KEY> --secret-access-key",
        },
    ),
    (
        &["required bucket"],
        Likely {
            cause: "Halyard's store for Spinnaker's settings cannot be reached. This change did not cause it.",
            command: "hal config storage",
        },
    ),
    (
        &["failed check for namespace"],
        Likely {
            cause: "kubectl cannot reach the cluster with the account that Spinnaker is deployed with.",
            command: "kubectl get namespaces",
        },
    ),
    (
        &["unable to connect to the server"],
        Likely { cause: "kubectl cannot reach the cluster.", command: "kubectl cluster-info" },
    ),
    (
        &["taking too long"],
        Likely {
            cause: "Pods did not come up within hal's 30 minutes; they may still.",
            command: "kubectl get pods --all-namespaces -l app=spin",
        },
    ),
    (
        &["timed out"],
        Likely {
            cause: "hal's 30 minutes ran out, or a call of hal's got no answer.",
            command: "kubectl get pods --all-namespaces -l app=spin",
        },
    ),
    (
        &["permission denied"],
        Likely { cause: "hal's user has no right to do this.", command: "ls -l ~/.hal" },
    ),
    (
        &["connection refused"],
        Likely { cause: "Something that hal calls does not answer.", command: "hal task list" },
    ),
];

/// Returns what is likely wrong by hal's words.
#[must_use]
pub fn likely(words: &str) -> Option<&'static Likely> {
    let words = words.to_lowercase();
    KNOWN.iter().find(|(all, _)| all.iter().all(|each| words.contains(each))).map(|(_, likely)| likely)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hals_own_words_tell_the_cause() {
        let cause = |words| likely(words).map(|likely| likely.command);
        assert_eq!(
            cause(
                "Failed to ensure the required bucket \"spin-front50\" exists: The security token included in the request is invalid."
            ),
            Some("hal config storage s3 edit --access-key-id <KEY> --secret-access-key")
        );
        assert_eq!(cause("Failed check for Namespace/spinnaker in null"), Some("kubectl get namespaces"));
        assert_eq!(cause("Something else"), None);
    }
}
