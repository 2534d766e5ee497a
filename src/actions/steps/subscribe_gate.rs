//! Subscribe Gate; a subscription that is there is found, never doubled.

use ecw_ports::Ports;
use ecw_wizard::model::aws_report::Subscriber;
use ecw_wizard::model::report::Probed;
use ecw_wizard::steps::{Made, StepOutcome, SubscribeGate, UnsubscribeGate};
use ecw_wizard::values::aws_trouble::AwsTrouble;
use ecw_wizard::values::trouble::Trouble;

use super::{Act, aws_failed, done, found, not_found};

impl Act for SubscribeGate {
    fn execute(&self, ports: &Ports) -> StepOutcome {
        let (aws, arn, endpoint) = (&self.aws, &self.arn, &self.endpoint);
        match ports.aws.subscriptions(aws, arn) {
            Ok(list) => {
                // The list is AWS's word: an ARN there is a confirmed one. Some list a pending one so too.
                let confirmed = list.items.iter().find(|each| {
                    endpoint.is_same(&each.endpoint)
                        && each.arn.starts_with("arn:")
                        && !ports.aws.subscription(aws, &each.arn).is_ok_and(|found| found.pending)
                });
                if let Some(found) = confirmed {
                    return done(format!("found {}", found.arn), Made::Nothing);
                }
            }
            Err(trouble) => return aws_failed(trouble),
        }
        match ports.aws.subscribe(aws, arn, endpoint) {
            Ok(subscription) => {
                let known = subscription.starts_with("arn:").then(|| subscription.clone());
                done("asked SNS to subscribe Gate", Made::Subscription { arn: known })
            }
            Err(trouble) => aws_failed(trouble),
        }
    }

    fn probe(&self, ports: &Ports) -> Probed {
        let list = match ports.aws.subscriptions(&self.aws, &self.arn) {
            Ok(list) => list.items,
            Err(trouble) => return not_found(trouble),
        };
        let ours = |each: &Subscriber| each.endpoint == self.endpoint.as_str() && !each.is_gone();
        match list.into_iter().find(ours) {
            Some(listed) => {
                let arn = listed.arn.starts_with("arn:").then_some(listed.arn);
                found("the subscription is listed", Some(Made::Subscription { arn }))
            }
            None => Probed::NotDone,
        }
    }
}

impl Act for UnsubscribeGate {
    fn execute(&self, ports: &Ports) -> StepOutcome {
        let (aws, arn, endpoint) = (&self.aws, &self.arn, &self.endpoint);
        let back =
            |what: &str| done(what, Made::TakenBack { what: format!("subscription of {endpoint}: {what}") });
        let list = match ports.aws.subscriptions(aws, arn) {
            Ok(list) => list.items,
            Err(trouble) if trouble.is_not_found() => return back("the topic is gone already"),
            Err(trouble) => return aws_failed(trouble),
        };
        // Another spelling of the same address is somebody else's subscription.
        let is_it = |each: &Subscriber| self.subscription.as_ref() == Some(&each.arn);
        let by_arn = list.iter().any(is_it);
        let ours = |each: &Subscriber| {
            if by_arn { is_it(each) } else { each.endpoint == endpoint.as_str() && !each.is_gone() }
        };
        let Some(found) = list.into_iter().find(ours) else {
            return back("it was gone already");
        };
        if !found.arn.starts_with("arn:") {
            return back("pending; SNS cannot remove it, it expires by itself in 48 h");
        }
        match ports.aws.unsubscribe(aws, &found.arn) {
            Ok(()) => back("removed"),
            Err(trouble) if trouble.is_not_found() => back("removed"),
            Err(Trouble { aws: Some(AwsTrouble::Refused { detail, .. }), .. })
                if detail.contains("pending") =>
            {
                back("pending; SNS cannot remove it, it expires by itself in 48 h")
            }
            Err(trouble) => aws_failed(trouble),
        }
    }

    fn probe(&self, _ports: &Ports) -> Probed {
        Probed::NotDone
    }
}
