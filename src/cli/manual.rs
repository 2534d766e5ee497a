//! `completions` and `man`.

use std::path::Path;
use std::process::ExitCode;

use clap::CommandFactory;
use ecw_wizard::Exit;
use ecw_wizard::values::trouble::Trouble;

use super::arguments::Cli;
use super::reporting::{code, complain};
use ecw_host::put;

pub(super) fn completions(shell: clap_complete::Shell) -> ExitCode {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "event-cache-wizard", &mut text);
    put!("{}", String::from_utf8_lossy(&text));
    code(Exit::Done)
}

/// Prints the program's manual page, or writes those of all commands into a directory.
pub(super) fn pages(dir: Option<&Path>) -> ExitCode {
    let Some(dir) = dir else { return page() };
    let written = std::fs::create_dir_all(dir).and_then(|()| clap_mangen::generate_to(Cli::command(), dir));
    match written {
        Ok(()) => code(Exit::Done),
        Err(error) => {
            let why = format!("The manual pages cannot be written into {}: {error}.", dir.display());
            complain(&Trouble::new(why, "Name a directory that you may write to."), Exit::Failed)
        }
    }
}

fn page() -> ExitCode {
    let mut text = Vec::new();
    match clap_mangen::Man::new(Cli::command()).render(&mut text) {
        Ok(()) => {
            put!("{}", String::from_utf8_lossy(&text));
            code(Exit::Done)
        }
        Err(_) => code(Exit::Failed),
    }
}
