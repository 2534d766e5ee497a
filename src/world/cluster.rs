//! What `kubectl` says.

use ecw_halyard::ServiceName;

use crate::faults::Fault;
use crate::site::World;

impl World {
    /// Answers the `kubectl` calls that the wizard makes: exit status and stdout.
    #[must_use]
    pub fn kubectl(&self, arguments: &[String], now: u64) -> (i32, String) {
        let named = arguments
            .iter()
            .find_map(|each| each.strip_prefix("deploy/spin-").or(each.strip_prefix("deployment/spin-")));
        let Some(service) = named.and_then(ServiceName::parse) else {
            return (1, "error: unknown resource".to_owned());
        };
        let state = self.service(service);
        let ready = now >= state.ready_at;
        if arguments.iter().any(|each| each == "logs") {
            let lines = match state.plugin {
                Some(version) if ready => format!(
                    "INFO Plugin 'Armory.AWSCATsOnEvent@{version}' resolved\nINFO Start plugin 'Armory.AWSCATsOnEvent@{version}'\n"
                ),
                _ => "INFO Starting application\n".to_owned(),
            };
            return (0, lines);
        }
        if arguments.iter().any(|each| each == "pods") {
            return (0, self.pods(service, now));
        }
        let updated = i32::from(ready);
        let json = format!(
            r#"{{"metadata":{{"generation":2}},"spec":{{"replicas":1}},"status":{{"observedGeneration":2,"replicas":1,"updatedReplicas":1,"readyReplicas":{updated},"availableReplicas":{updated},"conditions":[{}]}}}}"#,
            if self.has(Fault::ZipGone) && service.is_gate() && state.plugin.is_some() {
                r#"{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded"}"#
            } else {
                r#"{"type":"Progressing","status":"True","reason":"ReplicaSetUpdated"}"#
            }
        );
        (0, json)
    }

    fn pods(&self, service: ServiceName, now: u64) -> String {
        let ready = now >= self.service(service).ready_at;
        format!("{{\"items\":[{{\"status\":{{\"containerStatuses\":[{{\"ready\":{ready}}}]}}}}]}}")
    }
}
