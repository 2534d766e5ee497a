//! Topic: the one that AWS Config uses already, another, or a new one.

use super::parts::{field, looking};
use crate::model::aws_report::TopicReport;
use crate::model::check::{Check, CheckVerdict};
use crate::model::question::Question;
use crate::model::screen::Screen;
use crate::rules::defaults::DEFAULT_TOPIC;
use crate::rules::plan;
use crate::state::Session;
use crate::steps::publishing_accounts;
use crate::ui::diff::near;
use crate::ui::page::{Action, Block, ItemId, Page, Ticked, Tone};
use crate::ui::pass::{Pass, Stuck};
use crate::values::answers::{Key, NEW_TOPIC, Provenance};
use crate::values::choices::SampleStatement;
use crate::values::exit::Exit;
use crate::values::names::{TopicArn, TopicName};
use crate::values::validation::validate;

/// More topics than this are filtered by what is typed.
const LISTED: usize = 10;

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new("Which SNS topic?");
    let chosen = chosen(session);
    let used = plan::delivery_topic(session);
    if let Some(used) = &used {
        let help = "subscribing Gate to it needs no change elsewhere";
        page.option(
            Key::TopicArn,
            &used.to_string(),
            &chosen,
            format!("{}, which AWS Config uses already", used.name),
            help,
        );
    }
    page.option(Key::TopicArn, NEW_TOPIC, &chosen, "A new Standard topic", "");
    if chosen == NEW_TOPIC {
        field(&mut page, session, Key::TopicName, "Letters, digits, - and _.", "spinnaker-event-cache");
    }
    match session.facts.topics() {
        None => looking(&mut page, session, "the topics of this region", None),
        Some(Err(trouble)) => {
            page.text(Tone::Warning, format!("The topics cannot be listed: {}", trouble.what.clone()));
        }
        Some(Ok(topics)) => {
            let form = session.forms.get(&Screen::Topic);
            let edit = form.and_then(|form| form.edits.get(&ItemId::Field(Key::TopicArn)));
            let typed = edit.map(|edit| edit.text.clone()).unwrap_or_default();
            let others: Vec<&TopicArn> = topics
                .topics
                .iter()
                .filter(|arn| Some(*arn) != used.as_ref() && !arn.is_fifo())
                .filter(|arn| arn.to_string().contains(typed.trim()) || arn.to_string() == chosen)
                .collect();
            for arn in others.iter().take(LISTED) {
                page.option(Key::TopicArn, &arn.to_string(), &chosen, arn.name.clone(), "");
            }
            if let Some(why) = &topics.topics_missing {
                page.text(Tone::Warning, why.clone());
            }
            if others.len() > LISTED {
                page.text(
                    Tone::Dim,
                    format!("and {} more; type a part of the name below to filter", others.len() - LISTED),
                );
            }
        }
    }
    field(
        &mut page,
        session,
        Key::TopicArn,
        "Or type an ARN (it also filters the list).",
        "arn:aws:sns:eu-west-1:123456789012:name",
    );
    about(&mut page, session);
    page.button(Action::Next, "Next: Endpoint", "");
    page.button(Action::CheckAgain, "Refresh", "");
    page
}

fn chosen(session: &Session) -> String {
    match session.answers.text(Key::TopicArn) {
        "" => NEW_TOPIC.to_owned(),
        arn => arn.to_owned(),
    }
}

fn about(page: &mut Page, session: &Session) {
    let Some(arn) = session.topic_arn() else { return };
    page.heading(format!("About {}", arn.name));
    match session.facts.topic() {
        None => {
            let since =
                session.facts.in_flight().find(|slot| matches!(slot.question, Question::Topic { .. }));
            looking(page, session, "the topic", since.map(|slot| slot.asked));
        }
        Some(Err(trouble)) => {
            page.push(Block::Checks(vec![
                Check::new(CheckVerdict::Unknown, "Topic", &trouble.what).with_remedy(&trouble.fix),
            ]));
        }
        Some(Ok(topic)) => {
            report(page, session, topic);
            if topic.sample.is_some() && !topic.policy_diff.is_empty() {
                choices(page, session);
            }
        }
    }
}

/// AWS's own key for SNS, whose policy nobody can change.
const AWS_MANAGED_KEY: &str = "alias/aws/sns";

fn own_key(topic: &TopicReport) -> bool {
    topic.kms_key.as_deref().is_some_and(|key| !key.ends_with(AWS_MANAGED_KEY))
}

fn accepted(session: &Session, topic: &TopicReport) -> bool {
    own_key(topic) && session.answers.is_yes(Key::AcceptEncrypted)
}

fn encryption(session: &Session, topic: &TopicReport) -> Check {
    let key = topic.kms_key.as_deref().unwrap_or("a KMS key");
    let verdict = if accepted(session, topic) { CheckVerdict::Warning } else { CheckVerdict::Bad };
    let detail = format!("{key} is set: AWS Config's documentation supports no encrypted topic");
    Check::new(verdict, "Encryption", detail)
        .with_remedy("Choose a new topic: a second one beside this costs nothing.")
}

/// The way with the key's policy; with AWS's own key there is none.
fn ways_with_a_key(page: &mut Page, session: &Session, topic: &TopicReport) {
    if !own_key(topic) {
        page.text(
            Tone::Plain,
            "This is AWS's own key; its policy cannot be changed, so AWS Config never gets in.",
        );
        return;
    }
    page.text(
        Tone::Plain,
        "Some have it work: the key's own policy then has to hold this statement besides.",
    );
    let sources = session.source_accounts(&topic.arn);
    let accounts = publishing_accounts(&sources, &topic.arn);
    let statement = ecw_policy::key_policy_statement(&accounts);
    page.push(Block::Copy(statement.lines().map(str::to_owned).collect()));
    let ticked = if session.answers.is_yes(Key::AcceptEncrypted) { Ticked::Yes } else { Ticked::No };
    page.toggle(
        Key::AcceptEncrypted,
        ticked,
        "The key's policy lets AWS Config in; go on with this topic",
        "",
    );
}

/// What becomes of the page's statement.
fn choices(page: &mut Page, session: &Session) {
    let chosen = session.answers.sample_statement().text();
    let key = Key::SampleStatement;
    let leave = SampleStatement::Leave.text();
    page.option(key, leave, chosen, "Leave the page's statement", "ours comes beside it");
    let replace = SampleStatement::Replace.text();
    page.option(key, replace, chosen, "Put ours in its place", "undo puts it back");
}

fn report(page: &mut Page, session: &Session, topic: &TopicReport) {
    page.push(Block::Checks(checks(session, topic)));
    if topic.encrypted {
        ways_with_a_key(page, session, topic);
    }
    if !topic.policy_diff.is_empty() {
        page.push(Block::Diff { of: "Access policy".to_owned(), lines: near(&topic.policy_diff) });
    }
}

/// What is known of the topic.
pub(super) fn checks(session: &Session, topic: &TopicReport) -> Vec<Check> {
    let mut checks = Vec::new();
    if topic.exists {
        checks.push(match &topic.subscriptions_missing {
            None => Check::new(
                CheckVerdict::Good,
                "Topic",
                format!("exists, {} subscription(s)", topic.subscriptions.len()),
            ),
            Some(why) => Check::new(
                CheckVerdict::Unknown,
                "Topic",
                format!("exists; not all of its subscriptions are known: {why}"),
            ),
        });
    } else {
        checks.push(Check::new(
            CheckVerdict::Good,
            "Topic",
            "does not exist yet; it is created after Review",
        ));
    }
    if topic.encrypted {
        checks.push(encryption(session, topic));
    }
    if let Some(trouble) = &topic.policy_trouble {
        checks.push(
            Check::new(CheckVerdict::Bad, "Access policy", trouble)
                .with_remedy("Fix the policy in AWS, then refresh."),
        );
    } else if topic.policy_diff.is_empty() && topic.exists {
        checks.push(Check::new(CheckVerdict::Good, "Access policy", "lets AWS Config publish already"));
    } else {
        checks.push(Check::new(
            CheckVerdict::Good,
            "Access policy",
            "one statement is added; the rest stays",
        ));
    }
    if topic.sample.is_some() {
        checks.push(Check::new(
            CheckVerdict::Warning,
            "The page's statement",
            "the policy holds the statement of the plugin's page, which names another topic and so allows nothing here",
        ));
    }
    if let Some(statement) = &topic.policy_doubt {
        let detail =
            format!("statement {statement} may deny AWS Config: its condition cannot be judged from here");
        checks.push(Check::new(CheckVerdict::Warning, "Access policy", detail).with_remedy(
            "Look at it in AWS: does it spare config.amazonaws.com for this account and region?",
        ));
    }
    checks
}

/// Two answers that name two topics: neither is passed over without a word.
fn contradiction(session: &Session) -> Option<String> {
    let (name, arn) = (session.answers.get(Key::TopicName)?, session.answers.get(Key::TopicArn)?);
    let topic = TopicArn::parse(session.answers.existing_topic()?).ok()?;
    // On a screen the later choice is the one that counts; a file or flags say both at once.
    let at_once =
        matches!(name.from, Provenance::AnswersFile | Provenance::Environment(_) | Provenance::Flag(_));
    let equal = at_once && std::mem::discriminant(&name.from) == std::mem::discriminant(&arn.from);
    (equal && topic.name != name.value && name.value != DEFAULT_TOPIC).then(|| {
        format!(
            "{} names {}, and {} names {}. Leave one of them out.",
            Key::TopicName.path(),
            name.value,
            Key::TopicArn.path(),
            topic.name
        )
    })
}

pub(super) fn pass(session: &Session) -> Pass {
    let typed = session.answers.text(Key::TopicArn);
    if typed.is_empty() || typed == NEW_TOPIC {
        if let Err(error) = TopicName::parse(session.answers.text(Key::TopicName)) {
            return Pass::field(error.0, Key::TopicName);
        }
    } else if let Err(error) = validate(Key::TopicArn, typed) {
        return Pass::field(error, Key::TopicArn);
    }
    if let Some(contradiction) = contradiction(session) {
        return Pass::field(contradiction, Key::TopicArn);
    }
    let Some(arn) = session.topic_arn() else { return Pass::Busy("the account".to_owned()) };
    let region = session.answers.text(Key::Region);
    if arn.region.as_str() != region {
        return Pass::field(
            format!(
                "This topic is in {}; AWS Config publishes only to topics of its own region, {region}.",
                arn.region
            ),
            Key::TopicArn,
        );
    }
    match session.facts.topic() {
        None => Pass::Busy("the topic".to_owned()),
        Some(Err(trouble)) => Pass::Stuck(Stuck {
            why: format!("The topic cannot be read: {} {}", trouble.what, trouble.fix.replace('\n', " ")),
            item: Some(ItemId::Field(Key::TopicArn)),
            key: Some(Key::TopicArn),
            exit: Exit::Aws,
        }),
        Some(Ok(topic)) if topic.encrypted && !accepted(session, topic) || topic.policy_trouble.is_some() => {
            let why = topic
                .policy_trouble
                .clone()
                .unwrap_or_else(|| "AWS Config does not support encrypted topics.".to_owned());
            Pass::Stuck(Stuck {
                why,
                item: Some(ItemId::Field(Key::TopicArn)),
                key: Some(Key::TopicArn),
                exit: Exit::Aws,
            })
        }
        Some(Ok(topic)) if !(topic.exists || typed.is_empty() || typed == NEW_TOPIC) => {
            Pass::field("There is no topic with this ARN. Choose a new topic, or fix the ARN.", Key::TopicArn)
        }
        Some(Ok(_)) => Pass::Ready,
    }
}
