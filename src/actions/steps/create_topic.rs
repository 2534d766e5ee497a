//! Create the topic, by name only: attributes that differ from an existing topic's are refused.

use ecw_ports::{Listed, Ports, Rest};
use ecw_wizard::model::place::AwsPlace;
use ecw_wizard::model::report::Probed;
use ecw_wizard::steps::{CreateTopic, DeleteTopic, Made, StepOutcome};
use ecw_wizard::values::names::TopicArn;

use super::{Act, aws_failed, done, found, not_found, wrong_account};

impl Act for CreateTopic {
    fn execute(&self, ports: &Ports) -> StepOutcome {
        let (aws, arn, change) = (&self.aws, &self.arn, self.change.as_deref());
        // The topic's ARN was confirmed with its account; other credentials would make it elsewhere.
        if let Some(outcome) = wrong_account(ports, aws, &arn.account) {
            return outcome;
        }
        // Whether it was ours to make is known only by looking first.
        match ports.aws.topic(aws, arn) {
            Ok(_) => return done("the topic existed already", Made::Nothing),
            Err(trouble) if trouble.is_not_found() => {}
            Err(trouble) => return aws_failed(trouble),
        }
        match ports.aws.create_topic(aws, arn, &self.tags) {
            Ok(made) if made == *arn => {
                let evidence = format!("created {made}{}", tagged(ports, aws, arn, change));
                done(evidence, Made::Topic { arn: made })
            }
            Ok(other) => StepOutcome::Unknown { why: format!("AWS created {other} instead of {arn}") },
            Err(trouble) => aws_failed(trouble),
        }
    }

    fn probe(&self, ports: &Ports) -> Probed {
        match ports.aws.topic(&self.aws, &self.arn) {
            // It did not exist when the step was planned, so it is ours.
            Ok(_) => found("the topic exists", Some(Made::Topic { arn: self.arn.clone() })),
            Err(trouble) => not_found(trouble),
        }
    }
}

/// A tag is for people: that it cannot be set is said, and fails nothing. It is set after the topic
/// was made, because other tags than a topic's own make CreateTopic fail.
fn tagged(ports: &Ports, aws: &AwsPlace, arn: &TopicArn, change: Option<&str>) -> String {
    let Some(change) = change else { return String::new() };
    match ports.aws.tag_topic(aws, arn, "change", change) {
        Ok(()) => format!(", tagged change={change}"),
        Err(trouble) => format!(", not tagged: {}", trouble.what),
    }
}

impl Act for DeleteTopic {
    /// Only while nothing else subscribes.
    fn execute(&self, ports: &Ports) -> StepOutcome {
        let (aws, arn, ours) = (&self.aws, &self.arn, &self.ours);
        let gone = |what: &str| done(what, Made::TakenBack { what: format!("topic {arn}: {what}") });
        match ports.aws.subscriptions(aws, arn) {
            Ok(Listed { items, rest }) => {
                let others = items.iter().filter(|each| !ours.contains(&each.endpoint)).count();
                if others > 0 || rest == Rest::More {
                    return done(format!("left: {others} other subscription(s) stand"), Made::Nothing);
                }
            }
            Err(trouble) if trouble.is_not_found() => return gone("gone already"),
            Err(trouble) => return aws_failed(trouble),
        }
        // AWS Config would go on publishing to what is gone.
        if let Ok(config) = ports.aws.config(aws)
            && config.channel.is_some_and(|channel| channel.topic.as_ref() == Some(arn))
        {
            return done("left: AWS Config's delivery channel names it", Made::Nothing);
        }
        match ports.aws.delete_topic(aws, arn) {
            Ok(()) => gone("deleted"),
            Err(trouble) => aws_failed(trouble),
        }
    }

    fn probe(&self, _ports: &Ports) -> Probed {
        Probed::NotDone
    }
}
