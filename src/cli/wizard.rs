//! The wizard itself: on a terminal, or line by line.

use std::process::ExitCode;

use ecw_core::Exit;
use ecw_core::session::Mode;
use ecw_core::summary::after_exit;

use super::context::Context;
use super::{Global, code, complain};
use crate::drive::{interactive, line, terminal};
use crate::lock::{Lock, Locked};
use crate::record::Recorder;

pub(super) fn run(global: &Global) -> ExitCode {
    match Context::real(global, Mode::Operator) {
        Ok(context) => with(context),
        Err(trouble) => complain(&trouble, Exit::Preflight),
    }
}

/// Runs the wizard in a context and says afterwards what came of it.
pub(super) fn with(context: Context) -> ExitCode {
    terminal::guard_panics();
    let lock = match Lock::take(&context.state_dir, &context.setup.actor) {
        Ok(lock) => Some(lock),
        Err(Locked::By(holder)) => {
            eprintln!("Another event-cache-wizard works here: {holder}");
            eprintln!("Wait until it has ended, or look with: event-cache-wizard status");
            return code(Exit::Locked);
        }
        // A state directory that cannot be written is said when something has to be written.
        Err(Locked::Unwritable) => None,
    };
    let session = match context.open() {
        Ok(session) => session,
        Err(trouble) => return complain(&trouble, Exit::Journal),
    };
    let recorder = Recorder::new(Some(&context.state_dir), &context.setup.run);
    let ended = if context.look.screen {
        interactive::run(
            session,
            context.ports.clone(),
            context.look.theme,
            context.runtime.handle(),
            recorder,
        )
    } else {
        line::run(session, context.ports.clone(), context.runtime.handle(), recorder)
    };
    drop(lock);
    match ended {
        Ok(session) => {
            let exit = session.exit.unwrap_or(Exit::Done);
            if exit != Exit::HangUp {
                println!("{}", after_exit(&session).join("\n"));
                println!("State and log:\n{}", context.state_dir.display());
            }
            code(exit)
        }
        Err(error) => {
            terminal::restore();
            eprintln!("The terminal cannot be used: {error}\nTry --plain.");
            code(Exit::Failed)
        }
    }
}
