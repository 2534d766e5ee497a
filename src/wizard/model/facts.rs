//! What was found out: the latest answer to each question. Facts are never saved; each start finds
//! them out again.

use ecw_halyard::ServiceName;

use crate::model::aws_report::{Identity, SubscriptionState, TopicReport, TopicsReport};
use crate::model::gate_answer::NotifyVerdict;
use crate::model::question::Question;
use crate::model::readiness::{ReadyReport, StagedReport};
use crate::model::report::{
    ClusterReport, DaemonReport, EndpointReport, GateReport, HalyardFound, PendingReport, ProfilesReport,
    RenderedReport, Report, RepositoryReport, SiteReport,
};
use crate::model::target_job::{TargetPlan, TargetStand};
use crate::values::time::Now;
use crate::values::trouble::Trouble;

/// A question that was asked, and its answer once there is one.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    pub question: Question,
    /// When it was asked.
    pub asked: Now,
    /// The answer.
    pub report: Option<Report>,
    /// Whether it is asked once more; what was answered holds meanwhile.
    pub again: Again,
}

/// Whether a question that was answered is asked once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// It is not.
    No,
    /// It is to be.
    Wanted,
    /// It is, and the answer has not come.
    Asked,
}

/// All slots; one for each kind of question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    slots: Vec<Slot>,
    /// What `/aws/notify` answered before anything was deployed.
    pub baseline: Option<NotifyVerdict>,
}

/// One slot for each kind of question, and one for each service's readiness.
fn same_kind(left: &Question, right: &Question) -> bool {
    let kind = |question: &Question| {
        let service = if let Question::Ready { service, .. } = question { Some(*service) } else { None };
        (std::mem::discriminant(question), service)
    };
    kind(left) == kind(right)
}

impl Facts {
    /// Returns the slot of a kind of question.
    #[must_use]
    pub fn slot(&self, like: &Question) -> Option<&Slot> {
        self.slots.iter().find(|slot| same_kind(&slot.question, like))
    }

    /// Notes that a question is asked; returns false when just this one was asked already.
    pub fn ask(&mut self, question: &Question, now: Now) -> bool {
        match self.slots.iter_mut().find(|slot| same_kind(&slot.question, question)) {
            Some(slot) if slot.question == *question => {
                if slot.again != Again::Wanted {
                    return false;
                }
                (slot.asked, slot.again) = (now, Again::Asked);
                true
            }
            Some(slot) => {
                *slot = Slot { question: question.clone(), asked: now, report: None, again: Again::No };
                true
            }
            None => {
                let question = question.clone();
                self.slots.push(Slot { question, asked: now, report: None, again: Again::No });
                true
            }
        }
    }

    /// Files an answer; an answer to a question that is no longer asked is dropped.
    pub fn answered(&mut self, question: &Question, report: Report) {
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.question == *question) {
            slot.report = Some(report);
            slot.again = Again::No;
        }
    }

    /// Has questions that were answered asked once more; the answers hold until new ones come.
    pub fn refresh(&mut self, which: impl Fn(&Question) -> bool) {
        for slot in self.slots.iter_mut().filter(|slot| slot.report.is_some() && which(&slot.question)) {
            slot.again = Again::Wanted;
        }
    }

    /// Returns whether an answer is waited for, the first or a newer one.
    #[must_use]
    pub fn wait(&self) -> bool {
        self.slots.iter().any(|slot| slot.report.is_none() || slot.again != Again::No)
    }

    /// Forgets answers, so that they are asked for again.
    pub fn forget(&mut self, which: impl Fn(&Question) -> bool) {
        self.slots.retain(|slot| !which(&slot.question));
    }

    /// Returns whether a question of this kind waits for its answer.
    #[must_use]
    pub fn waits(&self, which: impl Fn(&Question) -> bool) -> bool {
        self.slots.iter().any(|slot| slot.report.is_none() && which(&slot.question))
    }

    /// Returns what is being looked at, for the busy line.
    pub fn in_flight(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|slot| slot.report.is_none())
    }

    fn report<T>(&self, pick: impl Fn(&Report) -> Option<&T>) -> Option<&T> {
        self.slots.iter().filter_map(|slot| slot.report.as_ref()).find_map(pick)
    }

    /// The hal directory.
    #[must_use]
    pub fn site(&self) -> Option<&SiteReport> {
        self.report(|report| if let Report::Site(site) = report { Some(&**site) } else { None })
    }

    /// What looks like Halyard elsewhere.
    #[must_use]
    pub fn halyards(&self) -> Option<&[HalyardFound]> {
        self.report(|report| if let Report::Halyards(found) = report { Some(found) } else { None })
            .map(Vec::as_slice)
    }

    /// The daemon.
    #[must_use]
    pub fn daemon(&self) -> Option<&DaemonReport> {
        self.report(|report| if let Report::Daemon(daemon) = report { Some(daemon) } else { None })
    }

    /// The plugin repository.
    #[must_use]
    pub fn repository(&self) -> Option<&RepositoryReport> {
        self.report(
            |report| if let Report::Repository(repository) = report { Some(repository) } else { None },
        )
    }

    /// The profiles.
    #[must_use]
    pub fn profiles(&self) -> Option<&ProfilesReport> {
        self.report(|report| if let Report::Profiles(profiles) = report { Some(profiles) } else { None })
    }

    /// What else is pending.
    #[must_use]
    pub fn pending(&self) -> Option<&PendingReport> {
        self.report(|report| if let Report::Pending(pending) = report { Some(pending) } else { None })
    }

    /// The cluster that kubectl deploys to.
    #[must_use]
    pub fn cluster(&self) -> Option<&ClusterReport> {
        self.report(|report| if let Report::Cluster(cluster) = report { Some(cluster) } else { None })
    }

    /// What an apply would send there.
    #[must_use]
    pub fn rendered(&self) -> Option<&RenderedReport> {
        self.report(|report| if let Report::Rendered(rendered) = report { Some(rendered) } else { None })
    }

    /// Who we are for AWS.
    #[must_use]
    pub fn identity(&self) -> Option<&Result<Identity, Trouble>> {
        self.report(|report| if let Report::Identity(identity) = report { Some(identity) } else { None })
    }

    /// Topics and AWS Config.
    #[must_use]
    pub fn topics(&self) -> Option<&Result<TopicsReport, Trouble>> {
        self.report(|report| if let Report::Topics(topics) = report { Some(topics) } else { None })
    }

    /// The chosen topic.
    #[must_use]
    pub fn topic(&self) -> Option<&Result<TopicReport, Trouble>> {
        self.report(|report| if let Report::Topic(topic) = report { Some(topic) } else { None })
    }

    /// The endpoint.
    #[must_use]
    pub fn endpoint(&self) -> Option<&EndpointReport> {
        self.report(|report| if let Report::Endpoint(endpoint) = report { Some(endpoint) } else { None })
    }

    /// The files of the last deploy.
    #[must_use]
    pub fn staged(&self) -> Option<&[StagedReport]> {
        self.report(|report| if let Report::Staged(staged) = report { Some(staged) } else { None })
            .map(Vec::as_slice)
    }

    /// Whether a service runs with the plugin.
    #[must_use]
    pub fn ready(&self, service: ServiceName) -> Option<&ReadyReport> {
        self.slots.iter().filter_map(|slot| slot.report.as_ref()).find_map(|report| match report {
            Report::Ready(ready) if ready.service == service => Some(ready),
            _ => None,
        })
    }

    /// What the daemon works on.
    #[must_use]
    pub fn tasks(&self) -> Option<&Result<Vec<String>, String>> {
        self.report(|report| if let Report::Tasks(tasks) = report { Some(tasks) } else { None })
    }

    /// Gate's subscription.
    #[must_use]
    pub fn subscription(&self) -> Option<&Result<SubscriptionState, Trouble>> {
        self.report(|report| if let Report::Subscription(state) = report { Some(state) } else { None })
    }

    /// What would be done at the targets.
    #[must_use]
    pub fn targets_plan(&self) -> Option<&[TargetPlan]> {
        self.report(|report| if let Report::TargetsPlan(plans) = report { Some(plans) } else { None })
            .map(Vec::as_slice)
    }

    /// How the targets stand.
    #[must_use]
    pub fn targets_stand(&self) -> Option<&[TargetStand]> {
        self.report(|report| if let Report::TargetsStand(stand) = report { Some(stand) } else { None })
            .map(Vec::as_slice)
    }

    /// Gate.
    #[must_use]
    pub fn gate(&self) -> Option<&GateReport> {
        self.report(|report| if let Report::Gate(gate) = report { Some(gate) } else { None })
    }
}
