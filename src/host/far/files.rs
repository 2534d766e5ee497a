//! Files where Halyard runs.

use std::time::Duration;

use ecw_ports::{Kind, Stat, Writable};
use ecw_profile::sha256_hex;
use ecw_wizard::model::report::RootWay;
use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::trouble::Trouble;

use super::carry::{Errand, Far, FarTrouble, script};
use crate::disk::halconfig_directory;

/// A file bigger than this is not carried.
const MOST: usize = 512 * 1024 * 1024;
/// How long a file may be on its way to us.
const LONG: Duration = Duration::from_secs(120);
/// How long a small file may be on its way there; a big one takes longer by its size.
const SENT: Duration = Duration::from_secs(60);
/// A slow line, bytes a millisecond.
const SLOW: u64 = 100;
/// A directory has no more names than fit here.
const NAMES: usize = 16 * 1024 * 1024;
/// So often a file is read that changes while it is read.
const READS: usize = 3;

impl Far {
    /// Returns where hal directories may be there, strongest first: (directory, how it was found).
    #[must_use]
    pub fn candidates(&self, place: &HalyardIn) -> Vec<(String, String)> {
        let errand = Errand { most: 4 * 1024 * 1024, ..Errand::short(script!("candidates.sh"), &[]) };
        let Ok(said) = self.ask(place, &errand) else { return Vec::new() };
        let texts: Vec<String> = said
            .rest
            .split(|byte| *byte == 0)
            .map(|text| String::from_utf8_lossy(text).into_owned())
            .collect();
        let text = |at: usize| texts.get(at).map(String::as_str).unwrap_or_default();
        let (home, environment) = (text(0), text(1));
        let mut found = Vec::new();
        let mut add = |dir: &str, by: String| {
            if dir.starts_with('/') {
                found.push((place.at(dir), by));
            }
        };
        add(environment, format!("HALYARD_HALCONFIG_DIRECTORY in {place}"));
        for (at, file) in [(2, "halyard-local.yml"), (3, "halyard.yml")] {
            if let Some(dir) = halconfig_directory(text(at)) {
                add(&dir, format!("/opt/spinnaker/config/{file} in {place}"));
            }
        }
        if !home.is_empty() {
            add(&format!("{}/.hal", home.trim_end_matches('/')), format!("the home directory in {place}"));
        }
        add("/home/spinnaker/.hal", "Halyard's usual place".to_owned());
        found
    }

    /// Reads a file there; `None` when there is none.
    pub(crate) fn read(&self, place: &HalyardIn, path: &str) -> Result<Option<Vec<u8>>, FarTrouble> {
        let most = MOST.to_string();
        let words = [path, most.as_str()];
        let errand = Errand { limit: LONG, most: MOST, ..Errand::about(script!("read.sh"), &words) };
        for _ in 0..READS {
            let said = self.ask(place, &errand)?;
            if said.line == "none" {
                return Ok(None);
            }
            let size = said.line.strip_prefix("ok ").and_then(|size| size.parse::<usize>().ok());
            if size == Some(said.rest.len()) {
                return Ok(Some(said.rest));
            }
            // It changed while it was read, or the line was cut at a place that looks like an end.
        }
        Err(FarTrouble::NotTold("it cannot be read whole".to_owned()))
    }

    /// Returns what a path is there; `None` when there is nothing.
    pub(crate) fn stat(&self, place: &HalyardIn, path: &str) -> Result<Option<Stat>, FarTrouble> {
        let said = self.ask(place, &Errand::about(script!("stat.sh"), &[path]))?;
        if said.line == "none" {
            return Ok(None);
        }
        stat_of(&said.line)
            .map(Some)
            .ok_or_else(|| FarTrouble::NotTold("its stat cannot be understood".to_owned()))
    }

    /// Returns the names in a directory there.
    pub(crate) fn list(&self, place: &HalyardIn, dir: &str) -> Result<Vec<String>, FarTrouble> {
        let said = self.ask(place, &Errand { most: NAMES, ..Errand::about(script!("list.sh"), &[dir]) })?;
        let names = said.rest.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        let mut names: Vec<String> = names.map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        names.sort();
        Ok(names)
    }

    /// Returns whether files can be made in a directory there.
    pub(crate) fn writable(&self, place: &HalyardIn, dir: &str) -> Writable {
        match self.ask(place, &Errand::about(script!("writable.sh"), &[dir])) {
            Ok(_) => Writable::Yes,
            Err(trouble) => Writable::No(trouble.why()),
        }
    }

    /// Returns how a command that deploys from a hal directory there becomes root: it is run with the rights of the
    /// directory's owner.
    pub(crate) fn root(&self, place: &HalyardIn, hal_dir: &str) -> Result<RootWay, FarTrouble> {
        let config = format!("{hal_dir}/config");
        let said = self.ask(place, &Errand::about(script!("root.sh"), &[&config]))?;
        Ok(if said.line == "ok already" { RootWay::Already } else { RootWay::Sudo })
    }

    /// Replaces a file there at once or not at all, if it still is `before`. Where the line fails the file is looked
    /// at again: it is said to be as it was only when that was seen.
    pub(crate) fn replace(
        &self,
        place: &HalyardIn,
        path: &str,
        before: Option<&[u8]>,
        after: &[&[u8]],
    ) -> Result<(), Trouble> {
        let whole = after.concat();
        let (size, hash) = (whole.len().to_string(), sha256_hex(&whole));
        let former = before.map_or_else(|| "none".to_owned(), sha256_hex);
        let words = [path, former.as_str(), size.as_str(), hash.as_str()];
        let limit = SENT + Duration::from_millis(whole.len() as u64 / SLOW);
        let errand = Errand { input: Some(after), limit, ..Errand::about(script!("replace.sh"), &words) };
        let why = match self.run(place, &errand) {
            Ok(_) => return Ok(()),
            // It goes on only when it is told to.
            Err(FarTrouble::No(why) | FarTrouble::NotTold(why)) => return Err(as_it_was(path, &why)),
            Err(FarTrouble::Line(why)) => why,
        };
        let open = |why: &str| {
            Trouble::new(
                format!(
                    "Whether {path} was written cannot be told: {why}. It is whole: the former text or the new one."
                ),
                "See to the line, then retry: it is looked at first.",
            )
        };
        // Whoever is still about to put it into its place finds nothing to put: what is read then stays.
        if self.run(place, &Errand::about(script!("unstage.sh"), &[path])).is_err() {
            return Err(open(&why));
        }
        match self.read(place, path) {
            Ok(now) if now.as_deref() == Some(&whole[..]) => Ok(()),
            Ok(now) if now.as_deref() == before => Err(as_it_was(path, &why)),
            Ok(_) => Err(Trouble::new(
                format!("{path} could not be written: {why}. Somebody else has changed it meanwhile."),
                "Look at it, then retry.",
            )),
            Err(_) => Err(open(&why)),
        }
    }

    /// Deletes a file there, if its SHA-256 still is `expected`.
    pub(crate) fn delete(&self, place: &HalyardIn, path: &str, expected: &str) -> Result<(), Trouble> {
        let words = [path, expected];
        let errand = Errand { input: Some(&[]), ..Errand::about(script!("delete.sh"), &words) };
        let why = match self.run(place, &errand) {
            Ok(_) => return Ok(()),
            Err(FarTrouble::No(why) | FarTrouble::NotTold(why)) => why,
            Err(FarTrouble::Line(why)) => match self.stat(place, path) {
                Ok(None) => return Ok(()),
                Ok(Some(_)) | Err(_) => why,
            },
        };
        Err(Trouble::new(format!("{path} could not be deleted: {why}."), "Delete it by hand."))
    }
}

fn as_it_was(path: &str, why: &str) -> Trouble {
    Trouble::new(
        format!("{path} could not be written: {why}. It is as it was."),
        "Make room or give this user the right to write there, then retry.",
    )
}

fn stat_of(line: &str) -> Option<Stat> {
    let mut words = line.strip_prefix("ok ")?.split(' ');
    let kind = match words.next()? {
        "f" => Kind::File,
        "d" => Kind::Directory,
        _ => Kind::Other,
    };
    let mut number = |radix: u32| u64::from_str_radix(words.next()?, radix).ok();
    let (size, seconds, mode) = (number(10)?, number(10)?, number(8)?);
    let (uid, gid, names) = (number(10)?, number(10)?, number(10)?);
    let small = |number: u64| u32::try_from(number).ok();
    Some(Stat {
        kind,
        size,
        mtime: seconds.saturating_mul(1_000),
        mode: small(mode)? & 0o7777,
        uid: small(uid)?,
        gid: small(gid)?,
        names,
    })
}
