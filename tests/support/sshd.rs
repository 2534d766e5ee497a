//! A real sshd on loopback, of Debian's openssh-server, and the real ssh with settings of its own. Without them the
//! tests that need them fail.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::localstack::run;
use super::site::until;

pub struct Sshd {
    dir: PathBuf,
    child: Child,
}

impl Sshd {
    /// Starts one whose files stand in a directory.
    pub fn start(dir: &Path) -> Self {
        fs::create_dir_all(dir).unwrap();
        let text = |name: &str| dir.join(name).display().to_string();
        for key in ["host", "me"] {
            run(Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", &text(key)]));
        }
        fs::copy(dir.join("me.pub"), dir.join("authorized")).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let settings = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nPermitRootLogin yes\nStrictModes no\nUsePAM no\nPidFile none\n",
            text("host"),
            text("authorized"),
        );
        fs::write(dir.join("sshd_config"), settings).unwrap();
        let user = Command::new("id").arg("-un").output().unwrap();
        let user = String::from_utf8(user.stdout).unwrap();
        let client = format!(
            "Host far\nHostName 127.0.0.1\nPort {port}\nUser {}\nIdentityFile {}\nIdentitiesOnly yes\nUserKnownHostsFile {}\nStrictHostKeyChecking accept-new\n",
            user.trim(),
            text("me"),
            text("known"),
        );
        fs::write(dir.join("ssh_config"), client).unwrap();
        if rustix::process::geteuid().is_root() {
            // Where sshd leaves its rights; systemd makes it where it starts sshd.
            fs::create_dir_all("/run/sshd").unwrap();
        }
        let sshd = ["/usr/sbin/sshd", "/usr/bin/sshd"].into_iter().find(|path| Path::new(path).exists());
        let sshd = sshd.expect("openssh-server is not installed; README says what the tests need");
        let log = fs::File::create(dir.join("log")).unwrap();
        let child = Command::new(sshd)
            .args(["-D", "-e", "-f", &text("sshd_config")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let sshd = Self { dir: dir.to_path_buf(), child };
        until("sshd listens", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        sshd
    }

    /// Makes a program that is the real ssh with these settings.
    pub fn be_ssh(&self, program: &Path) {
        let text =
            format!("#!/bin/sh\nexec /usr/bin/ssh -F '{}' \"$@\"\n", self.dir.join("ssh_config").display());
        fs::write(program, text).unwrap();
        fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Cuts every line that there is; returns how many processes were killed for it.
    pub fn cut_all(&self) -> usize {
        let mut killed = 0;
        for child in children(self.child.id()) {
            let pids: Vec<u32> = std::iter::once(child).chain(children(child)).collect();
            for pid in pids {
                let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
                if name.starts_with("sshd") {
                    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
                    let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
                    killed += 1;
                }
            }
        }
        killed
    }

    /// Takes no key any more.
    pub fn forget_key(&self) {
        fs::write(self.dir.join("authorized"), "").unwrap();
    }
}

fn children(pid: u32) -> Vec<u32> {
    let text = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    text.split_whitespace().filter_map(|each| each.parse().ok()).collect()
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.cut_all();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
