//! What `kubectl apply` does to the world: services whose profile changed restart with what it says.

use ecw_halyard::ServiceName;
use ecw_profile::Root;

use crate::faults::Fault;
use crate::hal::enabled;
use crate::site::{Service, World};

/// Returns the end of a ConfigMap's name that follows from what it holds.
#[must_use]
pub fn suffix(content: &[u8]) -> String {
    ecw_profile::sha256_hex(content)[..10].to_owned()
}

impl World {
    /// Returns the files of the stand-in overlay, by path below it.
    #[must_use]
    pub fn overlay() -> Vec<(&'static str, &'static str)> {
        macro_rules! files {
            ($($path:literal),*) => {
                vec![$(($path, include_str!(concat!("../../assets/rehearsal/kustomize/", $path)))),*]
            };
        }
        files!(
            "kustomization.yml",
            "base/kustomization.yml",
            "base/spinnaker.yml",
            "base/gate/kustomization.yml",
            "base/gate/deployment.yml",
            "base/clouddriver/kustomization.yml",
            "base/clouddriver/deployment.yml",
            "overlays/config/kustomization.yml",
            "overlays/config/files/spinnaker-local.yml",
            "overlays/config/files/clouddriver-local.yml",
            "overlays/config/files/gate-local.yml"
        )
    }

    /// Returns the stand-in manifest of a `SpinnakerService`.
    #[must_use]
    pub fn manifest() -> &'static str {
        include_str!("../../assets/rehearsal/spinnakerservice.yml")
    }

    /// Returns what `kubectl diff` prints, and its exit: what somebody else edited since the last apply.
    #[must_use]
    pub fn kubectl_diff(&self) -> (String, i32) {
        if self.has(Fault::PendingVersion) {
            let object = "apps.v1.Deployment.spinnaker.echo";
            return (format!("diff -u -N /tmp/LIVE-1/{object} /tmp/MERGED-2/{object}\n"), 1);
        }
        (String::new(), 0)
    }

    /// Applies what stands in a manifest or in kustomize's output; returns what kubectl prints, and its exit.
    pub fn kubectl_apply(&mut self, rendered: &str, now: u64) -> (String, i32) {
        self.note("kubectl apply");
        if self.has(Fault::ApplyKubectl) {
            return ("error: the server doesn't have a resource type \"spinnakerservices\"\n".to_owned(), 1);
        }
        let operator = rendered.contains("\nkind: SpinnakerService");
        let mut lines = Vec::new();
        for (service, root) in
            [(ServiceName::Gate, Root::OperatorGate), (ServiceName::Clouddriver, Root::OperatorClouddriver)]
        {
            let plugin = if operator {
                enabled(rendered.as_bytes(), root)
            } else {
                let found = ecw_halyard::kustomize::read_rendered(rendered);
                let profile = found.profiles.iter().find(|(entry, _)| entry == service.profile_file());
                profile.and_then(|(_, bytes)| enabled(bytes, Root::File))
            };
            let changed = self.service(service).plugin != plugin;
            if changed {
                // The Operator takes a while to take the manifest up.
                let taken_up = if operator { 30_000 } else { 0 };
                let ready_at = now + taken_up + if service.is_gate() { 45_000 } else { 120_000 };
                self.services.insert(service, Service { plugin, ready_at });
                self.note(format!("rollout {service}"));
            }
            let word = if changed { "configured" } else { "unchanged" };
            if !operator {
                lines.push(format!("deployment.apps/{service} {word}"));
            }
        }
        if operator {
            lines.push("spinnakerservice.spinnaker.io/spinnaker configured".to_owned());
        }
        (lines.join("\n") + "\n", 0)
    }
}
