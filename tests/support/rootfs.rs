//! Small root directories with real shells and tools of this machine in them, and a stand-in docker that carries into
//! one: what a script over there finds is what is in it, and nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::site::HAL;

/// Which shell and tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tools {
    /// busybox alone, as in Alpine's images.
    Busybox,
    /// bash as /bin/sh, with coreutils and util-linux, as in Red Hat's images.
    Bash,
}

const GNU: [&str; 28] = [
    "cat",
    "chmod",
    "chown",
    "chroot",
    "cp",
    "date",
    "dd",
    "env",
    "flock",
    "grep",
    "head",
    "id",
    "ln",
    "ls",
    "mkdir",
    "mktemp",
    "mv",
    "readlink",
    "rm",
    "setpriv",
    "setsid",
    "sha256sum",
    "sleep",
    "stat",
    "sync",
    "tail",
    "tr",
    "true",
];

fn on_path(name: &str) -> PathBuf {
    let found = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"].map(|dir| Path::new(dir).join(name));
    let found = found.into_iter().find(|path| path.exists());
    found.unwrap_or_else(|| panic!("{name} is not installed; README says what the tests need"))
}

/// What a program is linked with.
fn libraries(program: &Path) -> Vec<PathBuf> {
    let output = Command::new("ldd").arg(program).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_whitespace().filter(|word| word.starts_with('/')).map(PathBuf::from).collect()
}

fn put(root: &Path, from: &Path, to: &str) {
    let into = root.join(to.trim_start_matches('/'));
    fs::create_dir_all(into.parent().unwrap()).unwrap();
    fs::copy(from, &into).unwrap();
    fs::set_permissions(&into, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Lays one out; returns the command that plays docker for it, as which user.
pub fn rootfs(root: &Path, tools: Tools, user: (u32, u32)) -> Vec<String> {
    let mut needed: BTreeSet<PathBuf> = BTreeSet::new();
    let mut add = |program: &str, to: &str| {
        let program = on_path(program);
        needed.extend(libraries(&program));
        put(root, &program, to);
    };
    match tools {
        Tools::Busybox => {
            add("busybox", "/bin/busybox");
            let list = Command::new(on_path("busybox")).arg("--list").output().unwrap();
            for applet in String::from_utf8_lossy(&list.stdout).lines() {
                symlink("busybox", root.join("bin").join(applet)).unwrap();
            }
        }
        Tools::Bash => {
            add("bash", "/bin/sh");
            for tool in GNU {
                add(tool, &format!("/bin/{tool}"));
            }
        }
    }
    for library in needed {
        put(root, &library, library.to_str().unwrap());
    }
    for dir in ["tmp", "etc", "dev", "proc"] {
        fs::create_dir_all(root.join(dir)).unwrap();
    }
    fs::write(root.join("dev/null"), "").unwrap();
    for open in ["tmp", "dev/null"] {
        fs::set_permissions(root.join(open), fs::Permissions::from_mode(0o777)).unwrap();
    }
    fs::write(root.join("etc/passwd"), format!("spinnaker:x:{}:{}::/home:/bin/sh\n", HAL.0, HAL.1)).unwrap();
    let script = root.parent().unwrap().join(format!("docker-{}", user.0));
    let sudo = if rustix::process::geteuid().is_root() { "" } else { "sudo -n " };
    let text = format!(
        "#!/bin/sh\nshift 3\nexec {sudo}chroot --userspec={}:{} '{}' /bin/env -i HOME=/home PATH=/bin \"$@\"\n",
        user.0,
        user.1,
        root.display()
    );
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    vec![script.display().to_string()]
}
