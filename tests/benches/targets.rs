//! Fifty targets on LocalStack, each a region's round trip away: by the wizard at its usual number side by side, one
//! after the other, and by a loop of the aws command line. Whole processes, once each: `cargo bench --bench targets`.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a bench prints figures"
)]

#[path = "../support/mod.rs"]
mod support;

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use support::python;
use support::stage::{Stage, environment};

/// What a call takes from one continent to another and back; LocalStack itself answers in milliseconds.
const ROUND_TRIP: Duration = Duration::from_millis(80);
const REGIONS: [&str; 5] = ["us-west-2", "us-east-1", "eu-west-1", "eu-central-1", "ap-southeast-2"];

fn targets() -> Vec<(String, &'static str)> {
    (0..10).flat_map(|at| REGIONS.map(|region| (format!("1000000000{at:02}"), region))).collect()
}

/// Returns an address before another one, a round trip further away.
fn far_away(url: &str) -> String {
    let upstream = url.trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let upstream = TcpStream::connect(&upstream).unwrap();
            let (mut from, mut to) = (client.try_clone().unwrap(), upstream.try_clone().unwrap());
            std::thread::spawn(move || pump(&mut from, &mut to, ROUND_TRIP));
            let (mut from, mut to) = (upstream, client);
            std::thread::spawn(move || pump(&mut from, &mut to, Duration::ZERO));
        }
    });
    address
}

/// Hands bytes on; a request that comes after a pause is kept back for a round trip.
fn pump(from: &mut TcpStream, to: &mut TcpStream, delay: Duration) {
    let mut bytes = [0; 16 * 1024];
    let mut last = Instant::now() - Duration::from_secs(1);
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        if last.elapsed() > Duration::from_millis(20) {
            std::thread::sleep(delay);
        }
        last = Instant::now();
        if to.write_all(&bytes[..read]).is_err() {
            return;
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Both);
}

fn aws(stage: &Stage, url: &str, account: &str, region: &str, arguments: &[&str]) -> String {
    let output = Command::new(python::aws_command().join("aws"))
        .args(arguments)
        .args(["--region", region, "--output", "text", "--endpoint-url", url])
        .envs(environment(stage.dir.path(), &stage.world, &stage.gate, &stage.stack))
        .env("AWS_ACCESS_KEY_ID", account)
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn by_the_wizard(stage: &Stage, far: &str, topic: &str, side_by_side: &str) -> Duration {
    let mut text = format!(
        "version: 1\nconfigure: {{write: false}}\ninstall: {{apply: false}}\nsns:\n  endpoint: '{}'\n  topology: topic-per-target\n  topic: {{name: {topic}}}\n  targets:\n",
        stage.gate.url("/aws/notify")
    );
    for (account, region) in targets() {
        let _ = writeln!(text, "  - {{region: {region}, role_arn: 'arn:aws:iam::{account}:role/spinnaker'}}");
    }
    let answers = stage.dir.path().join(format!("{topic}.yml"));
    std::fs::write(&answers, text).unwrap();
    let begun = Instant::now();
    let output = Command::new(support::program())
        .args(["apply", "--yes", "--answers", answers.to_str().unwrap()])
        .envs(environment(stage.dir.path(), &stage.world, &stage.gate, &stage.stack))
        .env("AWS_ENDPOINT_URL", far)
        .env("EVENT_CACHE_WIZARD_SIDE_BY_SIDE", side_by_side)
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    begun.elapsed()
}

/// What a careful script does: who am I, is it there, make it, read, merge and write the policy, subscribe, look
/// whether it is confirmed.
fn by_a_loop(stage: &Stage, far: &str) -> Duration {
    let begun = Instant::now();
    for (account, region) in targets() {
        let call = |arguments: &[&str]| aws(stage, far, &account, region, arguments);
        let topic = format!("arn:aws:sns:{region}:{account}:loop");
        call(&["sts", "get-caller-identity"]);
        call(&["sns", "list-topics"]);
        call(&["sns", "create-topic", "--name", "loop"]);
        let attributes = ["sns", "get-topic-attributes", "--topic-arn", &topic];
        call(&[&attributes[..], &["--query", "Attributes.Policy"]].concat());
        let policy = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"config.amazonaws.com"}},"Action":"SNS:Publish","Resource":"{topic}"}}]}}"#
        );
        let set = ["sns", "set-topic-attributes", "--topic-arn", &topic, "--attribute-name", "Policy"];
        call(&[&set[..], &["--attribute-value", &policy]].concat());
        let endpoint = stage.gate.url("/aws/notify");
        let subscribe = ["sns", "subscribe", "--topic-arn", &topic, "--protocol", "http"];
        call(&[&subscribe[..], &["--notification-endpoint", &endpoint]].concat());
        call(&["sns", "list-subscriptions-by-topic", "--topic-arn", &topic]);
        call(&["configservice", "describe-configuration-recorder-status"]);
        call(&["configservice", "describe-delivery-channels"]);
    }
    begun.elapsed()
}

/// LocalStack loads a service when it is first called, which takes seconds: nobody's time but its own.
fn warmed_up(stage: &Stage) {
    let call = |arguments: &[&str]| aws(stage, &stage.stack.url, "999999999999", REGIONS[0], arguments);
    call(&["sts", "get-caller-identity"]);
    let role = "arn:aws:iam::999999999999:role/spinnaker";
    call(&["sts", "assume-role", "--role-arn", role, "--role-session-name", "warm"]);
    call(&["sns", "list-topics"]);
    call(&["configservice", "describe-configuration-recorder-status"]);
}

fn main() {
    let stage = Stage::set();
    stage.gate.has_plugin.store(true, Ordering::SeqCst);
    warmed_up(&stage);
    let far = far_away(&stage.stack.url);
    let usual = by_the_wizard(&stage, &far, "usual", "16");
    println!("50 targets, the wizard, 16 side by side: {:.1} s", usual.as_secs_f64());
    let one = by_the_wizard(&stage, &far, "single", "1");
    let times = |other: Duration| other.as_secs_f64() / usual.as_secs_f64();
    println!(
        "50 targets, the wizard, one after the other: {:.1} s ({:.1} times)",
        one.as_secs_f64(),
        times(one)
    );
    let script = by_a_loop(&stage, &far);
    println!(
        "50 targets, a loop of the aws command: {:.1} s ({:.1} times)",
        script.as_secs_f64(),
        times(script)
    );
}
