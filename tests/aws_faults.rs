//! Each failure of AWS and each way in which Gate does not confirm, played before the real program: its own
//! words, its own exit code, and a second run that ends well and does nothing twice.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::io::BufReader;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use support::amazon::{listen, of_the_world, read, say};
use support::site::{Site, exits, said};
use support::{count, side_by_side};

/// An answer that AWS gives instead of its own.
#[derive(Clone, Copy)]
struct Instead {
    /// The call.
    action: &'static str,
    /// How often; after that the world answers.
    times: usize,
    status: u16,
    /// A code of AWS, or a page of something else.
    code: &'static str,
    message: &'static str,
}

/// AWS in front of a world, with one thing wrong.
fn front(world: &str, instead: Instead) -> String {
    let world = format!("{world}/aws");
    let seen = Arc::new(AtomicUsize::new(0));
    let port = listen(move |stream| {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let Some(asked) = read(&mut reader) else { return };
        let mut stream = stream;
        let body = String::from_utf8_lossy(&asked.body).into_owned();
        let target = asked.headers.get("x-amz-target").cloned().unwrap_or_default();
        let is_it = body.contains(&format!("Action={}&", instead.action)) || target.ends_with(instead.action);
        if is_it && seen.fetch_add(1, Ordering::SeqCst) < instead.times {
            let Instead { status, code, message, .. } = instead;
            let (kind, body) = if code.is_empty() {
                ("text/html", format!("<html><body>{message}</body></html>"))
            } else if target.is_empty() {
                (
                    "text/xml",
                    format!(
                        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"
                    ),
                )
            } else {
                ("application/x-amz-json-1.1", format!(r#"{{"__type":"{code}","message":"{message}"}}"#))
            };
            let _ = say(&mut stream, status, kind, &body);
        } else if let Some((status, kind, body)) = of_the_world(&world, &asked) {
            let _ = say(&mut stream, status, &kind, &body);
        }
    });
    format!("http://127.0.0.1:{port}")
}

fn always(action: &'static str, status: u16, code: &'static str, message: &'static str) -> Instead {
    Instead { action, times: usize::MAX, status, code, message }
}

#[test]
fn each_failure_of_aws_has_its_own_words_and_a_second_run_ends_well() {
    let table = [
        (always("GetCallerIdentity", 403, "ExpiredToken", "expired"), 7, "The AWS session has expired."),
        (
            always("GetCallerIdentity", 403, "", "Log in to the network"),
            7,
            "Something other than AWS answered (HTTP 403)",
        ),
        (always("GetCallerIdentity", 502, "", "Bad gateway"), 7, "HTTP 502 without a word of AWS"),
        (
            always("GetTopicAttributes", 403, "AuthorizationError", "no rights"),
            7,
            "AWS does not allow this: no rights.",
        ),
        (
            always(
                "CreateTopic",
                403,
                "AuthorizationError",
                "with an explicit deny in a service control policy",
            ),
            7,
            "Your organization does not allow this",
        ),
        (
            always("CreateTopic", 400, "InvalidParameter", "Topic already exists with different tags"),
            7,
            "There is one already, with other attributes or tags",
        ),
        (
            always("CreateTopic", 400, "TagPolicy", "owner is missing"),
            7,
            "The tags do not fit the account's rules",
        ),
        (always("CreateTopic", 403, "TopicLimitExceeded", "too many"), 7, "as many as it may have"),
        (
            always("SetTopicAttributes", 400, "InvalidParameter", "Policy Error: PrincipalNotFound"),
            7,
            "names a user or role that does not exist any more",
        ),
        (
            always("Subscribe", 400, "InvalidParameter", "Unreachable Endpoint"),
            7,
            "SNS tried the endpoint and did not reach it",
        ),
        (always("Subscribe", 502, "", "Bad gateway"), 14, "HTTP 502 without a word of AWS"),
        (
            always("PutDeliveryChannel", 400, "InsufficientDeliveryPolicyException", "cannot publish"),
            7,
            "AWS Config has no right to deliver: cannot publish.",
        ),
        (always("Subscribe", 400, "OddError", "odd"), 7, "AWS refused: OddError: odd."),
        (
            Instead { times: 4, ..always("CreateTopic", 429, "Throttled", "Rate exceeded") },
            0,
            "AWS asks to slow down: tried again in",
        ),
    ];
    side_by_side(&table, |(instead, exit, words)| {
        let (instead, exit) = (*instead, *exit);
        let site = Site::new();
        let url = front(&site.world, instead);
        let apply = ["apply", "--answers", "answers.yml", "--yes"];
        let output = site.command(&apply).env("AWS_ENDPOINT_URL", url).output().unwrap();
        let what = format!("{} {} {}", instead.action, instead.code, said(&output));
        assert_eq!(output.status.code(), Some(exit), "{what}");
        assert!(said(&output).contains(words), "{words} is not in {what}");
        // Where it happened stands in the log, with the request's id.
        let log = std::fs::read_to_string(site.state().join("aws.log")).unwrap_or_default();
        assert!(log.contains(instead.action), "{what}: {log}");
        let again = site.apply(&[]);
        let again = if again.status.code() == Some(14) { site.apply(&[]) } else { again };
        exits(&again, 0);
        let effects = site.effects();
        for effect in ["sns create-topic", "sns set-policy", "config put-delivery-channel", "sns subscribe"] {
            assert_eq!(count(&effects, effect), 1, "{what}: {effects:?}");
        }
    });
}

#[test]
fn each_way_in_which_gate_does_not_confirm_is_told_by_what_can_be_seen_from_here() {
    let table = [
        (Some((404, "application/json")), "The endpoint answers 404"),
        (Some((500, "application/json")), "The endpoint answers HTTP 500"),
        (Some((200, "text/html")), "A page answers at the endpoint (HTML)"),
        (Some((302, "text/plain")), "The endpoint redirects (HTTP 302)"),
        (Some((401, "application/json")), "A login stands in front of the endpoint (HTTP 401)"),
        (Some((0, "")), "The endpoint does not answer from here"),
        (None, "Address: 127.0.0.1 is 127.0.0.1 from here: not public."),
    ];
    side_by_side(&table, |(instead, words)| {
        let site = Site::with(&["gate-silent"]);
        site.gate.has_plugin.store(true, Ordering::SeqCst);
        let answers = format!(
            "version: 1\naws: {{region: us-west-2}}\nsns: {{endpoint: '{}', wait_for_confirmation: 5s}}\n",
            site.gate.url("/aws/notify")
        );
        std::fs::write(site.path("answers.yml"), answers).unwrap();
        exits(&site.apply(&["--only", "configure,install"]), 0);
        *site.gate.instead.lock().unwrap() = *instead;
        let output = site.apply(&["--only", "sns"]);
        exits(&output, 124);
        assert!(said(&output).contains(words), "{words} is not in {}", said(&output));
    });
}
