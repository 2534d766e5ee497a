//! What a real cluster said (`tests/fixtures/kubectl`, whose README says how it was taken) is told apart.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests read fixtures from disk")]

use ecw_halyard::RolloutState::{Broken, CannotTell, Ready, Slow, Waiting};
use ecw_halyard::{KubectlRefusal, Rollout, RolloutState, read_rollout};

fn read(path: &str) -> String {
    std::fs::read_to_string(format!("{}/../../tests/fixtures/kubectl/{path}", env!("CARGO_MANIFEST_DIR")))
        .unwrap()
}

fn told(state: RolloutState, words: &str) -> Rollout {
    Rollout { state, words: words.to_owned() }
}

#[test]
fn every_state_of_a_rollout_is_told_apart() {
    let table = [
        ("ready", told(Ready, "1 of 1 pods are new and available")),
        ("starting", told(Waiting, "0 of 1 new pods are ready; starting")),
        (
            "slow-start",
            told(Slow, "1 new pods run and are not ready, past Kubernetes' progress deadline: a slow start"),
        ),
        ("crash-loop", told(Broken, "a pod crashes again and again (5 restarts); its log says why")),
        (
            "out-of-memory",
            told(
                Broken,
                "a pod crashes again and again (3 restarts, killed for want of memory); its log says why",
            ),
        ),
        ("image-pull", told(Broken, "the image cannot be pulled: new")),
        ("old-pod-crashes", told(Waiting, "0 of 1 new pods are ready; starting")),
        ("no-node", told(Waiting, "a pod finds no node: 0/3 nodes are available: 3 Insufficient memory.")),
        (
            "autoscaled",
            told(
                Waiting,
                "0 of 3 new pods are ready; starting; autoscaler gate-hpa (2 to 6 pods) decides how many",
            ),
        ),
        ("scaled-to-0", told(CannotTell, "the deployment is scaled to 0 pods: none comes up")),
    ];
    for (scenario, expected) in table {
        let file = |name: &str| read(&format!("{scenario}/{name}.json"));
        let (objects, autoscalers) = (file("objects"), file("hpa"));
        let found = read_rollout(&file("deployment"), Some(&objects), Some(&autoscalers));
        assert_eq!(found, expected, "{scenario}");
    }
}

#[test]
fn pods_that_a_quota_forbids_are_told_with_the_clusters_reason() {
    let file = |name: &str| read(&format!("quota/{name}.json"));
    let found = read_rollout(&file("deployment"), Some(&file("objects")), None);
    assert_eq!(found.state, Broken, "{found:?}");
    for part in ["its pods are not made: ", "exceeded quota: few"] {
        assert!(found.words.contains(part), "{found:?}");
    }
}

#[test]
fn without_pods_and_autoscalers_the_deployment_alone_is_read() {
    let words = |scenario: &str| read_rollout(&read(&format!("{scenario}/deployment.json")), None, None);
    assert_eq!(words("ready").state, Ready);
    assert_eq!(words("crash-loop").state, Waiting);
    // Nobody sees whether pods run: past the deadline that is no slow start.
    assert_eq!(words("slow-start").state, Broken);
    assert_eq!(read_rollout("Unauthorized", None, None).state, CannotTell);
    assert_eq!(read_rollout("[]", None, None).state, CannotTell);
}

#[test]
fn every_refusal_of_kubectl_is_told_apart() {
    let refused = |scenario: &str| {
        assert_eq!(read(&format!("{scenario}/rc")), "1\n", "{scenario}");
        assert_eq!(read(&format!("{scenario}/stdout")), "", "{scenario}");
        KubectlRefusal::read(&read(&format!("{scenario}/stderr")))
    };
    assert_eq!(refused("no-deployment"), KubectlRefusal::NotFound);
    assert_eq!(refused("no-namespace"), KubectlRefusal::NoNamespace);
    assert_eq!(refused("namespace-missing"), KubectlRefusal::NoNamespace);
    assert_eq!(refused("stranger"), KubectlRefusal::NotLoggedIn);
    assert_eq!(refused("no-context"), KubectlRefusal::NoContext);
    let KubectlRefusal::Denied(said) = refused("denied") else { panic!("not denied") };
    assert!(said.contains("User \"limited\" cannot get resource \"deployments\""), "{said}");
    let KubectlRefusal::Unreachable(said) = refused("unreachable") else { panic!("reached") };
    assert!(said.contains("127.0.0.1:1 was refused"), "{said}");
    assert_eq!(KubectlRefusal::read("\n"), KubectlRefusal::Other(String::new()));
}
