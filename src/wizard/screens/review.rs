//! Review: every value with where it came from, what was checked, and what will be done.

use super::parts::{answered, fact, looking, toggled, worst};
use super::{configure, endpoint, install_plan, topic};
use crate::model::aws_report::TopicsReport;
use crate::model::check::{Check, CheckVerdict};
use crate::model::question::Question;
use crate::model::screen::Screen;
use crate::model::target_job::Extent;
use crate::rules::deploy_needs::daemon_checks;
use crate::rules::needed::skipped;
use crate::rules::{arrival, aws_config, plan};
use crate::state::Session;
use crate::steps::{Intent, StepKind};
use crate::ui::diff::{counted, near};
use crate::ui::page::{Action, Block, Fact, Fold, ItemId, Page, Tone};
use crate::ui::pass::Pass;
use crate::values::answers::{Key, Provenance};
use crate::values::exit::Exit;

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new("Is this right? Nothing has changed so far.");
    let steps = plan::steps(session);
    // What would make all of it vain stands first.
    if let Some(why) = arrival::missing_in_plan(session) {
        page.text(Tone::Warning, format!("No events will arrive yet after this: {why}."));
    }
    if steps.is_empty() {
        page.text(Tone::Good, "Nothing has to change: everything is as wanted.");
    }
    files(&mut page, session, &steps);
    group(&mut page, "DEPLOY", &steps, |kind| {
        matches!(kind, StepKind::ApplyDeployment | StepKind::AwaitRollout)
    });
    group(&mut page, "AWS", &steps, StepKind::in_aws);
    policy(&mut page, session, &steps);
    targets(&mut page, session);
    let looks = table(session);
    let doubts: Vec<Check> =
        looks.iter().filter(|check| check.verdict != CheckVerdict::Good).cloned().collect();
    if !doubts.is_empty() {
        page.push(Block::Heading("WARNINGS".to_owned()));
        page.push(Block::Checks(doubts));
    }
    undone(&mut page, &steps);
    page.push(Block::Gap);
    more(&mut page, session, &looks, &steps);
    page.button(
        Action::Next,
        if steps.is_empty() { "Finish" } else { "Go ahead" },
        if steps.is_empty() {
            "nothing to change; ends here"
        } else {
            "asks once more before anything changes"
        },
    );
    page.button(Action::CheckAgain, "Refresh all", "");
    page
}

/// The profiles, each with its difference behind it.
fn files(page: &mut Page, session: &Session, steps: &[Intent]) {
    let Some(profiles) = session.facts.profiles() else { return };
    if !steps.iter().any(|step| step.step().kind == StepKind::WriteProfile) {
        return;
    }
    page.push(Block::Heading("FILES".to_owned()));
    for (at, file) in profiles.files.iter().enumerate() {
        if file.diff.is_empty() {
            page.push(Block::Facts(vec![fact(&file.file, configure::summary(file), "")]));
            continue;
        }
        let open = toggled(session, Fold::Profile(at));
        let enter = if open { "hide the difference" } else { "show the difference" };
        page.row(ItemId::Fold(Fold::Profile(at)), &file.file, configure::summary(file), enter);
        if open {
            page.push(Block::Diff { of: file.file.clone(), lines: file.diff.clone() });
        }
    }
}

/// The steps of a kind: Enter leads to where each is decided, and back.
fn group(page: &mut Page, name: &str, steps: &[Intent], of: impl Fn(StepKind) -> bool) {
    let mine = || steps.iter().enumerate().filter(|(_, step)| of(step.step().kind));
    if mine().next().is_none() {
        return;
    }
    page.push(Block::Heading(name.to_owned()));
    for (stage, (at, step)) in mine().enumerate() {
        let words = format!("{} ({})", step.describe(), step.usual_time());
        let kind = step.step().kind;
        let label = if kind == StepKind::ApplyDeployment {
            format!("Stage {}", stage + 1)
        } else {
            part(kind).to_owned()
        };
        page.row(ItemId::Step(at), label, words, "change");
    }
}

/// What changes in the topic's access policy, behind a row.
fn policy(page: &mut Page, session: &Session, steps: &[Intent]) {
    let Some(Ok(topic)) = session.facts.topic() else { return };
    let changes = near(&topic.policy_diff);
    if changes.is_empty() || !steps.iter().any(|step| step.step().kind == StepKind::AllowPublish) {
        return;
    }
    let open = toggled(session, Fold::Policy);
    let enter = if open { "hide the difference" } else { "show the difference" };
    let value = format!("{}  the rest stays", counted(&changes).unwrap_or_default());
    page.row(ItemId::Fold(Fold::Policy), "Access policy", value, enter);
    if open {
        page.push(Block::Diff { of: "Access policy".to_owned(), lines: changes });
    }
}

/// How each part is taken back, in a line.
fn undone(page: &mut Page, steps: &[Intent]) {
    if steps.is_empty() {
        return;
    }
    page.push(Block::Heading("UNDO".to_owned()));
    let mut kinds: Vec<StepKind> = Vec::new();
    for step in steps {
        let kind = step.step().kind;
        if !kinds.contains(&kind) {
            kinds.push(kind);
            let how = step.taken_back_by();
            // What restarts services takes as long again.
            let words = if kind == StepKind::ApplyDeployment {
                format!("{how} ({})", step.usual_time())
            } else {
                how.to_owned()
            };
            page.push(Block::Facts(vec![fact(part(kind), words, "")]));
        }
    }
}

fn part(kind: StepKind) -> &'static str {
    match kind {
        StepKind::WriteProfile => "Files",
        StepKind::ApplyDeployment => "Deploy",
        StepKind::AwaitRollout => "Rollout",
        StepKind::CreateTopic => "Topic",
        StepKind::AllowPublish => "Access policy",
        StepKind::SubscribeGate => "Subscription",
        StepKind::TurnOffRawDelivery => "Raw delivery",
        StepKind::DeliverConfig => "Delivery",
        StepKind::SetUpTargets => "Targets",
    }
}

/// What is only looked at on demand: values, looks, reasons.
fn more(page: &mut Page, session: &Session, looks: &[Check], steps: &[Intent]) {
    let fold = |page: &mut Page, fold: Fold, label: String, blocks: &dyn Fn(&mut Page)| {
        let open = toggled(session, fold);
        page.row(ItemId::Fold(fold), label, "", if open { "hide" } else { "show" });
        if open {
            blocks(page);
        }
    };
    let values = values(session);
    fold(page, Fold::Values, format!("All {} values", values.len()), &|page| {
        page.push(Block::Facts(values.clone()));
        changes(page, session);
    });
    fold(page, Fold::Looks, format!("All {} checks", looks.len()), &|page| {
        page.push(Block::Checks(looks.to_vec()));
    });
    if !steps.is_empty() {
        fold(page, Fold::Steps, "What each step is for".to_owned(), &|page| {
            for (at, step) in steps.iter().enumerate() {
                page.text(Tone::Dim, format!("{}. {}: {}", at + 1, step.describe(), step.explain()));
            }
        });
    }
}

fn changes(page: &mut Page, session: &Session) {
    for (screen, label) in [
        (Screen::Prerequisites, "Change: Prerequisites"),
        (Screen::Version, "Change: Version"),
        (Screen::Configure, "Change: Profiles"),
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
}

/// What is done at each target, and which will fail alone.
fn targets(page: &mut Page, session: &Session) {
    if !session.answers.sns_by_targets() {
        return;
    }
    page.push(Block::Heading("TARGETS".to_owned()));
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
            Some(why) => {
                page.text(Tone::Warning, format!("{}: will fail, the others go on: {why}", plan.name))
            }
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
        || "OK".to_owned(),
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
    rows.extend(session.facts.site().map(|site| row(session.road().home(), &site.checks)));
    rows.extend(
        daemon_checks(session).map(|checks| {
            row(if session.road().is_halyard() { "Halyard daemon" } else { "Cluster" }, &checks)
        }),
    );
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
    rows.extend(passed_by(session));
    // What is not good comes first; a screen may be short.
    rows.sort_by_key(|row| std::cmp::Reverse(row.verdict));
    rows
}

/// What the screens warn of: whoever passed them with one key reads it here.
fn passed_by(session: &Session) -> Vec<Check> {
    let mut checks = Vec::new();
    if let Some(profiles) = session.facts.profiles() {
        checks.extend(configure::other_files(profiles));
    }
    if session.answers.is_yes(Key::Apply) {
        let known = install_plan::checks(session).into_iter();
        // Where there is nothing to compare with, the Install plan says so.
        checks.extend(known.filter(|check| check.verdict > CheckVerdict::Unknown));
    }
    if session.answers.sns_now() {
        if let Some(Ok(topic)) = session.facts.topic() {
            checks.extend(topic::checks(session, topic));
        }
        checks.extend(endpoint::of_subscription(session));
    }
    checks.retain(|check| check.verdict != CheckVerdict::Good);
    checks
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
