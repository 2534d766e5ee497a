//! Does a process outlive the login session that started it? logind may end what a user leaves
//! behind (`KillUserProcesses=yes`), and systemd's user scopes end with the last session unless the
//! user lingers.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// What keeps a process alive after logging out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// A scope of the system (root).
    SystemScope,
    /// A scope of a user who lingers.
    UserScope,
    /// A session of its own; logind leaves such processes alone here.
    Session,
    /// Nothing: logind would end it.
    Nothing,
}

/// What is known of a login session.
pub(crate) struct Session {
    pub(crate) systemd: bool,
    pub(crate) root: bool,
    pub(crate) lingers: bool,
    /// logind's settings, the strongest last.
    pub(crate) settings: Vec<String>,
}

impl Session {
    /// That of this process.
    fn own() -> Self {
        let mut settings = vec![fs::read_to_string("/etc/systemd/logind.conf").unwrap_or_default()];
        let mut dropins: Vec<_> =
            fs::read_dir("/etc/systemd/logind.conf.d").into_iter().flatten().flatten().collect();
        dropins.sort_by_key(fs::DirEntry::file_name);
        settings.extend(dropins.iter().filter_map(|entry| fs::read_to_string(entry.path()).ok()));
        Self {
            systemd: Path::new("/run/systemd/system").is_dir(),
            root: rustix::process::geteuid().is_root(),
            lingers: user().is_some_and(|user| Path::new("/var/lib/systemd/linger").join(user).exists()),
            settings,
        }
    }

    pub(crate) fn way(&self) -> Way {
        match self {
            Self { systemd: false, .. } => Way::Session,
            Self { root: true, .. } => Way::SystemScope,
            Self { lingers: true, .. } => Way::UserScope,
            Self { .. } => self.without_scope(),
        }
    }

    /// Returns what keeps a process alive where no scope can be had.
    pub(crate) fn without_scope(&self) -> Way {
        if self.systemd && kills(&self.settings) { Way::Nothing } else { Way::Session }
    }
}

impl Way {
    /// Returns it in words.
    ///
    /// # Errors
    /// That nothing does.
    pub(crate) fn words(self) -> Result<String, String> {
        match self {
            Self::SystemScope => Ok("in a scope of the system".to_owned()),
            Self::UserScope => Ok("in a scope of a user who lingers".to_owned()),
            Self::Session => Ok("in a session of its own".to_owned()),
            Self::Nothing => Err(
                "logind ends what you leave behind (KillUserProcesses=yes) and you do not linger: logging out would end a deploy"
                    .to_owned(),
            ),
        }
    }

    /// Returns the words that put a command into a scope of its own; `None` where that is of no use.
    pub(crate) fn scope(self) -> Option<Vec<String>> {
        let user: &[&str] = match self {
            Self::SystemScope => &[],
            Self::UserScope => &["--user"],
            Self::Session | Self::Nothing => return None,
        };
        let words = ["systemd-run"].iter().chain(user).chain(&["--scope", "--quiet", "--collect"]);
        Some(words.map(|word| (*word).to_owned()).collect())
    }
}

/// Returns whether logind's settings, the strongest last, end what a user leaves behind. The
/// default since systemd 230 is yes, but distributions build it as no; only what is written counts.
fn kills(texts: &[String]) -> bool {
    let mut answer = false;
    for line in texts.iter().flat_map(|text| text.lines()) {
        if let Some(value) = line.trim().strip_prefix("KillUserProcesses=") {
            answer = matches!(value.trim().to_ascii_lowercase().as_str(), "yes" | "true" | "1" | "on");
        }
    }
    answer
}

/// Returns the name of the user who runs this.
#[must_use]
pub fn user() -> Option<String> {
    let uid = rustix::process::geteuid().as_raw().to_string();
    let text = fs::read_to_string("/etc/passwd").ok()?;
    text.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == uid).then(|| name.to_owned())
    })
}

/// Returns what keeps a deploy alive after logging out.
///
/// # Errors
/// Why nothing does.
pub fn outlives() -> Result<String, String> {
    Session::own().way().words()
}

/// Returns the words that put a command into a scope of its own; empty where that is of no use or
/// does not work.
#[must_use]
pub fn scope() -> Vec<String> {
    let Some(words) = Session::own().way().scope() else { return Vec::new() };
    let works = Command::new(&words[0])
        .args(&words[1..])
        .arg("true")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if works { words } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::kills;

    #[test]
    fn the_last_setting_of_logind_counts_and_remarks_do_not() {
        let texts = |list: &[&str]| list.iter().map(|each| (*each).to_owned()).collect::<Vec<_>>();
        assert!(!kills(&texts(&["#KillUserProcesses=yes\n"])));
        assert!(kills(&texts(&["[Login]\nKillUserProcesses=no\n", "KillUserProcesses=yes\n"])));
        assert!(!kills(&texts(&["KillUserProcesses=yes\n", "KillUserProcesses=no\n"])));
    }
}
