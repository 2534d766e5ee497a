//! Does a process over there outlive the line? In a container there is no login session; elsewhere logind decides
//! as it does here (host/login.rs).

use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::trouble::Trouble;

use super::carry::{Errand, Far, script};
use crate::login::{Session, Way};

impl Far {
    fn session(&self, place: &HalyardIn) -> Option<Session> {
        let errand = Errand { most: 1024 * 1024, ..Errand::short(script!("login.sh"), &[]) };
        let said = self.ask(place, &errand).ok()?;
        let words: Vec<&str> = said.line.split(' ').collect();
        Some(Session {
            systemd: words.get(1) == Some(&"yes"),
            root: words.get(2) == Some(&"0"),
            // A session that sudo was called in stays its user's: lingering is of no use to another one.
            lingers: words.get(3) == Some(&"yes") && !matches!(place, HalyardIn::Sudo(_)),
            settings: vec![String::from_utf8_lossy(&said.rest).into_owned()],
        })
    }

    /// Returns the words that put a command there into a scope of its own; empty where that is of no use or does
    /// not work.
    pub(super) fn scope(&self, place: &HalyardIn) -> Vec<String> {
        let Some(words) = self.session(place).and_then(|session| session.way().scope()) else {
            return Vec::new();
        };
        let trial: Vec<String> = words.iter().cloned().chain(["true".to_owned()]).collect();
        let works = self.short_command(place, &trial).is_some_and(|output| output.status == Some(0));
        if works { words } else { Vec::new() }
    }

    /// Returns what keeps a deploy there alive when the line goes.
    ///
    /// # Errors
    /// Why nothing does.
    pub fn outlives(&self, place: &HalyardIn) -> Result<String, Trouble> {
        let misses = self.look(place)?.misses;
        let lacks: Vec<&str> =
            misses.iter().map(String::as_str).filter(|each| ["setsid", "flock"].contains(each)).collect();
        if lacks.contains(&"setsid") {
            return Err(Trouble::new(
                format!("There is no setsid in {place}: a deploy ends with the line that began it."),
                "Install setsid there (util-linux), or stay connected while hal deploys.",
            ));
        }
        let where_it_is = match place {
            HalyardIn::Docker { .. } | HalyardIn::Pod { .. } => {
                Ok(format!("in a session of its own in {}; it ends when that is restarted", place.words()))
            }
            HalyardIn::Local | HalyardIn::Ssh { .. } | HalyardIn::Sudo(_) => {
                let session = self.session(place).ok_or("it could not be found out")?;
                // A scope that cannot be had keeps nothing alive.
                let way = match session.way() {
                    Way::SystemScope | Way::UserScope if self.scope(place).is_empty() => {
                        session.without_scope()
                    }
                    way => way,
                };
                way.words().map_err(|why| {
                    Trouble::new(why, format!("sudo loginctl enable-linger there ({place}), or stay logged in while hal deploys."))
                })
            }
        }?;
        if lacks.contains(&"flock") {
            return Err(Trouble::new(
                format!("There is no flock in {place}: two deploys cannot be kept apart there."),
                "Install flock there (util-linux), and see that nobody else deploys.",
            ));
        }
        Ok(where_it_is)
    }
}
