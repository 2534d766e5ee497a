//! `verify`: is what AWS Config publishes delivered? Asked for on purpose, because it has a snapshot made.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use ecw_halyard::redact;
use ecw_host::say;
use ecw_wizard::Exit;
use ecw_wizard::model::aws_report::{Channel, DeliveryStatus, TopicsReport};
use ecw_wizard::model::check::{Check, CheckVerdict};
use ecw_wizard::model::mode::Mode;
use ecw_wizard::rules::{plan, proof, status};
use ecw_wizard::state::Session;
use ecw_wizard::values::time::parse_span;

use super::context::Context;
use super::global::{Format, Global};
use super::reporting::{code, complain, print_json};
use crate::output::{StatusOutput, StatusRow, VERSION};

/// How often AWS Config is asked whether it has delivered.
const AGAIN: Duration = Duration::from_secs(2);

/// Asks AWS Config for a configuration snapshot, which it tells the topic about, and shows how deliveries
/// stand before and after; says what cannot be proved from here. Without --yes it only says what it would
/// do, and exits 13. Exits 0 when the snapshot was delivered and the stream does not fail, 8 when one of them
/// failed, 14 when AWS Config has not said.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// Really ask for the snapshot
    #[arg(long)]
    yes: bool,
    /// For how long at most: 90m, 45s, 2h
    #[arg(long, default_value = "2m", value_name = "TIME")]
    timeout: String,
    /// How to report
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl Verify {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        self.verified(global).unwrap_or_else(|exit| exit)
    }

    fn verified(&self, global: &Global) -> Result<ExitCode, ExitCode> {
        let Some(limit) = parse_span(&self.timeout) else {
            say!("--timeout takes a length of time, for example 90m, 45s or 2h");
            return Err(code(Exit::Usage));
        };
        let context =
            Context::real(global, Mode::Look).map_err(|trouble| complain(&trouble, Exit::Preflight))?;
        let session = context.settled()?;
        let rows = status::sns(&session);
        let ready = status::exit(&rows);
        let (Exit::Done, Some(channel)) = (ready, channel(&session)) else {
            let words = "Nothing was asked for: first these have to be there.";
            return Ok(self.print(&rows, if ready == Exit::Done { Exit::NotThere } else { ready }, words));
        };
        if !self.yes {
            let words = format!(
                "To ask AWS Config for a snapshot of channel {}, which goes to bucket {} and tells the topic: event-cache-wizard verify --yes",
                channel.name,
                channel.bucket.as_deref().unwrap_or("unknown")
            );
            return Ok(self.print(&rows, Exit::Pending, &words));
        }
        self.asked(&context, &session, channel, limit)
    }

    fn asked(
        &self,
        context: &Context,
        session: &Session,
        channel: &Channel,
        limit: u64,
    ) -> Result<ExitCode, ExitCode> {
        let (Some(place), Some(topic)) = (session.aws_place(), session.topic_arn()) else {
            return Err(code(Exit::CannotTell));
        };
        let aws = &context.ports.aws;
        // Without it nothing that comes could be told from what was there.
        let before = aws.delivery_status(&place).map_err(|trouble| complain(&trouble, Exit::Aws))?;
        let id =
            aws.deliver_snapshot(&place, &channel.name).map_err(|trouble| complain(&trouble, Exit::Aws))?;
        let clock = ecw_host::clock::Clock::default();
        let mut after: Option<DeliveryStatus> = None;
        while clock.now().mono < limit {
            after = aws.delivery_status(&place).ok().or(after);
            if after.as_ref().is_some_and(|after| proof::has_tried(&before, after)) {
                break;
            }
            std::thread::sleep(AGAIN);
        }
        let topic_report = session.facts().topic().and_then(|topic| topic.as_ref().ok());
        let ours = topic_report.and_then(|topic| plan::our_subscription(session, topic));
        let redrive = ours.and_then(|ours| ours.attributes.as_ref()?.redrive_policy.as_deref());
        let rows = proof::proof(&before, after.as_ref(), &topic, redrive);
        // What only others can see is not held against it; a stream that did not change proves nothing.
        let exit = match (rows[0].verdict, rows[1].verdict) {
            (_, CheckVerdict::Bad) => Exit::NotThere,
            (snapshot, _) => status::exit(&[Check::new(snapshot, "", "")]),
        };
        Ok(self.print(&rows, exit, &format!("Asked AWS Config for a snapshot: {id}")))
    }

    fn print(&self, rows: &[Check], exit: Exit, words: &str) -> ExitCode {
        let checks: Vec<StatusRow> = rows.iter().map(StatusRow::of).collect();
        match self.format {
            Format::Text => {
                for row in &checks {
                    say!("{}", redact(&format!("{:<8} {}: {}", row.verdict.word(), row.what, row.evidence)));
                    for line in row.remedy.iter().flat_map(|remedy| remedy.lines()) {
                        say!("         {}", redact(line));
                    }
                }
                say!("{words}");
            }
            Format::Json => print_json(&StatusOutput {
                version: VERSION,
                exit: exit.code(),
                message: Some(words.to_owned()),
                checks,
            }),
        }
        code(exit)
    }
}

/// The channel that delivers to the topic.
fn channel(session: &Session) -> Option<&Channel> {
    match session.facts().topics()? {
        Ok(TopicsReport { config: Ok(config), .. }) => config.channel.as_ref(),
        _ => None,
    }
}
