//! The wizard itself: on a terminal, or line by line.

use std::process::ExitCode;

use ecw_wizard::messages::opening::To;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::rules::summary::after_exit;
use ecw_wizard::{Exit, update};

use super::context::Context;
use super::environment::Given;
use super::global::Global;
use super::place::Finding;
use super::reporting::{code, complain};
use ecw_actions::open::ledger;
use ecw_actions::perform::ended_without_leaving;
use ecw_drive::{interactive, line, terminal};
use ecw_host::clock::Clock;
use ecw_host::record::Recorder;
use ecw_host::{say, warn};
use ecw_ports::LockAnswer;

/// Opens the wizard.
pub(super) fn run(global: &Global) -> ExitCode {
    match Context::real(global, Mode::Operator) {
        Ok(context) => with(context, To::Usual),
        Err(trouble) => complain(&trouble, Exit::Preflight),
    }
}

/// Goes on with an unfinished run; says so when there is none.
pub(super) fn go_on(global: &Global, to: To) -> ExitCode {
    let context = match Context::found(global, Mode::Operator, Given::new(), Finding::Now) {
        Ok(context) => context,
        Err(trouble) => return complain(&trouble, Exit::Preflight),
    };
    match ledger(&*context.ports.store) {
        Ok(ledger) if ledger.unfinished() => with(context, to),
        Ok(_) => {
            say!("There is no unfinished run here: {}", context.place.get().words());
            say!("How it stands: event-cache-wizard status");
            code(Exit::NotThere)
        }
        Err(trouble) => complain(&trouble, Exit::Journal),
    }
}

/// Runs the wizard in a context and says afterwards what came of it.
pub(super) fn with(mut context: Context, to: To) -> ExitCode {
    let (message, holder) = match lock(&context) {
        Ok(found) => found,
        Err(exit) => return exit,
    };
    if holder.is_some() {
        context.setup.mode = Mode::Watch;
    }
    let mut opening = match context.opening() {
        Ok(opening) => opening,
        Err(trouble) => return complain(&trouble, Exit::Journal),
    };
    // Who reads along writes nothing.
    let events = holder.is_none().then(|| context.place.clone());
    opening.message = opening.message.or(message);
    (opening.holder, opening.to) = (holder, to);
    if let (true, Ok(size)) = (context.look.screen, crossterm::terminal::size()) {
        opening.size = size;
    }
    let mut recorder = Recorder::new(events, &context.setup.run);
    let now = Clock::default().now();
    recorder.opened(&opening, now);
    let session = update::open(opening, context.setup.clone(), now);
    let ended = if context.look.screen {
        interactive::run(
            session,
            context.ports.clone(),
            (context.look.theme, context.look.understands),
            context.runtime.handle(),
            recorder,
        )
    } else {
        line::run(session, context.ports.clone(), context.runtime.handle(), recorder)
    };
    context.ports.store.unlock();
    match ended {
        Ok(session) => {
            let exit = session.exit().unwrap_or(Exit::Done);
            if exit != Exit::HangUp {
                say!("{}", ecw_halyard::redact(&after_exit(&session).join("\n")));
                say!("State and log:\n{}", context.place.get().words());
            }
            code(exit)
        }
        Err(error) => {
            terminal::restore();
            warn!("The terminal cannot be used: {error}\nTry --plain.");
            code(Exit::Failed)
        }
    }
}

/// Takes the lock; returns a message for the first frame, and who works here where somebody does.
fn lock(context: &Context) -> Result<(Option<String>, Option<String>), ExitCode> {
    Ok(match context.ports.store.lock(&context.setup.actor) {
        LockAnswer::Ours(stale) => (stale.as_deref().map(ended_without_leaving), None),
        // Line by line there is nothing to read along on.
        LockAnswer::By(holder) if !context.look.screen => {
            warn!("Another event-cache-wizard works here: {holder}");
            warn!("Wait until it has ended, read along on a terminal, or: event-cache-wizard status");
            return Err(code(Exit::Locked));
        }
        LockAnswer::By(holder) => (None, Some(holder)),
        LockAnswer::Unwritable(why) => {
            let place = context.place.get().words();
            (
                Some(format!("State cannot be written: {place}: {why}. Nothing can be done before it can.")),
                None,
            )
        }
        LockAnswer::Elsewhere(why) => {
            warn!("{why}");
            return Err(code(Exit::Journal));
        }
        // That there is no hal directory is said on the first screen.
        LockAnswer::Nowhere => (None, None),
    })
}
