//! Parts of a log, read in pieces: a log of a gigabyte takes no more memory than a short one.

use std::io::{self, Read, SeekFrom};

use ecw_ports::{OpenLog, Ports, ReadSeek};
use ecw_wizard::model::log_page::{LogLine, LogPage, LogPlace, LogWanted, Way};
use ecw_wizard::values::trouble::Trouble;
use memchr::memmem;

/// A piece that is read at once, bytes.
const PIECE: usize = 256 * 1024;
/// A line is shown up to here, and a longer one counts as several, bytes.
const LONGEST: usize = 16 * 1024;
/// What tells of an error, in lower case.
const ERRORS: [&str; 4] = ["error", "exception", "failed", "fatal"];

/// Returns a part of a log.
pub(crate) fn read(ports: &Ports, wanted: &LogWanted) -> Result<LogPage, Trouble> {
    let failed = |error: &io::Error| {
        Trouble::new(format!("The log cannot be read: {error}."), "It stands in the state directory.")
    };
    match ports.commands.log(wanted.log).map_err(|error| failed(&error))? {
        None => Err(Trouble::new("There is no log yet.", "It comes with the first line that is written.")),
        Some(mut log) => page(&mut log, wanted).map_err(|error| failed(&error)),
    }
}

fn page(log: &mut OpenLog, wanted: &LogWanted) -> io::Result<LogPage> {
    let file = &mut *log.file;
    let size = file.seek(SeekFrom::End(0))?;
    let mut missed = false;
    let begin = match &wanted.place {
        LogPlace::End => back(file, size, wanted.rows)?,
        LogPlace::Lines { at, by: 0 } => *at,
        LogPlace::Lines { at, by } if *by < 0 => {
            back(file, *at, usize::try_from(by.unsigned_abs()).unwrap_or(usize::MAX))?
        }
        LogPlace::Lines { at, by } => {
            let last = back(file, size, wanted.rows)?;
            on(file, *at, usize::try_from(*by).unwrap_or(usize::MAX))?.min(last.max(*at))
        }
        LogPlace::Find { words, from, way } => {
            let low = words.to_ascii_lowercase();
            let mut found = find(file, &[low.as_str()], *from, *way)?;
            if found.is_none() && *way == Way::On && *from > 0 {
                // From the begin again.
                found = find(file, &[low.as_str()], 0, *way)?;
            }
            missed = found.is_none();
            found.unwrap_or(*from)
        }
        LogPlace::FirstError => {
            let found = find(file, &ERRORS, 0, Way::On)?;
            missed = found.is_none();
            found.unwrap_or(0)
        }
    };
    let (lines, end) = lines(file, begin, wanted.rows)?;
    Ok(LogPage { path: log.path.clone(), size, lines, end, missed })
}

fn piece(file: &mut dyn ReadSeek, at: u64, length: usize) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::with_capacity(length);
    file.take(length as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns so many lines from an offset on, and the offset behind them.
fn lines(file: &mut dyn ReadSeek, begin: u64, rows: usize) -> io::Result<(Vec<LogLine>, u64)> {
    let mut out = Vec::new();
    let mut at = begin;
    while out.len() < rows {
        let bytes = piece(file, at, LONGEST)?;
        if bytes.is_empty() {
            break;
        }
        let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| end + 1);
        let text = String::from_utf8_lossy(&bytes[..end]);
        let text = ecw_halyard::redact(&ecw_halyard::clean(text.trim_end_matches(['\r', '\n']), LONGEST));
        out.push(LogLine { at, text });
        at += end as u64;
    }
    Ok((out, at))
}

/// Returns the offset of the line that stands so many lines before an offset.
fn back(file: &mut dyn ReadSeek, from: u64, lines: usize) -> io::Result<u64> {
    let mut at = from;
    for _ in 0..lines {
        let length = at.min(LONGEST as u64);
        if length == 0 {
            break;
        }
        let bytes = piece(file, at - length, usize::try_from(length).unwrap_or(LONGEST))?;
        // The newline at its end is the line's own.
        let before = &bytes[..bytes.len().saturating_sub(1)];
        let begin = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        at = at - length + begin as u64;
    }
    Ok(at)
}

/// Returns the offset of the line that stands so many lines after one.
fn on(file: &mut dyn ReadSeek, from: u64, by: usize) -> io::Result<u64> {
    let mut at = from;
    for _ in 0..by {
        let bytes = piece(file, at, LONGEST)?;
        if bytes.is_empty() {
            break;
        }
        at += bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| end + 1) as u64;
    }
    Ok(at)
}

/// Returns the offset of the next line that holds one of some words, which are in lower case.
fn find(file: &mut dyn ReadSeek, words: &[&str], from: u64, way: Way) -> io::Result<Option<u64>> {
    let longest = words.iter().map(|word| word.len()).max().unwrap_or(0).max(1);
    let hit = |bytes: &[u8]| {
        let low = bytes.to_ascii_lowercase();
        let places = words.iter().filter(|word| !word.is_empty());
        match way {
            Way::On => places.filter_map(|word| memmem::find(&low, word.as_bytes())).min(),
            Way::Back => places.filter_map(|word| memmem::rfind(&low, word.as_bytes())).max(),
        }
    };
    let mut at = from;
    loop {
        let begin = match way {
            Way::On => at,
            Way::Back => at.saturating_sub(PIECE as u64),
        };
        let length = match way {
            Way::On => PIECE,
            Way::Back => usize::try_from(at - begin).unwrap_or(PIECE),
        };
        let bytes = piece(file, begin, length)?;
        if let Some(hit) = hit(&bytes) {
            return back(file, begin + hit as u64 + 1, 1).map(Some);
        }
        // Pieces overlap, so that no word is cut in two.
        match way {
            Way::On if bytes.len() < PIECE => return Ok(None),
            Way::On => at = begin + (bytes.len() - longest) as u64,
            Way::Back if begin == 0 => return Ok(None),
            Way::Back => at = begin + longest as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ecw_wizard::model::log_page::Log;
    use std::io::Cursor;

    fn shown(text: &str, place: LogPlace, rows: usize) -> (Vec<String>, bool) {
        let mut log =
            OpenLog { path: "log".to_owned(), file: Box::new(Cursor::new(text.to_owned().into_bytes())) };
        let page = page(&mut log, &LogWanted { log: Log::Aws, place, rows }).unwrap_or_default();
        (page.lines.into_iter().map(|line| line.text).collect(), page.missed)
    }

    #[test]
    fn a_log_is_read_at_its_end_and_line_by_line_both_ways() {
        let text = "one\ntwo\nthree\nfour\n";
        let lines = |place| shown(text, place, 2).0;
        assert_eq!(lines(LogPlace::End), ["three", "four"]);
        assert_eq!(lines(LogPlace::Lines { at: 8, by: -1 }), ["two", "three"]);
        assert_eq!(lines(LogPlace::Lines { at: 4, by: 1 }), ["three", "four"]);
        assert_eq!(lines(LogPlace::Lines { at: 4, by: 9 }), ["three", "four"], "never past the last page");
        assert_eq!(lines(LogPlace::Lines { at: 8, by: -9 }), ["one", "two"]);
        assert_eq!(shown("", LogPlace::End, 2).0, Vec::<String>::new());
    }

    #[test]
    fn words_are_found_both_ways_over_the_borders_of_pieces() {
        let filler = "x".repeat(99);
        let mut text: Vec<String> = (0..6_000).map(|line| format!("{line:05}{filler}")).collect();
        // 105 bytes a line: these stand across the first borders of pieces of 256 KiB.
        for at in [2_496, 2_497, 4_993] {
            text[at] = format!("{at} Exception {}", "y".repeat(84));
        }
        let text = text.join("\n");
        let at = |place| shown(&text, place, 1).0[0].split(' ').next().unwrap_or_default().to_owned();
        assert_eq!(at(LogPlace::FirstError), "2496");
        let find = |words: &str, from, way| LogPlace::Find { words: words.to_owned(), from, way };
        assert_eq!(at(find("EXCEPTION", 2_498 * 105, Way::On)), "4993");
        assert_eq!(at(find("exception", 4_993 * 105, Way::Back)), "2497");
        assert!(shown(&text, find("nowhere", 0, Way::On), 1).1);
        assert!(shown(&text, find("nowhere", 300_000, Way::Back), 1).1);
    }
}
