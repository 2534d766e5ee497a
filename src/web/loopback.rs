//! A single question to what is near: a daemon, or a stand-in of a rehearsal.

use std::ops::ControlFlow;

use ecw_wizard::values::trouble::Trouble;

use crate::client::{Asked, Client, Head, Proxies};
use crate::trust::Trust;

/// Asks a stand-in on loopback, past any proxy; its answer's body is bounded.
///
/// # Errors
/// In words, when nothing answers in time or its answer is longer.
pub fn ask(asked: &Asked<'_>, most: usize) -> Result<(Head, String), Trouble> {
    asked_by(&Client::new(&Trust::Nobody, Proxies::None)?, asked, most)
}

/// Asks whoever a URL names, through the environment's proxies; its answer's body is bounded.
///
/// # Errors
/// In words, when nothing answers in time or its answer is longer.
pub fn ask_by_url(asked: &Asked<'_>, most: usize) -> Result<(Head, String), Trouble> {
    let trust = if asked.url.starts_with("https:") { Trust::Machine } else { Trust::Nobody };
    asked_by(&Client::new(&trust, Proxies::Environment)?, asked, most)
}

fn asked_by(client: &Client, asked: &Asked<'_>, most: usize) -> Result<(Head, String), Trouble> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Trouble::reason)?;
    let mut body = Vec::new();
    let head = runtime.block_on(client.ask(asked, &mut |piece| {
        if body.len() + piece.len() > most {
            return Err(std::io::Error::other("it is unreasonably long"));
        }
        body.extend_from_slice(piece);
        Ok(ControlFlow::Continue(()))
    }))?;
    Ok((head, String::from_utf8_lossy(&body).into_owned()))
}
