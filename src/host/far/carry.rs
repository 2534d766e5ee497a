//! Carrying one script to where Halyard runs and its answer back. Whatever a login shell prints before it is passed
//! over, and an answer that was cut is never taken for a whole one.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ecw_ports::Carried;
use ecw_wizard::values::halyard_in::{Carriers, HalyardIn};
use ecw_wizard::values::shell_words;
use ecw_wizard::values::trouble::Trouble;

use super::session::{self, Sessions};
use crate::child::Talk;

/// Begins what is ours of the answer.
const MARK: &[u8] = b"\nevent-cache-wizard 1\n";
/// Says that all is prepared (`told_to_go_on` of the scripts).
const READY: &[u8] = b"ready\n";
/// What a script may print at most, besides what it was asked for.
const ROOM: usize = 1024 * 1024;
/// How long a short script may take: a line has to be made first.
pub(super) const SHORT: Duration = Duration::from_secs(30);

/// Sees to whose rights a script is run with.
const RIGHTS: &str = include_str!("rights.sh");

/// A script, with what all begin with.
macro_rules! script {
    ($name:literal) => {
        concat!(include_str!("prelude.sh"), include_str!($name))
    };
}
pub(super) use script;

/// Why something was not done over there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FarTrouble {
    /// It was refused there; nothing was changed.
    No(String),
    /// The line failed before anything could be done.
    NotTold(String),
    /// The line failed: whether it was done cannot be told from this.
    Line(String),
}

impl FarTrouble {
    /// Returns why.
    #[must_use]
    pub fn why(self) -> String {
        let (Self::No(why) | Self::NotTold(why) | Self::Line(why)) = self;
        why
    }
}

impl From<FarTrouble> for Trouble {
    fn from(trouble: FarTrouble) -> Self {
        Self::reason(trouble.why())
    }
}

/// What a script answered: its first line, and what stands behind it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) line: String,
    pub(super) rest: Vec<u8>,
}

/// What is given to a script.
pub(super) struct Errand<'a> {
    pub(super) script: &'a str,
    pub(super) words: &'a [&'a str],
    /// A path whose directory's owner's rights are used, where root is what is carried to.
    pub(super) rights_of: Option<&'a str>,
    /// What goes to its standard input before it is told to go on; `None` = it waits for nothing.
    pub(super) input: Option<&'a [&'a [u8]]>,
    pub(super) limit: Duration,
    /// So many bytes may come back.
    pub(super) most: usize,
}

impl<'a> Errand<'a> {
    /// A short one without input, with whatever rights the carrier gives.
    pub(super) fn short(script: &'a str, words: &'a [&'a str]) -> Self {
        Self { script, words, rights_of: None, input: None, limit: SHORT, most: 0 }
    }

    /// Returns the words of rights.sh: the script, whose rights are used, the script's own words.
    fn given(&self) -> Vec<String> {
        let dir = self.rights_of.and_then(|path| path.rsplit_once('/')).map_or("", |(dir, _)| dir);
        [self.script, dir].iter().chain(self.words).map(|each| (*each).to_owned()).collect()
    }

    /// A short one about a path, the first of the words.
    pub(super) fn about(script: &'a str, words: &'a [&'a str]) -> Self {
        Self { rights_of: words.first().copied(), ..Self::short(script, words) }
    }
}

/// The ways to where Halyard runs.
#[derive(Clone, Debug, Default)]
pub struct Far {
    carriers: Carriers,
    sessions: Sessions,
}

impl Far {
    /// Returns the ways by these programs.
    #[must_use]
    pub fn by(carriers: Carriers) -> Self {
        Self { carriers, sessions: Sessions::default() }
    }

    /// Returns the command line that runs a command there.
    #[must_use]
    pub fn line(&self, place: &HalyardIn, words: &[String]) -> Vec<String> {
        place.carry(&self.carriers, words)
    }

    /// Returns who works there and what is missed, once it is sure that words arrive as they were sent.
    ///
    /// # Errors
    /// Why nothing can be carried there.
    pub fn look(&self, place: &HalyardIn) -> Result<Carried, Trouble> {
        self.looked(place, Self::run)
    }

    /// The same, by a way to run a script there.
    pub(super) fn looked(
        &self,
        place: &HalyardIn,
        by: impl Fn(&Self, &HalyardIn, &Errand<'_>) -> Result<Said, FarTrouble>,
    ) -> Result<Carried, Trouble> {
        const NASTY: &str = "it's \"$(x)\" `y` \\\\ \\n $HOME * ! # ~ ; & |\n\t%s";
        let length = NASTY.len().to_string();
        let said = by(self, place, &Errand::short(script!("look.sh"), &[NASTY, NASTY, &length]));
        let said = said.map_err(|trouble| match trouble {
            FarTrouble::No(why) => Trouble::new(
                format!("Nothing can be done in {place}: {why}."),
                "Install what is missing there, or run the wizard where Halyard runs.",
            ),
            FarTrouble::NotTold(why) | FarTrouble::Line(why) => unreached(place, &why),
        })?;
        let mut words = said.line.split(' ').skip(1).map(str::to_owned);
        Ok(Carried { user: words.next().unwrap_or_default(), misses: words.collect() })
    }

    /// Asks for something that changes nothing, over a line that is kept; where that fails, over one of its own.
    pub(super) fn ask(&self, place: &HalyardIn, errand: &Errand<'_>) -> Result<Said, FarTrouble> {
        let words = shell_words::quoted(&errand.given());
        let text = format!("set -- {words}\n{RIGHTS}");
        let line = |words: &[String]| self.line(place, words);
        let kept = session::ask(&self.sessions, place, line, &text, errand.limit, errand.most + ROOM);
        if let Some(said) = kept.and_then(|kept| answer(&kept.output, kept.well)) {
            return said;
        }
        self.run(place, errand)
    }

    /// Runs a script there, over a line of its own. One that prepares something and then waits to be told is told to
    /// go on; where that was said, a line that fails leaves open what came of it.
    pub(super) fn run(&self, place: &HalyardIn, errand: &Errand<'_>) -> Result<Said, FarTrouble> {
        let mut words: Vec<String> = ["/bin/sh", "-c", RIGHTS, "sh"].map(str::to_owned).to_vec();
        words.extend(errand.given());
        let line = self.line(place, &words);
        let (program, arguments) = line.split_first().unwrap_or_else(|| unreachable!("a line has a program"));
        let child = Command::new(program)
            .args(arguments)
            .stdin(if errand.input.is_some() { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| FarTrouble::NotTold(format!("{program} cannot be started ({error})")))?;
        let mut talk = Talk::with(child, errand.most + ROOM);
        let until = Instant::now() + errand.limit;
        // What waits for nothing begins at once.
        let mut told = errand.input.is_none();
        if let Some(input) = errand.input {
            talk.say(input.concat());
            let ready = [MARK, READY].concat();
            told = talk.hear(until, |heard| memchr::memmem::find(heard, &ready).is_some());
            if told {
                talk.say(b"go\n".to_vec());
            }
        }
        talk.no_more();
        let failed = |why: String| if told { FarTrouble::Line(why) } else { FarTrouble::NotTold(why) };
        let Some(done) = talk.end(until) else {
            let seconds = errand.limit.as_secs();
            return Err(failed(format!("{program} does not answer within {seconds} s")));
        };
        answer(&done.stdout, done.status.success()).ok_or_else(|| {
            let said = ecw_halyard::clean(String::from_utf8_lossy(&done.stderr).trim(), 300);
            let how = done.status.code().map_or("a signal".to_owned(), |code| format!("exit {code}"));
            failed(if said.is_empty() {
                format!("{program} ended with {how}, and the answer is not whole")
            } else {
                format!("{program} ended with {how}: {said}")
            })
        })?
    }
}

/// Returns what is said of a place that nothing can be carried to.
pub(super) fn unreached(place: &HalyardIn, why: &str) -> Trouble {
    Trouble::new(format!("{} cannot be reached: {why}.", place.words()), remedy(place))
}

fn remedy(place: &HalyardIn) -> &'static str {
    match place {
        HalyardIn::Local => "This is a bug; please report it.",
        HalyardIn::Docker { .. } => "See whether it runs (docker ps), and name it as docker does.",
        HalyardIn::Pod { .. } => {
            "See whether it runs (kubectl get pods), and name context, namespace and pod."
        }
        HalyardIn::Ssh { .. } => {
            "ssh has to get there without asking: try ssh -o BatchMode=yes HOST true; see its keys and known hosts."
        }
        HalyardIn::Sudo(_) => "sudo has to work without a password for this: try sudo -n -u USER true.",
    }
}

/// Returns what a script answered, or its refusal; `None` = there is no whole answer.
fn answer(stdout: &[u8], ended_well: bool) -> Option<Result<Said, FarTrouble>> {
    let at = memchr::memmem::find(stdout, MARK)? + MARK.len();
    let ours = &stdout[at..];
    let ours = ours.strip_prefix(READY).unwrap_or(ours);
    let end = ours.iter().position(|byte| *byte == b'\n')?;
    let line = ecw_halyard::clean(&String::from_utf8_lossy(&ours[..end]), 4_096);
    if let Some(why) = line.strip_prefix("no ") {
        return Some(Err(FarTrouble::No(ecw_halyard::clean(why, 300))));
    }
    ended_well.then(|| Ok(Said { line, rest: ours[end + 1..].to_vec() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_login_shell_prints_first_is_passed_over_and_half_an_answer_is_none() {
        let said = |line: &str, rest: &[u8]| Some(Ok(Said { line: line.into(), rest: rest.to_vec() }));
        assert_eq!(answer(b"Welcome!\n\nevent-cache-wizard 1\nok 3\nabc", true), said("ok 3", b"abc"));
        assert_eq!(answer(b"\nevent-cache-wizard 1\nok 3\nabc", false), None, "the script did not end well");
        assert_eq!(answer(b"\nevent-cache-wizard 1\nok", true), None, "its line was cut");
        assert_eq!(answer(b"ok 3\n", true), None, "nothing of ours");
        let no = Some(Err(FarTrouble::No("it is gone".into())));
        assert_eq!(answer(b"\nevent-cache-wizard 1\nno it is\x1b[2J gone\n", false), no);
    }

    #[test]
    fn words_arrive_as_they_were_sent_and_a_shell_that_changes_them_is_refused() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let stand_in = |name: &str, text: &str| {
            let path = dir.path().join(name);
            std::fs::write(&path, text).expect("written");
            std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755))
                .expect("mode");
            vec!["/bin/sh".to_owned(), path.display().to_string()]
        };
        // ssh hands its last word to a shell; the other one reads quotes in a way of its own.
        let good = stand_in("good", "for last; do :; done\necho noise\nexec /bin/sh -c \"$last\"\n");
        let other =
            "for last; do :; done\nexec /bin/sh -c \"$(printf %s \"$last\" | sed 's/\\\\\\\\/x/g')\"\n";
        let other = stand_in("other", other);
        let host = HalyardIn::parse("ssh:there").expect("a place");
        let by = |ssh: Vec<String>| Far::by(Carriers { ssh, ..Carriers::default() });
        let carried = by(good).look(&host).expect("carried");
        assert!(!carried.user.is_empty() && carried.misses.is_empty(), "{carried:?}");
        let why = by(other).look(&host).expect_err("refused").what;
        assert!(why.contains("changes the words"), "{why}");
        let gone = by(vec!["/nonexistent/ssh".to_owned()]).look(&host).expect_err("refused").what;
        assert!(gone.starts_with("there cannot be reached: /nonexistent/ssh cannot be started"), "{gone}");
    }
}
