//! Which containers and pods look like Halyard: asked of docker and kubectl, where those are there.

use std::time::Duration;

use ecw_wizard::model::report::HalyardFound;
use ecw_wizard::values::halyard_in::HalyardIn;

use ecw_ports::Ports;

/// More are not listed.
const MOST: usize = 8;
const LIMIT: Duration = Duration::from_secs(8);
/// What Halyard's images and containers are called: its own registries', and what operators name them.
const CALLED: &str = "halyard";

pub(super) fn look(ports: &Ports) -> Vec<HalyardFound> {
    let mut found = Vec::new();
    let docker = ["docker", "ps", "--format", "{{.Names}}\t{{.Image}}"];
    found.extend(printed(ports, &docker).iter().filter_map(|line| container(line)));
    let current = printed(ports, &["kubectl", "config", "current-context"]);
    // Without a context there is no cluster to ask, and the pod is named with it: the current one may change.
    if let Some(context) = current.first() {
        let columns = "custom-columns=NS:.metadata.namespace,NAME:.metadata.name,PHASE:.status.phase,C:.spec.containers[*].name,I:.spec.containers[*].image";
        let pods = [
            "kubectl",
            "--context",
            context,
            "get",
            "pods",
            "--all-namespaces",
            "--no-headers",
            "--request-timeout=5s",
            "-o",
            columns,
        ];
        found.extend(printed(ports, &pods).iter().flat_map(|line| containers_of_pod(line, context)));
    }
    found.truncate(MOST);
    found
}

/// Returns the lines that a command prints, none where it fails.
fn printed(ports: &Ports, words: &[&str]) -> Vec<String> {
    let command: Vec<String> = words.iter().map(|each| (*each).to_owned()).collect();
    match ports.commands.run(&command, LIMIT) {
        Ok(output) if output.status == Some(0) => {
            let lines = output.stdout.lines().take(20_000);
            lines.map(|line| ecw_halyard::strip(line, 2_000)).filter(|line| !line.trim().is_empty()).collect()
        }
        Ok(_) | Err(_) => Vec::new(),
    }
}

/// One of Spinnaker's services may have Halyard's name in its registry path; the image's own name counts.
fn is_halyard(image: &str) -> bool {
    let own = image.rsplit('/').next().unwrap_or(image);
    own.contains(CALLED)
}

fn container(line: &str) -> Option<HalyardFound> {
    let mut words = line.split_whitespace();
    let (name, image) = (words.next()?, words.next()?);
    if !is_halyard(image) && !name.contains(CALLED) {
        return None;
    }
    let halyard_in = HalyardIn::parse(&format!("docker:{name}")).ok()?;
    Some(HalyardFound { halyard_in, image: image.to_owned() })
}

fn containers_of_pod(line: &str, context: &str) -> Vec<HalyardFound> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [namespace, pod, "Running", names, images] = words[..] else { return Vec::new() };
    let (names, images): (Vec<&str>, Vec<&str>) = (names.split(',').collect(), images.split(',').collect());
    let alone = names.len() == 1;
    let of = names.iter().zip(images).filter(|(_, image)| is_halyard(image) || alone && pod.contains(CALLED));
    of.filter_map(|(name, image)| {
        let place = if alone { format!("{namespace}/{pod}") } else { format!("{namespace}/{pod}/{name}") };
        let halyard_in = HalyardIn::parse(&format!("pod:{place}@{context}")).ok()?;
        Some(HalyardFound { halyard_in, image: image.to_owned() })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(found: Vec<HalyardFound>) -> Vec<String> {
        found.into_iter().map(|each| each.halyard_in.to_string()).collect()
    }

    #[test]
    fn running_containers_and_pods_with_halyards_image_are_found_and_no_others() {
        let docker = [
            "halyard\tus-docker.pkg.dev/spinnaker-community/docker/halyard:1.44.0",
            "hal\tarmory/halyard-armory:1.12.0",
            "spin-gate\tregistry/halyard/gate:1",
            "-x\thalyard",
        ];
        let found = docker.iter().filter_map(|line| container(line)).collect();
        assert_eq!(places(found), ["docker:halyard", "docker:hal"]);
        let pods = [
            "spinnaker halyard-0 Running halyard us.gcr.io/spinnaker/halyard:1.0",
            "spinnaker tools-1 Running sh,hal busybox:1,x/halyard:2",
            "spinnaker halyard-9 Pending halyard x/halyard:2",
            "spinnaker spin-gate-1 Running gate x/gate:2",
        ];
        let found = pods.iter().flat_map(|line| containers_of_pod(line, "prod")).collect();
        assert_eq!(places(found), ["pod:spinnaker/halyard-0@prod", "pod:spinnaker/tools-1/hal@prod"]);
    }
}
