//! Point AWS Config's delivery channel at the topic; its bucket stays.

use ecw_ports::Ports;
use ecw_wizard::model::place::AwsPlace;
use ecw_wizard::model::report::Probed;
use ecw_wizard::steps::{DeliverConfig, Made, StepOutcome, UndeliverConfig};
use ecw_wizard::values::names::TopicArn;
use ecw_wizard::values::trouble::Trouble;

use super::{Act, aws_failed, done, failed, found, not_found, wrong_account};

impl Act for DeliverConfig {
    fn execute(&self, ports: &Ports) -> StepOutcome {
        let (aws, arn, replaces) = (&self.aws, &self.arn, self.replaces.as_ref());
        if let Some(outcome) = wrong_account(ports, aws, self.recorder.as_ref().unwrap_or(&arn.account)) {
            return outcome;
        }
        let channel = match ports.aws.config(aws) {
            Ok(config) => config.channel,
            Err(trouble) => return aws_failed(trouble),
        };
        let Some(channel) = channel else {
            return failed(Trouble::new(
                "AWS Config has no delivery channel in this region.",
                "Set up AWS Config first, then retry.",
            ));
        };
        if channel.topic.as_ref() == Some(arn) {
            return done("it names our topic already", Made::Nothing);
        }
        if channel.topic.as_ref() != replaces {
            let now = channel.topic.map_or("no topic".to_owned(), |topic| topic.to_string());
            let what =
                format!("The delivery channel names {now} now, which is not what you agreed to replace.");
            return failed(Trouble::new(what, "Choose Change answers and decide again."));
        }
        if let Err(trouble) = ports.aws.put_channel(aws, &channel, Some(arn)) {
            return aws_failed(trouble);
        }
        match named_now(ports, aws) {
            Ok(now) if now.as_ref() == Some(arn) => done(
                "the delivery channel names our topic",
                Made::Delivery { channel: channel.name, former: channel.topic },
            ),
            Ok(now) => {
                let now = now.map_or_else(|| "no topic".to_owned(), |topic| topic.to_string());
                StepOutcome::Unknown { why: format!("the delivery channel that AWS returns names {now}") }
            }
            Err(trouble) => StepOutcome::Unknown { why: trouble.what },
        }
    }

    fn probe(&self, ports: &Ports) -> Probed {
        match ports.aws.config(&self.aws) {
            Ok(config) => match config.channel {
                Some(channel) if channel.topic.as_ref() == Some(&self.arn) => {
                    let made = Made::Delivery { channel: channel.name, former: self.replaces.clone() };
                    found("the delivery channel names our topic", Some(made))
                }
                _ => Probed::NotDone,
            },
            Err(trouble) => not_found(trouble),
        }
    }
}

impl Act for UndeliverConfig {
    /// Only while ours still stands there.
    fn execute(&self, ports: &Ports) -> StepOutcome {
        let (aws, arn, former) = (&self.aws, &self.arn, self.former.as_ref());
        let back = |what: &str| done(what, Made::TakenBack { what: format!("delivery channel: {what}") });
        if let Some(outcome) = wrong_account(ports, aws, self.recorder.as_ref().unwrap_or(&arn.account)) {
            return outcome;
        }
        match ports.aws.config(aws) {
            Ok(config) => match config.channel {
                Some(channel) if channel.topic.as_ref() == Some(arn) => {
                    if let Err(trouble) = ports.aws.put_channel(aws, &channel, former) {
                        return aws_failed(trouble);
                    }
                    match (named_now(ports, aws), former) {
                        (Ok(now), Some(_)) if now.as_ref() == former => back("the former topic is back"),
                        (Ok(None), None) => back("it names no topic any more"),
                        (Ok(_), None) => done(KEPT, Made::Nothing),
                        (Ok(_), Some(_)) => StepOutcome::Unknown {
                            why: "the delivery channel that AWS returns does not name the former topic"
                                .to_owned(),
                        },
                        (Err(trouble), _) => StepOutcome::Unknown { why: trouble.what },
                    }
                }
                _ => back("another topic stands there; left alone"),
            },
            Err(trouble) => aws_failed(trouble),
        }
    }

    fn probe(&self, _ports: &Ports) -> Probed {
        Probed::NotDone
    }
}

/// The topic that the channel names now.
fn named_now(ports: &Ports, aws: &AwsPlace) -> Result<Option<TopicArn>, Trouble> {
    Ok(ports.aws.config(aws)?.channel.and_then(|channel| channel.topic))
}

/// AWS keeps the topic of a channel that is put without one (AWS Config, `PutDeliveryChannel`). Making the
/// channel anew stops the recording, which is not ours to do.
const KEPT: &str = "left: the channel named no topic before, and AWS keeps ours where none is given. ROLLBACK.txt has the line that makes the channel anew without one (recording pauses for some seconds)";
