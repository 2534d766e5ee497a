//! `iam-policy`: the least rights.

use std::process::ExitCode;

use clap::Args;
use ecw_wizard::Exit;
use ecw_wizard::model::question::LOOKING;
use ecw_wizard::steps::{AwsAction, AwsGrant, AwsResource, Intent};
use ecw_wizard::values::names::{AccountId, Region, TopicName};
use serde_json::json;

use super::global::Global;
use super::reporting::code;
use ecw_host::{say, warn};

/// Prints the least rights that the wizard needs, as an IAM policy.
#[derive(Debug, Args)]
pub(super) struct IamPolicy {
    /// Account; all otherwise
    #[arg(long)]
    account: Option<String>,
    /// Topic name
    #[arg(long, default_value = "spinnaker-event-cache")]
    topic: String,
    /// With the right to point AWS Config's delivery channel at the topic
    #[arg(long)]
    with_delivery: bool,
    /// With the right to turn raw message delivery off for Gate's subscription
    #[arg(long)]
    with_raw_delivery: bool,
    /// With the right to delete the topic on undo
    #[arg(long)]
    with_topic_deletion: bool,
}

impl IamPolicy {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        let account = self.account.as_deref().map(AccountId::parse).transpose();
        let region = global.region.as_deref().map(Region::parse).transpose();
        let (account, region, topic) = match (account, region, TopicName::parse(&self.topic)) {
            (Ok(account), Ok(region), Ok(topic)) => (account, region, topic),
            (Err(error), ..) | (_, Err(error), _) | (.., Err(error)) => {
                warn!("{error}");
                return code(Exit::Usage);
            }
        };
        let partition = region.as_ref().map_or("aws", Region::partition);
        let account = account.map_or("*".to_owned(), |account| account.to_string());
        let region = region.map_or("*".to_owned(), |region| region.to_string());
        let actions = self.actions();
        let on = |resource: AwsResource| -> Vec<&str> {
            actions.iter().filter(|each| each.resource() == resource).map(|each| each.name()).collect()
        };
        let policy = json!({
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "Topic",
                    "Effect": "Allow",
                    "Action": on(AwsResource::Topic),
                    "Resource": format!("arn:{partition}:sns:{region}:{account}:{topic}"),
                },
                {"Sid": "Look", "Effect": "Allow", "Action": on(AwsResource::Any), "Resource": "*"},
                {"Sid": "Config", "Effect": "Allow", "Action": on(AwsResource::Config), "Resource": "*"},
            ],
        });
        say!("{policy:#}");
        code(Exit::Done)
    }

    /// Every action that looking and the steps declare, in the order of the policy.
    fn actions(&self) -> Vec<AwsAction> {
        let mut wanted: Vec<AwsAction> = LOOKING.to_vec();
        for step in Intent::DECLARED {
            let granted = match step.grant {
                AwsGrant::Always => true,
                AwsGrant::ForDelivery => self.with_delivery,
                AwsGrant::ForRawDelivery => self.with_raw_delivery,
                AwsGrant::ForTopicDeletion => self.with_topic_deletion,
            };
            wanted.extend(step.actions.iter().filter(|_| granted));
        }
        AwsAction::ALL.iter().copied().filter(|action| wanted.contains(action)).collect()
    }
}
