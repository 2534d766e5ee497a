//! What `kubectl` says.

use ecw_halyard::ServiceName;

use crate::faults::Fault;
use crate::site::World;

impl World {
    /// Answers the `kubectl` calls that the wizard makes: exit status and stdout.
    #[must_use]
    pub fn kubectl(&self, arguments: &[String], now: u64) -> (i32, String) {
        let has = |word: &str| arguments.iter().any(|each| each == word);
        if has("hpa") {
            return (0, r#"{"kind":"List","items":[]}"#.to_owned());
        }
        let named = arguments.iter().find_map(|each| {
            let name = ["deploy/", "deployment/", "cluster=", "app.kubernetes.io/name="]
                .iter()
                .find_map(|head| each.strip_prefix(head))?;
            Some(name.strip_prefix("spin-").unwrap_or(name))
        });
        // An overlay's deployments have no prefix, and are selected by another label.
        let plain = arguments.iter().any(|each| {
            each.split_once('/')
                .is_some_and(|(kind, name)| kind == "deployment" && !name.starts_with("spin-"))
        });
        let Some(service) = named.and_then(ServiceName::parse) else {
            return (1, "error: unknown resource".to_owned());
        };
        if has("logs") {
            return (0, self.log(service, now));
        }
        if has("replicasets,pods") {
            return (0, self.pods(service, now));
        }
        let ready = u8::from(now >= self.service(service).ready_at);
        let progress = if self.fails_to_start(service) {
            r#"{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded"}"#
        } else {
            r#"{"type":"Progressing","status":"True","reason":"ReplicaSetUpdated"}"#
        };
        let selector = if plain {
            format!(r#","selector":{{"matchLabels":{{"app.kubernetes.io/name":"{service}"}}}}"#)
        } else {
            String::new()
        };
        let prefix = if plain { "" } else { "spin-" };
        let json = format!(
            r#"{{"kind":"Deployment","metadata":{{"name":"{prefix}{service}","generation":2,"annotations":{{"deployment.kubernetes.io/revision":"2"}}}},"spec":{{"replicas":1{selector}}},"status":{{"observedGeneration":2,"replicas":1,"updatedReplicas":1,"readyReplicas":{ready},"availableReplicas":{ready},"conditions":[{progress}]}}}}"#
        );
        (0, json)
    }

    /// A zip that is gone keeps the service from starting: its pod crashes.
    fn fails_to_start(&self, service: ServiceName) -> bool {
        self.has(Fault::ZipGone) && service.is_gate() && self.service(service).plugin.is_some()
    }

    fn log(&self, service: ServiceName, now: u64) -> String {
        let state = self.service(service);
        match state.plugin {
            Some(version) if now >= state.ready_at => format!(
                "INFO Plugin 'Armory.AWSCATsOnEvent@{version}' resolved\nINFO Start plugin 'Armory.AWSCATsOnEvent@{version}'\n"
            ),
            _ => "INFO Starting application\n".to_owned(),
        }
    }

    fn pods(&self, service: ServiceName, now: u64) -> String {
        let ready = now >= self.service(service).ready_at;
        let (condition, container) = if self.fails_to_start(service) {
            (
                "False",
                r#"{"ready":false,"restartCount":5,"state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off 2m40s restarting failed container"}}}"#,
            )
        } else if ready {
            ("True", r#"{"ready":true,"restartCount":0,"state":{"running":{}}}"#)
        } else {
            ("False", r#"{"ready":false,"restartCount":0,"state":{"running":{}}}"#)
        };
        format!(
            r#"{{"kind":"List","items":[{{"kind":"ReplicaSet","metadata":{{"uid":"new","annotations":{{"deployment.kubernetes.io/revision":"2"}}}}}},{{"kind":"Pod","metadata":{{"ownerReferences":[{{"uid":"new"}}]}},"status":{{"conditions":[{{"type":"Ready","status":"{condition}"}}],"containerStatuses":[{container}]}}}}]}}"#
        )
    }
}
