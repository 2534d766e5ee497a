//! Spinnaker on other roads than Halyard: a kustomize overlay, rendered by the real kustomize, and the manifest of a
//! SpinnakerService; by answers, by keys, and back to the byte.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::fs;
use std::process::Command;
use std::sync::atomic::Ordering;

use ecw_wizard::values::road::Road;
use support::count;
use support::road::RoadSite;
use support::site::{exits, said, until};
use support::walk::{ENTER, RIGHT, SPACE, TAB, endpoint_and_delivery};

const ROADS: [Road; 2] = [Road::Kustomize, Road::Operator];

/// Gate confirms once the world's Gate runs with the plugin.
fn gate_follows(site: &RoadSite) -> std::thread::JoinHandle<()> {
    let (world, has) = (site.world.clone(), site.gate.has_plugin.clone());
    std::thread::spawn(move || {
        until("Gate is rolled out", || {
            support::site::effects_of(&world).iter().any(|each| each == "rollout gate")
        });
        has.store(true, Ordering::SeqCst);
    })
}

#[test]
fn each_road_is_gone_by_answers_twice_changes_nothing_and_undo_gives_the_bytes_back() {
    for road in ROADS {
        let site = RoadSite::new(road);
        if road == Road::Kustomize {
            let path = site.home().join("overlays/config/files/gate-local.yml");
            let secret = "spring:\n  security:\n    user:\n      password:\n        value: canary-5f1\n";
            fs::write(&path, fs::read_to_string(&path).unwrap() + secret).unwrap();
        }
        let before = site.files();
        let plan = site.run(&["plan", "--answers", "answers.yml"]);
        exits(&plan, 13);
        let said_by_plan = said(&plan);
        assert!(said_by_plan.contains(&format!("- {}: ", road.home())), "{said_by_plan}");
        assert!(!said_by_plan.contains("hal "), "{said_by_plan}");
        assert!(!said_by_plan.contains("canary-5f1"), "{said_by_plan}");
        if road == Road::Kustomize {
            assert!(said_by_plan.contains("prints the edited files, byte for byte"), "{said_by_plan}");
            assert!(said_by_plan.contains("## What kubectl would send"), "{said_by_plan}");
            assert!(said_by_plan.contains("+   name: gate-"), "{said_by_plan}");
        }
        assert_eq!(site.files(), before, "a plan changes nothing");
        let gate = gate_follows(&site);
        exits(&site.apply(&[]), 0);
        gate.join().unwrap();
        let effects = site.effects();
        assert_eq!(count(&effects, "kubectl apply"), 1, "{effects:?}");
        assert_eq!(count(&effects, "rollout"), 2, "{effects:?}");
        assert_eq!(count(&effects, "hal"), 0, "{effects:?}");
        let changed: Vec<_> = site.files().into_iter().filter(|file| !before.contains(file)).collect();
        assert_eq!(changed.len(), if road == Road::Kustomize { 2 } else { 1 });
        let again = site.apply(&[]);
        exits(&again, 0);
        assert!(said(&again).contains("Unchanged"), "{}", said(&again));
        assert_eq!(site.effects(), effects);
        exits(&site.flagged(&["wait", "--for", "ready", "--timeout", "1m"]), 0);
        let status = site.flagged(&["status"]);
        assert!(said(&status).contains("enables the plugin"), "{}", said(&status));
        let undo = site.flagged(&["undo", "--yes"]);
        exits(&undo, 0);
        assert_eq!(site.files(), before, "{road:?}: {}", said(&undo));
        assert_eq!(count(&site.effects(), "kubectl apply"), 2, "{:?}", site.effects());
        assert_eq!(count(&site.effects(), "rollout"), 4, "{:?}", site.effects());
    }
}

/// Goes by keys from the first screen up to the last question.
fn up_to_begin(site: &RoadSite, pty: &mut support::pty::Pty, road: Road) {
    pty.wait("you may patch");
    helped(pty);
    pty.send(ENTER);
    pty.at("> [ ] I have read this", SPACE);
    pty.at("> [x] I have read this", TAB);
    pty.at("> [ Next: Version ]", ENTER);
    pty.at("Plugin zip", ENTER);
    pty.at("What the two profiles will say", ENTER);
    pty.wait("What is applied, and what else goes out");
    pty.wait("the cluster is as the files are now");
    pty.wait("apply -");
    helped(pty);
    pty.send(ENTER);
    pty.at("user/operator", ENTER);
    pty.at("does not exist yet", ENTER);
    // The manifest names Gate's public address; an overlay does not.
    endpoint_and_delivery(pty, &site.gate.url("/aws/notify"));
    assert!(pty.screen().contains(road.home()) || pty.screen().contains("FILES"), "{}", pty.screen());
    pty.press_until(ENTER, "> [ Go back ]");
    pty.send(RIGHT);
    pty.wait("> [ Begin ]");
}

#[test]
fn each_road_is_gone_by_keys() {
    for road in ROADS {
        let site = RoadSite::new(road);
        let before = site.files();
        let flags = site.flags();
        let arguments: Vec<&str> = flags.iter().map(String::as_str).collect();
        let mut pty = site.pty(&arguments, (100, 40));
        up_to_begin(&site, &mut pty, road);
        let gate = gate_follows(&site);
        pty.leave(ENTER, "> [ Begin ]");
        gate.join().unwrap();
        pty.wait("> [ Finish ]");
        assert_ne!(site.files(), before);
        pty.send(ENTER);
        assert_eq!(pty.exit(), 0);
        // Whoever has no Halyard is told nothing of one.
        let everything = pty.everything();
        for word in ["Halyard", "hal config", "hal directory", "hal deploy", "daemon", "hal's", "hal runs"] {
            assert!(!everything.contains(word), "{road:?}: {word}");
        }
        let rollback = fs::read_to_string(state(&site).join("ROLLBACK.txt")).unwrap();
        assert!(!rollback.contains("hal "), "{rollback}");
        exits(&site.flagged(&["undo", "--yes"]), 0);
        assert_eq!(site.files(), before);
    }
}

/// Opens the help, reads it to the end, and closes it.
fn helped(pty: &mut support::pty::Pty) {
    pty.press_until("?", "Help:");
    pty.send("\u{1b}[6~");
    pty.settled();
    pty.send("\u{1b}");
    pty.until("the help is closed", |screen| !screen.contains("Help:"));
}

/// Where the state stands.
fn state(site: &RoadSite) -> std::path::PathBuf {
    let ours = site.home().join(".event-cache-wizard");
    let mut found =
        fs::read_dir(ours).unwrap().flatten().map(|entry| entry.path()).filter(|path| path.is_dir());
    found.next().unwrap()
}

#[test]
fn rollback_by_hand_gives_the_bytes_back_and_applies_once() {
    for road in ROADS {
        let site = RoadSite::new(road);
        let before = site.files();
        let gate = gate_follows(&site);
        exits(&site.apply(&[]), 0);
        gate.join().unwrap();
        let rollback = fs::read_to_string(state(&site).join("ROLLBACK.txt")).unwrap();
        let files: String =
            rollback.lines().filter(|line| !line.contains("aws ")).map(|line| format!("{line}\n")).collect();
        let mut shell = Command::new("dash");
        shell.args(["-e", "-c", &files]).env_clear().envs(site.environment());
        let done = shell.output().unwrap();
        assert!(done.status.success(), "{rollback}\n{}", said(&done));
        assert_eq!(site.files(), before, "{rollback}");
        assert_eq!(count(&site.effects(), "kubectl apply"), 2, "{rollback}");
    }
}

#[test]
fn after_a_pipeline_deployed_it_the_pipeline_takes_it_back() {
    let site = RoadSite::new(Road::Kustomize);
    git(&site, &["init", "-q"]);
    site.answers("install: {wait_for_ready: 1s}\n");
    let before = site.files();
    exits(&site.apply(&["--no-apply"]), 124);
    let undo = site.flagged(&["undo", "--yes"]);
    exits(&undo, 0);
    assert_eq!(site.files(), before);
    assert_eq!(count(&site.effects(), "kubectl apply"), 0, "{:?}", site.effects());
    assert!(said(&undo).contains("Commit what was taken out:"), "{}", said(&undo));
}

#[test]
fn without_a_namespace_anywhere_nothing_is_applied() {
    let site = RoadSite::new(Road::Operator);
    let manifest = fs::read_to_string(site.manifest()).unwrap().replace("  namespace: spinnaker\n", "");
    fs::write(site.manifest(), manifest).unwrap();
    let refused = site.apply(&[]);
    exits(&refused, 3);
    assert!(said(&refused).contains("--namespace NAME"), "{}", said(&refused));
    let plan = site.run(&["plan", "--answers", "answers.yml", "--namespace", "cd"]);
    exits(&plan, 13);
    assert!(said(&plan).contains("apply --namespace cd -f"), "{}", said(&plan));
}

fn git(site: &RoadSite, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-C", site.home().to_str().unwrap(), "-c", "user.name=a", "-c", "user.email=a@example.com"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn without_an_apply_the_edit_is_left_for_git_with_its_message_and_the_rollout_is_waited_for() {
    let site = RoadSite::new(Road::Kustomize);
    git(&site, &["init", "-q"]);
    git(&site, &["add", "-A"]);
    git(&site, &["commit", "-qm", "as it was"]);
    site.answers("install: {wait_for_ready: 2s}\n");
    // Nobody has merged it yet.
    let waits = site.apply(&["--no-apply"]);
    exits(&waits, 124);
    assert_eq!(count(&site.effects(), "kubectl apply"), 0, "{:?}", site.effects());
    let status = git(&site, &["status", "--porcelain"]);
    assert_eq!(
        status,
        " M overlays/config/files/clouddriver-local.yml\n M overlays/config/files/gate-local.yml\n"
    );
    let said_while = said(&waits);
    let command = said_while
        .lines()
        .find_map(|line| line.split_once("Commit: "))
        .map(|(_, command)| command.to_owned())
        .unwrap_or_else(|| panic!("{said_while}"));
    // The command works as it stands.
    let committed = Command::new("dash")
        .args(["-c", &command.replacen("git ", "git -c user.name=a -c user.email=a@example.com ", 1)])
        .output()
        .unwrap();
    assert!(committed.status.success(), "{command}: {}", said(&committed));
    let message = git(&site, &["log", "-1", "--format=%B"]);
    assert!(message.starts_with("Load the AWS Event Cache plugin in Gate and Clouddriver\n"), "{message}");
    assert_eq!(git(&site, &["status", "--porcelain"]), "");
    let pull_request =
        fs::read_to_string(site.home().join(".event-cache-wizard/kustomize/pull-request.md")).unwrap();
    assert!(pull_request.contains("- overlays/config/files/gate-local.yml"), "{pull_request}");
    // The pipeline deploys.
    let home = site.home().display().to_string();
    let program = support::program();
    let mut kubectl = Command::new(program);
    kubectl.args(["stand-in-kubectl", "--world", &site.world, "--", "apply", "-k", &home]);
    assert!(kubectl.envs(site.environment()).output().unwrap().status.success());
    site.gate.has_plugin.store(true, Ordering::SeqCst);
    site.answers("install: {wait_for_ready: 5m}\n");
    exits(&site.apply(&["--no-apply"]), 0);
    assert_eq!(count(&site.effects(), "kubectl apply"), 1, "only the pipeline's: {:?}", site.effects());
}

#[test]
fn a_refused_apply_says_the_likely_cause_and_a_command_with_its_context() {
    let site = RoadSite::with(Road::Operator, &["apply-kubectl"]);
    let flags = site.flags();
    let arguments: Vec<&str> = flags.iter().map(String::as_str).collect();
    let mut pty = site.pty(&arguments, (100, 40));
    up_to_begin(&site, &mut pty, Road::Operator);
    pty.leave(ENTER, "> [ Begin ]");
    pty.wait("Likely: The cluster does not know the kind");
    pty.wait("--context prod get crds");
    pty.wait("[ Retry ]");
}

#[test]
fn what_kubectl_refuses_and_what_else_is_pending_is_said() {
    let site = RoadSite::with(Road::Kustomize, &["pending-version"]);
    let plan = said(&site.run(&["plan", "--answers", "answers.yml"]));
    assert!(
        plan.contains("apps.v1.Deployment.spinnaker.echo differs from the cluster: an apply changes it too"),
        "{plan}"
    );
    let site = RoadSite::with(Road::Operator, &["apply-kubectl"]);
    let before = site.files();
    let failed = site.apply(&[]);
    exits(&failed, 5);
    assert!(said(&failed).contains("kubectl apply failed (exit 1)"), "{}", said(&failed));
    // Other answers are planned anew, and fail as plainly.
    site.answers("configure: {services: [gate]}\n");
    exits(&site.apply(&[]), 5);
    exits(&site.flagged(&["undo", "--yes", "--no-apply"]), 0);
    assert_eq!(site.files(), before);
    // No context, no apply: the current one may be any cluster.
    let site = RoadSite::new(Road::Kustomize);
    let answers =
        fs::read_to_string(site.path("answers.yml")).unwrap().replace("kubernetes: {context: prod}\n", "");
    fs::write(site.path("answers.yml"), answers).unwrap();
    let refused = site.apply(&[]);
    exits(&refused, 3);
    assert!(said(&refused).contains("--context NAME"), "{}", said(&refused));
    assert_eq!(site.effects(), Vec::<String>::new());
}

#[test]
fn a_file_that_another_kustomization_replaces_is_not_taken_for_the_one_that_is_merged() {
    let site = RoadSite::new(Road::Kustomize);
    // An overlay further out merges its own file; the one further in is not what pods get.
    let home = site.home();
    fs::create_dir_all(home.join("prod/files")).unwrap();
    fs::write(home.join("prod/files/gate-local.yml"), "server:\n  port: 8085\n").unwrap();
    fs::write(
        home.join("prod/kustomization.yml"),
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nconfigMapGenerator:\n- behavior: merge\n  name: gate\n  files:\n  - files/gate-local.yml\n",
    )
    .unwrap();
    let root = fs::read_to_string(home.join("kustomization.yml")).unwrap();
    // Later components win: the outermost list's last.
    fs::write(
        home.join("kustomization.yml"),
        root.replace("- overlays/config\n", "- overlays/config\n- prod\n"),
    )
    .unwrap();
    let plan = said(&site.run(&["plan", "--answers", "answers.yml"]));
    assert!(plan.contains("into prod/files/gate-local.yml"), "{plan}");
    assert!(plan.contains("prints the edited files, byte for byte"), "{plan}");
}

#[test]
fn a_kustomize_patch_of_the_manifest_is_edited_and_applied_as_a_whole() {
    let site = RoadSite::new(Road::Operator);
    let home = site.home();
    fs::write(
        home.join("kustomization.yaml"),
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: spinnaker\nresources: [spinnakerservice.yml]\npatches:\n- path: patch-gate.yml\n",
    )
    .unwrap();
    let patch = "# Basic authentication.\napiVersion: spinnaker.io/v1alpha2\nkind: SpinnakerService\nmetadata:\n  name: spinnaker\n  namespace: spinnaker\nspec:\n  spinnakerConfig:\n    profiles:\n      gate:\n        security.basicform.enabled: true\n";
    fs::write(home.join("patch-gate.yml"), patch).unwrap();
    let before = site.files();
    site.answers("");
    let answers = fs::read_to_string(site.path("answers.yml")).unwrap();
    let answers = answers.replace("spinnakerservice.yml'", "patch-gate.yml'");
    let overlay = format!("kustomize: {{directory: '{}'}}\n", home.display());
    fs::write(site.path("answers.yml"), answers + &overlay).unwrap();
    let plan = said(&site.run(&["plan", "--answers", "answers.yml"]));
    assert!(plan.contains("patch-gate.yml (profiles.gate)"), "{plan}");
    assert!(plan.contains("## What kubectl would send"), "{plan}");
    assert!(plan.contains(&format!("apply -k {}", home.display())), "{plan}");
    let gate = gate_follows(&site);
    exits(&site.apply(&[]), 0);
    gate.join().unwrap();
    let changed: Vec<_> = site.files().into_iter().filter(|file| !before.contains(file)).collect();
    assert_eq!(changed.len(), 1, "the patch alone");
    assert_eq!(count(&site.effects(), "rollout"), 2, "{:?}", site.effects());
    let (file, dir) = (home.join("patch-gate.yml").display().to_string(), home.display().to_string());
    let undo = site.run(&[
        "undo",
        "--yes",
        "--operator",
        &file,
        "--kustomize",
        &dir,
        "--context",
        "prod",
        "--region",
        "us-west-2",
    ]);
    exits(&undo, 0);
    assert_eq!(site.files(), before, "{}", said(&undo));
    assert_eq!(count(&site.effects(), "rollout"), 4, "{:?}", site.effects());
}

#[test]
fn started_in_an_overlay_without_a_halyard_the_overlay_is_pointed_to_and_not_taken() {
    let site = RoadSite::new(Road::Kustomize);
    let before = site.files();
    let status = |dir: &std::path::Path| {
        let mut command = Command::new(support::program());
        command.args(["status", "--hal-dir", "/nowhere/.hal", "--region", "us-west-2"]);
        said(&command.envs(site.environment()).current_dir(dir).output().unwrap())
    };
    let pointer = "start with --kustomize . instead";
    let there = status(&site.home());
    assert!(there.contains(pointer), "{there}");
    let elsewhere = status(&site.path(""));
    assert!(elsewhere.contains("/nowhere/.hal") && !elsewhere.contains(pointer), "{elsewhere}");
    assert_eq!((site.files(), site.effects()), (before, Vec::new()));
}
