//! What the policy of a KMS key has to hold for AWS Config to publish to a topic that it encrypts.

use serde_json::json;

use crate::condition::PRINCIPAL;

/// Returns the statement, as pretty JSON (SNS Developer Guide, "Enable compatibility between event sources
/// from AWS services and encrypted topics").
#[must_use]
pub fn key_policy_statement(accounts: &[&str]) -> String {
    let statement = json!({
        "Sid": "AWSConfigSNSPolicy",
        "Effect": "Allow",
        "Principal": {"Service": PRINCIPAL},
        "Action": ["kms:GenerateDataKey*", "kms:Decrypt"],
        "Resource": "*",
        "Condition": {"StringEquals": {"AWS:SourceAccount": accounts}},
    });
    format!("{statement:#}")
}
