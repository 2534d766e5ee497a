//! Let AWS Config publish to the topic: one statement, set, read back, compared.

use ecw_policy::Merged;
use ecw_ports::Ports;
use ecw_wizard::model::report::Probed;
use ecw_wizard::steps::{AllowPublish, DisallowPublish, Made, Statement, StepOutcome};
use ecw_wizard::values::names::TopicArn;
use ecw_wizard::values::trouble::Trouble;

use super::kept_policy::{keep, kept};
use super::{Act, aws_failed, done, failed, found, not_found};

/// A policy that changes each time it is looked at is left alone after so many looks.
const LOOKS: usize = 5;

impl Act for AllowPublish {
    fn execute(&self, ports: &Ports) -> StepOutcome {
        let mut before = match read(self, ports) {
            Ok(policy) => policy,
            Err(trouble) => return aws_failed(trouble),
        };
        for _ in 0..LOOKS {
            let merged = match merged(self, before.as_deref()) {
                Ok(merged) => merged,
                Err(trouble) => return failed(trouble),
            };
            let (Some(document), Some(sid)) = (merged.document, merged.sid) else {
                return there_already(self, ports, before.as_deref().unwrap_or_default());
            };
            let place = match keep(ports, &self.arn, &sid, before.as_deref()) {
                Ok(place) => place,
                Err(trouble) => return failed(trouble),
            };
            // There is no optimistic lock: read once more just before writing, compare after.
            match read(self, ports) {
                Ok(now) if now == before => return set(self, ports, &document, &sid, &place),
                Ok(now) => before = now,
                Err(trouble) => return aws_failed(trouble),
            }
        }
        failed(Trouble::new(
            "The topic's access policy is being changed by somebody else right now. It was left alone.",
            "Find out who works on the topic, then retry.",
        ))
    }

    /// It looks first when it runs, so running it again changes nothing that is done.
    fn probe(&self, ports: &Ports) -> Probed {
        let policy = match read(self, ports) {
            Ok(policy) => policy.unwrap_or_default(),
            Err(trouble) => return not_found(trouble),
        };
        match merged(self, Some(&policy)) {
            Ok(Merged { document: None, .. }) => {
                found("AWS Config may publish", ours(self, ports, &policy).map(|sid| Made::Statement { sid }))
            }
            Ok(_) | Err(_) => Probed::NotDone,
        }
    }
}

fn read(step: &AllowPublish, ports: &Ports) -> Result<Option<String>, Trouble> {
    Ok(ports.aws.topic(&step.aws, &step.arn)?.policy)
}

fn merged(step: &AllowPublish, policy: Option<&str>) -> Result<Merged, Trouble> {
    ecw_policy::merge(policy, &step.arn.to_string(), &step.accounts(), step.sample())
        .map_err(|error| Trouble::new(format!("{error}."), "Fix the policy in AWS, then retry."))
}

/// Our own statement, and not one that somebody wrote alike: the policy before it was kept.
fn ours(step: &AllowPublish, ports: &Ports, policy: &str) -> Option<String> {
    let sid = ecw_policy::ours(policy, &step.arn.to_string(), &step.accounts())?;
    kept(ports, &step.arn, &sid).is_some().then_some(sid)
}

/// Nothing has to change; a run that was cut off may have set it.
fn there_already(step: &AllowPublish, ports: &Ports, policy: &str) -> StepOutcome {
    match ours(step, ports, policy) {
        Some(sid) => done(format!("our statement {sid} stands there already"), Made::Statement { sid }),
        None => done("AWS Config may publish already", Made::Nothing),
    }
}

fn set(step: &AllowPublish, ports: &Ports, document: &str, sid: &str, place: &str) -> StepOutcome {
    if let Err(trouble) = ports.aws.set_policy(&step.aws, &step.arn, document) {
        return aws_failed(trouble);
    }
    let read_back = match read(step, ports) {
        Ok(policy) => policy.unwrap_or_default(),
        Err(trouble) => return StepOutcome::Unknown { why: trouble.what },
    };
    let made = Made::Statement { sid: sid.to_owned() };
    if ecw_policy::same(&read_back, document) {
        return done(format!("statement {sid} stands in the policy; the former policy: {place}"), made);
    }
    if ecw_policy::ours(&read_back, &step.arn.to_string(), &step.accounts()).as_deref() == Some(sid) {
        let evidence = format!(
            "statement {sid} stands in the policy. Somebody changed other parts of it at the same moment; that was left as it is. The policy before: {place}"
        );
        return done(evidence, made);
    }
    StepOutcome::Unknown {
        why: format!(
            "the policy that AWS returns does not hold our statement: somebody may have set another one at the same moment. Nothing was set a second time. The policy before: {place}"
        ),
    }
}

impl Act for DisallowPublish {
    fn execute(&self, ports: &Ports) -> StepOutcome {
        let (aws, arn) = (&self.aws, &self.arn);
        let back = |what: &str| done(what, Made::TakenBack { what: format!("policy of {arn}: {what}") });
        let read = || Ok::<_, Trouble>(ports.aws.topic(aws, arn)?.policy.unwrap_or_default());
        let policy = match read() {
            Ok(policy) => policy,
            Err(trouble) if trouble.is_not_found() => return back("the topic is gone already"),
            Err(trouble) => return aws_failed(trouble),
        };
        let document = match without(self, ports, &policy) {
            Ok(Some(document)) => document,
            Ok(None) => return back("our statement was not there any more"),
            Err(trouble) => return failed(trouble),
        };
        if let Err(trouble) = ports.aws.set_policy(aws, arn, &document) {
            return aws_failed(trouble);
        }
        match read() {
            Ok(now) if ecw_policy::same(&now, &document) => back("our statement is out"),
            Ok(now) if !matches!(without(self, ports, &now), Ok(Some(_))) => {
                back("our statement is out; somebody changed other parts at the same moment")
            }
            Ok(_) => StepOutcome::Unknown {
                why: "the policy that AWS returns still holds our statement".to_owned(),
            },
            Err(trouble) => StepOutcome::Unknown { why: trouble.what },
        }
    }

    fn probe(&self, _ports: &Ports) -> Probed {
        Probed::NotDone
    }
}

/// The policy without our statements; `None` when none of them is there.
fn without(step: &DisallowPublish, ports: &Ports, policy: &str) -> Result<Option<String>, Trouble> {
    let mut rest = None;
    for statement in step.statements() {
        let now = rest.as_deref().unwrap_or(policy);
        if let Some(less) = without_one(&step.arn, &statement, ports, now)? {
            rest = Some(less);
        }
    }
    Ok(rest)
}

fn without_one(
    arn: &TopicArn,
    statement: &Statement,
    ports: &Ports,
    policy: &str,
) -> Result<Option<String>, Trouble> {
    let (topic, accounts) = (arn.to_string(), statement.accounts(arn));
    // Where nobody saw the step end: the one that a policy was kept for.
    let unseen = || ecw_policy::ours(policy, &topic, &accounts).filter(|sid| kept(ports, arn, sid).is_some());
    let Some(sid) = statement.sid.clone().or_else(unseen) else { return Ok(None) };
    let former = kept(ports, arn, &sid).filter(|former| !former.is_empty());
    ecw_policy::remove(policy, &sid, &topic, &accounts, former.as_deref())
        .map_err(|error| Trouble::new(format!("{error}."), "Take the statement out by hand, then retry."))
}
