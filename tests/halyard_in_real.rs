//! What is claimed of shells, tools and ssh, with the real ones: busybox alone, bash with coreutils, and a real ssh to a
//! real sshd on loopback.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::Stdio;

use ecw_host::anywhere::AnyFiles;
use ecw_host::disk::Disk;
use ecw_host::far::{Far, Noted, Noting, Yard};
use ecw_ports::{Files, Kind, Writable};
use ecw_wizard::messages::event::DeployState;
use ecw_wizard::values::halyard_in::{Carriers, HalyardIn};
use support::count;
use support::far::{FarSite, NAME};
use support::rootfs::{Tools, rootfs};
use support::site::{HAL, exits, give, said, until};
use support::sshd::Sshd;

const ROOT: (u32, u32) = (0, 0);

/// A root directory, and the ways into it.
struct There {
    _dir: tempfile::TempDir,
    root: std::path::PathBuf,
    far: Far,
    files: AnyFiles,
    place: HalyardIn,
}

impl There {
    fn with(tools: Tools, user: (u32, u32)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        support::site::open_to_all(dir.path());
        let root = dir.path().join("root");
        fs::create_dir(&root).unwrap();
        support::site::open_to_all(&root);
        let docker = rootfs(&root, tools, user);
        let far = Far::by(Carriers { docker, ..Carriers::default() });
        let here = Disk { home: None, environment: None };
        let files = AnyFiles { here, far: far.clone() };
        let place = HalyardIn::parse("docker:halyard").unwrap();
        fs::create_dir_all(root.join("home").join(NAME).join("default/profiles")).unwrap();
        give(&root.join("home"), HAL);
        Self { _dir: dir, root, far, files, place }
    }

    fn hal(&self) -> std::path::PathBuf {
        self.root.join("home").join(NAME)
    }

    fn at(&self, path: &str) -> String {
        self.place.at(&format!("/home/{NAME}/{path}"))
    }

    fn yard(&self) -> Yard {
        Yard {
            place: self.place.clone(),
            home: format!("/home/{NAME}/.event-cache-wizard/default"),
            deployment: format!("/home/{NAME}/default"),
            tag: "0123456789ab".to_owned(),
        }
    }
}

fn everywhere(play: impl Fn(&There, Tools, (u32, u32)) + Sync) {
    // Debian's busybox has no way to take on a user's rights: as root nothing is done with it (below).
    let cases = [(Tools::Busybox, HAL), (Tools::Bash, HAL), (Tools::Bash, ROOT)];
    support::side_by_side(&cases, |(tools, user)| play(&There::with(*tools, *user), *tools, *user));
}

fn owned(path: &Path) -> (u32, u32, u32) {
    let meta = fs::metadata(path).unwrap();
    (meta.uid(), meta.gid(), meta.mode() & 0o7777)
}

#[test]
fn files_are_read_replaced_and_deleted_whole_by_busybox_and_by_bash() {
    everywhere(|there, tools, user| {
        let carried = there.far.look(&there.place).unwrap();
        let lacks_flock = carried.misses.contains(&"flock".to_owned());
        assert!(tools == Tools::Bash && !lacks_flock || tools == Tools::Busybox, "{carried:?}");
        let profile = there.hal().join("default/profiles/gate-local.yml");
        let path = there.at("default/profiles/gate-local.yml");
        assert_eq!(there.files.read(&path).unwrap(), None);
        // New: as its siblings and its directory are.
        there.files.replace(&path, None, &[b"a: 1", b"\n"]).unwrap();
        assert_eq!(
            (fs::read(&profile).unwrap(), owned(&profile)),
            (b"a: 1\n".to_vec(), (HAL.0, HAL.1, 0o640))
        );
        // A big one, of any bytes, in many pieces; mode and owner stay.
        fs::set_permissions(&profile, fs::Permissions::from_mode(0o604)).unwrap();
        let big: Vec<u8> =
            (0..3_000_000_u32).map(|each| (each.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let pieces: Vec<&[u8]> = big.chunks(70_000).collect();
        there.files.replace(&path, Some(b"a: 1\n"), &pieces).unwrap();
        assert!(fs::read(&profile).unwrap() == big && there.files.read(&path).unwrap().unwrap() == big);
        assert_eq!(owned(&profile), (HAL.0, HAL.1, 0o604));
        // A link stays one.
        let link = there.hal().join("default/profiles/clouddriver-local.yml");
        symlink("gate-local.yml", &link).unwrap();
        support::site::give(&link, HAL);
        let linked = there.at("default/profiles/clouddriver-local.yml");
        there.files.replace(&linked, Some(&big), &[b"b: 2\n"]).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&profile).unwrap(), b"b: 2\n");
        // Changed meanwhile: refused, and said to be as it was.
        let refused = there.files.replace(&path, Some(b"shown\n"), &[b"ours\n"]).unwrap_err().what;
        assert!(refused.contains("changed meanwhile") && refused.contains("It is as it was"), "{refused}");
        let stat = there.files.stat(&path).unwrap().unwrap();
        assert_eq!((stat.kind, stat.size, stat.mode, stat.uid), (Kind::File, 5, 0o604, HAL.0));
        assert_eq!(there.files.stat(&there.at("nothing")).unwrap(), None);
        let names = there.files.list(&there.at("default/profiles")).unwrap();
        assert_eq!(names, ["clouddriver-local.yml", "gate-local.yml"], "nothing of ours is left");
        assert_eq!(there.files.writable(&there.at("default/profiles")), Writable::Yes);
        let not = there.files.delete(&path, "0").unwrap_err().what;
        assert!(not.contains("changed meanwhile"), "{not}");
        there.files.delete(&path, &ecw_profile::sha256_hex(b"b: 2\n")).unwrap();
        assert!(!profile.exists(), "{tools:?} {user:?}");
        // A directory that is not there yet is made as the one above it is.
        fs::remove_dir_all(there.hal().join("default")).unwrap();
        there.files.replace(&path, None, &[b"c: 3\n"]).unwrap();
        let made = owned(&there.hal().join("default/profiles"));
        assert_eq!((made.0, made.1), HAL);
    });
}

#[test]
fn as_root_over_there_a_users_link_leads_nowhere_that_the_user_could_not_go() {
    for tools in [Tools::Busybox, Tools::Bash] {
        let there = There::with(tools, ROOT);
        let secret = there.root.join("etc/secret.yml");
        fs::write(&secret, "secret\n").unwrap();
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
        let link = there.hal().join("default/profiles/gate-local.yml");
        symlink("/etc/secret.yml", &link).unwrap();
        give(&link, HAL);
        let path = there.at("default/profiles/gate-local.yml");
        let why = there.files.read(&path).unwrap_err().what;
        let expected =
            if tools == Tools::Busybox { "whose rights cannot be taken on" } else { "Permission denied" };
        assert!(why.contains(expected), "{why}");
        assert!(there.files.replace(&path, Some(b"secret\n"), &[b"ours\n"]).is_err(), "{tools:?}");
        // The whole directory led away.
        fs::remove_file(&link).unwrap();
        fs::remove_dir(there.hal().join("default/profiles")).unwrap();
        symlink("/etc", there.hal().join("default/profiles")).unwrap();
        give(&there.hal().join("default/profiles"), HAL);
        assert!(there.files.replace(&path, None, &[b"ours\n"]).is_err(), "{tools:?}");
        assert!(there.files.read(&there.at("default/profiles/secret.yml")).is_err(), "{tools:?}");
        assert_eq!(fs::read(&secret).unwrap(), b"secret\n");
        assert!(!there.root.join("etc/gate-local.yml").exists());
    }
}

#[test]
fn a_deploy_is_begun_once_read_on_and_its_end_is_kept_by_busybox_and_by_bash() {
    everywhere(|there, tools, _| {
        let yard = there.yard();
        assert_eq!(there.far.read_deploy(&yard, 7, 0).state, DeployState::Absent);
        assert_eq!(there.far.noted(&yard, Noting::Look).unwrap(), Noted::Nothing);
        let noted = Noted::Elsewhere("/x on laptop (user ann)".to_owned());
        assert_eq!(there.far.noted(&yard, Noting::Note("/x on laptop (user ann)")).unwrap(), noted);
        assert_eq!(
            there.far.noted(&yard, Noting::Note("/y on desk (user bob)")).unwrap(),
            noted,
            "the first stays"
        );
        let words = |text: &str| ["sh", "-c", text, "sh", "it's $(x)"].map(str::to_owned).to_vec();
        let waits = words("echo one \"$1\"; while [ ! -e /tmp/go ]; do sleep 0.1; done; echo two; exit 3");
        there.far.start_deploy(&yard, 7, &waits).unwrap();
        until("it prints", || there.far.read_deploy(&yard, 7, 0).text == "one it's $(x)\n");
        let again = there.far.start_deploy(&yard, 8, &waits);
        if tools == Tools::Bash {
            let why = again.unwrap_err().what;
            assert!(why.contains("Another deploy still runs there"), "{why}");
            assert_eq!(there.far.read_deploy(&yard, 7, 14).state, DeployState::Running);
        }
        fs::write(there.root.join("tmp/go"), "").unwrap();
        let ended =
            |number| matches!(there.far.read_deploy(&yard, number, 0).state, DeployState::Ended { .. });
        until("it ends", || ended(7));
        let read = there.far.read_deploy(&yard, 7, 14);
        let DeployState::Ended { exit: Some(3), at: Some(at) } = read.state else {
            panic!("{:?}", read.state)
        };
        assert!(at > 1_700_000_000_000, "{at}");
        assert_eq!((read.text.as_str(), read.end), ("two\n", 18));
        let twice = there.far.start_deploy(&yard, 7, &waits).unwrap_err().what;
        assert!(twice.contains("is there already"), "{twice}");
        // All of it is Halyard's user's: whoever backs the hal directory up reads it.
        let mut waiting = vec![there.hal().join(".event-cache-wizard")];
        while let Some(path) = waiting.pop() {
            assert_eq!(owned(&path).0, HAL.0, "{}", path.display());
            if path.is_dir() {
                waiting.extend(fs::read_dir(&path).unwrap().flatten().map(|entry| entry.path()));
            }
        }
    });
}

#[test]
fn over_a_real_ssh_a_deploy_outlives_lines_that_are_cut_and_undo_gives_the_bytes_back() {
    let far = FarSite::new("ssh:far");
    let sshd = Sshd::start(&far.site.path("sshd"));
    sshd.be_ssh(&far.site.path("bin/ssh"));
    let hal_dir = far.hal_dir().display().to_string();
    let before = far.files();
    let arguments = ["apply", "--answers", "answers.yml", "--yes", "--hal-dir", &hal_dir];
    let run = far.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    for deploys in 1..=2 {
        until("hal runs", || count(&far.effects(), "hal deploy apply") == deploys);
        assert!(sshd.cut_all() > 0, "there is a line to cut");
    }
    let run = run.wait_with_output().unwrap();
    exits(&run, 0);
    assert_eq!(count(&far.effects(), "hal deploy apply"), 2, "{}", said(&run));
    assert_ne!(far.files(), before);
    let undo = far.flagged(&["undo", "--yes", "--hal-dir", &hal_dir]);
    exits(&undo, 0);
    assert_eq!(far.files(), before, "{}", said(&undo));
    assert!(!far.site.path("pwned").exists() && !far.site.path("there/pwned").exists());
    // And one that asks for a password instead of taking a key is said, not waited for.
    sshd.forget_key();
    let refused = far.run(&arguments);
    exits(&refused, 3);
    assert!(
        said(&refused).contains("far cannot be reached") && said(&refused).contains("BatchMode"),
        "{}",
        said(&refused)
    );
}
