//! `apply`: the job, unattended.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::builder::PossibleValuesParser;
use ecw_wizard::Exit;
use ecw_wizard::messages::opening::To;
use ecw_wizard::model::mode::{Changes, Mode, Unknown};
use ecw_wizard::model::plan_document::PlanDocument;
use ecw_wizard::model::press::Press;
use ecw_wizard::values::answers::{Key, Provenance};
use ecw_wizard::values::names::DeploymentName;

use super::context::Context;
use super::environment::Given;
use super::global::{Format, Global};
use super::input_files::answers_of;
use super::reporting::{code, complain};
use super::several::{self, Came};
use super::unattended::Locking;
use ecw_drive::unattended::Style;
use ecw_host::warn;

/// Does the job from an answers file and asks nothing. Without --yes it says what would change and
/// exits 13. A second run changes nothing and says `unchanged`; after a failure or a kill the same
/// command goes on where it stood.
#[derive(Debug, Args)]
pub(super) struct Apply {
    /// Answers (YAML, version 1)
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// An agreed plan.json: run only if the world still equals it, else exit 16
    #[arg(long, value_name = "FILE", conflicts_with = "answers")]
    plan: Option<PathBuf>,
    /// Really change things
    #[arg(long)]
    yes: bool,
    /// Only these chapters: configure, install, sns
    #[arg(long, value_delimiter = ',', value_name = "CHAPTERS", conflicts_with = "plan")]
    only: Vec<String>,
    /// Deploy again where nobody saw the last deploy end
    #[arg(long)]
    redo_unknown: bool,
    /// Press this button whenever it is offered; may be given several times
    #[arg(long, value_name = "BUTTON", value_parser = PossibleValuesParser::new(Press::ALL.map(Press::name)))]
    press: Vec<String>,
    /// Have another wizard leave; its running deploy goes on
    #[arg(long)]
    take_over: bool,
    /// Go on with an unfinished run as it was confirmed
    #[arg(long)]
    keep_changes: bool,
    /// How to report
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl Apply {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        let mode = if self.yes { Mode::Unattended } else { Mode::PlanOnly };
        let (given, plan) = match self.given() {
            Ok(read) => read,
            Err(why) => {
                warn!("{why}");
                return code(Exit::Usage);
            }
        };
        match several::named(global, &given) {
            Ok(names) if names.is_empty() => {}
            Ok(_) if plan.is_some() => {
                warn!("A plan is one deployment's: name one with --deployment.");
                return code(Exit::Usage);
            }
            Ok(names) => {
                let given = several::without_names(&given);
                return several::each(&names, self.format, |name| self.of_one(global, name, &given));
            }
            Err(why) => {
                warn!("{why}");
                return code(Exit::Usage);
            }
        }
        let mut context = match Context::answered(global, mode, given) {
            Ok(context) => context,
            Err(trouble) => return complain(&trouble, Exit::Preflight),
        };
        self.set_up(&mut context);
        if let Some(plan) = plan {
            if context.setup.change.is_none() {
                context.setup.change.clone_from(&plan.change);
            }
            context.setup.expected = Some(Box::new(plan));
        }
        if !self.yes {
            return super::plan::print(&context, self.format);
        }
        let style = if self.format == Format::Json { Style::Json } else { Style::Text };
        super::unattended::run_as(&context, style, To::Usual, self.locking())
    }

    fn locking(&self) -> Locking {
        if self.take_over { Locking::TakeOver } else { Locking::Wait }
    }

    fn of_one(&self, global: &Global, name: &DeploymentName, given: &Given) -> Came {
        let mode = if self.yes { Mode::Unattended } else { Mode::PlanOnly };
        let mut context = match Context::answered(&several::one(global, name), mode, given.clone()) {
            Ok(context) => context,
            Err(trouble) => {
                complain(&trouble, Exit::Preflight);
                return Came::stopped(Exit::Preflight);
            }
        };
        self.set_up(&mut context);
        if self.yes {
            super::unattended::one_of_several(&context, self.format, To::Usual, self.locking())
        } else {
            super::plan::one_of_several(&context, self.format)
        }
    }

    fn set_up(&self, context: &mut Context) {
        if self.redo_unknown {
            context.setup.unknown = Unknown::Redo;
        }
        if self.keep_changes {
            context.setup.changes = Changes::Kept;
        }
        context.setup.presses = self.press.iter().filter_map(|name| Press::parse(name)).collect();
    }

    /// Returns all answers that were given, and the plan that the world must still equal.
    fn given(&self) -> Result<(Given, Option<PlanDocument>), String> {
        let mut given = answers_of(self.answers.as_ref())?;
        let plan = self.take_plan(&mut given)?;
        self.take_chapters(&mut given)?;
        Ok((given, plan))
    }

    /// The plan brings the answers it was made from, and the world that it was made for.
    fn take_plan(&self, given: &mut Given) -> Result<Option<PlanDocument>, String> {
        let Some(path) = &self.plan else { return Ok(None) };
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
            given.push((key, value.clone(), Provenance::AnswersFile));
        }
        Ok(Some(plan))
    }

    fn take_chapters(&self, given: &mut Given) -> Result<(), String> {
        if let Some(chapter) =
            self.only.iter().find(|chapter| !["configure", "install", "sns"].contains(&chapter.as_str()))
        {
            return Err(format!("--only takes configure, install and sns; {chapter} is none of them"));
        }
        if !self.only.is_empty() {
            let has = |chapter: &str| self.only.iter().any(|each| each == chapter);
            let from = || Provenance::Flag("--only".to_owned());
            given.push((Key::WriteProfiles, has("configure").to_string(), from()));
            given.push((Key::Apply, has("install").to_string(), from()));
            given.push((Key::SnsWhen, if has("sns") { "now" } else { "later" }.to_owned(), from()));
        }
        Ok(())
    }
}
