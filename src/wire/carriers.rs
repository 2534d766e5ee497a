//! docker, kubectl, ssh and sudo as the rehearsal plays them: what they carry is run right here. Each takes the
//! command line that the real one takes (`HalyardIn::carry`), and nothing else.

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use ecw_host::warn;

/// The carriers that are played.
pub const PLAYED: [&str; 4] = ["docker", "kubectl", "ssh", "sudo"];

/// Plays a carrier: becomes the command that it is to carry.
#[must_use]
pub fn carry(carrier: &str, arguments: &[String]) -> ExitCode {
    let Some((program, arguments)) = carried(carrier, arguments) else {
        warn!("not played here: {carrier} {}", arguments.join(" "));
        return ExitCode::FAILURE;
    };
    let error = Command::new(&program).args(arguments).exec();
    warn!("{program} cannot be started: {error}");
    ExitCode::from(127)
}

/// Returns the program that is carried and its arguments.
fn carried(carrier: &str, line: &[String]) -> Option<(String, Vec<String>)> {
    let behind = |mark: &str| Some(line.iter().position(|word| word == mark)? + 1);
    let words = match carrier {
        // docker exec -i [-u USER] NAME …
        "docker" => {
            let rest = line.get(behind("-i")?..)?;
            let rest = if rest.first().is_some_and(|word| word == "-u") { rest.get(2..)? } else { rest };
            rest.get(1..)?.to_vec()
        }
        "kubectl" | "sudo" => line.get(behind("--")?..)?.to_vec(),
        // Its last word is for a shell over there.
        "ssh" => ["/bin/sh", "-c", line.last()?].map(str::to_owned).to_vec(),
        _ => return None,
    };
    let (program, arguments) = words.split_first()?;
    Some((program.clone(), arguments.to_vec()))
}

#[cfg(test)]
mod tests {
    use ecw_wizard::values::halyard_in::{Carriers, HalyardIn};

    use super::carried;

    #[test]
    fn every_carrier_is_played_as_it_is_called() {
        let words: Vec<String> = ["hal", "-i", "--", "a 'b'"].map(str::to_owned).to_vec();
        for place in ["docker:h", "docker:u@h", "pod:n/p/c@x", "sudo:u"] {
            let line = HalyardIn::parse(place).unwrap().carry(&Carriers::default(), &words);
            let played = carried(&line[0], &line[1..]).unwrap();
            assert_eq!(played, ("hal".to_owned(), words[1..].to_vec()), "{place}");
        }
        let line = HalyardIn::parse("ssh:h").unwrap().carry(&Carriers::default(), &words);
        let (shell, arguments) = carried("ssh", &line[1..]).unwrap();
        assert_eq!((shell.as_str(), arguments[1].as_str()), ("/bin/sh", "'hal' '-i' '--' 'a '\\''b'\\'''"));
        assert_eq!(carried("podman", &words), None);
    }
}
