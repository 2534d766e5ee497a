//! `iam-policy`: the least rights.

use std::process::ExitCode;

use clap::Args;
use ecw_core::Exit;
use ecw_core::names::{AccountId, Region, TopicName};
use serde_json::json;

use super::{Global, code};
use crate::{say, warn};

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
        let account = account.map_or("*".to_owned(), |account| account.to_string());
        let region = region.map_or("*".to_owned(), |region| region.to_string());
        let mut config = vec![
            "config:DescribeConfigurationRecorders",
            "config:DescribeConfigurationRecorderStatus",
            "config:DescribeDeliveryChannels",
            "config:DescribeDeliveryChannelStatus",
        ];
        if self.with_delivery {
            config.push("config:PutDeliveryChannel");
        }
        let mut topic_actions = vec![
            "sns:CreateTopic",
            "sns:TagResource",
            "sns:GetTopicAttributes",
            "sns:SetTopicAttributes",
            "sns:Subscribe",
            "sns:ListSubscriptionsByTopic",
        ];
        if self.with_topic_deletion {
            topic_actions.push("sns:DeleteTopic");
        }
        let policy = json!({
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "Topic",
                    "Effect": "Allow",
                    "Action": topic_actions,
                    "Resource": format!("arn:aws:sns:{region}:{account}:{topic}"),
                },
                {
                    "Sid": "Look",
                    "Effect": "Allow",
                    "Action": ["sns:GetSubscriptionAttributes", "sns:Unsubscribe", "sns:ListTopics", "sts:GetCallerIdentity"],
                    "Resource": "*",
                },
                {"Sid": "Config", "Effect": "Allow", "Action": config, "Resource": "*"},
            ],
        });
        say!("{policy:#}");
        code(Exit::Done)
    }
}
