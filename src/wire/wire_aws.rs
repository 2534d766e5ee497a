//! SNS and STS (query protocol, XML) and AWS Config (JSON) as the SDK speaks them.

use std::collections::BTreeMap;

use ecw_world::{AwsFault, Channel, World};
use serde_json::{Value, json};

/// An HTTP answer.
pub(super) struct Wire {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) body: String,
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn xml(action: &str, inner: &str) -> Wire {
    let body = format!(
        "<{action}Response xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><{action}Result>{inner}</{action}Result><ResponseMetadata><RequestId>00000000-0000-4000-8000-000000000000</RequestId></ResponseMetadata></{action}Response>"
    );
    Wire { status: 200, content_type: "text/xml", body }
}

fn attributes(pairs: &[(&str, &str)]) -> String {
    let entries: String = pairs
        .iter()
        .map(|(key, value)| format!("<entry><key>{key}</key><value>{}</value></entry>", escape(value)))
        .collect();
    format!("<Attributes>{entries}</Attributes>")
}

/// Answers a call of the query protocol.
pub(super) fn query(world: &mut World, body: &str, now: u64) -> Wire {
    let form: BTreeMap<String, String> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let get = |key: &str| form.get(key).map(String::as_str).unwrap_or_default();
    let action = get("Action").to_owned();
    let answered = match action.as_str() {
        "GetCallerIdentity" => world
            .caller()
            .map(|(account, arn)| format!("<Arn>{arn}</Arn><UserId>AIDAREHEARSAL</UserId><Account>{account}</Account>")),
        // A role's key is its account's number, by which its calls are told.
        "AssumeRole" | "AssumeRoleWithWebIdentity" => world.caller().map(|(account, _)| {
            let arn = get("RoleArn");
            let account = arn.split(':').nth(4).unwrap_or(&account);
            format!("<Credentials><AccessKeyId>{account}</AccessKeyId><SecretAccessKey>rehearsal</SecretAccessKey><SessionToken>rehearsal</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials><AssumedRoleUser><Arn>{arn}</Arn><AssumedRoleId>AROAREHEARSAL:x</AssumedRoleId></AssumedRoleUser>")
        }),
        "ListTopics" => world.topics().map(|topics| {
            let members: String = topics.iter().map(|arn| format!("<member><TopicArn>{arn}</TopicArn></member>")).collect();
            format!("<Topics>{members}</Topics>")
        }),
        "GetTopicAttributes" => world
            .topic(get("TopicArn"))
            .map(|topic| attributes(&[("TopicArn", get("TopicArn")), ("Policy", &topic.policy)])),
        "CreateTopic" => world.create_topic(get("Name")).map(|arn| format!("<TopicArn>{arn}</TopicArn>")),
        "TagResource" => world
            .tag_topic(get("ResourceArn"), get("Tags.member.1.Key"), get("Tags.member.1.Value"))
            .map(|()| String::new()),
        "DeleteTopic" => world.delete_topic(get("TopicArn")).map(|()| String::new()),
        "SetTopicAttributes" => world.set_policy(get("TopicArn"), get("AttributeValue")).map(|()| String::new()),
        "Subscribe" => world
            .subscribe(get("TopicArn"), get("Protocol"), get("Endpoint"), now)
            .map(|arn| format!("<SubscriptionArn>{arn}</SubscriptionArn>")),
        "Unsubscribe" => world.unsubscribe(get("SubscriptionArn"), now).map(|()| String::new()),
        "GetSubscriptionAttributes" => world.subscription(get("SubscriptionArn"), now).map(|found| {
            let text = |is: bool| if is { "true" } else { "false" };
            attributes(&[
                ("PendingConfirmation", text(found.confirmed.is_none())),
                ("RawMessageDelivery", text(found.raw)),
                ("RedrivePolicy", found.redrive.as_deref().unwrap_or_default()),
            ])
        }),
        "SetSubscriptionAttributes" if get("AttributeName") == "RedrivePolicy" => world
            .set_redrive_policy(get("SubscriptionArn"), get("AttributeValue"))
            .map(|()| String::new()),
        "SetSubscriptionAttributes" => world
            .set_raw_delivery(get("SubscriptionArn"), get("AttributeValue"))
            .map(|()| String::new()),
        "ListSubscriptionsByTopic" => world.subscriptions(get("TopicArn"), now).map(|list| {
            let members: String = list
                .iter()
                .map(|each| {
                    let arn = if each.confirmed.is_some() { each.arn.as_str() } else { "PendingConfirmation" };
                    format!(
                        "<member><TopicArn>{}</TopicArn><Protocol>{}</Protocol><SubscriptionArn>{arn}</SubscriptionArn><Owner>123456789012</Owner><Endpoint>{}</Endpoint></member>",
                        each.topic,
                        each.protocol,
                        escape(&each.endpoint)
                    )
                })
                .collect();
            format!("<Subscriptions>{members}</Subscriptions>")
        }),
        other => Err(AwsFault { status: 400, code: "InvalidAction", message: format!("{other} is not played here") }),
    };
    match answered {
        Ok(inner) => xml(&action, &inner),
        Err(fault) => Wire {
            status: fault.status,
            content_type: "text/xml",
            body: format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>{}</Code><Message>{}</Message></Error><RequestId>0</RequestId></ErrorResponse>",
                fault.code,
                escape(&fault.message)
            ),
        },
    }
}

/// Answers a call of AWS Config.
pub(super) fn config(world: &mut World, target: &str, body: &str, now: u64) -> Wire {
    let input: Value = serde_json::from_str(body).unwrap_or_default();
    let action = target.rsplit('.').next().unwrap_or_default();
    let shown = |channel: &Channel| json!({"name": channel.name, "s3BucketName": channel.bucket, "snsTopicARN": channel.topic});
    let answered = match action {
        "DescribeConfigurationRecorderStatus" => Ok(
            json!({"ConfigurationRecordersStatus": [{"name": "default", "recording": true, "lastStatus": "SUCCESS"}]}),
        ),
        "DescribeConfigurationRecorders" => Ok(json!({"ConfigurationRecorders": [{"name": "default",
            "recordingGroup": {"allSupported": true, "includeGlobalResourceTypes": true}}]})),
        "DescribeDeliveryChannels" => world
            .channel()
            .map(|channel| json!({"DeliveryChannels": channel.iter().map(shown).collect::<Vec<_>>()})),
        "DescribeDeliveryChannelStatus" => world.snapshot().map(|at| {
            let delivered = at.map(|at| json!({"lastStatus": "SUCCESS", "lastAttemptTime": at as f64 / 1e3, "lastStatusChangeTime": at as f64 / 1e3}));
            let status = json!({"name": "default", "configSnapshotDeliveryInfo": delivered, "configStreamDeliveryInfo": delivered});
            json!({"DeliveryChannelsStatus": [status]})
        }),
        "DeliverConfigSnapshot" => {
            let channel = input.get("deliveryChannelName").and_then(Value::as_str).unwrap_or_default();
            world.deliver_snapshot(channel, now).map(|id| json!({"configSnapshotId": id}))
        }
        "PutDeliveryChannel" => {
            let text = |key: &str| {
                input.pointer(&format!("/DeliveryChannel/{key}")).and_then(Value::as_str).map(str::to_owned)
            };
            let channel = Channel {
                name: text("name").unwrap_or_default(),
                bucket: text("s3BucketName").unwrap_or_default(),
                topic: text("snsTopicARN"),
            };
            world.put_channel(channel).map(|()| json!({}))
        }
        other => Err(AwsFault { status: 400, code: "UnknownOperationException", message: other.to_owned() }),
    };
    match answered {
        Ok(value) => {
            Wire { status: 200, content_type: "application/x-amz-json-1.1", body: value.to_string() }
        }
        Err(fault) => Wire {
            status: fault.status,
            content_type: "application/x-amz-json-1.1",
            body: json!({"__type": fault.code, "message": fault.message}).to_string(),
        },
    }
}
