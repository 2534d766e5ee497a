//! Turn raw message delivery of Gate's subscription off, and on again.

use ecw_ports::{Ports, Raw};
use ecw_wizard::model::place::AwsPlace;
use ecw_wizard::model::report::Probed;
use ecw_wizard::steps::{Made, StepOutcome, TurnOffRawDelivery, TurnOnRawDelivery};

use super::{Act, aws_failed, done, found, not_found};

impl Act for TurnOffRawDelivery {
    fn execute(&self, ports: &Ports) -> StepOutcome {
        match set(ports, &self.aws, &self.subscription, Raw::Off) {
            Ok(Changed::Now) => done("raw message delivery is off", made(self)),
            Ok(Changed::NotNeeded) => done("raw message delivery was off already", Made::Nothing),
            Err(outcome) => *outcome,
        }
    }

    fn probe(&self, ports: &Ports) -> Probed {
        match ports.aws.subscription(&self.aws, &self.subscription) {
            Ok(now) if now.raw => Probed::NotDone,
            // It was on when the step was planned.
            Ok(_) => found("raw message delivery is off", Some(made(self))),
            Err(trouble) => not_found(trouble),
        }
    }
}

impl Act for TurnOnRawDelivery {
    fn execute(&self, ports: &Ports) -> StepOutcome {
        let back = |what: &str| {
            done(what, Made::TakenBack { what: format!("subscription {}: {what}", self.subscription) })
        };
        match ports.aws.subscription(&self.aws, &self.subscription) {
            Err(trouble) if trouble.is_not_found() => return back("it is gone already"),
            _ => {}
        }
        match set(ports, &self.aws, &self.subscription, Raw::On) {
            Ok(_) => back("raw message delivery is on again"),
            Err(outcome) => *outcome,
        }
    }

    fn probe(&self, _ports: &Ports) -> Probed {
        Probed::NotDone
    }
}

fn made(step: &TurnOffRawDelivery) -> Made {
    Made::RawDelivery { subscription: step.subscription.clone() }
}

/// Whether something had to change.
enum Changed {
    Now,
    NotNeeded,
}

/// Sets it and reads it back.
fn set(ports: &Ports, aws: &AwsPlace, subscription: &str, raw: Raw) -> Result<Changed, Box<StepOutcome>> {
    let is_so = || match ports.aws.subscription(aws, subscription) {
        Ok(now) => Ok(now.raw == (raw == Raw::On)),
        Err(trouble) => Err(Box::new(aws_failed(trouble))),
    };
    if is_so()? {
        return Ok(Changed::NotNeeded);
    }
    ports.aws.set_raw_delivery(aws, subscription, raw).map_err(|trouble| Box::new(aws_failed(trouble)))?;
    match ports.aws.subscription(aws, subscription) {
        Ok(now) if now.raw == (raw == Raw::On) => return Ok(Changed::Now),
        Ok(_) => {}
        // It was set; only that it took is not known.
        Err(trouble) => return Err(Box::new(StepOutcome::Unknown { why: trouble.what })),
    }
    let why = "the subscription that AWS returns is not as it was set".to_owned();
    Err(Box::new(StepOutcome::Unknown { why }))
}
