//! The likely cause of what kubectl says when it refuses an apply, and the command that helps.

use ecw_halyard::KubectlRefusal;

use super::likely::Likely;

/// Returns the sentence that says how an apply failed, of the last line that kubectl wrote.
pub(crate) fn failed(exit: i32, said: Option<&str>) -> String {
    match said {
        Some(said) => format!("kubectl apply failed (exit {exit}): {said}"),
        None => format!("kubectl apply failed (exit {exit})"),
    }
}

/// Returns what kubectl said, of that sentence.
pub(crate) fn said_of(failed: &str) -> Option<&str> {
    Some(failed.strip_prefix("kubectl apply failed (exit ")?.split_once("): ")?.1)
}

/// Returns what is likely wrong by kubectl's last line; the command is what follows kubectl and its context. `None` =
/// nothing that we know better than kubectl.
#[must_use]
pub fn likely_of_kubectl(said: &str) -> Option<Likely> {
    let likely = |cause, command| Some(Likely { cause, command });
    match KubectlRefusal::read(said) {
        KubectlRefusal::Denied(_) => {
            likely("This user of the context may not change what is applied.", "auth can-i --list")
        }
        KubectlRefusal::NotLoggedIn => likely(
            "The cluster does not accept the context's credentials; a login has expired.",
            "auth whoami",
        ),
        KubectlRefusal::NoContext => likely("The kubeconfig has no such context.", "config get-contexts"),
        KubectlRefusal::NoNamespace => {
            likely("The cluster has no such namespace: it may be another cluster.", "get namespaces")
        }
        KubectlRefusal::Unreachable(_) => likely("kubectl cannot reach the cluster.", "cluster-info"),
        KubectlRefusal::NotFound => None,
        KubectlRefusal::Other(said) => {
            // kubectl's last line where a kind is unknown, and what it says of a kind that it was asked for.
            let unknown = ["ensure CRDs are installed first", "no matches for kind", "have a resource type"];
            if unknown.iter().any(|words| said.contains(words)) {
                likely(
                    "The cluster does not know the kind: no operator is installed, or it is another cluster.",
                    "get crds",
                )
            } else {
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the real kubectl wrote.
    macro_rules! real {
        ($name:literal) => {
            include_str!(concat!("../../../tests/fixtures/kubectl/", $name, "/stderr"))
        };
    }

    #[test]
    fn what_kubectl_said_is_found_in_the_sentence_again() {
        assert_eq!(said_of(&failed(1, Some("error: (a): b"))), Some("error: (a): b"));
        assert_eq!((said_of(&failed(1, None)), said_of("kubectl cannot be started: x")), (None, None));
    }

    #[test]
    fn what_the_real_kubectl_wrote_tells_the_cause() {
        let command = |said: &str| likely_of_kubectl(said).map(|likely| likely.command);
        for (said, helps) in [
            (real!("denied"), "auth can-i --list"),
            (real!("stranger"), "auth whoami"),
            (real!("no-context"), "config get-contexts"),
            (real!("no-namespace"), "get namespaces"),
            (real!("unreachable"), "cluster-info"),
        ] {
            assert_eq!(command(said), Some(helps), "{said}");
        }
        assert_eq!(
            command(
                "resource mapping not found for name: \"spinnaker\" namespace: \"spinnaker\" from \"spinnakerservice.yml\": no matches for kind \"SpinnakerService\" in version \"spinnaker.io/v1alpha2\"\nensure CRDs are installed first"
            ),
            Some("get crds")
        );
        assert_eq!(command("error: error validating data"), None);
    }
}
