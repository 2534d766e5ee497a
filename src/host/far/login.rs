//! Does a process over there outlive the line? In a container there is no login session; elsewhere logind decides
//! as it does here (host/login.rs).

use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::trouble::Trouble;

use super::carry::{Errand, Far, script};
use crate::login::{Session, Way};

impl Far {
    fn session(&self, place: &HalyardIn, hal_dir: &str) -> Option<Session> {
        let words = [hal_dir];
        let errand = Errand { most: 1024 * 1024, ..Errand::about(script!("login.sh"), &words) };
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

    /// Returns the words that put a command there into a scope of its own, with the rights that a deploy has; empty
    /// where that is of no use or does not work.
    pub(super) fn scope(&self, place: &HalyardIn, home: &str) -> Vec<String> {
        let Some(words) = self.session(place, home).and_then(|session| session.way().scope()) else {
            return Vec::new();
        };
        let trial: Vec<&str> = std::iter::once(home).chain(words.iter().map(String::as_str)).collect();
        if self.run(place, &Errand::about(script!("try.sh"), &trial)).is_ok() { words } else { Vec::new() }
    }

    /// Returns what keeps a deploy there alive when the line goes.
    ///
    /// # Errors
    /// Why nothing does.
    pub fn outlives(&self, place: &HalyardIn, hal_dir: &str) -> Result<String, Trouble> {
        let home = format!("{hal_dir}/config");
        // That words arrive was seen when the place was first looked at: the kept line does.
        let misses = self.looked(place, Self::ask)?.misses;
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
                let session = self.session(place, &home).ok_or("it could not be found out")?;
                // A scope that cannot be had keeps nothing alive.
                let way = match session.way() {
                    Way::SystemScope | Way::UserScope if self.scope(place, &home).is_empty() => {
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
