//! Output that is closed or full, a key that interrupts, and input without an end: nothing stops the work,
//! nothing is called a bug, nothing takes more than its share.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::fs::{XattrFlags, getxattr, setxattr};
use rustix::process::{Pid, Signal, kill_process};
use support::count;
use support::site::{Site, exits, said, until, within};

/// The program, called by a shell that closes or bends its output.
fn bent(site: &Site, arguments: &str, bend: &str) -> Output {
    let script = format!("exec {} {arguments} {bend}", support::program());
    let mut command = Command::new("dash");
    command.args(["-c", &script]).env_clear().envs(site.environment()).stdin(Stdio::null());
    within(120, command.current_dir(site.path("")))
}

#[test]
fn output_that_is_closed_or_full_never_stops_the_work_and_is_an_exit_code_of_its_own() {
    for (bend, code) in
        [(">/dev/full", 74), (">&-", 0), ("2>/dev/full", 0), (">/dev/full 2>/dev/full", 74), (">&- 2>&-", 0)]
    {
        let site = Site::new();
        let output = bent(&site, "apply --answers answers.yml --yes", bend);
        // A closed descriptor is opened anew as /dev/null before the program begins, so it cannot fail.
        exits(&output, code);
        assert!(!said(&output).contains("bug"), "{bend}: {}", said(&output));
        let effects = site.effects();
        assert_eq!(count(&effects, "hal deploy apply"), 2, "{bend}: {effects:?}");
        exits(&site.apply(&[]), 0);
        assert_eq!(site.effects(), effects, "{bend}: all of it was done");
    }
    let site = Site::new();
    for arguments in [
        "answers --template",
        "man",
        "completions bash",
        "schema plan",
        "schema",
        "--help",
        "apply --help",
        "--version",
        "plan --answers answers.yml",
        "status",
        "iam-policy",
    ] {
        let output = bent(&site, arguments, ">/dev/full");
        assert!(
            !said(&output).contains("bug") && output.status.code() != Some(0),
            "{arguments}: {}",
            said(&output)
        );
        let mut head = Command::new("dash");
        let script = format!("{} {arguments} | head -n 1 >/dev/null", support::program());
        head.args(["-c", &script]).env_clear().envs(site.environment()).stdin(Stdio::null());
        let output = within(60, head.current_dir(site.path("")));
        assert!(!said(&output).contains("bug"), "{arguments}: {}", said(&output));
    }
}

#[test]
fn schema_alone_lists_what_it_can_print_and_what_was_typed_is_never_obeyed_by_the_terminal() {
    let site = Site::new();
    let listed = site.run(&["schema"]);
    exits(&listed, 0);
    let names: Vec<String> = said(&listed)
        .lines()
        .map(|line| line.split_whitespace().next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(
        names,
        [
            "apply",
            "plan",
            "deployments",
            "status",
            "status-all",
            "check",
            "report",
            "event",
            "journal",
            "bundle"
        ]
    );
    for name in &names {
        exits(&site.run(&["schema", name]), 0);
    }
    let refused = site.run(&["appl\u{1b}[2J\u{202e}y"]);
    exits(&refused, 2);
    assert!(!said(&refused).contains(['\u{1b}', '\u{202e}']), "{:?}", said(&refused));
}

#[test]
fn ctrl_c_ends_an_unattended_run_with_130_and_the_deploy_goes_on() {
    let site = Site::new();
    let mut child = site.command(&["apply", "--answers", "answers.yml", "--yes"]);
    let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until("hal runs", || count(&site.effects(), "hal deploy apply") == 1);
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    exits(&site.apply(&[]), 0);
    assert_eq!(count(&site.effects(), "hal deploy apply"), 2);
}

#[test]
fn a_tail_of_the_journal_that_is_not_ours_is_kept_aside_and_told() {
    for (tail, kept) in
        [(vec![0_u8; 4096], true), (b"somebody was here".to_vec(), true), (b"{\"v\":2,\"seq".to_vec(), false)]
    {
        let site = Site::new();
        exits(&site.apply(&["--only", "configure"]), 0);
        let journal = site.state().join("journal.jsonl");
        let sound = fs::read(&journal).unwrap();
        fs::write(&journal, [sound.clone(), tail.clone()].concat()).unwrap();
        let output = site.apply(&["--only", "configure"]);
        exits(&output, 0);
        assert!(fs::read(&journal).unwrap().starts_with(&sound));
        let aside = fs::read_dir(site.state())
            .unwrap()
            .flatten()
            .find(|each| each.file_name().to_string_lossy().starts_with("journal.tail-"));
        assert_eq!(aside.is_some(), kept, "{tail:?}");
        assert_eq!(said(&output).contains("it is kept in"), kept, "{}", said(&output));
        if let Some(aside) = aside {
            assert_eq!(fs::read(aside.path()).unwrap(), tail);
        }
    }
}

#[test]
fn access_lists_and_attributes_of_a_profile_stay_and_a_hard_link_is_told_before_the_yes() {
    let site = Site::new();
    let path = site.hal_dir().join("default/profiles/gate-local.yml");
    let acl: [u8; 44] = {
        // Version 2; owner rw, user 20001 r, group r, mask r, other none.
        let mut bytes = [0; 44];
        bytes[0] = 2;
        for (at, (tag, rights, id)) in
            [(1_u16, 6_u16, u32::MAX), (2, 4, 20_001), (4, 4, u32::MAX), (16, 4, u32::MAX), (32, 0, u32::MAX)]
                .into_iter()
                .enumerate()
        {
            let from = 4 + at * 8;
            bytes[from..from + 2].copy_from_slice(&tag.to_le_bytes());
            bytes[from + 2..from + 4].copy_from_slice(&rights.to_le_bytes());
            bytes[from + 4..from + 8].copy_from_slice(&id.to_le_bytes());
        }
        bytes
    };
    setxattr(&path, "system.posix_acl_access", &acl, XattrFlags::empty()).unwrap();
    setxattr(&path, "user.note", b"kept", XattrFlags::empty()).unwrap();
    let attribute = |name: &str| {
        let mut value = vec![0; 256];
        let length = getxattr(&path, name, &mut value[..]).unwrap();
        value.truncate(length);
        value
    };
    fs::hard_link(&path, site.hal_dir().join("other-name.yml")).unwrap();
    let plan = site.run(&["plan", "--answers", "answers.yml"]);
    assert!(
        said(&plan).contains("gate-local.yml has 2 names (hard links): the others keep the former text"),
        "{}",
        said(&plan)
    );
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    exits(&site.apply(&["--only", "configure"]), 0);
    assert!(site.profile("gate-local.yml").contains("Armory.AWSCATsOnEvent"));
    assert_eq!(attribute("system.posix_acl_access"), acl);
    assert_eq!(attribute("user.note"), b"kept");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode(), mode);
}

#[test]
fn a_config_that_is_nested_without_end_or_huge_is_refused_at_once() {
    for text in [format!("a: {}1{}\n", "[".repeat(200_000), "]".repeat(200_000)), "a: 1\n".repeat(20_000_000)]
    {
        let site = Site::new();
        fs::write(site.hal_dir().join("config"), text).unwrap();
        let mut command = site.command(&["apply", "--answers", "answers.yml", "--yes"]);
        let output = within(20, &mut command);
        exits(&output, 3);
        let said = said(&output);
        assert!(
            said.contains("nested more than 64 deep") || said.contains("more than the 4194304 that are read"),
            "{said}"
        );
    }
}

/// A hal that prints a lot before it does its work.
fn talkative(site: &Site, megabytes: u32) -> String {
    let path = site.path("talkative");
    let real = site.environment().into_iter().find(|(key, _)| key == "EVENT_CACHE_WIZARD_HAL").unwrap().1;
    let script = format!(
        "#!/bin/sh\ncase \" $* \" in *\" apply \"*) yes 'still at work, and telling all about it' | head -c {megabytes}000000;; esac\nexec {real} \"$@\"\n"
    );
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

#[test]
fn a_log_that_runs_away_is_passed_over_and_its_end_still_counts() {
    let site = Site::new();
    let hal = talkative(&site, 200);
    exits(&site.apply(&["--hal", &hal]), 0);
    let effects = site.effects();
    assert_eq!(count(&effects, "hal deploy apply"), 2, "{effects:?}");
    let events = fs::metadata(site.state().join("events.jsonl")).unwrap().len();
    assert!(events < 8 * 1024 * 1024, "events.jsonl has {events} bytes");
}

#[test]
fn the_rehearsal_s_world_lives_as_long_as_a_wizard_does() {
    let dir = tempfile::tempdir().unwrap();
    let world = |idle: &str| {
        let mut command = Command::new(support::program());
        command.args(["stand-in-world", "--dir"]).arg(dir.path()).args(["--scale", "1", "--idle", idle]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let wizard = ecw_wire::world_process::live(dir.path()).unwrap();
    let mut child = world("1");
    let idle = Instant::now() + Duration::from_secs(4);
    while Instant::now() < idle {
        assert!(child.try_wait().unwrap().is_none(), "it ended while a wizard lives");
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(wizard);
    until("it ends when nobody lives", || child.try_wait().unwrap().is_some());
}

#[test]
fn after_a_good_installation_status_says_nothing_is_missing() {
    let site = Site::new();
    exits(&site.apply(&[]), 0);
    // As with the real Halyard: the second stage has replaced what the first one left.
    let _ = fs::remove_file(site.hal_dir().join("default/staging/gate-local.yml"));
    let status = site.run(&["status"]);
    assert!(!said(&status).contains("missing  gate"), "{}", said(&status));
    // Without a cluster to ask it cannot be told whether they run; what the journal knows is said apart.
    let mut blind = site.command(&["status"]);
    let blind = within(
        60,
        blind
            .env("EVENT_CACHE_WIZARD_KUBECTL", "false")
            .env("EVENT_CACHE_WIZARD_PROBE_URL", "http://127.0.0.1:1"),
    );
    assert!(said(&blind).contains("deployed by this journal"), "{}", said(&blind));
    exits(&blind, 14);
}

#[test]
fn the_report_tells_when_a_deploy_ended_not_when_somebody_looked() {
    let site = Site::new();
    let mut child = site.command(&["apply", "--answers", "answers.yml", "--yes"]);
    let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until("hal runs", || count(&site.effects(), "hal deploy apply") == 1);
    child.kill().unwrap();
    child.wait().unwrap();
    let exit = || {
        fs::read_dir(site.state())
            .unwrap()
            .flatten()
            .map(|each| each.path().join("exit"))
            .find(|path| path.exists())
    };
    until("hal has ended", || exit().is_some());
    let ended: serde_json::Value = serde_json::from_slice(&fs::read(exit().unwrap()).unwrap()).unwrap();
    let at = ended["at"].as_u64().unwrap();
    // Somebody looks two seconds later.
    let later = Instant::now() + Duration::from_secs(2);
    until("a while has passed", || Instant::now() > later);
    exits(&site.apply(&[]), 0);
    let report: serde_json::Value =
        serde_json::from_slice(&site.run(&["report", "--format", "json"]).stdout).unwrap();
    let gate = report["steps"]
        .as_array()
        .unwrap()
        .iter()
        .find(|step| step["step"] == "apply-deployment gate")
        .unwrap();
    assert_eq!(gate["finished"].as_str().unwrap(), ecw_wizard::values::time::utc(at));
}

#[test]
fn quiet_says_what_went_wrong_alone_and_verbose_each_command_and_call() {
    let site = Site::new();
    let loud = site.apply(&["--verbose", "--only", "configure"]);
    exits(&loud, 0);
    let details = String::from_utf8_lossy(&loud.stderr).into_owned();
    assert!(details.contains("stand-in-hal") && details.contains("--version"), "{details}");
    assert!(details.contains("AWS ") || !details.contains("sns"), "{details}");
    assert!(!details.contains(support::site::SECRET), "{details}");
    let quiet = site.apply(&["--quiet"]);
    exits(&quiet, 0);
    assert_eq!((quiet.stdout.as_slice(), quiet.stderr.as_slice()), (&b""[..], &b""[..]));
    let refused = site.run(&["apply", "--answers", "none.yml", "--yes", "-q"]);
    exits(&refused, 2);
    assert!(said(&refused).contains("none.yml"), "{}", said(&refused));
    // What was asked for is said all the same.
    assert!(said(&site.run(&["status", "-q"])).contains("enables the plugin"));
}

#[test]
fn what_went_wrong_is_red_where_colour_is_wanted_and_plain_elsewhere() {
    let site = Site::new();
    let wrong = ["status", "--hal-dir", "/nonexistent", "--deployment", "../x"];
    let plain = site.run(&wrong);
    assert!(!plain.stderr.contains(&0x1b), "{}", said(&plain));
    let red = site.run(&[&wrong[..], &["--color", "always"]].concat());
    let text = String::from_utf8_lossy(&red.stderr).into_owned();
    assert!(text.starts_with("\u{1b}[1;31m") && text.contains("\u{1b}[0m\n"), "{text:?}");
    assert_eq!(red.status.code(), plain.status.code());
}
