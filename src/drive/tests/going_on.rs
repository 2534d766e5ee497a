//! What comes first when the wizard is started again: Resume with what changed since, Home, adopting,
//! reading along; and taking back part by part.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use ecw_rehearsal::in_process::InProcess;
use ecw_wizard::model::choice::Choice;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::part::Part;
use ecw_wizard::model::screen::Screen;
use ecw_wizard::state::Session;
use ecw_wizard::steps::{Intent, WriteProfile};
use ecw_wizard::ui::page::{Action, ItemId};
use ecw_wizard::values::answers::Key;
use ecw_wizard::{Cmd, Effect, Exit};
use ecw_world::Fault;
use support::flows::{HAL, JOURNAL, WHOLE, count, finished, go_through, offers, profile};
use support::stepper::{Moment, Stepper, press};

/// A run that died just before the step that `which` picks was done.
fn died_before(which: impl Fn(&Intent) -> bool) -> Stepper {
    let whole = finished(WHOLE);
    let begins = |effect: &Effect| matches!(effect, Effect::Execute { intent, .. } if which(intent));
    let at = whole.performed.iter().position(begins).unwrap();
    // Before its record: nothing is in doubt then.
    let mut stepper = Stepper::new(InProcess::new([]), WHOLE);
    assert!(stepper.run(Some((at - 1, Moment::Before))).is_none());
    stepper
}

fn clouddriver(intent: &Intent) -> bool {
    matches!(intent, Intent::WriteProfile(WriteProfile { file, .. }) if file.starts_with("clouddriver"))
}

fn edited() -> Vec<u8> {
    b"# edited by somebody else\nserver:\n  port: 7002\n".to_vec()
}

/// Decides every change in the same way, resumes, and goes through what then comes.
fn decide(choice: Choice) -> impl FnMut(&Session) -> Option<Cmd> {
    move |session| match session.screen() {
        Screen::Resume => {
            let open = session.page().items().find_map(|item| match &item.id {
                ItemId::Decide(id, each) if *each == choice && session.decided(id).is_none() => {
                    Some(item.id.clone())
                }
                _ => None,
            });
            open.map(Cmd::Press).or_else(|| press(Action::Resume))
        }
        _ => go_through(session),
    }
}

#[test]
fn a_change_since_is_decided_before_anything_goes_on() {
    let mut stepper = died_before(clouddriver);
    stepper.world.put_file(&profile("clouddriver-local.yml"), &edited());
    let before = stepper.world.effects();
    let mut tried = false;
    let mut seen = String::new();
    let session = stepper.run_as(Mode::Operator, None, |session| {
        seen = ecw_tui::text_of(session);
        if std::mem::replace(&mut tried, true) { press(Action::Leave) } else { press(Action::Resume) }
    });
    assert_eq!(session.unwrap().exit(), Some(Exit::Interrupted));
    assert!(seen.contains("clouddriver-local.yml was edited since."), "{seen}");
    assert!(seen.contains("Decide this first: clouddriver-local.yml was edited since."), "{seen}");
    assert_eq!(stepper.world.effects(), before);
}

#[test]
fn stop_does_nothing_keep_leaves_the_file_and_redo_writes_into_it_as_it_is_now() {
    for (choice, exit, ours) in [
        (Choice::Stop, Exit::Interrupted, false),
        (Choice::Keep, Exit::Done, false),
        (Choice::Redo, Exit::Done, true),
    ] {
        let mut stepper = died_before(clouddriver);
        stepper.world.put_file(&profile("clouddriver-local.yml"), &edited());
        let before = stepper.world.effects();
        let session = stepper.run_as(Mode::Operator, None, decide(choice)).unwrap();
        assert_eq!(session.exit(), Some(exit), "{choice:?}: {:?}", session.exit_words());
        let bytes = stepper.world.file(&profile("clouddriver-local.yml")).unwrap();
        assert!(bytes.starts_with(&edited()), "{choice:?}: their edit is gone");
        assert_eq!(bytes != edited(), ours, "{choice:?}");
        if choice == Choice::Stop {
            assert_eq!(stepper.world.effects(), before);
        } else {
            assert_eq!(count(&stepper.world.effects(), "sns create-topic"), 1, "{choice:?}");
        }
    }
}

#[test]
fn other_answers_another_spinnaker_and_another_account_are_each_named() {
    let mut stepper = died_before(clouddriver);
    let config = format!("{HAL}/config");
    let text = String::from_utf8(stepper.world.file(&config).unwrap()).unwrap();
    stepper.world.put_file(&config, text.replace("1.31.2", "1.30.4").as_bytes());
    stepper.give(&[(Key::ConfigDelivery, "check"), (Key::PluginVersion, "0.2.0")]);
    let mut drifts = Vec::new();
    stepper.run_as(Mode::Operator, None, |session| {
        drifts = ecw_wizard::rules::drift::drift(session).into_iter().map(|each| each.what).collect();
        press(Action::Leave)
    });
    assert_eq!(
        drifts,
        [
            "clouddriver-local.yml was edited since",
            "Plugin version: 0.2.0 now (from the answers file), 0.2.1 when confirmed",
            "AWS Config delivery: check now (from the answers file), point-at-topic when confirmed",
            "hal config names Spinnaker 1.30.4; it was 1.31.2 when confirmed",
        ][1..]
    );
}

#[test]
fn unattended_other_answers_are_the_operators_word_and_are_planned_anew() {
    let mut stepper = died_before(clouddriver);
    stepper.give(&[(Key::SnsWhen, "later"), (Key::ConfigDelivery, "point-at-topic")]);
    let session = stepper.run(None).unwrap();
    assert_eq!(session.exit(), Some(Exit::Done), "{:?}", session.exit_words());
    let effects = stepper.world.effects();
    assert_eq!(count(&effects, "sns"), 0, "{effects:?}");
    assert_eq!(count(&effects, "hal deploy apply"), 2);
}

#[test]
fn a_journal_that_an_old_backup_brought_back_is_told_and_not_resumed() {
    let early = died_before(clouddriver).world.file(JOURNAL).unwrap();
    let mut stepper = finished(WHOLE);
    let effects = stepper.world.effects();
    stepper.world.put_file(JOURNAL, &early);
    let mut seen = String::new();
    let session = stepper.run_as(Mode::Operator, None, |session| {
        seen = ecw_tui::text_of(session);
        assert_eq!((session.screen(), offers(session, Action::Resume)), (Screen::Resume, false));
        assert!(offers(session, Action::StartOver));
        press(Action::Leave)
    });
    assert_eq!(session.unwrap().exit(), Some(Exit::Interrupted));
    assert!(seen.contains("This journal is out of date"), "{seen}");
    assert_eq!(stepper.world.effects(), effects);
    // Unattended it is planned from the world: what is there is not made again.
    let session = stepper.run(None).unwrap();
    assert_eq!(session.exit(), Some(Exit::Done), "{:?}", session.exit_words());
    let now = stepper.world.effects();
    assert_eq!(
        now.len(),
        effects.len() + 2,
        "only what no journal knows to be deployed is deployed: {now:?}"
    );
    assert_eq!(count(&now, "hal deploy apply"), 4);
}

#[test]
fn home_comes_first_on_a_finished_installation_and_every_way_leads_through_review() {
    for (action, screen) in [
        (Action::UpgradePlugin, Screen::Version),
        (Action::AwsPart, Screen::AwsIdentity),
        (Action::Change, Screen::Configure),
        (Action::CheckSpinnaker, Screen::SpinnakerUpgrade),
        (Action::Undo, Screen::Undo),
    ] {
        let mut stepper = finished(WHOLE);
        stepper.give(&[(Key::ConfigDelivery, "point-at-topic"), (Key::Acknowledged, "true")]);
        let effects = stepper.world.effects();
        let mut pressed = false;
        let mut opened = None;
        stepper.run_as(Mode::Operator, None, |session| {
            if session.screen() == Screen::Home && !std::mem::replace(&mut pressed, true) {
                return press(action);
            }
            opened = Some(session.screen());
            Some(Cmd::Interrupt)
        });
        assert_eq!(opened, Some(screen), "{action:?}");
        assert_eq!(stepper.world.effects(), effects);
    }
}

#[test]
fn an_upgrade_of_the_plugin_writes_the_version_and_deploys_again() {
    let mut stepper =
        Stepper::new(InProcess::new([]), &[(Key::PluginVersion, "0.2.0"), (Key::SnsWhen, "later")]);
    // The stand-in's own file names the newer version under a wrong key.
    stepper.world.put_file(&profile("gate-local.yml"), b"server:\n  port: 8084\n");
    assert_eq!(stepper.run(None).unwrap().exit(), Some(Exit::Done));
    stepper.give(&[(Key::SnsWhen, "later"), (Key::Acknowledged, "true")]);
    let mut typed = false;
    let session = stepper.run_as(Mode::Operator, None, |session| match session.screen() {
        Screen::Home => press(Action::UpgradePlugin),
        Screen::Version if !std::mem::replace(&mut typed, true) => {
            Some(Cmd::Set(Key::PluginVersion, "0.2.1".to_owned()))
        }
        _ => go_through(session),
    });
    assert_eq!(session.unwrap().exit(), Some(Exit::Done));
    let text = String::from_utf8(stepper.world.file(&profile("gate-local.yml")).unwrap()).unwrap();
    assert!(text.contains("version: 0.2.1") && !text.contains("0.2.0"), "{text}");
    assert_eq!(count(&stepper.world.effects(), "hal deploy apply"), 4);
}

/// A world in which somebody else has installed the plugin by hand.
fn installed_by_others() -> Stepper {
    let mut stepper = finished(WHOLE);
    stepper.world.forget_state();
    stepper.give(&[]);
    stepper
}

#[test]
fn an_installation_without_our_journal_is_adopted_as_not_made_by_us() {
    let mut stepper = installed_by_others();
    let effects = stepper.world.effects();
    let mut seen = Vec::new();
    let session = stepper.run_as(Mode::Operator, None, |session| {
        seen.push(ecw_tui::text_of(session));
        match (session.screen(), session.is_foreign()) {
            (Screen::Home, true) if session.facts().in_flight().next().is_some() => None,
            (Screen::Home, true) => press(Action::Adopt),
            (Screen::Home, false) => press(Action::Leave),
            _ => None,
        }
    });
    assert_eq!(session.unwrap().exit(), Some(Exit::Done));
    assert!(seen[0].contains("knows of it: undo leaves it"), "{}", seen[0]);
    assert!(seen.last().unwrap().contains("not made by us"), "{}", seen.last().unwrap());
    // It needs no deploy, and there is nothing that undo would take.
    let session = stepper.run(None).unwrap();
    let rows: Vec<_> = session.ledger().rows.iter().map(|row| row.intent.describe()).collect();
    assert_eq!(session.exit_words(), Some("Unchanged: everything is as wanted."), "{rows:?}");
    let session = stepper.run_as(Mode::Look, None, |_| None).unwrap();
    assert_eq!(ecw_wizard::rules::undo::steps(&session, Part::All), []);
    assert!(
        ecw_wizard::rules::undo::stays(&session, Part::All)
            .iter()
            .any(|line| line.ends_with("(not made by us)"))
    );
    assert_eq!(stepper.world.effects(), effects);
}

#[test]
fn each_part_is_taken_back_alone() {
    for (part, expected) in [
        (Part::Sns, vec!["config put-delivery-channel none", "sns unsubscribe", "sns set-policy"]),
        (
            Part::Gate,
            vec!["write /home/spinnaker/.hal/default/profiles/gate-local.yml", "hal deploy apply gate"],
        ),
        (
            Part::Clouddriver,
            vec![
                "write /home/spinnaker/.hal/default/profiles/clouddriver-local.yml",
                "hal deploy apply clouddriver",
            ],
        ),
    ] {
        let mut stepper = finished(WHOLE);
        let done = stepper.world.effects().len();
        assert_eq!(stepper.undo(part).exit(), Some(Exit::Done), "{part:?}");
        assert_eq!(stepper.world.effects()[done..], expected[..], "{part:?}");
        // The rest can still be taken back, and a second time there is nothing to do.
        assert_eq!(stepper.undo(Part::All).exit(), Some(Exit::Done));
        let all = stepper.world.effects().len();
        assert_eq!(stepper.undo(Part::All).exit(), Some(Exit::Done));
        assert_eq!(stepper.world.effects().len(), all);
    }
}

#[test]
fn the_topic_goes_only_on_the_operators_word_and_while_nobody_else_subscribes() {
    for (wish, other, deleted) in [(false, false, 0), (true, false, 1), (true, true, 0)] {
        let mut stepper = finished(WHOLE);
        if other {
            stepper.world.meddle(|world| {
                let topic = "arn:aws:sns:us-west-2:123456789012:spinnaker-event-cache";
                world.subscribe(topic, "https", "https://other.example.com/x", 0).unwrap();
            });
        }
        if wish {
            stepper.give(&[(Key::ConfigDelivery, "point-at-topic"), (Key::DeleteTopic, "true")]);
        }
        assert_eq!(stepper.undo(Part::Sns).exit(), Some(Exit::Done));
        assert_eq!(count(&stepper.world.effects(), "sns delete-topic"), deleted, "{wish} {other}");
    }
}

#[test]
fn missing_rights_in_aws_do_not_hold_up_gate_and_the_undo_is_ended_later() {
    let mut stepper = finished(WHOLE);
    let original = include_bytes!("../../../assets/rehearsal/gate-local.yml");
    stepper.world.set_faults([Fault::SnsDenied]);
    let session = stepper.undo(Part::All);
    assert_eq!(session.exit(), Some(Exit::Aws), "{:?}", session.exit_words());
    assert_eq!(stepper.world.file(&profile("gate-local.yml")).unwrap(), original);
    let effects = stepper.world.effects();
    assert_eq!(count(&effects, "hal deploy apply"), 4, "both services were deployed without the plugin");
    assert_eq!(count(&effects, "sns unsubscribe"), 0);
    stepper.world.set_faults([]);
    // apply does not go on with an undo, nor does it install over one.
    let session = stepper.run(None).unwrap();
    assert_eq!(session.exit(), Some(Exit::Failed), "{:?}", session.exit_words());
    assert_eq!(stepper.world.effects(), effects);
    let session = stepper.undo(Part::All);
    assert_eq!(session.exit(), Some(Exit::Done), "{:?}", session.exit_words());
    let now = stepper.world.effects();
    assert_eq!((count(&now, "sns unsubscribe"), count(&now, "hal deploy apply")), (1, 4));
}

#[test]
fn undo_does_not_need_a_readable_hal_config() {
    let mut stepper = finished(WHOLE);
    stepper.world.put_file(&format!("{HAL}/config"), b"a: [\n");
    assert_eq!(stepper.undo(Part::All).exit(), Some(Exit::Done));
    let effects = stepper.world.effects();
    assert_eq!(count(&effects, "hal deploy apply"), 4);
    assert!(effects.last().unwrap().starts_with("hal deploy apply gate"), "{effects:?}");
}

#[test]
fn an_undo_that_dies_goes_on_and_takes_nothing_back_twice() {
    let mut whole = finished(WHOLE);
    let done = whole.performed.len();
    whole.undo(Part::All);
    let effects = whole.world.effects();
    let begins: Vec<usize> = whole.performed[done..]
        .iter()
        .enumerate()
        .filter(|(_, effect)| matches!(effect, Effect::Execute { .. } | Effect::Journal(_)))
        .map(|(at, _)| at)
        .collect();
    assert!(begins.len() > 10);
    for at in begins {
        for moment in [Moment::Before, Moment::After] {
            let mut stepper = finished(WHOLE);
            assert!(stepper.undo_until(Part::All, Some((at, moment))).is_none());
            let session = stepper.undo(Part::All);
            assert_eq!(session.exit(), Some(Exit::Done), "{moment:?} {at}: {:?}", session.exit_words());
            assert_eq!(stepper.world.effects(), effects, "{moment:?} {at}");
        }
    }
}

#[test]
fn a_second_operator_reads_along_changes_nothing_and_takes_over_only_when_asked_twice() {
    let mut stepper = died_before(clouddriver);
    stepper.world.held_by(Some("alice on gate-host (/dev/pts/3) since 2026-11-22 12:00:00 UTC, pid 17"));
    stepper.performed.clear();
    let mut screens = Vec::new();
    let mut seen = String::new();
    let session = stepper.run_as(Mode::Watch, None, |session| {
        if screens.last() != Some(&session.screen()) {
            screens.push(session.screen());
        }
        match (session.screen(), &session.dialog()) {
            (Screen::Watch, Some(_)) => press(Action::TakeOverNow),
            // Read along for a while first.
            (Screen::Watch, None) if session.now().mono < 20_000 || session.ledger().run.is_none() => {
                seen = ecw_tui::text_of(session);
                None
            }
            (Screen::Watch, None) => press(Action::TakeOver),
            (Screen::Resume, _) => press(Action::Leave),
            _ => None,
        }
    });
    assert_eq!(session.unwrap().setup().mode, Mode::Operator);
    assert_eq!(screens, [Screen::Watch, Screen::Resume]);
    assert!(seen.contains("alice on gate-host"), "{seen}");
    assert!(seen.contains(" ✓  Write the plugin block into gate-local.yml"), "{seen}");
    let before_taking_over = stepper.performed.iter().take_while(|each| !matches!(each, Effect::TakeOver(_)));
    for effect in before_taking_over {
        assert!(
            matches!(effect, Effect::Ask(_) | Effect::ReadAlong | Effect::ReadDeploy { .. }),
            "{effect:?} while reading along"
        );
    }
}

#[test]
fn whoever_takes_over_sees_the_running_deploy_at_once() {
    let whole = finished(WHOLE);
    let begins =
        |effect: &Effect| matches!(effect, Effect::Execute { intent: Intent::ApplyDeployment(_), .. });
    let at = whole.performed.iter().position(begins).unwrap();
    let mut stepper = Stepper::new(InProcess::new([]), WHOLE);
    assert!(stepper.run(Some((at, Moment::After))).is_none());
    stepper.world.held_by(Some("alice"));
    let mut seen = Vec::new();
    stepper.run_as(Mode::Watch, None, |session| {
        seen.push(ecw_tui::text_of(session));
        match (session.screen(), &session.dialog()) {
            (Screen::Watch, Some(_)) => press(Action::TakeOverNow),
            (Screen::Watch, None) if !session.job_runs() => None,
            (Screen::Watch, None) => press(Action::TakeOver),
            (Screen::Resume, Some(_)) => press(Action::Detach),
            (Screen::Resume, None) if !session.job_runs() => None,
            _ => Some(Cmd::Interrupt),
        }
    });
    assert!(
        seen.iter().any(|frame| frame.contains("Somebody else works here") && frame.contains("hal runs"))
    );
    assert!(seen.iter().any(|frame| frame.contains("is unfinished") && frame.contains("hal runs")));
}
