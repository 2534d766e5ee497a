//! Spring's recorded answers, so that the plain tests check against its words without Java.

use serde::{Deserialize, Serialize};

use crate::answer::{Answer, Planned, broken_before, judge};
use crate::cases;

/// What several Spring Boots answer alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub boots: Vec<String>,
    pub before: Answer,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Answer>,
}

/// One case: the texts, by hash, that the answers speak of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    pub name: String,
    pub verdict: String,
    pub remarks: Vec<String>,
    pub before: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    pub said: Vec<Said>,
}

pub fn path() -> String {
    format!("{}/../../tests/oracle/answers.json", env!("CARGO_MANIFEST_DIR"))
}

impl Recorded {
    /// Returns a case with its plan and no answers yet.
    pub fn of(name: &str, text: &[u8]) -> (Self, Planned) {
        let planned = Planned::of(text, &cases::wanted());
        let recorded = Self {
            name: name.to_owned(),
            verdict: planned.verdict.to_owned(),
            remarks: planned.remarks.clone(),
            before: ecw_profile::sha256_hex(text),
            after: planned.after.as_ref().map(|(after, _)| ecw_profile::sha256_hex(after)),
            said: Vec::new(),
        };
        (recorded, planned)
    }

    /// Returns where Spring's answers and the plan disagree.
    pub fn disagreements(&self, planned: &Planned) -> Vec<String> {
        let mut found = Vec::new();
        for said in &self.said {
            if broken_before(&said.before, said.after.as_ref()) {
                found.push(format!(
                    "{} [{}]: planned, but Spring refuses the file: {:?}",
                    self.name,
                    said.boots.join(" "),
                    said.before
                ));
            } else if let Err(why) =
                judge(planned, &said.before, said.after.as_ref(), cases::VERSION, cases::URL)
            {
                found.push(format!("{} [{}]: {why}", self.name, said.boots.join(" ")));
            }
        }
        found
    }
}
