//! What a target's plan was told, kept for a minute: a run that follows at once need not ask AWS the same again.
//! Each step still reads what it changes just before it writes.

use std::sync::{Mutex, PoisonError};

use ecw_wizard::model::check::CheckVerdict;
use ecw_wizard::model::question::Question;
use ecw_wizard::model::report::Report;
use ecw_wizard::model::target_job::{Duty, TargetJob};
use ecw_wizard::values::time::Now;

/// An answer is used again for so long, milliseconds.
const FRESH_MS: u64 = 60_000;

#[derive(Debug)]
struct Look {
    job: TargetJob,
    /// When it was answered, milliseconds of the steady clock.
    at: u64,
    question: Question,
    report: Report,
}

/// The answers that were given to plans, each to be used once.
#[derive(Debug, Default)]
pub(crate) struct FreshLooks(Mutex<Vec<Look>>);

impl FreshLooks {
    /// Keeps an answer, if it may be used again.
    pub(crate) fn keep(&self, job: &TargetJob, question: &Question, report: &Report, now: Now) {
        if !may_be_used_again(job, report) {
            return;
        }
        let look =
            Look { job: job.clone(), at: now.mono, question: question.clone(), report: report.clone() };
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A plan made anew is told anew.
        looks.retain(|old| is_fresh(old, now) && !(old.job == look.job && old.question == look.question));
        looks.push(look);
    }

    /// Returns the answer to a target's question while it is fresh, once.
    pub(crate) fn take(&self, job: &TargetJob, question: &Question, now: Now) -> Option<Report> {
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = looks.iter().position(|look| look.job == *job && look.question == *question)?;
        let look = looks.swap_remove(at);
        is_fresh(&look, now).then_some(look.report)
    }
}

fn is_fresh(look: &Look, now: Now) -> bool {
    now.mono.saturating_sub(look.at) <= FRESH_MS
}

/// A failure is asked about again, and so is what another target's run changes in between.
fn may_be_used_again(job: &TargetJob, report: &Report) -> bool {
    job.duty == Duty::HasTopic
        && match report {
            Report::Identity(answer) => answer.is_ok(),
            Report::Topics(answer) => answer.as_ref().is_ok_and(|topics| topics.config.is_ok()),
            Report::Topic(answer) => answer.is_ok(),
            Report::Endpoint(endpoint) => {
                endpoint.checks.iter().all(|check| check.verdict != CheckVerdict::Bad)
            }
            Report::Site(_)
            | Report::Daemon(_)
            | Report::Cluster(_)
            | Report::Rendered(_)
            | Report::Repository(_)
            | Report::Profiles(_)
            | Report::Pending(_)
            | Report::Gate(_)
            | Report::Staged(_)
            | Report::Ready(_)
            | Report::Halyards(_)
            | Report::Tasks(_)
            | Report::Subscription(_)
            | Report::TargetsPlan(_)
            | Report::TargetsStand(_)
            | Report::TargetsProgress(_)
            | Report::Probe(_) => false,
        }
}

#[cfg(test)]
mod tests {
    use ecw_wizard::model::aws_report::Identity;
    use ecw_wizard::model::place::AwsPlace;
    use ecw_wizard::values::answers::Key;
    use ecw_wizard::values::names::{AccountId, Region};
    use ecw_wizard::values::targets::TargetName;
    use ecw_wizard::values::trouble::Trouble;

    use super::*;

    fn job(duty: Duty) -> TargetJob {
        let account = AccountId::parse("123456789012").unwrap_or_else(|_| unreachable!("twelve digits"));
        let region = Region::parse("eu-west-1").unwrap_or_else(|_| unreachable!("a region"));
        TargetJob { name: TargetName { account, region }, duty, answers: Vec::new() }
    }

    fn who() -> (Question, Report) {
        let place = AwsPlace { profile: None, region: job(Duty::HasTopic).name.region, role: None };
        let identity = Identity {
            account: "123456789012".to_owned(),
            arn: "arn:aws:iam::123456789012:user/o".to_owned(),
            partition: "aws".to_owned(),
        };
        (Question::Identity { aws: place }, Report::Identity(Ok(identity)))
    }

    fn at(mono: u64) -> Now {
        Now { mono, wall: 0 }
    }

    #[test]
    fn an_answer_serves_once_while_it_is_fresh_and_the_target_is_the_same() {
        let (question, report) = who();
        let looks = FreshLooks::default();
        let mine = job(Duty::HasTopic);
        looks.keep(&mine, &question, &report, at(0));
        let other = TargetJob { answers: vec![(Key::AwsProfile, "p".to_owned())], ..mine.clone() };
        assert_eq!(looks.take(&other, &question, at(1)), None, "its answers differ");
        assert_eq!(looks.take(&mine, &question, at(FRESH_MS)), Some(report.clone()));
        assert_eq!(looks.take(&mine, &question, at(FRESH_MS)), None, "once");
        looks.keep(&mine, &question, &report, at(0));
        assert_eq!(looks.take(&mine, &question, at(FRESH_MS + 1)), None, "old");
    }

    #[test]
    fn failures_and_what_other_targets_change_are_asked_anew() {
        let (question, report) = who();
        let looks = FreshLooks::default();
        looks.keep(&job(Duty::Delivers), &question, &report, at(0));
        assert_eq!(looks.take(&job(Duty::Delivers), &question, at(0)), None);
        let failure = Report::Identity(Err(Trouble::new("Denied.", "Ask.")));
        looks.keep(&job(Duty::HasTopic), &question, &failure, at(0));
        assert_eq!(looks.take(&job(Duty::HasTopic), &question, at(0)), None);
    }
}
