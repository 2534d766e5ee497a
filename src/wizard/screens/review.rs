//! Review: every value with where it came from, what was checked, and what will be done.

use super::parts::{answered, looking, worst};
use crate::model::aws_report::TopicsReport;
use crate::model::check::{Check, CheckVerdict};
use crate::model::question::Question;
use crate::model::screen::Screen;
use crate::model::target_job::Extent;
use crate::rules::deploy_needs::daemon_checks;
use crate::rules::needed::skipped;
use crate::rules::{arrival, aws_config, plan};
use crate::state::Session;
use crate::steps::Intent;
use crate::ui::page::{Action, Block, Fact, Mark, Page, StepLine, Tone};
use crate::ui::pass::Pass;
use crate::values::answers::{Key, Provenance};
use crate::values::exit::Exit;

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new("Is this right?");
    let steps = plan::steps(session);
    if steps.is_empty() {
        page.text(Tone::Good, "Nothing has to change: everything is as wanted.");
    } else {
        page.text(Tone::Plain, "Nothing has changed so far. These steps change the system, in this order:");
        let lines = steps
            .iter()
            .map(|step| StepLine {
                mark: Mark::ToDo,
                text: step.describe(),
                note: step.usual_time().to_owned(),
            })
            .collect();
        page.push(Block::Steps(lines));
    }
    targets(&mut page, session);
    if let Some(why) = arrival::missing_in_plan(session) {
        page.text(Tone::Warning, format!("No events will arrive yet after this: {why}."));
    }
    page.heading("Go or no go");
    page.push(Block::Checks(table(session)));
    page.heading("Values");
    page.push(Block::Facts(values(session)));
    for (screen, label) in [
        (Screen::Prerequisites, "Change: Prerequisites"),
        (Screen::Version, "Change: Version"),
        (Screen::Configure, "Change: Configure"),
        (Screen::InstallPlan, "Change: Install plan"),
        (Screen::AwsIdentity, "Change: AWS identity"),
        (Screen::Targets, "Change: Targets"),
        (Screen::Topic, "Change: Topic"),
        (Screen::Endpoint, "Change: Endpoint"),
        (Screen::Delivery, "Change: Delivery"),
    ] {
        if !skipped(session, screen) {
            page.button(Action::GoTo(screen), label, "");
        }
    }
    if !steps.is_empty() {
        page.heading("What each step is for, and how it is undone");
        for (at, step) in steps.iter().enumerate() {
            page.text(Tone::Dim, format!("{}. {}: {}", at + 1, step.describe(), step.explain()));
        }
    }
    page.text(Tone::Plain, "");
    page.button(
        Action::Next,
        if steps.is_empty() { "Finish" } else { "Go ahead" },
        "asks once more before anything changes",
    );
    page.button(Action::CheckAgain, "Look at everything again", "");
    page
}

/// What is done at each target, and which will fail alone.
fn targets(page: &mut Page, session: &Session) {
    if !session.answers.sns_by_targets() {
        return;
    }
    page.heading("Targets");
    for name in session.former_targets() {
        let words =
            format!("{name}: no target any more, and left as it is; undo takes back what was set up there");
        page.text(Tone::Warning, words);
    }
    let Some(plans) = session.facts.targets_plan() else {
        looking(page, session, "what has to be done at each target", None);
        return;
    };
    for plan in plans {
        match plan.trouble() {
            Some(why) => page.text(Tone::Warning, format!("{}: will fail alone: {why}", plan.name)),
            None if plan.steps.is_empty() => page.text(Tone::Dim, format!("{}: as wanted", plan.name)),
            None => page.text(Tone::Plain, format!("{}: {}", plan.name, plan.steps.join("; "))),
        };
    }
}

fn values(session: &Session) -> Vec<Fact> {
    let sns = session.answers.sns_now();
    let by_targets = session.answers.sns_by_targets();
    let of_one = [Key::Account, Key::Region, Key::TopicArn, Key::ReplaceTopicArn];
    let of_sns =
        [Key::AwsProfile, Key::TopicName, Key::Endpoint, Key::ConfigDelivery, Key::WaitForConfirmation];
    let existing = session.answers.existing_topic().is_some();
    Key::ALL
        .iter()
        .filter(|key| sns || !of_one.contains(key))
        .filter(|key| sns || by_targets || !of_sns.contains(key))
        .filter(|key| !(existing && **key == Key::TopicName))
        .filter(|key| !key.passing() && **key != Key::Acknowledged)
        .filter_map(|key| {
            let mut fact = answered(session, *key)?;
            if session.answers.get(*key).is_some_and(|answer| answer.from == Provenance::Saved) {
                fact.note = "from your last visit".to_owned();
            }
            Some(fact)
        })
        .collect()
}

/// One line for the worst of some checks.
fn row(label: &str, checks: &[Check]) -> Check {
    let worst = worst(checks);
    let first = checks.iter().find(|check| check.verdict == worst && worst != CheckVerdict::Good);
    let detail = first.map_or_else(
        || "good".to_owned(),
        |check| {
            if check.label == label {
                check.detail.clone()
            } else {
                format!("{}: {}", check.label, check.detail)
            }
        },
    );
    Check::new(worst, label, detail)
}

fn table(session: &Session) -> Vec<Check> {
    let mut rows = Vec::new();
    rows.extend(session.facts.site().map(|site| row("hal directory", &site.checks)));
    rows.extend(daemon_checks(session).map(|checks| row("Halyard daemon", &checks)));
    let repository = session.facts.repository();
    rows.extend(repository.map(|repository| row("Plugin repository", &repository.checks)));
    if session.answers.sns_now() {
        rows.extend(session.facts.endpoint().map(|endpoint| row("Endpoint", &endpoint.checks)));
        if let Some(Ok(TopicsReport { config: Ok(config), .. })) = session.facts.topics() {
            let mut checks = aws_config::checks(session, config);
            if plan::steps(session).iter().any(|step| matches!(step, Intent::DeliverConfig(_))) {
                // What one of the steps above is for is nothing to warn of.
                checks.retain(|check| check.label != aws_config::CHANNEL);
            }
            rows.push(row("AWS Config", &checks));
        }
    } else if session.answers.sns_by_targets() {
        rows.extend(session.facts.endpoint().map(|endpoint| row("Endpoint", &endpoint.checks)));
    } else {
        rows.push(Check::new(CheckVerdict::Warning, "SNS", "not from here; the Summary says what is left"));
    }
    if !session.compatibility().tested() {
        rows.push(Check::new(
            CheckVerdict::Warning,
            "Compatibility",
            "outside the published matrix, on your word",
        ));
    }
    // What is not good comes first; a screen may be short.
    rows.sort_by_key(|row| std::cmp::Reverse(row.verdict));
    rows
}

/// It may be passed when every screen before it may, by `pass_of`.
pub(super) fn pass(session: &Session, pass_of: impl Fn(&Session, Screen) -> Pass) -> Pass {
    for screen in Screen::FLOW.into_iter().filter(|screen| screen.asks() && !skipped(session, *screen)) {
        match pass_of(session, screen) {
            Pass::Ready => {}
            Pass::Busy(what) => return Pass::Busy(what),
            Pass::Stuck(mut stuck) => {
                stuck.why = format!("{}: {}", screen.name(), stuck.why);
                return Pass::Stuck(stuck);
            }
        }
    }
    if session.facts.waits(|question| matches!(question, Question::Gate { .. } | Question::Profiles { .. })) {
        return Pass::Busy("Gate and the profiles".to_owned());
    }
    if session.setup.extent != Extent::Whole {
        return Pass::Ready;
    }
    match session.facts.profiles() {
        Some(_) => Pass::Ready,
        None => Pass::stuck("The profiles were not read.", Exit::Profile),
    }
}
