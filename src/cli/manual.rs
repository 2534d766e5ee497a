//! `completions` and `man`.

use std::process::ExitCode;

use clap::CommandFactory;
use ecw_core::Exit;

use super::{Cli, code};

pub(super) fn completions(shell: clap_complete::Shell) -> ExitCode {
    clap_complete::generate(shell, &mut Cli::command(), "event-cache-wizard", &mut std::io::stdout());
    code(Exit::Done)
}

pub(super) fn page() -> ExitCode {
    match clap_mangen::Man::new(Cli::command()).render(&mut std::io::stdout()) {
        Ok(()) => code(Exit::Done),
        Err(_) => code(Exit::Failed),
    }
}
