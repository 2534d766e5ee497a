//! A part of a log as it is shown: lines with their places in the file, never the whole of it.

use serde::{Deserialize, Serialize};

/// A log that can be read on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Log {
    /// hal's, of a deploy by its number.
    Deploy(u64),
    /// The AWS calls.
    Aws,
}

/// Which way is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Towards the end.
    On,
    /// Towards the begin.
    Back,
}

/// Which part of a log is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LogPlace {
    /// Its last lines.
    End,
    /// From the line that is so many lines after (or before) the one at an offset.
    Lines {
        /** offset of a line, bytes */
        at: u64,
        /** how many lines on */
        by: i64,
    },
    /// From the next line that holds these words, in any letter case.
    Find {
        words: String,
        /** from this offset on, bytes */
        from: u64,
        way: Way,
    },
    /// From the first line that tells of an error.
    FirstError,
}

/// A part of a log to be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LogWanted {
    pub log: Log,
    pub place: LogPlace,
    /// Lines.
    pub rows: usize,
}

/// A line of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LogLine {
    /// Its offset in the file, bytes.
    pub at: u64,
    /// Cleaned and without secrets.
    pub text: String,
}

/// A part of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LogPage {
    /// Where the file is.
    pub path: String,
    /// Its length, bytes.
    pub size: u64,
    pub lines: Vec<LogLine>,
    /// Offset behind the last line, bytes.
    pub end: u64,
    /// What was searched for is not there; the lines are those from where the search began.
    pub missed: bool,
}
