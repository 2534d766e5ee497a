//! AWS actions by their IAM names (Service Authorization Reference of SNS, AWS Config and STS).

/// What an action is allowed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AwsResource {
    /// The topic.
    Topic,
    /// It knows no resource in IAM, or one that cannot be told beforehand.
    Any,
    /// AWS Config, which knows no resource for these.
    Config,
    /// The roles of targets.
    Role,
}

/// When `iam-policy` grants the actions of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AwsGrant {
    /// In every policy.
    Always,
    /// Only where AWS Config's delivery channel is to be pointed at the topic.
    ForDelivery,
    /// Only where Gate's subscription has raw message delivery that is to be turned off.
    ForRawDelivery,
    /// Only for whoever takes back by hand, with `ROLLBACK.txt`.
    ForRollbackByHand,
    /// Only where delivery is to be proved by a snapshot.
    ForProof,
    /// Only where undo is to delete the topic.
    ForTopicDeletion,
    /// Only where targets are reached by a role.
    ForRoles,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $action:ident = $name:literal on $resource:ident;)*) => {
        /// An action that the wizard may call.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum AwsAction { $($(#[$doc])* $action,)* }

        impl AwsAction {
            /// Every action, in the order of the printed policy.
            pub const ALL: &[Self] = &[$(Self::$action,)*];

            /// Returns its name in a policy.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$action => $name,)* }
            }

            /// Returns what it is allowed on.
            #[must_use]
            pub fn resource(self) -> AwsResource {
                match self { $(Self::$action => AwsResource::$resource,)* }
            }
        }
    };
}

actions! {
    /// Create a topic.
    CreateTopic = "sns:CreateTopic" on Topic;
    /// Tag it with the change ticket.
    TagResource = "sns:TagResource" on Topic;
    /// Read its policy.
    GetTopicAttributes = "sns:GetTopicAttributes" on Topic;
    /// Write its policy.
    SetTopicAttributes = "sns:SetTopicAttributes" on Topic;
    /// Subscribe Gate.
    Subscribe = "sns:Subscribe" on Topic;
    /// See who subscribes.
    ListSubscriptionsByTopic = "sns:ListSubscriptionsByTopic" on Topic;
    /// Take our statement out by hand.
    RemovePermission = "sns:RemovePermission" on Topic;
    /// Delete it, on undo.
    DeleteTopic = "sns:DeleteTopic" on Topic;
    /// See whether a subscription is confirmed.
    GetSubscriptionAttributes = "sns:GetSubscriptionAttributes" on Any;
    /// Turn raw message delivery off.
    SetSubscriptionAttributes = "sns:SetSubscriptionAttributes" on Any;
    /// Remove our subscription, on undo.
    Unsubscribe = "sns:Unsubscribe" on Any;
    /// See which topics are there.
    ListTopics = "sns:ListTopics" on Any;
    /// Who we are.
    GetCallerIdentity = "sts:GetCallerIdentity" on Any;
    /// Take a target's role.
    AssumeRole = "sts:AssumeRole" on Role;
    /// Is there a recorder?
    DescribeConfigurationRecorders = "config:DescribeConfigurationRecorders" on Config;
    /// Does it record?
    DescribeConfigurationRecorderStatus = "config:DescribeConfigurationRecorderStatus" on Config;
    /// Where is it delivered?
    DescribeDeliveryChannels = "config:DescribeDeliveryChannels" on Config;
    /// Did that work?
    DescribeDeliveryChannelStatus = "config:DescribeDeliveryChannelStatus" on Config;
    /// Make the channel anew by hand: stop,
    StopConfigurationRecorder = "config:StopConfigurationRecorder" on Config;
    /// take it away,
    DeleteDeliveryChannel = "config:DeleteDeliveryChannel" on Config;
    /// and start.
    StartConfigurationRecorder = "config:StartConfigurationRecorder" on Config;
    /// See what SNS counted, for a proof.
    GetMetricStatistics = "cloudwatch:GetMetricStatistics" on Any;
    /// See what waits in a dead-letter queue, for a proof.
    GetQueueAttributes = "sqs:GetQueueAttributes" on Any;
    /// Have a snapshot delivered, for a proof.
    DeliverConfigSnapshot = "config:DeliverConfigSnapshot" on Config;
    /// Point the channel at a topic.
    PutDeliveryChannel = "config:PutDeliveryChannel" on Config;
}

impl AwsAction {
    /// Returns whether it changes nothing.
    #[must_use]
    pub fn only_looks(self) -> bool {
        ["Get", "List", "Describe"].iter().any(|verb| self.on_the_wire().starts_with(verb))
    }

    /// Returns its name without its service's, as requests name it.
    #[must_use]
    pub fn on_the_wire(self) -> &'static str {
        self.name().split(':').nth(1).unwrap_or_default()
    }
}
