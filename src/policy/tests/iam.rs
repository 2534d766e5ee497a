//! One question, by IAM's rules: may AWS Config of an account publish to a topic? Each row is a policy's
//! statements, in the spellings that people use.
#![allow(clippy::unwrap_used, reason = "tests")]

use ecw_policy::{Grant, Sample, grants, merge};
use serde_json::{Value, json};

const TOPIC: &str = "arn:aws:sns:us-west-2:123456789012:events";
const ACCOUNT: &str = "123456789012";

fn allow(condition: &Value) -> Value {
    json!({"Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"}, "Action": "SNS:Publish",
           "Resource": TOPIC, "Condition": condition})
}

fn answer(statements: Value) -> Grant {
    grants(&json!({"Statement": statements}), TOPIC, ACCOUNT)
}

fn in_doubt(denies: bool) -> Grant {
    Grant::CannotTell { statement: "number 1".to_owned(), denies }
}

#[test]
fn an_allow_counts_in_every_usual_spelling_and_only_for_this_account_and_region() {
    let unknown = in_doubt(false);
    let table = [
        (json!({}), Grant::Allowed),
        (json!({"StringEquals": {"AWS:SourceAccount": ACCOUNT}}), Grant::Allowed),
        (json!({"StringEquals": {"aws:sourceaccount": ["1", ACCOUNT]}}), Grant::Allowed),
        (json!({"StringEquals": {"aws:SourceAccount": "999999999999"}}), Grant::Missing),
        (json!({"StringLike": {"aws:SourceAccount": "1234567*"}}), Grant::Allowed),
        (json!({"StringEqualsIfExists": {"aws:SourceAccount": ACCOUNT}}), Grant::Allowed),
        (json!({"ForAnyValue:StringEquals": {"aws:SourceAccount": [ACCOUNT]}}), Grant::Allowed),
        (json!({"StringNotEquals": {"aws:SourceAccount": "999999999999"}}), Grant::Allowed),
        (json!({"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}), Grant::Missing),
        (json!({"ArnLike": {"AWS:SourceArn": "arn:aws:config:us-west-2:123456789012:*"}}), Grant::Allowed),
        (json!({"ArnEquals": {"aws:SourceArn": "arn:aws:config:*:123456789012:*"}}), Grant::Allowed),
        (json!({"StringLike": {"aws:SourceArn": "arn:aws:config:us-west-2:123456789012:*"}}), Grant::Allowed),
        (json!({"StringLike": {"aws:SourceArn": "arn:aws:config:*"}}), Grant::Allowed),
        (json!({"ArnLike": {"AWS:SourceArn": "arn:aws:config:eu-west-1:123456789012:*"}}), Grant::Missing),
        (json!({"ArnLike": {"AWS:SourceArn": "arn:aws:config:us-west-2:999999999999:*"}}), Grant::Missing),
        (json!({"ArnLike": {"AWS:SourceArn": "arn:aws:s3:us-west-2:123456789012:*"}}), Grant::Missing),
        (json!({"ArnLike": {"AWS:SourceArn": "arn:aws-cn:config:us-west-2:123456789012:*"}}), Grant::Missing),
        (
            json!({"ArnLike": {"AWS:SourceArn": "arn:aws:config:us-west-2:123456789012:config-recorder/x"}}),
            unknown.clone(),
        ),
        (json!({"StringEquals": {"aws:SourceOrgID": "o-1234"}}), unknown.clone()),
        (json!({"StringEquals": {"aws:PrincipalOrgID": "o-1234"}}), Grant::Missing),
        (json!({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1234"}}), Grant::Allowed),
        (json!({"Null": {"aws:PrincipalOrgID": "true"}}), Grant::Allowed),
        (json!({"Bool": {"aws:SecureTransport": "true"}}), Grant::Allowed),
        (json!({"Bool": {"aws:SecureTransport": true}}), Grant::Allowed),
        (json!({"StringEquals": {"AWS:SourceOwner": ACCOUNT}}), Grant::Missing),
        (json!({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}), unknown.clone()),
        (json!({"StringEquals": {"aws:Nonsense": "x"}}), unknown.clone()),
        (
            json!({"StringEquals": {"aws:SourceAccount": "999999999999"}, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
            Grant::Missing,
        ),
        (json!("nonsense"), unknown),
    ];
    for (condition, expected) in table {
        assert_eq!(answer(json!([allow(&condition)])), expected, "{condition}");
    }
}

#[test]
fn principals_actions_and_resources_are_read_as_patterns() {
    let statement = |changes: Value| {
        let mut statement = allow(&json!({}));
        for (key, value) in changes.as_object().unwrap() {
            match value {
                Value::Null => drop(statement.as_object_mut().unwrap().remove(key)),
                value => statement[key] = value.clone(),
            }
        }
        answer(json!([statement]))
    };
    let table = [
        (json!({"Action": "sns:Pub*"}), Grant::Allowed),
        (json!({"Action": ["sns:Get*", "SNS:PUBLISH"]}), Grant::Allowed),
        (json!({"Action": "*"}), Grant::Allowed),
        (json!({"Action": "sns:Get*"}), Grant::Missing),
        (json!({"Action": null, "NotAction": "sns:Subscribe"}), Grant::Allowed),
        (json!({"Action": null, "NotAction": "sns:P*"}), Grant::Missing),
        (json!({"Resource": "arn:aws:sns:us-west-2:123456789012:*"}), Grant::Allowed),
        (json!({"Resource": "arn:aws:sns:*:*:even?s"}), Grant::Allowed),
        (json!({"Resource": "arn:aws:sns:us-west-2:568975057762:config-topic-568975057762"}), Grant::Missing),
        (
            json!({"Resource": null, "NotResource": "arn:aws:sns:us-west-2:123456789012:other"}),
            Grant::Allowed,
        ),
        (json!({"Principal": "*"}), Grant::Allowed),
        (json!({"Principal": {"Service": ["x.amazonaws.com", "config.amazonaws.com"]}}), Grant::Allowed),
        (json!({"Principal": {"Service": "s3.amazonaws.com"}}), Grant::Missing),
        (json!({"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}), Grant::Missing),
        (json!({"Principal": {"AWS": "*"}}), in_doubt(false)),
        (json!({"Principal": null, "NotPrincipal": {"AWS": "1"}}), in_doubt(false)),
    ];
    for (changes, expected) in table {
        assert_eq!(statement(changes.clone()), expected, "{changes}");
    }
}

#[test]
fn a_deny_beats_every_allow_and_one_in_doubt_is_said() {
    let deny = |changes: Value| {
        let mut statement =
            json!({"Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": TOPIC});
        for (key, value) in changes.as_object().unwrap() {
            match value {
                Value::Null => drop(statement.as_object_mut().unwrap().remove(key)),
                value => statement[key] = value.clone(),
            }
        }
        answer(json!([statement, allow(&json!({}))]))
    };
    let table = [
        (json!({}), Grant::Denied),
        (json!({"Principal": {"AWS": "*"}}), Grant::Denied),
        (
            json!({"Principal": null, "NotPrincipal": {"AWS": "arn:aws:iam::123456789012:root"}}),
            Grant::Denied,
        ),
        (json!({"Principal": null, "NotPrincipal": {"Service": "config.amazonaws.com"}}), Grant::Allowed),
        (json!({"Principal": {"AWS": "123456789012"}}), Grant::Allowed),
        (json!({"Action": "sns:Pub*"}), Grant::Denied),
        (json!({"Action": null, "NotAction": "sns:Subscribe"}), Grant::Denied),
        (json!({"Action": "sns:Subscribe"}), Grant::Allowed),
        (json!({"Condition": {"Bool": {"aws:SecureTransport": "false"}}}), Grant::Allowed),
        (json!({"Condition": {"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}}), Grant::Allowed),
        (json!({"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}}), Grant::Denied),
        (
            json!({"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}, "Bool": {"aws:PrincipalIsAWSService": "false"}}}),
            Grant::Allowed,
        ),
        (json!({"Condition": {"StringNotEquals": {"aws:SourceOrgID": "o-1"}}}), in_doubt(true)),
        (json!({"Condition": {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}), in_doubt(true)),
    ];
    for (changes, expected) in table {
        assert_eq!(deny(changes.clone()), expected, "{changes}");
    }
}

#[test]
fn what_is_in_doubt_is_added_once_and_a_deny_in_doubt_is_named() {
    let doubtful = json!({"Statement": [
        {"Sid": "OnlyUs", "Effect": "Deny", "Principal": "*", "Action": "sns:*", "Resource": "*",
         "Condition": {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
        allow(&json!({"StringEquals": {"aws:SourceOrgID": "o-1"}})),
    ]});
    let merged = merge(Some(&doubtful.to_string()), TOPIC, &[ACCOUNT], Sample::Leave).unwrap();
    assert_eq!(
        (merged.sid.as_deref(), merged.may_deny.as_deref()),
        (Some("AWSConfigSNSPolicy"), Some("OnlyUs"))
    );
    let again = merge(merged.document.as_deref(), TOPIC, &[ACCOUNT], Sample::Leave).unwrap();
    assert_eq!((again.document, again.sid, again.may_deny.as_deref()), (None, None, Some("OnlyUs")));
}
