//! `resume`: goes on with an unfinished run, or takes the receipt of whoever set SNS up by hand.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ecw_actions::open::ledger;
use ecw_actions::perform::perform;
use ecw_host::say;
use ecw_ports::LockAnswer;
use ecw_wizard::messages::opening::To;
use ecw_wizard::model::aws_report::{SubscriptionState, TopicsReport};
use ecw_wizard::model::journal::{Attestation, Entry, JOURNAL_VERSION, Record, Seen};
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::receipt::SnsReceipt;
use ecw_wizard::rules::status;
use ecw_wizard::state::Session;
use ecw_wizard::values::answers::{Key, Provenance};
use ecw_wizard::values::trouble::Trouble;
use ecw_wizard::{Effect, Event, Exit};

use super::context::Context;
use super::global::Global;
use super::input_files::bounded;
use super::reporting::{code, complain};
use super::wizard;
use crate::output::StatusRow;

/// Goes on with an unfinished run. With a receipt: looks in AWS whether SNS is set up as it says, or,
/// where that cannot be looked at, notes it on the receipt's word.
#[derive(Debug, Args)]
pub(super) struct Resume {
    /// The receipt.json of whoever set SNS up by hand
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
}

impl Resume {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        match self.receipt {
            None => wizard::go_on(global, To::Usual),
            Some(file) => take(global, &file).unwrap_or_else(|exit| exit),
        }
    }
}

fn take(global: &Global, file: &Path) -> Result<ExitCode, ExitCode> {
    let unusable = |why: String| {
        let what = format!("{} cannot be used: {why}.", file.display());
        complain(
            &Trouble::new(what, "Have set-up-sns.sh write it anew: sh set-up-sns.sh receipt"),
            Exit::Usage,
        )
    };
    let bytes = bounded(file).map_err(|error| unusable(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| unusable("it is not UTF-8".to_owned()))?;
    let receipt = SnsReceipt::parse(&text).map_err(unusable)?;
    let mut context =
        Context::real(global, Mode::Look).map_err(|trouble| complain(&trouble, Exit::Preflight))?;
    // Whose receipt is it? Read before it is taken for the answers.
    context.given.push((Key::SnsWhen, "later".to_owned(), Provenance::Flag("--receipt".to_owned())));
    if let Some(why) = of_another(&context.settled()?, &receipt) {
        return Err(unusable(why));
    }
    let from = || Provenance::Flag("--receipt".to_owned());
    context.given.pop();
    context.given.extend([
        (Key::SnsWhen, "now".to_owned(), from()),
        (Key::Region, receipt.topic.region.to_string(), from()),
        (Key::TopicArn, receipt.topic.to_string(), from()),
        (Key::Endpoint, receipt.endpoint.to_string(), from()),
    ]);
    let session = context.settled()?;
    let rows = status::sns(&session);
    for row in &rows {
        let row = StatusRow::of(row);
        say!("{}", ecw_halyard::redact(&format!("{:<8} {}: {}", row.verdict.word(), row.what, row.evidence)));
    }
    // The last is AWS Config's own state, which no receipt vouches for.
    let (claimed, delivery) = rows.split_at(rows.len().saturating_sub(1));
    let seen = match status::exit(claimed) {
        Exit::Done => Seen::InAws,
        Exit::CannotTell => Seen::OnlyThere,
        exit => {
            say!("Not noted: AWS does not show what the receipt says.");
            return Ok(code(exit));
        }
    };
    let receipt = if seen == Seen::InAws { as_seen(&session, &receipt) } else { receipt };
    note(&context, &receipt, seen)?;
    match seen {
        Seen::InAws => say!("Noted: SNS is set up, as seen in AWS."),
        Seen::OnlyThere => {
            say!("Noted on the receipt's word; it could not be looked at in AWS: {}", receipt.words());
        }
    }
    let delivers = receipt.delivery_topic.as_ref() == Some(&receipt.topic);
    let arrives = match seen {
        Seen::InAws => status::exit(delivery) == Exit::Done,
        Seen::OnlyThere => delivers,
    };
    if receipt.confirmed && arrives {
        return Ok(code(Exit::Done));
    }
    say!("No events will arrive yet: {}.", receipt.words());
    Ok(code(Exit::NotThere))
}

/// Why a receipt cannot be this Spinnaker's: it speaks of another endpoint, account or region than was
/// answered.
fn of_another(session: &Session, receipt: &SnsReceipt) -> Option<String> {
    let given = |key: Key| {
        let answer = session.answers().get(key).filter(|answer| answer.from.is_given())?;
        Some(answer.value.clone()).filter(|value| !value.is_empty())
    };
    let (account, region) = (receipt.topic.account.to_string(), receipt.topic.region.to_string());
    let differs = |what: &str, theirs: &str, ours: Option<String>| {
        let ours = ours.filter(|ours| ours != theirs)?;
        Some(format!("it is of {what} {theirs}, and the answers here name {ours}"))
    };
    let endpoint = given(Key::Endpoint).filter(|ours| !receipt.endpoint.is_same(ours));
    differs("endpoint", receipt.endpoint.as_str(), endpoint)
        .or_else(|| differs("account", &account, given(Key::Account)))
        .or_else(|| differs("region", &region, given(Key::Region)))
}

/// What AWS shows now, which may be more than the receipt says.
fn as_seen(session: &Session, receipt: &SnsReceipt) -> SnsReceipt {
    let mut seen = receipt.clone();
    if let Some(Ok(SubscriptionState::Confirmed { arn })) = session.facts().subscription() {
        (seen.subscription, seen.confirmed) = (Some(arn.clone()), true);
    }
    if let Some(Ok(TopicsReport { config: Ok(config), .. })) = session.facts().topics() {
        let named = config.channel.as_ref().and_then(|channel| channel.topic.clone());
        (seen.delivery_topic, seen.delivery_known) = (named, true);
    }
    seen
}

/// Writes it to the journal, with the lock held.
fn note(context: &Context, receipt: &SnsReceipt, seen: Seen) -> Result<(), ExitCode> {
    let store = &context.ports.store;
    match store.lock(&context.setup.actor) {
        LockAnswer::Ours(_) => {}
        LockAnswer::By(holder) => {
            let what = format!("Another event-cache-wizard works here: {holder}.");
            return Err(complain(&Trouble::new(what, "Wait until it has ended, then again."), Exit::Locked));
        }
        LockAnswer::Unwritable(why) | LockAnswer::Elsewhere(why) => {
            return Err(complain(&Trouble::new(why, "Nothing was noted."), Exit::Journal));
        }
        LockAnswer::Nowhere => {
            let what = "There is no hal directory in which this could be noted.";
            return Err(complain(
                &Trouble::new(what, "Name it: --hal-dir, --kustomize or --operator"),
                Exit::Preflight,
            ));
        }
    }
    let ledger = ledger(&**store).map_err(|trouble| complain(&trouble, Exit::Journal))?;
    let now = ecw_host::clock::Clock::default().now();
    let seq = ledger.seq.max(store.head().map_or(0, |head| head.seq)) + 1;
    let what = Attestation::SetUpByHand { receipt: Box::new(receipt.clone()), seen };
    let run = ledger.run.unwrap_or_else(|| context.setup.run.clone());
    let record = Record { v: JOURNAL_VERSION, seq, run, at: now.wall, entry: Entry::Attested { what } };
    let written = perform(&context.ports, Effect::Journal(record));
    store.unlock();
    match written {
        Some(Event::StoreFailed { trouble, .. }) => Err(complain(&trouble, Exit::Journal)),
        _ => Ok(()),
    }
}
