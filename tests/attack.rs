//! What Halyard's user, or anybody who may write into the hal directory, can lay there for root: every
//! line of src/THREATS.md that a test can play. Needs root, or sudo without a password.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::fs::{CWD, FileType, Mode, mknodat};
use support::mark::{Mark, TREASURE, paths_below};
use support::site::{HAL, exits, give, said, within};

/// What stands where the wizard wants to work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trap {
    LinkToFile,
    LinkToDirectory,
    DanglingLink,
    HardLink,
    Pipe,
    Directory,
    File,
}

const TRAPS: [Trap; 7] = [
    Trap::LinkToFile,
    Trap::LinkToDirectory,
    Trap::DanglingLink,
    Trap::HardLink,
    Trap::Pipe,
    Trap::Directory,
    Trap::File,
];

fn lay(trap: Trap, at: &Path, mark: &Mark) {
    let above = at.parent().unwrap();
    fs::create_dir_all(above).unwrap();
    match trap {
        Trap::LinkToFile => symlink(mark.vault.join("treasure"), at).unwrap(),
        Trap::LinkToDirectory => symlink(&mark.vault, at).unwrap(),
        Trap::DanglingLink => symlink(mark.vault.join("new"), at).unwrap(),
        Trap::HardLink => fs::hard_link(mark.vault.join("treasure"), at).unwrap(),
        Trap::Pipe => {
            mknodat(CWD, at, FileType::Fifo, Mode::from_raw_mode(0o666), 0).unwrap();
        }
        Trap::Directory => fs::create_dir(at).unwrap(),
        Trap::File => fs::write(at, "not ours\n").unwrap(),
    }
    // Laid by Halyard's user, but for the second name of root's own file.
    for path in [mark.site.hal_dir().join(".event-cache-wizard"), mark.site.state(), above.to_path_buf()] {
        let laid = path == at;
        if !laid && path.starts_with(mark.site.hal_dir()) && fs::symlink_metadata(&path).is_ok() {
            std::os::unix::fs::lchown(&path, Some(HAL.0), Some(HAL.1)).unwrap();
        }
    }
    if trap != Trap::HardLink {
        std::os::unix::fs::lchown(at, Some(HAL.0), Some(HAL.1)).unwrap();
    }
}

/// Every path of our state that a whole run leaves, found by running it: a new file is attacked by itself.
fn paths_of_a_run() -> Vec<String> {
    let mark = Mark::new();
    exits(&mark.apply(&[]), 0);
    let ours = mark.site.hal_dir().join(".event-cache-wizard");
    let mut paths: Vec<String> = paths_below(&ours)
        .into_iter()
        .map(|path| path.strip_prefix(mark.site.hal_dir()).unwrap().display().to_string())
        .collect();
    paths.push(".event-cache-wizard".to_owned());
    // Names that are there for a moment only, and those of a take-over and of a foreign tail.
    for name in ["take-over", "state-dir", "events.old.jsonl", "deploying", "profiles.patch"] {
        paths.push(format!(".event-cache-wizard/default/{name}"));
    }
    for name in ["exit.new", "hal.new"] {
        paths.push(format!(".event-cache-wizard/default/deploy-6/{name}"));
    }
    // One deploy's files are as another's; with one service the first has the number of its first record.
    paths.retain(|path| !path.contains("/deploy-8"));
    let paths: Vec<String> = paths.into_iter().map(|path| path.replace("/deploy-6", "/deploy-4")).collect();
    let mut paths = paths;
    paths.sort();
    paths.dedup();
    assert!(paths.iter().any(|path| path.ends_with("deploy-4/log")), "{paths:?}");
    paths
}

#[test]
fn whatever_is_laid_at_any_path_of_our_state_leads_root_nowhere_and_holds_nothing_up() {
    let paths = paths_of_a_run();
    let cases: Vec<(String, Trap)> =
        paths.iter().flat_map(|path| TRAPS.iter().map(|trap| (path.clone(), *trap))).collect();
    let next = AtomicUsize::new(0);
    let ended: Mutex<Vec<String>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some((path, trap)) = cases.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let mark = Mark::new();
                    let at = mark.site.hal_dir().join(path);
                    lay(*trap, &at, &mark);
                    // What concerns a deploy needs one; the rest is seen without.
                    let output = if path.contains("deploy") {
                        // One service, and nobody waits until it is up.
                        let answers = "version: 1\nconfigure: {services: [gate]}\ninstall: {wait_for_ready: 1s}\nsns: {when: later}\n";
                        fs::write(mark.site.path("answers.yml"), answers).unwrap();
                        mark.apply(&[])
                    } else {
                        mark.apply(&["--only", "configure"])
                    };
                    let what = format!("{trap:?} at {path}");
                    mark.holds(&format!("{what}\n{}", said(&output)));
                    assert!(!said(&output).contains("has a bug"), "{what}: {}", said(&output));
                    ended.lock().unwrap().push(format!("{what}: {:?}", output.status.code()));
                }
            });
        }
    });
    assert_eq!(ended.into_inner().unwrap().len(), cases.len());
}

#[test]
fn a_profile_that_leads_to_what_its_owner_could_not_write_is_refused_with_the_path() {
    for trap in [Trap::LinkToFile, Trap::HardLink, Trap::Pipe] {
        let mark = Mark::new();
        fs::write(mark.vault.join("treasure"), TREASURE).unwrap();
        let profile = mark.site.hal_dir().join("default/profiles/gate-local.yml");
        fs::remove_file(&profile).unwrap();
        lay(trap, &profile, &mark);
        let output = mark.apply(&["--only", "configure"]);
        assert_ne!(output.status.code(), Some(0), "{trap:?}: {}", said(&output));
        assert!(said(&output).contains("gate-local.yml"), "{trap:?}: {}", said(&output));
        mark.holds(&format!("{trap:?}"));
    }
    // A link to what the same user could have written is followed, and stays a link.
    let mark = Mark::new();
    let profile = mark.site.hal_dir().join("default/profiles/gate-local.yml");
    let kept = mark.site.hal_dir().join("kept.yml");
    fs::rename(&profile, &kept).unwrap();
    symlink(&kept, &profile).unwrap();
    give(&mark.site.hal_dir(), HAL);
    exits(&mark.apply(&["--only", "configure"]), 0);
    assert!(fs::symlink_metadata(&profile).unwrap().is_symlink());
    let meta = fs::metadata(&kept).unwrap();
    assert_eq!((meta.uid(), meta.gid()), HAL);
    assert!(fs::read_to_string(&kept).unwrap().contains("Armory.AWSCATsOnEvent"));
    mark.holds("a good link");
}

#[test]
fn profiles_that_are_a_link_to_a_directory_of_root_are_not_written_into() {
    let mark = Mark::new();
    let profiles = mark.site.hal_dir().join("default/profiles");
    fs::rename(&profiles, mark.site.hal_dir().join("away")).unwrap();
    lay(Trap::LinkToDirectory, &profiles, &mark);
    let output = mark.apply(&["--only", "configure"]);
    assert_ne!(output.status.code(), Some(0), "{}", said(&output));
    mark.holds("profiles/");
}

#[test]
fn a_hal_directory_that_is_a_link_of_its_user_to_a_place_of_root_is_not_worked_in() {
    let mark = Mark::new();
    let link = mark.site.path("hal-link");
    symlink(&mark.vault, &link).unwrap();
    std::os::unix::fs::lchown(&link, Some(HAL.0), Some(HAL.1)).unwrap();
    let at = link.display().to_string();
    let output = mark.apply(&["--only", "configure", "--hal-dir", &at]);
    assert_ne!(output.status.code(), Some(0), "{}", said(&output));
    mark.holds("the hal directory");
}

#[test]
fn a_pipe_in_place_of_any_file_that_is_read_holds_nothing_up() {
    for name in [
        "config",
        ".backup/config",
        "default/profiles/spinnaker-local.yml",
        "default/service-settings/gate.yml",
        "default/history/service-profiles.yml",
        "default/staging/gate-local.yml",
    ] {
        let mark = Mark::new();
        let at = mark.site.hal_dir().join(name);
        let _ = fs::remove_file(&at);
        lay(Trap::Pipe, &at, &mark);
        for arguments in [&["plan", "--answers", "answers.yml"][..], &["status"][..]] {
            let output = within(60, &mut mark.site.command(arguments));
            assert!(output.status.code().is_some(), "{name}");
        }
    }
}

#[test]
fn a_deployment_s_name_never_leads_out_of_the_hal_directory() {
    for name in ["..", "../../x", "../outside", "/tmp/x", ".", "a/b"] {
        let mark = Mark::new();
        let config = mark.site.hal_dir().join("config");
        let text = fs::read_to_string(&config).unwrap();
        fs::write(
            &config,
            text.replace("currentDeployment: default", &format!("currentDeployment: '{name}'"))
                .replace("- name: default\n", &format!("- name: '{name}'\n")),
        )
        .unwrap();
        let before = paths_below(mark.site.path("").as_path());
        for arguments in [&["apply", "--answers", "answers.yml", "--yes"][..], &["status"][..]] {
            let output = within(60, &mut mark.site.command(arguments));
            assert_ne!(output.status.code(), Some(0), "{name}: {}", said(&output));
        }
        let _ = within(60, &mut mark.site.command(&["undo", "--yes"]));
        let apply = mark.apply(&[]);
        assert!(said(&apply).contains("is not the name of a deployment"), "{name}: {}", said(&apply));
        let ours = mark.site.hal_dir().join(".event-cache-wizard");
        let after: Vec<PathBuf> = paths_below(mark.site.path("").as_path())
            .into_iter()
            .filter(|path| !path.starts_with(&ours))
            .collect();
        let new: Vec<&PathBuf> = after
            .iter()
            .filter(|path| !before.contains(path) && !path.to_string_lossy().contains("/.local"))
            .collect();
        assert!(new.is_empty(), "{name}: {new:?}");
        // At the other doors: flags and answers.
        let flag = within(60, &mut mark.site.command(&["status", "--deployment", name]));
        assert_ne!(flag.status.code(), Some(0), "{name}");
        fs::write(mark.site.path("answers.yml"), format!("version: 1\nhalyard: {{deployment: '{name}'}}\n"))
            .unwrap();
        exits(&mark.apply(&[]), 2);
    }
}

#[test]
fn nothing_from_outside_acts_on_a_terminal_through_any_report() {
    let evil = "\\e[2J\\e]0;owned\\a\\u202Ex";
    let mark = Mark::new();
    let config = mark.site.hal_dir().join("config");
    let text = fs::read_to_string(&config).unwrap();
    let text = text.replace("version: 1.31.2", &format!("version: \"1.31.2{evil}\""));
    let text = text.replace("location: spinnaker", &format!("location: \"spinnaker{evil}\""));
    assert!(text.contains("\\e[2J"), "{text}");
    fs::write(&config, text).unwrap();
    let profile = mark.site.hal_dir().join("default/profiles/gate-local.yml");
    let mut bytes = fs::read(&profile).unwrap();
    bytes.extend_from_slice("# \u{1b}[2J\u{7}\u{202e} remark\n".as_bytes());
    fs::write(&profile, bytes).unwrap();
    let clean = |what: &str, output: &std::process::Output| {
        let text = said(output);
        let bad = text.chars().find(|each| *each != '\n' && ecw_halyard::harmful(*each));
        assert_eq!(bad, None, "{what}: {text:?}");
    };
    for arguments in [
        &["plan", "--answers", "answers.yml"][..],
        &["plan", "--answers", "answers.yml", "--format", "json"],
        &["apply", "--answers", "answers.yml", "--yes", "--only", "configure"],
        &["status"],
        &["status", "--format", "json"],
        &["report"],
        &["undo"],
        &["status", "--deployment", "x\u{1b}[2J\u{202e}"],
        &["wait", "--for", "ready", "--timeout", "\u{1b}[2Jsoon"],
    ] {
        clean(&arguments.join(" "), &within(60, &mut mark.site.command(arguments)));
    }
    for answers in [
        "version: 1\n\"\\e[2Jx\": 1\n",
        "version: 1\nsns: {\"\\u202Ey\": 1}\n",
        "version: 1\ninstall: {stages: \"\\e[2J\\a\"}\n",
    ] {
        fs::write(mark.site.path("answers.yml"), answers).unwrap();
        let output = mark.apply(&[]);
        clean(answers, &output);
        exits(&output, 2);
    }
    let out = mark.site.path("out");
    fs::write(mark.site.path("answers.yml"), "version: 1\nsns: {when: later}\n").unwrap();
    within(60, &mut mark.site.command(&["plan", "--answers", "answers.yml", "--out", out.to_str().unwrap()]));
    let plan = fs::read_to_string(out.join("plan.md")).unwrap();
    assert!(!plan.chars().any(|each| each != '\n' && ecw_halyard::harmful(each)), "{plan:?}");
}

#[test]
fn files_that_root_writes_where_others_write_too_replace_nothing_of_theirs() {
    let mark = Mark::new();
    exits(&mark.apply(&["--only", "configure"]), 0);
    for (arguments, name) in [
        (&["bundle"][..], "event-cache-wizard-bundle.json"),
        (&["plan", "--answers", "answers.yml", "--out", "."][..], "plan.json"),
        (&["plan", "--answers", "answers.yml", "--out", "."][..], "plan.md"),
    ] {
        for trap in [Trap::LinkToFile, Trap::DanglingLink, Trap::HardLink, Trap::Pipe] {
            let at = mark.site.path(name);
            lay(trap, &at, &mark);
            let output = within(60, &mut mark.site.command(arguments));
            exits(&output, 1);
            mark.holds(&format!("{trap:?} at {name}"));
            fs::remove_file(&at).unwrap();
        }
    }
}
