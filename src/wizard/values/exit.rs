//! Exit codes: documented and stable.

use serde::{Deserialize, Serialize};

/// How the program ends.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Exit {
    /// 0: done, or nothing had to change.
    Done,
    /// 1: failed, nothing half done.
    Failed,
    /// 2: usage, or a missing answer.
    Usage,
    /// 3: a preflight check.
    Preflight,
    /// 4: a profile could not be written or was refused.
    Profile,
    /// 5: the deploy failed.
    DeployFailed,
    /// 6: the deploy's outcome is unknown.
    DeployUnknown,
    /// 7: AWS.
    Aws,
    /// 8: not there (status, verify).
    NotThere,
    /// 9: undone after a failure.
    Undone,
    /// 10: detached, the job runs.
    Detached,
    /// 11: locked by another.
    Locked,
    /// 12: journal unusable.
    Journal,
    /// 13: changes pending.
    Pending,
    /// 14: cannot tell.
    CannotTell,
    /// 15: a headless expectation failed.
    Expectation,
    /// 16: the world no longer equals the plan.
    PlanDiffers,
    /// 70: a bug.
    Bug,
    /// 74: the work is done, but standard output could not be written.
    Output,
    /// 124: time is up.
    Timeout,
    /// 129: the terminal is gone.
    HangUp,
    /// 130: Ctrl-C while asking.
    Interrupted,
    /// 143: SIGTERM.
    Terminated,
}

impl Exit {
    /// Returns whether somebody ended the program before it could say anything.
    #[must_use]
    pub fn broken_off(self) -> bool {
        matches!(self, Self::HangUp | Self::Interrupted | Self::Terminated)
    }

    /// Returns the process exit code.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Preflight => 3,
            Self::Profile => 4,
            Self::DeployFailed => 5,
            Self::DeployUnknown => 6,
            Self::Aws => 7,
            Self::NotThere => 8,
            Self::Undone => 9,
            Self::Detached => 10,
            Self::Locked => 11,
            Self::Journal => 12,
            Self::Pending => 13,
            Self::CannotTell => 14,
            Self::Expectation => 15,
            Self::PlanDiffers => 16,
            Self::Bug => 70,
            Self::Output => 74,
            Self::Timeout => 124,
            Self::HangUp => 129,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }
}
