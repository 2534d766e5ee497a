//! `completions` and `man`.

use std::process::ExitCode;

use clap::CommandFactory;
use ecw_wizard::Exit;

use super::arguments::Cli;
use super::reporting::code;
use ecw_host::put;

pub(super) fn completions(shell: clap_complete::Shell) -> ExitCode {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "event-cache-wizard", &mut text);
    put!("{}", String::from_utf8_lossy(&text));
    code(Exit::Done)
}

pub(super) fn page() -> ExitCode {
    let mut text = Vec::new();
    match clap_mangen::Man::new(Cli::command()).render(&mut text) {
        Ok(()) => {
            put!("{}", String::from_utf8_lossy(&text));
            code(Exit::Done)
        }
        Err(_) => code(Exit::Failed),
    }
}
