//! Deploys where Halyard runs: started there in a session of their own, under the same lock as a wizard on that
//! machine takes, so that they outlive the line; read on and cancelled from here.

use ecw_halyard::ServiceName;
use ecw_wizard::messages::event::{DeployRead, DeployState};
use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::shell_words;
use ecw_wizard::values::trouble::Trouble;

use super::carry::{Errand, Far, FarTrouble, script};
use crate::cancel::{self, Ours};
use crate::deploy_files::{Deploying, Ended};
use crate::log_piece::{FAR, KEPT, PIECE, passed_over, text_of};

/// Where a deployment's deploys are kept there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Yard {
    pub place: HalyardIn,
    /// Ours in the hal directory there.
    pub home: String,
    /// The deployment's directory there.
    pub deployment: String,
    /// Tells the deploys of one journal from those of another.
    pub tag: String,
}

impl Yard {
    fn name(&self, number: u64) -> String {
        format!("{}-{}", crate::deploy_files::name_of(number), self.tag)
    }

    /// Returns the directory of a deploy there.
    #[must_use]
    pub fn dir(&self, number: u64) -> String {
        format!("{}/{}", self.home, self.name(number))
    }

    /// What stands beside the lock, as a wizard on that machine writes it.
    fn note(&self, number: u64) -> String {
        serde_json::to_string(&Deploying { number, state: self.tag.clone() }).unwrap_or_default()
    }
}

impl Far {
    /// Starts a deploy there that outlives the line.
    ///
    /// # Errors
    /// When it cannot be started, another one runs, or the line failed before it was sure.
    pub fn start_deploy(&self, yard: &Yard, number: u64, command: &[String]) -> Result<(), Trouble> {
        let failed = |why: &str| {
            Trouble::new(
                format!("The deploy could not be started: {why}."),
                "Nothing was deployed by this step. Fix the cause, then retry.",
            )
        };
        let scope = shell_words::quoted(&self.scope(&yard.place, &yard.home));
        let (name, note) = (yard.name(number), yard.note(number));
        let mut words = vec![
            yard.home.as_str(),
            name.as_str(),
            yard.deployment.as_str(),
            note.as_str(),
            include_str!("supervise.sh"),
            scope.as_str(),
        ];
        words.extend(command.iter().map(String::as_str));
        let errand = Errand { input: Some(&[]), ..Errand::about(script!("start.sh"), &words) };
        match self.run(&yard.place, &errand) {
            Ok(said) => match said.line.strip_prefix("busy") {
                None => Ok(()),
                Some(by) => Err(Trouble::new(
                    format!("Another deploy still runs there ({}).", ecw_halyard::clean(by.trim(), 200)),
                    "Wait until it has ended, then retry.",
                )),
            },
            // It begins only when it is told to.
            Err(FarTrouble::No(why) | FarTrouble::NotTold(why)) => Err(failed(&why)),
            // It may have begun: whether it did is read there, as after any break.
            Err(FarTrouble::Line(why)) => match self.read_deploy(yard, number, 0).state {
                DeployState::Absent => Err(failed(&why)),
                DeployState::Running | DeployState::Ended { .. } | DeployState::Vanished => Ok(()),
            },
        }
    }

    /// Reads on in a deploy's log. While the line is down it counts as running: nobody saw it end.
    #[must_use]
    pub fn read_deploy(&self, yard: &Yard, number: u64, offset: u64) -> DeployRead {
        let still =
            |state| DeployRead { number, offset, end: offset, text: String::new(), state, down: None };
        let (name, note) = (yard.name(number), yard.note(number));
        let numbers = [offset, PIECE as u64, FAR, KEPT].map(|each| each.to_string());
        let mut words = vec![yard.home.as_str(), name.as_str(), note.as_str()];
        words.extend(numbers.iter().map(String::as_str));
        let errand = Errand { most: PIECE, ..Errand::about(script!("follow.sh"), &words) };
        let said = match self.run(&yard.place, &errand) {
            Ok(said) => said,
            Err(trouble) => return DeployRead { down: Some(trouble.why()), ..still(DeployState::Running) },
        };
        // What cannot be understood is looked at by other means.
        let Some((size, from, state)) = standing(&said.line) else { return still(DeployState::Vanished) };
        if from > offset {
            let text = passed_over(from - offset);
            return DeployRead { number, offset, end: from, text, state: DeployState::Running, down: None };
        }
        let text = text_of(&said.rest, said.rest.len() == PIECE);
        let end = offset + text.len() as u64;
        let over = matches!(state, DeployState::Ended { .. } | DeployState::Vanished);
        let state = if end < size && over { DeployState::Running } else { state };
        DeployRead { number, offset, end, text, state, down: None }
    }

    /// Has our own deploy there stop; returns who was told, in words.
    ///
    /// # Errors
    /// When nobody could be told.
    pub fn cancel_deploy(
        &self,
        yard: &Yard,
        number: u64,
        services: &[ServiceName],
        started: u64,
        daemon: &str,
    ) -> Result<String, Trouble> {
        let (dir, name) = (yard.dir(number), yard.name(number));
        let why = match self.run(&yard.place, &Errand::about(script!("cancel.sh"), &[&dir, &name])) {
            Ok(said) => {
                let pids = said.line.trim_start_matches("ok ").to_owned();
                return Ok(format!(
                    "Told our own hal there (pid {pids}) to stop; it asks the daemon to stop its task."
                ));
            }
            Err(trouble) => trouble.why(),
        };
        let ask = |method: &str, path: &str| {
            let answer = self.ask_web(&yard.place, method, &format!("{daemon}/v1/tasks/{path}"));
            answer.map(|answer| answer.body).map_err(|trouble| trouble.what)
        };
        cancel::interrupt_task(daemon, &Ours { services, started }, ask)
            .map_err(|daemon| Trouble::reason(format!("It cannot be cancelled from here: {why}; {daemon}.")))
    }
}

/// Returns size of the log, where what was sent begins, and how the deploy stands.
fn standing(line: &str) -> Option<(u64, u64, DeployState)> {
    let mut words = line.strip_prefix("ok ")?.split(' ');
    let (size, from) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    let state = match words.next()? {
        "running" => DeployState::Running,
        "absent" => DeployState::Absent,
        "vanished" => DeployState::Vanished,
        "ended" => {
            let ended: Ended = serde_json::from_str(words.next()?).ok()?;
            DeployState::Ended { exit: ended.exit, at: ended.at }
        }
        _ => return None,
    };
    Some((size, from, state))
}
