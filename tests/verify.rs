//! `verify`: a snapshot is asked for on purpose alone, and what it does not prove is said.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use support::count;
use support::site::{Site, exits, said};

#[test]
fn a_snapshot_is_asked_for_on_a_yes_alone_and_what_it_does_not_prove_is_said() {
    let site = Site::new();
    let early = site.run(&["verify", "--yes"]);
    exits(&early, 8);
    assert!(said(&early).contains("Nothing was asked for"), "{}", said(&early));
    exits(&site.apply(&[]), 0);

    let asked = site.run(&["verify"]);
    exits(&asked, 13);
    assert!(
        said(&asked).contains("snapshot of channel default, which goes to bucket config-bucket-123456789012"),
        "{}",
        said(&asked)
    );
    assert_eq!(count(&site.effects(), "config deliver-snapshot"), 0);

    for _ in 0..2 {
        let proved = site.run(&["verify", "--yes"]);
        exits(&proved, 0);
        let said = said(&proved);
        for part in [
            "there    Snapshot: before: ",
            "; after: SUCCESS at ",
            "there    Stream to the topic: before: ",
            "unknown  SNS to Gate: not proved from here",
            "Name=TopicName,Value=spinnaker-event-cache",
            "unknown  Gate and Clouddriver: not proved from here",
            "Asked AWS Config for a snapshot: snapshot-",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
    assert_eq!(count(&site.effects(), "config deliver-snapshot"), 2);
    let json = site.run(&["verify", "--yes", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((value["exit"].as_u64(), value["checks"].as_array().unwrap().len()), (Some(0), 4));
}
