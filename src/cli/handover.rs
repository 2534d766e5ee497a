//! `handover`: the files for whoever has the AWS rights.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use ecw_host::say;
use ecw_wizard::Exit;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::rules::handover;
use ecw_wizard::values::answers::{Key, Provenance};
use ecw_wizard::values::trouble::Trouble;

use super::context::Context;
use super::global::Global;
use super::input_files::answers_of;
use super::reporting::{code, complain};

/// Writes what whoever has the AWS rights needs to set SNS up: a README, an idempotent script on the aws
/// command line, templates for CloudFormation and Terraform, and the rights that it takes.
#[derive(Debug, Args)]
pub(super) struct HandOver {
    /// Answers; region, topic, endpoint and accounts are taken from them
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Where to write; made if it is not there
    #[arg(long, value_name = "DIR", default_value = "handover")]
    dir: PathBuf,
}

impl HandOver {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        let answers = match answers_of(self.answers.as_ref()) {
            Ok(answers) => answers,
            Err(why) => return complain(&Trouble::reason(why), Exit::Usage),
        };
        let mut context = match Context::answered(global, Mode::Look, answers) {
            Ok(context) => context,
            Err(trouble) => return complain(&trouble, Exit::Preflight),
        };
        // Nothing is asked of AWS: it is for those who may not.
        let from = Provenance::Flag("handover".to_owned());
        context.given.push((Key::SnsWhen, "later".to_owned(), from));
        let session = match context.settled() {
            Ok(session) => session,
            Err(exit) => return exit,
        };
        let written = std::fs::create_dir_all(&self.dir).and_then(|()| {
            handover::files(&session)
                .into_iter()
                .try_for_each(|(name, text)| std::fs::write(self.dir.join(name), text))
        });
        match written {
            Ok(()) => {
                say!("{}", self.dir.display());
                code(Exit::Done)
            }
            Err(error) => complain(
                &Trouble::new(
                    format!("{} cannot be written: {error}.", self.dir.display()),
                    "Name another directory: --dir DIR",
                ),
                Exit::Failed,
            ),
        }
    }
}
