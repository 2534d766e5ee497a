//! `iam-policy`: the least rights.

use std::process::ExitCode;

use clap::Args;
use ecw_wizard::Exit;
use ecw_wizard::rules::least_rights::{Granted, iam_policy};
use ecw_wizard::steps::AwsGrant;
use ecw_wizard::values::names::{AccountId, Region, TopicName};

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
    /// With the rights to take back by hand, with ROLLBACK.txt
    #[arg(long)]
    with_rollback_by_hand: bool,
    /// With the right to have a snapshot delivered, for verify
    #[arg(long)]
    with_proof: bool,
    /// With the right to turn raw message delivery off for Gate's subscription
    #[arg(long)]
    with_raw_delivery: bool,
    /// With the right to delete the topic on undo
    #[arg(long)]
    with_topic_deletion: bool,
    /// With the right to take the roles of targets; narrow the statement Assume to yours
    #[arg(long)]
    with_roles: bool,
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
        let topic = format!("arn:{partition}:sns:{region}:{account}:{topic}");
        let policy = iam_policy(&topic, &self.granted());
        say!("{policy:#}");
        code(Exit::Done)
    }

    fn granted(&self) -> Granted {
        let asked = [
            (self.with_delivery, AwsGrant::ForDelivery),
            (self.with_rollback_by_hand, AwsGrant::ForRollbackByHand),
            (self.with_proof, AwsGrant::ForProof),
            (self.with_raw_delivery, AwsGrant::ForRawDelivery),
            (self.with_topic_deletion, AwsGrant::ForTopicDeletion),
            (self.with_roles, AwsGrant::ForRoles),
        ];
        Granted(asked.into_iter().filter(|(asked, _)| *asked).map(|(_, grant)| grant).collect())
    }
}
