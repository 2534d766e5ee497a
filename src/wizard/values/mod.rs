//! What everything else is made of: names, times, troubles, answers. Nothing here knows of a step or a screen.

pub mod actor;
pub mod answers;
pub mod answers_file;
pub mod aws_trouble;
pub mod choices;
pub mod exit;
pub mod facts;
pub mod halyard_in;
pub mod names;
pub mod nearest_key;
pub mod provenance;
pub mod redaction;
pub mod road;
pub mod shell_words;
pub mod tags;
pub mod targets;
pub mod time;
pub mod trouble;
pub mod validation;
