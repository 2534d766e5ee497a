//! A deploy's log over there, read piece by piece as it is asked for.

use std::io::{self, Read, Seek, SeekFrom};

use ecw_wizard::values::halyard_in::HalyardIn;

use super::carry::{Errand, Far, FarTrouble, script};

/// So much is fetched at once.
const PIECE: usize = 1024 * 1024;

/// A log over there.
pub struct FarLog {
    far: Far,
    place: HalyardIn,
    path: String,
    size: u64,
    at: u64,
    /// What was fetched last, and where it begins.
    piece: (u64, Vec<u8>),
}

impl FarLog {
    /// Opens a log; `None` = there is none.
    ///
    /// # Errors
    /// What went wrong there or on the way.
    pub fn open(far: &Far, place: &HalyardIn, path: &str) -> io::Result<Option<Self>> {
        let stat = far.stat(place, path).map_err(io_error)?;
        Ok(stat.map(|stat| Self {
            far: far.clone(),
            place: place.clone(),
            path: path.to_owned(),
            size: stat.size,
            at: 0,
            piece: (0, Vec::new()),
        }))
    }

    fn fetched(&self) -> &[u8] {
        let (from, bytes) = &self.piece;
        let skip = self.at.checked_sub(*from).and_then(|skip| usize::try_from(skip).ok());
        skip.and_then(|skip| bytes.get(skip..)).unwrap_or_default()
    }
}

fn io_error(trouble: FarTrouble) -> io::Error {
    io::Error::other(trouble.why())
}

impl Read for FarLog {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.fetched().is_empty() && self.at < self.size {
            let numbers = [self.at + 1, PIECE as u64].map(|each| each.to_string());
            let words = [self.path.as_str(), numbers[0].as_str(), numbers[1].as_str()];
            let errand = Errand { most: PIECE, ..Errand::about(script!("piece.sh"), &words) };
            let said = self.far.run(&self.place, &errand).map_err(io_error)?;
            self.piece = (self.at, said.rest);
        }
        let fetched = self.fetched();
        let read = fetched.len().min(into.len());
        into[..read].copy_from_slice(&fetched[..read]);
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for FarLog {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
