//! What changed since the last visit, item by item.

use crate::question::ProfileOutcome;
use crate::session::Session;
use crate::step::Intent;

/// Returns what no longer is as the unfinished run left or found it.
#[must_use]
pub fn drift(session: &Session) -> Vec<String> {
    let mut lines = Vec::new();
    let profiles = session.facts.profiles();
    for row in &session.ledger.rows {
        match &row.intent {
            Intent::WriteProfile { file, before, after, .. } => {
                let now = profiles.and_then(|profiles| profiles.files.iter().find(|each| each.file == *file));
                let Some(now) = now else { continue };
                let known = now.before == *before || now.before.as_ref() == Some(after);
                if !known && !matches!(now.outcome, ProfileOutcome::Unchanged { .. }) {
                    lines.push(format!("{file} was edited since; it is read again before it is written"));
                }
            }
            Intent::CreateTopic { arn, .. } | Intent::Subscribe { arn, .. } => {
                if let Some(account) = session.account().filter(|account| *account != arn.account) {
                    let line =
                        format!("AWS account is now {account}; the run was confirmed for {}", arn.account);
                    if !lines.contains(&line) {
                        lines.push(line);
                    }
                }
            }
            _ => {}
        }
    }
    lines
}
