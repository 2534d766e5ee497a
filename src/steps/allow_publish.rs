//! Let AWS Config publish to the topic: one statement, set, read back, compared.

use ecw_core::names::TopicArn;
use ecw_core::question::AwsPlace;
use ecw_core::step::{Made, Outcome};
use ecw_core::trouble::{AwsTrouble, Trouble};

use super::{aws_failed, done, failed};
use crate::ports::Ports;

pub(super) fn execute(ports: &Ports, aws: &AwsPlace, arn: &TopicArn) -> Outcome {
    // There is no optimistic lock: read just before writing, compare after.
    let before = match ports.aws.topic(aws, arn) {
        Ok(topic) => topic.policy,
        Err(trouble) => return aws_failed(&trouble),
    };
    let merged = match ecw_policy::merge(before.as_deref(), &arn.to_string(), arn.account.as_str()) {
        Ok(merged) => merged,
        Err(error) => {
            return failed(Trouble::new(format!("{error}."), "Mend the policy in AWS, then retry."));
        }
    };
    let (Some(document), Some(sid)) = (merged.document, merged.sid) else {
        return done("AWS Config may publish already", Made::Nothing);
    };
    if let Err(trouble) = ports.aws.set_policy(aws, arn, &document) {
        return aws_failed(&trouble);
    }
    match ports.aws.topic(aws, arn) {
        Ok(topic) => {
            let read_back =
                ecw_policy::merge(topic.policy.as_deref(), &arn.to_string(), arn.account.as_str());
            if matches!(&read_back, Ok(merged) if merged.document.is_none()) {
                done(format!("statement {sid} stands in the policy"), Made::Statement { sid })
            } else {
                Outcome::Unknown { why: "the policy that AWS returns does not hold the statement".to_owned() }
            }
        }
        Err(trouble) => Outcome::Unknown { why: trouble.trouble().what },
    }
}

pub(super) fn undo(ports: &Ports, aws: &AwsPlace, arn: &TopicArn, sid: &str) -> Outcome {
    let back = |what: &str| done(what, Made::TakenBack { what: format!("policy of {arn}: {what}") });
    let policy = match ports.aws.topic(aws, arn) {
        Ok(topic) => topic.policy.unwrap_or_default(),
        Err(AwsTrouble::NotFound) => return back("the topic is gone already"),
        Err(trouble) => return aws_failed(&trouble),
    };
    match ecw_policy::remove(&policy, sid, &arn.to_string(), arn.account.as_str()) {
        Ok(Some(document)) => match ports.aws.set_policy(aws, arn, &document) {
            Ok(()) => back("our statement is out"),
            Err(trouble) => aws_failed(&trouble),
        },
        Ok(None) => back("our statement was not there any more"),
        Err(error) => {
            failed(Trouble::new(format!("{error}."), "Take the statement out by hand, then retry."))
        }
    }
}
