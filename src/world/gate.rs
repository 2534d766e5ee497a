//! What answers HTTP: Gate, the daemon, the plugin repository.

use ecw_halyard::ServiceName;

use crate::faults::Fault;
use crate::site::World;

/// An HTTP answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub content_type: &'static str,
    pub body: String,
}

impl Answer {
    fn json(status: u16, body: impl Into<String>) -> Self {
        Self { status, content_type: "application/json", body: body.into() }
    }
}

/// The SHA-512 of no bytes: the stand-in zip is empty.
pub const NO_BYTES_SHA512: &str = "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e";

impl World {
    /// Answers a GET of any URL in the stand-in internet; `None` = nobody is there.
    #[must_use]
    pub fn get(&self, url: &str, now: u64) -> Option<Answer> {
        let rest = url.split("://").nth(1)?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        match host {
            "localhost:8064" => self.daemon(path, now),
            "gate.example.com" | "localhost:8084" => Some(self.gate(path, now)),
            "raw.githubusercontent.com" => Some(self.repository(path)),
            "github.com" => Some(if self.has(Fault::ZipGone) {
                Answer::json(404, "not found")
            } else {
                Answer { status: 200, content_type: "application/zip", body: String::new() }
            }),
            _ => None,
        }
    }

    fn daemon(&self, path: &str, now: u64) -> Option<Answer> {
        if self.has(Fault::DaemonDown) {
            return None;
        }
        Some(match path {
            "health" => Answer::json(200, r#"{"status":"UP"}"#),
            "v1/tasks/" => {
                let running = self.applies.iter().filter(|apply| now < apply.started + apply.takes);
                let task = r#"{"uuid":"00000000-0000-4000-8000-000000000000","name":"Apply deployment","state":"RUNNING"}"#;
                let tasks: Vec<&str> = running.map(|_| task).collect();
                Answer::json(200, format!(r#"{{"tasks":[{}]}}"#, tasks.join(",")))
            }
            _ => Answer::json(404, "{}"),
        })
    }

    fn gate(&self, path: &str, now: u64) -> Answer {
        let path = path.split('?').next().unwrap_or_default();
        let gate = self.service(ServiceName::Gate);
        let has_plugin = gate.plugin.is_some() && now >= gate.ready_at;
        match path {
            "health" => Answer::json(200, r#"{"status":"UP"}"#),
            "aws/notify" if has_plugin => Answer::json(405, r#"{"status":405}"#),
            "plugins/installed" => {
                let version = gate.plugin.filter(|_| has_plugin);
                let list = version.map(|version| {
                    format!(r#"{{"pluginId":"Armory.AWSCATsOnEvent","version":"{version}"}}"#)
                });
                Answer::json(200, format!(r#"{{"gate":[{}],"clouddriver":[]}}"#, list.unwrap_or_default()))
            }
            _ => Answer::json(404, r#"{"status":404}"#),
        }
    }

    fn repository(&self, path: &str) -> Answer {
        if !path.ends_with("plugins.json") {
            return Answer::json(404, "not found");
        }
        let release = |version: &str| {
            format!(
                r#"{{"version":"{version}","requires":"clouddriver>=0.0.0,gate>=0.0.0","url":"https://github.com/armory-plugins/aws-event-cache/releases/download/v{version}/plugin.zip","sha512sum":"{}"}}"#,
                NO_BYTES_SHA512
            )
        };
        let mut releases = vec![release("0.2.0"), release("0.1.0")];
        if !self.has(Fault::VersionGone) {
            releases.insert(0, release("0.2.1"));
        }
        let body = format!(r#"[{{"id":"Armory.AWSCATsOnEvent","releases":[{}]}}]"#, releases.join(","));
        Answer::json(200, body)
    }
}
