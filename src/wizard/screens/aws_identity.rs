//! AWS identity: who are we, where, and may the SNS chapter be done from here at all?

use super::parts::{answered, fact, field, looking};
use crate::model::check::{Check, CheckVerdict};
use crate::model::question::Question;
use crate::state::Session;
use crate::ui::page::{Action, Block, ItemId, Page, Tone};
use crate::ui::pass::{Pass, Stuck};
use crate::values::answers::Key;
use crate::values::exit::Exit;

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new("Which AWS account and region?");
    if session.answers.sns_by_targets() {
        page.text(
            Tone::Plain,
            "Several: each account and region is set up on its own, with these credentials, a role or a profile of its own.",
        );
        field(
            &mut page,
            session,
            Key::AwsProfile,
            "Empty: keys in the environment, else the default profile.",
            "",
        );
        page.push(Block::Facts(answered(session, Key::Targets).into_iter().collect()));
        page.button(Action::Next, "Next: Targets", "");
        page.button(Action::OneTarget, "One account and region after all", "");
        return page;
    }
    if !session.answers.sns_now() {
        page.text(
            Tone::Plain,
            "Not from here: whoever has the rights gets a directory with a script, templates and the rights it takes; the Summary says where it is.",
        );
        page.push(Block::Facts(answered(session, Key::SnsWhen).into_iter().collect()));
        page.button(Action::Next, "Next: Review", "");
        page.button(Action::FromHere, "Do it from here after all", "");
        return page;
    }
    page.text(Tone::Plain, "The topic stands in the region where AWS Config records. Credentials come from the AWS SDK's own chain; none is stored.");
    page.push(Block::Gap);
    field(
        &mut page,
        session,
        Key::AwsProfile,
        "Empty: keys in the environment, else the default profile.",
        "",
    );
    field(&mut page, session, Key::Region, "", "eu-west-1");
    page.push(Block::Facts(answered(session, Key::Account).into_iter().collect()));
    page.push(Block::Gap);
    match session.facts.identity() {
        Some(Ok(identity)) => {
            let mut facts = vec![fact("Account", &identity.account, ""), fact("As", &identity.arn, "")];
            if let Some(deployment) = session.deployment() {
                let known = deployment.aws_accounts.contains(&identity.account);
                if !known && !deployment.aws_accounts.is_empty() {
                    facts.push(fact(
                        "Spinnaker manages",
                        deployment.aws_accounts.join(", "),
                        "another account",
                    ));
                }
            }
            page.push(Block::Facts(facts));
        }
        Some(Err(trouble)) => {
            page.push(Block::Checks(vec![
                Check::new(CheckVerdict::Bad, "AWS", &trouble.what).with_remedy(&trouble.fix),
            ]));
        }
        None if session.aws_place().is_some() => {
            let since =
                session.facts.in_flight().find(|slot| matches!(slot.question, Question::Identity { .. }));
            looking(&mut page, session, "who we are (sts:GetCallerIdentity)", since.map(|slot| slot.asked));
        }
        None => {
            page.text(Tone::Warning, "Name the region first.");
        }
    }
    page.button(Action::Next, "Next: Topic", "");
    page.button(Action::CheckAgain, "Refresh", "");
    page.button(
        Action::SeveralTargets,
        "Several targets",
        "several accounts or regions, set up side by side; the next screen lists them",
    );
    page.button(
        Action::NotFromHere,
        "Not from here",
        "someone else sets up SNS; you get a script and templates for them",
    );
    page
}

pub(super) fn pass(session: &Session) -> Pass {
    if !session.answers.sns_now() {
        return Pass::Ready;
    }
    if session.aws_place().is_none() {
        return Pass::field("Name the region, for example eu-west-1, or choose Not from here.", Key::Region);
    }
    match session.facts.identity() {
        None => Pass::Busy("who we are for AWS".to_owned()),
        Some(Ok(identity)) => match session.answers.text(Key::Account) {
            "" => Pass::Ready,
            expected if expected == identity.account => Pass::Ready,
            expected => Pass::Stuck(Stuck {
                why: format!(
                    "The credentials are account {}'s, but {expected} is expected. Use another profile, or fix the answer.",
                    identity.account
                ),
                item: Some(ItemId::Field(Key::AwsProfile)),
                key: Some(Key::Account),
                exit: Exit::Aws,
            }),
        },
        Some(Err(trouble)) => Pass::Stuck(Stuck {
            why: format!("{} {}", trouble.what, trouble.fix.replace('\n', " ")),
            item: Some(ItemId::Field(Key::AwsProfile)),
            key: Some(Key::AwsProfile),
            exit: Exit::Aws,
        }),
    }
}
