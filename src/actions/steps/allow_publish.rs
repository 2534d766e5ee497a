//! Let AWS Config publish to the topic: one statement, set, read back, compared.

use ecw_ports::Ports;
use ecw_wizard::model::report::Probed;
use ecw_wizard::steps::{AllowPublish, DisallowPublish, Made, StepOutcome};
use ecw_wizard::values::trouble::Trouble;

use super::{Act, aws_failed, done, failed, found, not_found};

impl Act for AllowPublish {
    fn execute(&self, ports: &Ports) -> StepOutcome {
        let (aws, arn) = (&self.aws, &self.arn);
        // There is no optimistic lock: read just before writing, compare after.
        let before = match ports.aws.topic(aws, arn) {
            Ok(topic) => topic.policy,
            Err(trouble) => return aws_failed(trouble),
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
            return aws_failed(trouble);
        }
        match ports.aws.topic(aws, arn) {
            Ok(topic) => {
                let read_back =
                    ecw_policy::merge(topic.policy.as_deref(), &arn.to_string(), arn.account.as_str());
                if matches!(&read_back, Ok(merged) if merged.document.is_none()) {
                    done(format!("statement {sid} stands in the policy"), Made::Statement { sid })
                } else {
                    StepOutcome::Unknown {
                        why: "the policy that AWS returns does not hold the statement".to_owned(),
                    }
                }
            }
            Err(trouble) => StepOutcome::Unknown { why: trouble.what },
        }
    }

    /// It looks first when it runs, so running it again changes nothing that is done.
    fn probe(&self, ports: &Ports) -> Probed {
        let (aws, arn) = (&self.aws, &self.arn);
        let policy = match ports.aws.topic(aws, arn) {
            Ok(topic) => topic.policy.unwrap_or_default(),
            Err(trouble) => return not_found(trouble),
        };
        let merged = ecw_policy::merge(Some(&policy), &arn.to_string(), arn.account.as_str());
        if !matches!(&merged, Ok(merged) if merged.document.is_none()) {
            return Probed::NotDone;
        }
        // Ours only if the statement reads exactly as we write it.
        let sid = "AWSConfigSNSPolicy".to_owned();
        let removed = ecw_policy::remove(&policy, &sid, &arn.to_string(), arn.account.as_str());
        let ours = matches!(removed, Ok(Some(_)));
        found("AWS Config may publish", ours.then_some(Made::Statement { sid }))
    }
}

impl Act for DisallowPublish {
    fn execute(&self, ports: &Ports) -> StepOutcome {
        let (aws, arn, sid) = (&self.aws, &self.arn, &self.sid);
        let back = |what: &str| done(what, Made::TakenBack { what: format!("policy of {arn}: {what}") });
        let policy = match ports.aws.topic(aws, arn) {
            Ok(topic) => topic.policy.unwrap_or_default(),
            Err(trouble) if trouble.is_not_found() => return back("the topic is gone already"),
            Err(trouble) => return aws_failed(trouble),
        };
        match ecw_policy::remove(&policy, sid, &arn.to_string(), arn.account.as_str()) {
            Ok(Some(document)) => match ports.aws.set_policy(aws, arn, &document) {
                Ok(()) => back("our statement is out"),
                Err(trouble) => aws_failed(trouble),
            },
            Ok(None) => back("our statement was not there any more"),
            Err(error) => {
                failed(Trouble::new(format!("{error}."), "Take the statement out by hand, then retry."))
            }
        }
    }

    fn probe(&self, _ports: &Ports) -> Probed {
        Probed::NotDone
    }
}
