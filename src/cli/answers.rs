//! `answers`: the answers of the last visit as a file for unattended runs, or a template.

use std::process::ExitCode;

use clap::Args;
use ecw_wizard::Exit;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::values::answers_file;

use super::context::Context;
use super::global::Global;
use super::reporting::{code, complain};
use ecw_host::clock::Clock;
use ecw_host::put;

/// Prints the answers of the last visit as a file for `apply`, or a commented template.
#[derive(Debug, Args)]
pub(super) struct PrintAnswers {
    /// A commented template instead
    #[arg(long)]
    template: bool,
}

impl PrintAnswers {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        if self.template {
            put!("{}", include_str!("../../assets/answers-template.yml"));
            return code(Exit::Done);
        }
        let opened = Context::real(global, Mode::PlanOnly).and_then(|context| {
            let now = Clock::default().now();
            Ok(ecw_wizard::update::open(context.opening()?, context.setup.clone(), now))
        });
        match opened {
            Ok(session) => {
                put!("{}", answers_file::write(session.answers()));
                code(Exit::Done)
            }
            Err(trouble) => complain(&trouble, Exit::Journal),
        }
    }
}
