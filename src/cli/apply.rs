//! `apply`: the job, unattended.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use ecw_core::Exit;
use ecw_core::answers::{Key, Provenance};
use ecw_core::answers_file;
use ecw_core::opening::To;
use ecw_core::session::Mode;

use super::context::Context;
use super::{Format, Global, code, complain};
use crate::drive::unattended::Style;

/// Does the job from an answers file and asks nothing. Without --yes it says what would change and
/// exits 13. A second run changes nothing and says `unchanged`; after a failure or a kill the same
/// command goes on where it stood.
#[derive(Debug, Args)]
pub(super) struct Apply {
    /// Answers (YAML, version 1); every key is optional where a default or detection exists
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// A plan.json that was agreed to: run only if the world still equals it, else exit 16 and name
    /// each difference
    #[arg(long, value_name = "FILE", conflicts_with = "answers")]
    plan: Option<PathBuf>,
    /// Really change things
    #[arg(long)]
    yes: bool,
    /// Only these chapters: configure, install, sns
    #[arg(long, value_delimiter = ',', value_name = "CHAPTERS", conflicts_with = "plan")]
    only: Vec<String>,
    /// How to report
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Reads an answers file into the context.
pub(super) fn take_answers(context: &mut Context, file: Option<&PathBuf>) -> Result<(), String> {
    let Some(file) = file else { return Ok(()) };
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    for (key, value) in answers_file::read(&text).map_err(|error| error.to_string())? {
        context.given.push((key, value, Provenance::AnswersFile));
    }
    Ok(())
}

impl Apply {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        let mode = if self.yes { Mode::Unattended } else { Mode::PlanOnly };
        let mut context = match Context::real(global, mode) {
            Ok(context) => context,
            Err(trouble) => return complain(&trouble, Exit::Preflight),
        };
        let taken = take_answers(&mut context, self.answers.as_ref())
            .and_then(|()| self.take_plan(&mut context))
            .and_then(|()| self.take_chapters(&mut context));
        if let Err(why) = taken {
            eprintln!("{why}");
            return code(Exit::Usage);
        }
        if !self.yes {
            return super::plan::print(&context, self.format);
        }
        let style = if self.format == Format::Json { Style::Json } else { Style::Text };
        context.run(style, To::Usual)
    }

    /// The plan brings the answers it was made from, and the world that it was made for.
    fn take_plan(&self, context: &mut Context) -> Result<(), String> {
        let Some(path) = &self.plan else { return Ok(()) };
        let plan = super::plan::read(path)?;
        for (name, value) in &plan.answers {
            if value.contains(ecw_halyard::HIDDEN) {
                return Err(format!(
                    "{}: {name} holds a secret that was taken out; use --answers",
                    path.display()
                ));
            }
            let key = Key::ALL.iter().copied().find(|key| key.path() == name);
            let key = key.ok_or_else(|| format!("{}: unknown answer {name}", path.display()))?;
            context.given.push((key, value.clone(), Provenance::AnswersFile));
        }
        if context.setup.change.is_none() {
            context.setup.change.clone_from(&plan.change);
        }
        context.setup.expected = Some(Box::new(plan));
        Ok(())
    }

    fn take_chapters(&self, context: &mut Context) -> Result<(), String> {
        if let Some(chapter) =
            self.only.iter().find(|chapter| !["configure", "install", "sns"].contains(&chapter.as_str()))
        {
            return Err(format!("--only takes configure, install and sns; {chapter} is none of them"));
        }
        if !self.only.is_empty() {
            let has = |chapter: &str| self.only.iter().any(|each| each == chapter);
            let from = || Provenance::Flag("--only".to_owned());
            context.given.push((Key::WriteProfiles, has("configure").to_string(), from()));
            context.given.push((Key::Apply, has("install").to_string(), from()));
            context.given.push((Key::SnsWhen, if has("sns") { "now" } else { "later" }.to_owned(), from()));
        }
        Ok(())
    }
}
