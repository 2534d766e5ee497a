//! Where Halyard runs: on this machine, or behind a program that carries files, commands and the daemon's port
//! there. What stands there is written with the place before it, such as `docker:halyard:/home/spinnaker/.hal`, so
//! that nothing of one place is ever taken for another's.

use std::fmt;
use std::net::Ipv6Addr;

use serde::{Deserialize, Serialize};

use crate::values::names::BadName;
use crate::values::shell_words;

/// Where Halyard runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub enum HalyardIn {
    /// On this machine.
    #[default]
    Local,
    /// In a container of this machine's docker.
    Docker {
        /** user there; the image's own otherwise */
        user: Option<String>,
        /** its name */
        name: String,
    },
    /// In a pod.
    Pod {
        /** namespace */
        namespace: String,
        /** its name */
        pod: String,
        /** container; the pod's default one otherwise */
        container: Option<String>,
        /** kubectl's context; its current one otherwise */
        context: Option<String>,
    },
    /// On another machine.
    Ssh {
        /** as ssh takes it: host, alias, or user and host */
        host: String,
        /** port; that of ssh's own settings otherwise */
        port: Option<u16>,
    },
    /// On this machine, as another user.
    Sudo(String),
}

/// How the carrying programs are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carriers {
    /// docker.
    pub docker: Vec<String>,
    /// The kubectl of this machine.
    pub kubectl: Vec<String>,
    /// ssh.
    pub ssh: Vec<String>,
    /// sudo.
    pub sudo: Vec<String>,
}

impl Default for Carriers {
    fn default() -> Self {
        let named = |name: &str| vec![name.to_owned()];
        Self { docker: named("docker"), kubectl: named("kubectl"), ssh: named("ssh"), sudo: named("sudo") }
    }
}

/// Begins with a letter or digit, and holds nothing that a command line or a shell could take for more than a name.
fn is_name(text: &str, more: &str) -> bool {
    text.len() <= 253
        && text.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_')
        && text.chars().all(|each| each.is_ascii_alphanumeric() || each == '_' || more.contains(each))
}

fn bad(why: &str) -> BadName {
    BadName(why.to_owned())
}

impl HalyardIn {
    /// Reads `local`, `docker:[USER@]NAME`, `pod:NAMESPACE/POD[/CONTAINER][@CONTEXT]`, `ssh:[USER@]HOST[:PORT]` or
    /// `sudo:USER`; nothing at all is `local`.
    ///
    /// # Errors
    /// What is allowed.
    pub fn parse(text: &str) -> Result<Self, BadName> {
        let Some((kind, rest)) = text.split_once(':') else {
            return match text {
                "" | "local" => Ok(Self::Local),
                _ => Err(bad(
                    "This is local, docker:NAME, pod:NAMESPACE/POD, ssh:HOST or sudo:USER, for example docker:halyard",
                )),
            };
        };
        match kind {
            "docker" => Self::docker(rest),
            "pod" => Self::pod(rest),
            "ssh" => Self::ssh(rest),
            "sudo" if is_name(rest, ".-") => Ok(Self::Sudo(rest.to_owned())),
            "sudo" => Err(bad("Name the user, for example sudo:spinnaker")),
            _ => Err(bad("Where Halyard runs begins with docker:, pod:, ssh: or sudo:, or it is local")),
        }
    }

    fn docker(text: &str) -> Result<Self, BadName> {
        let (user, name) = match text.split_once('@') {
            Some((user, name)) => (Some(user), name),
            None => (None, text),
        };
        if !is_name(name, ".-") || !user.iter().all(|user| is_name(user, ".-")) {
            return Err(bad("Name the container, for example docker:halyard, or docker:USER@halyard"));
        }
        Ok(Self::Docker { user: user.map(str::to_owned), name: name.to_owned() })
    }

    fn pod(text: &str) -> Result<Self, BadName> {
        let why = "Name namespace and pod, for example pod:spinnaker/halyard-0, with /CONTAINER and @CONTEXT where needed";
        let (place, context) = match text.split_once('@') {
            Some((place, context)) => (place, Some(context)),
            None => (text, None),
        };
        // What stands between a place and a path in it cannot be part of the place.
        let is_context = |context: &&str| {
            is_name(context, ".-:/@") && !context.contains(":/") && !context.contains(":http")
        };
        let parts: Vec<&str> = place.split('/').collect();
        let (namespace, pod, container) = match parts.as_slice() {
            [namespace, pod] => (*namespace, *pod, None),
            [namespace, pod, container] => (*namespace, *pod, Some(*container)),
            _ => return Err(bad(why)),
        };
        let named = [Some(namespace), Some(pod), container];
        if !named.into_iter().flatten().all(|each| is_name(each, ".-")) {
            return Err(bad(why));
        }
        if !context.iter().all(is_context) {
            return Err(bad("The context after @ is one that kubectl config get-contexts lists"));
        }
        Ok(Self::Pod {
            namespace: namespace.to_owned(),
            pod: pod.to_owned(),
            container: container.map(str::to_owned),
            context: context.map(str::to_owned),
        })
    }

    fn ssh(text: &str) -> Result<Self, BadName> {
        let why = "Name the host as ssh takes it, for example ssh:halyard.example.com or ssh:me@host:2222";
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
                (host, Some(port.parse().map_err(|_| bad(why))?))
            }
            _ => (text, None),
        };
        let address = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        let is_good = (is_name(address, ".-@:%") || address.parse::<Ipv6Addr>().is_ok()) && port != Some(0);
        if is_good { Ok(Self::Ssh { host: address.to_owned(), port }) } else { Err(bad(why)) }
    }

    /// Returns whether it is on this machine, as who runs the wizard.
    #[must_use]
    pub fn is_local(&self) -> bool {
        *self == Self::Local
    }

    /// Returns something that stands there, a path or an address, with the place before it.
    #[must_use]
    pub fn at(&self, there: &str) -> String {
        if self.is_local() { there.to_owned() } else { format!("{self}:{there}") }
    }

    /// Takes the place off what [`HalyardIn::at`] returns.
    #[must_use]
    pub fn split(text: &str) -> (Self, &str) {
        let between = [":/", ":http"].into_iter().filter_map(|each| text.find(each)).min();
        if let Some(at) = between
            && let Ok(place) = Self::parse(&text[..at])
            && !place.is_local()
        {
            return (place, &text[at + 1..]);
        }
        // A place alone: what stands in it is yet to be found.
        match text.strip_suffix(':').map(Self::parse) {
            Some(Ok(place)) if !place.is_local() => (place, ""),
            _ => (Self::Local, text),
        }
    }

    /// Returns a command that is run there: [`HalyardIn::of_command`] takes it apart.
    #[must_use]
    pub fn command(&self, words: Vec<String>) -> Vec<String> {
        if self.is_local() || words.is_empty() {
            return words;
        }
        std::iter::once(self.to_string()).chain(words).collect()
    }

    /// Returns where a command is run, and the command.
    #[must_use]
    pub fn of_command(words: &[String]) -> (Self, &[String]) {
        match words.split_first() {
            Some((first, rest)) if first.contains(':') && !first.contains('/') || is_pod(words) => {
                Self::parse(first).map_or((Self::Local, words), |place| (place, rest))
            }
            _ => (Self::Local, words),
        }
    }

    /// Returns the command line that runs a command there: a list, but for ssh, which hands one text to a shell
    /// over there (ssh(1)): that one is quoted for a POSIX shell.
    #[must_use]
    pub fn carry(&self, carriers: &Carriers, words: &[String]) -> Vec<String> {
        let own = |text: &str| text.to_owned();
        let (mut line, carried) = match self {
            Self::Local => (Vec::new(), words.to_vec()),
            Self::Docker { user, name } => {
                let mut line = carriers.docker.clone();
                line.extend([own("exec"), own("-i")]);
                if let Some(user) = user {
                    line.extend([own("-u"), user.clone()]);
                }
                line.push(name.clone());
                (line, words.to_vec())
            }
            Self::Pod { namespace, pod, container, context } => {
                let mut line = carriers.kubectl.clone();
                if let Some(context) = context {
                    line.extend([own("--context"), context.clone()]);
                }
                line.extend([own("exec"), own("-i"), own("-n"), namespace.clone(), pod.clone()]);
                if let Some(container) = container {
                    line.extend([own("-c"), container.clone()]);
                }
                line.push(own("--"));
                (line, words.to_vec())
            }
            Self::Ssh { host, port } => {
                let mut line = carriers.ssh.clone();
                line.extend(["-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10"].map(own));
                if let Some(port) = port {
                    line.extend([own("-p"), port.to_string()]);
                }
                line.push(host.clone());
                (line, vec![shell_words::quoted(words)])
            }
            Self::Sudo(user) => {
                let mut line = carriers.sudo.clone();
                line.extend([own("-n"), own("-H"), own("-u"), user.clone(), own("--")]);
                (line, words.to_vec())
            }
        };
        line.extend(carried);
        line
    }

    /// Returns a command of [`HalyardIn::command`] as an operator would type it here.
    #[must_use]
    pub fn typed(words: &[String]) -> Vec<String> {
        let (place, words) = Self::of_command(words);
        place.carry(&Carriers::default(), words)
    }

    /// Returns the name of the directory of ours that stands for a hal directory there: readable, and its own.
    #[must_use]
    pub fn stand_in(&self, hal_dir: &str) -> String {
        let whole = self.at(hal_dir.trim_end_matches('/'));
        let plain = |each: char| if each.is_ascii_alphanumeric() || each == '.' { each } else { '-' };
        let readable: String = whole.chars().map(plain).collect();
        let readable: String = readable.trim_matches(['-', '.']).chars().take(80).collect();
        format!("{readable}-{}", &ecw_profile::sha256_hex(whole.as_bytes())[..12])
    }

    /// Returns the place in words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Local => "this machine".to_owned(),
            Self::Docker { name, .. } => format!("the container {name}"),
            Self::Pod { namespace, pod, .. } => format!("the pod {namespace}/{pod}"),
            Self::Ssh { host, .. } => host.clone(),
            Self::Sudo(user) => format!("this machine, as {user}"),
        }
    }
}

/// A pod's place holds slashes, a command's path does too; only the first begins with `pod:`.
fn is_pod(words: &[String]) -> bool {
    words.first().is_some_and(|first| first.starts_with("pod:"))
}

impl fmt::Display for HalyardIn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local => out.write_str("local"),
            Self::Docker { user, name } => {
                let user = user.as_ref().map_or_else(String::new, |user| format!("{user}@"));
                write!(out, "docker:{user}{name}")
            }
            Self::Pod { namespace, pod, container, context } => {
                write!(out, "pod:{namespace}/{pod}")?;
                if let Some(container) = container {
                    write!(out, "/{container}")?;
                }
                context.as_ref().map_or(Ok(()), |context| write!(out, "@{context}"))
            }
            Self::Ssh { host, port } => match port {
                Some(port) if host.contains(':') => write!(out, "ssh:[{host}]:{port}"),
                Some(port) => write!(out, "ssh:{host}:{port}"),
                None => write!(out, "ssh:{host}"),
            },
            Self::Sudo(user) => write!(out, "sudo:{user}"),
        }
    }
}

impl TryFrom<String> for HalyardIn {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).map_err(|error| error.0)
    }
}

impl From<HalyardIn> for String {
    fn from(place: HalyardIn) -> Self {
        place.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|each| (*each).to_owned()).collect()
    }

    const GOOD: [&str; 12] = [
        "local",
        "docker:halyard",
        "docker:my_hal.1",
        "docker:spinnaker@halyard",
        "pod:spinnaker/halyard-0",
        "pod:spinnaker/halyard-0/hal",
        "pod:spinnaker/halyard-0@prod",
        "pod:ns/p/c@arn:aws:eks:us-west-2:123456789012:cluster/prod",
        "ssh:halyard.example.com",
        "ssh:me@host:2222",
        "ssh:[::1]:22",
        "sudo:spinnaker",
    ];

    #[test]
    fn a_place_reads_back_as_it_is_written_and_so_does_what_stands_in_it() {
        for text in GOOD {
            let place = HalyardIn::parse(text).unwrap();
            assert_eq!(place.to_string(), text);
            for there in ["/home/a b/$(x)/.hal", "http://localhost:8064", "/a:/b", "/docker:x:/y"] {
                assert_eq!(HalyardIn::split(&place.at(there)), (place.clone(), there), "{text}");
            }
            let command = place.command(words(&["/usr/bin/hal", "a:b"]));
            assert_eq!(
                HalyardIn::of_command(&command),
                (place.clone(), &words(&["/usr/bin/hal", "a:b"])[..])
            );
            if !place.is_local() {
                assert_eq!(HalyardIn::split(&format!("{place}:")), (place, ""));
            }
        }
        assert_eq!(HalyardIn::split("/home/me/docker:x:/y"), (HalyardIn::Local, "/home/me/docker:x:/y"));
        let own = words(&["/opt/a:b/hal", "c"]);
        assert_eq!(HalyardIn::of_command(&own), (HalyardIn::Local, &own[..]));
    }

    #[test]
    fn what_could_be_taken_for_an_option_or_for_more_than_a_name_is_no_place() {
        for text in [
            "halyard",
            "docker:",
            "docker:-it",
            "docker:a b",
            "docker:a;b",
            "docker:a/b",
            "docker:-u@b",
            "docker:@b",
            "pod:",
            "pod:one",
            "pod:-n/x",
            "pod:a/b/c/d",
            "pod:a/$(x)",
            "pod:a/b@",
            "pod:a/b@-x",
            "pod:a/b@x:/y",
            "ssh:",
            "ssh:-oProxyCommand=x",
            "ssh:host:port",
            "ssh:host:0",
            "ssh:a b",
            "ssh:ssh://a",
            "sudo:",
            "sudo:-u",
            "sudo:a b",
            "lxc:x",
        ] {
            assert!(HalyardIn::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn each_carrier_gets_a_list_and_ssh_one_text_that_a_shell_reads_back() {
        let nasty = words(&["sh", "-c", "echo \"$1\"", "sh", "a 'b' $(x) \\ \n"]);
        let line = |text: &str| HalyardIn::parse(text).unwrap().carry(&Carriers::default(), &nasty);
        let with = |before: &[&str]| words(before).into_iter().chain(nasty.clone()).collect::<Vec<_>>();
        assert_eq!(line("local"), nasty);
        assert_eq!(line("docker:h"), with(&["docker", "exec", "-i", "h"]));
        assert_eq!(line("docker:u@h"), with(&["docker", "exec", "-i", "-u", "u", "h"]));
        let pod = ["kubectl", "--context", "prod", "exec", "-i", "-n", "s", "h-0", "-c", "hal", "--"];
        assert_eq!(line("pod:s/h-0/hal@prod"), with(&pod));
        assert_eq!(line("pod:s/h-0"), with(&["kubectl", "exec", "-i", "-n", "s", "h-0", "--"]));
        assert_eq!(line("sudo:spin"), with(&["sudo", "-n", "-H", "-u", "spin", "--"]));
        let ssh = line("ssh:me@host:2222");
        let (text, options) = ssh.split_last().unwrap();
        let expected =
            ["ssh", "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-p", "2222", "me@host"];
        assert_eq!(options, words(&expected));
        assert_eq!(shell_words::shell_words(text), nasty);
    }
}
