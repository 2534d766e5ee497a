//! `wait`: until the services are ready, or the subscription is confirmed.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use ecw_wizard::Exit;
use ecw_wizard::model::goal::Goal;
use ecw_wizard::model::mode::{Looking, Mode};
use ecw_wizard::values::time::parse_span;

use super::context::Context;
use super::global::{Format, Global};
use super::reporting::{code, complain};
use super::status;
use ecw_drive::unattended::Style;
use ecw_host::warn;

/// Looks again and again until it is there, and changes nothing. Exits 0 then, 124 when time is up,
/// 8 when it will not come by itself.
#[derive(Debug, Args)]
pub(super) struct Wait {
    /// What to wait for
    #[arg(long = "for", value_enum, value_name = "WHAT")]
    what: What,
    /// For how long at most: 90m, 45s, 2h
    #[arg(long, default_value = "90m", value_name = "TIME")]
    timeout: String,
    /// How to report
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// Gate and Clouddriver run with the plugin
    Ready,
    /// Gate has confirmed its subscription
    Confirmed,
}

impl Wait {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        let Some(limit) = parse_span(&self.timeout) else {
            warn!("--timeout takes a length of time, for example 90m, 45s or 2h; {} is none", self.timeout);
            return code(Exit::Usage);
        };
        let goal = match self.what {
            What::Ready => Goal::Ready,
            What::Confirmed => Goal::Confirmed,
        };
        let mut context = match Context::real(global, Mode::Look) {
            Ok(context) => context,
            Err(trouble) => return complain(&trouble, Exit::Preflight),
        };
        context.setup.looking = Looking { goal, wait: Some(limit) };
        let style = if self.format == Format::Text { Style::Heartbeat } else { Style::Quiet };
        match context.settled_as(style) {
            Ok(session) => status::print(&session, goal, self.format),
            Err(exit) => exit,
        }
    }
}
