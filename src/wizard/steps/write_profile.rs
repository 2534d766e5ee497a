//! Write the plugin block into a profile, and take it out again.

use std::convert::Infallible;

use ecw_profile::Receipt;
use serde::{Deserialize, Serialize};

use crate::model::place::WantedProfiles;
use crate::steps::{
    AwsAction, AwsGrant, ByHand, Direction, FollowUp, Made, Step, StepId, StepKind, StepTarget, Touches,
    UndoGround,
};
use crate::values::halyard_in::HalyardIn;
use crate::values::names::{EndpointUrl, TopicArn};

/// Write a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct WriteProfile {
    /// What is wanted in it, and where it stands.
    pub wanted: WantedProfiles,
    /// Its name.
    pub file: String,
    /// SHA-256 that the file must have now; `None` = no file.
    pub before: Option<String>,
    /// SHA-256 that it will have.
    pub after: String,
}

/// Take a profile's block out again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct UnwriteProfile {
    /// hal directory and deployment.
    pub wanted: WantedProfiles,
    /// Its name.
    pub file: String,
    /// What was put in, the latest edit first.
    pub receipts: Vec<Receipt>,
    /// Other profiles that stand in the same file and are taken back with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
}

impl UnwriteProfile {
    /// Returns whether another one is about the same file on disk.
    #[must_use]
    pub fn same_file(&self, other: &Self) -> bool {
        self.wanted.path_of(&self.file) == other.wanted.path_of(&other.file)
    }

    /// Takes an older edit of the same file back too, after the later ones.
    pub fn take_along(&mut self, older: Self) {
        self.receipts.extend(older.receipts);
        if older.file != self.file && !self.also.contains(&older.file) {
            self.also.push(older.file);
        }
    }

    /// Returns the profiles that are taken back.
    pub fn profiles(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.file.as_str()).chain(self.also.iter().map(String::as_str))
    }
}

fn id(kind: StepKind, file: &str) -> StepId {
    StepId { kind, target: StepTarget::File { name: file.to_owned() } }
}

impl Step for WriteProfile {
    type Inverse = UnwriteProfile;
    const KIND: StepKind = StepKind::WriteProfile;
    const TOUCHES: Touches = Touches::Files;
    const AWS_ACTIONS: &'static [AwsAction] = &[];
    const AWS_GRANT: AwsGrant = AwsGrant::Always;

    fn id(&self) -> StepId {
        id(Self::KIND, &self.file)
    }

    fn direction(&self) -> Direction {
        Direction::Makes
    }

    fn describe(&self) -> String {
        match &self.before {
            None => format!("Create {}", self.wanted.called(&self.file)),
            Some(_) => format!("Write the plugin block into {}", self.wanted.called(&self.file)),
        }
    }

    fn explain(&self) -> &'static str {
        "Spring loads the plugin from this file. Undo takes exactly our lines out."
    }

    fn usual_time(&self) -> &'static str {
        "seconds"
    }

    fn aws_calls(&self) -> Vec<String> {
        Vec::new()
    }

    fn verified_by(&self) -> &'static str {
        "parsed again before it is written; its SHA-256 afterwards"
    }

    fn taken_back_by(&self) -> &'static str {
        "undo takes exactly our lines out"
    }

    fn follow_up(&self) -> FollowUp<'_> {
        FollowUp::Nothing
    }

    fn topic(&self) -> Option<&TopicArn> {
        None
    }

    fn endpoint(&self) -> Option<&EndpointUrl> {
        None
    }

    fn inverse(&self, made: &Made, _ground: &dyn UndoGround) -> Option<Self::Inverse> {
        let Made::Profile { receipt, .. } = made else { return None };
        Some(UnwriteProfile {
            wanted: self.wanted.clone(),
            file: self.file.clone(),
            receipts: vec![receipt.clone()],
            also: Vec::new(),
        })
    }

    /// What a write left is known by the file's hash: the replacement is atomic.
    fn inverse_of_unknown(&self) -> Option<Self::Inverse> {
        None
    }

    /// The oldest edit of a file has the bytes from before all of ours, the latest the hash that it has now.
    fn by_hand(&self, made: &Made, first: &Made) -> ByHand {
        let (Made::Profile { path, receipt: last, .. }, Made::Profile { receipt, backup, .. }) =
            (made, first)
        else {
            return ByHand::Nothing;
        };
        let file = &self.file;
        let (place, there) = HalyardIn::split(path);
        let carried = |words: &[&str]| {
            let words = words.iter().map(|each| (*each).to_owned()).collect();
            shell_words::join(HalyardIn::typed(&place.command(words)))
        };
        let sum = shell_words::quote(&format!("{}  {there}", last.after)).into_owned();
        let check = format!("echo {sum} | {}", carried(&["sha256sum", "-c", "--status"]));
        let back = match (receipt.before.is_some(), backup) {
            (true, Some(backup)) if place.is_local() => {
                format!("{check} && cp {} {}", shell_words::quote(backup), shell_words::quote(there))
            }
            // Over the line, into the file that is there: its owner and mode stay.
            (true, Some(backup)) => {
                let into = carried(&["sh", "-c", "cat >\"$1\"", "sh", there]);
                format!("{check} && {into} <{}", shell_words::quote(backup))
            }
            (true, None) => format!("# no backup of {path} is known"),
            (false, _) => format!("{check} && {}", carried(&["rm", there])),
        };
        ByHand::Profile {
            file: file.clone(),
            lines: vec![
                format!("# {file}: only while it is as we wrote it; else take our entries out by hand"),
                back,
            ],
        }
    }
}

impl Step for UnwriteProfile {
    type Inverse = Infallible;
    const KIND: StepKind = StepKind::WriteProfile;
    const TOUCHES: Touches = Touches::Files;
    const AWS_ACTIONS: &'static [AwsAction] = &[];
    const AWS_GRANT: AwsGrant = AwsGrant::Always;

    fn id(&self) -> StepId {
        id(Self::KIND, &self.file)
    }

    fn direction(&self) -> Direction {
        Direction::TakesBack
    }

    fn describe(&self) -> String {
        let all: Vec<String> = self.profiles().map(|file| self.wanted.called(file)).collect();
        format!("Take our block out of {}", all.join(" and "))
    }

    fn explain(&self) -> &'static str {
        "What others edited since stays."
    }

    fn usual_time(&self) -> &'static str {
        "seconds"
    }

    fn aws_calls(&self) -> Vec<String> {
        Vec::new()
    }

    fn verified_by(&self) -> &'static str {
        "parsed again; byte-identical to the former file if nobody edited since"
    }

    fn taken_back_by(&self) -> &'static str {
        "run apply again"
    }

    fn follow_up(&self) -> FollowUp<'_> {
        FollowUp::Nothing
    }

    fn topic(&self) -> Option<&TopicArn> {
        None
    }

    fn endpoint(&self) -> Option<&EndpointUrl> {
        None
    }

    fn inverse(&self, _made: &Made, _ground: &dyn UndoGround) -> Option<Self::Inverse> {
        None
    }

    fn inverse_of_unknown(&self) -> Option<Self::Inverse> {
        None
    }

    fn by_hand(&self, _made: &Made, _first: &Made) -> ByHand {
        ByHand::Nothing
    }
}
