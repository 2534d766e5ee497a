//! The laws of the policy merge, over policies that nobody thought of.
#![allow(clippy::unwrap_used, reason = "tests")]

use ecw_policy::{Grant, PolicyError, Sample, grants, merge, ours, remove, same};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

const TOPIC: &str = "arn:aws:sns:us-west-2:123456789012:events";
const ACCOUNTS: [&str; 3] = ["123456789012", "210987654321", "111122223333"];

/// A statement of somebody's, in one of the ways in which people write them.
fn statement() -> impl Strategy<Value = Value> {
    let effects = select(vec![json!("Allow"), json!("Deny"), json!("allow"), Value::Null]);
    let principals = select(vec![
        json!("*"),
        json!({"AWS": "*"}),
        json!({"AWS": ["123456789012", "arn:aws:iam::210987654321:root"]}),
        json!({"Service": "config.amazonaws.com"}),
        json!({"Service": ["events.amazonaws.com", "config.amazonaws.com"]}),
        json!({"Service": "s3.amazonaws.com"}),
    ]);
    let actions =
        select(vec![json!("sns:*"), json!("SNS:Publish"), json!(["sns:Subscribe"]), json!("sns:P?bl*")]);
    let resources = select(vec![
        json!("*"),
        json!(TOPIC),
        json!([TOPIC, "x"]),
        json!("arn:aws:sns:us-west-2:568975057762:config-topic-568975057762"),
    ]);
    let conditions = select(vec![
        Value::Null,
        json!({"StringEquals": {"AWS:SourceAccount": "123456789012"}}),
        json!({"StringEquals": {"aws:sourceaccount": ["210987654321", "1"]}}),
        json!({"StringEquals": {"AWS:SourceOwner": "123456789012"}}),
        json!({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
        json!({"ArnLike": {"aws:SourceArn": "arn:aws:config:*:210987654321:*"}}),
    ]);
    let sids = select(vec!["", "a", "AWSConfigSNSPolicy", "AWSConfigSNSPolicy2", "\u{e9}\"\\"]);
    (effects, principals, actions, resources, conditions, sids, any::<f64>()).prop_map(
        |(effect, principal, action, resource, condition, sid, odd)| {
            let mut statement = json!({"Principal": principal, "Action": action, "Resource": resource});
            let members = [("Effect", effect), ("Condition", condition), ("Odd", json!(odd))];
            for (name, value) in members.into_iter().filter(|(_, value)| !value.is_null()) {
                statement[name] = value;
            }
            if !sid.is_empty() {
                statement["Sid"] = json!(sid);
            }
            statement
        },
    )
}

/// A policy as text: a list or one bare statement, pretty or not, with members that nobody knows.
fn policy() -> impl Strategy<Value = String> {
    let texts = (vec(statement(), 0..5), any::<bool>(), any::<bool>(), any::<u64>());
    texts.prop_map(|(statements, bare, pretty, odd)| {
        let statement = match statements.as_slice() {
            [one] if bare => one.clone(),
            _ => json!(statements),
        };
        let policy =
            json!({"Version": "2008-10-17", "Unknown": {"big": odd}, "Statement": statement, "Id": "x"});
        if pretty { format!("{policy:#}\n") } else { policy.to_string() }
    })
}

fn of(policy: &str, account: &str) -> Grant {
    grants(&serde_json::from_str(policy).unwrap(), TOPIC, account)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_merged_allows_changes_nothing_twice_and_comes_out_to_the_byte(
        before in policy(),
        count in 1..=ACCOUNTS.len(),
        replace in any::<bool>(),
    ) {
        let accounts = &ACCOUNTS[..count];
        let sample = if replace { Sample::Replace } else { Sample::Leave };
        let merged = match merge(Some(&before), TOPIC, accounts, sample) {
            Ok(merged) => merged,
            Err(error) => {
                prop_assert_eq!(error, PolicyError::Denied);
                prop_assert!(accounts.iter().any(|account| of(&before, account) == Grant::Denied));
                return Ok(());
            }
        };
        let Some(after) = merged.document else {
            // Nothing had to change: each is allowed, but for what may deny.
            for account in accounts {
                let grant = of(&before, account);
                prop_assert!(matches!(grant, Grant::Allowed | Grant::CannotTell { denies: true, .. }), "{:?}", grant);
            }
            return Ok(());
        };
        let sid = merged.sid.unwrap();
        for account in accounts {
            let grant = of(&after, account);
            prop_assert!(matches!(grant, Grant::Allowed | Grant::CannotTell { denies: true, .. }), "{:?}", grant);
        }
        // Once is enough.
        prop_assert_eq!(merge(Some(&after), TOPIC, accounts, sample).unwrap().document, None);
        prop_assert_eq!(ours(&after, TOPIC, accounts), Some(sid.clone()));
        // Everything of others is there, in its own words, unless the page's statement gave its place.
        let statements = |text: &str| {
            let value: Value = serde_json::from_str(text).unwrap();
            match value["Statement"].clone() {
                Value::Array(list) => list,
                one => vec![one],
            }
        };
        let kept = statements(&before).into_iter().filter(|each| statements(&after).contains(each)).count();
        let given_up = usize::from(replace && merged.sample.is_some());
        prop_assert_eq!(kept, statements(&before).len() - given_up);
        // Undo gives back what was there, to the byte.
        let back = remove(&after, &sid, TOPIC, accounts, Some(&before)).unwrap().unwrap();
        prop_assert_eq!(&back, &before);
        // Without the kept policy it says the same at least, where nothing gave its place.
        if given_up == 0 {
            let back = remove(&after, &sid, TOPIC, accounts, None).unwrap().unwrap();
            prop_assert!(same(&back, &before), "{}", back);
        }
        // Whatever stands in the kept file, nothing comes back but what the page prints.
        let forged = r#"{"Statement":[{"Sid":"AWSConfigSNSPolicy","Effect":"Allow","Principal":{"Service":"config.amazonaws.com","AWS":"*"},"Action":"SNS:*","Resource":"arn:aws:sns:eu-west-1:1:x"}]}"#;
        let back = remove(&after, &sid, TOPIC, accounts, Some(forged)).unwrap().unwrap();
        prop_assert_eq!(&back, &remove(&after, &sid, TOPIC, accounts, None).unwrap().unwrap());
        // Somebody else's account is not ours to take out.
        prop_assert_eq!(remove(&after, &sid, TOPIC, &["999999999999"], None).unwrap(), None);
    }

    #[test]
    fn whatever_the_text_is_nothing_panics(text in "\\PC{0,60}", policy in policy(), at in any::<prop::sample::Index>()) {
        let cut = policy.chars().take(at.index(policy.chars().count() + 1)).collect::<String>();
        for odd in [text, cut] {
            let _ = merge(Some(&odd), TOPIC, &ACCOUNTS, Sample::Replace);
            let _ = remove(&odd, "AWSConfigSNSPolicy", TOPIC, &ACCOUNTS, Some(&odd));
            let _ = ours(&odd, TOPIC, &ACCOUNTS);
            prop_assert!(same(&odd, &odd));
        }
    }
}
