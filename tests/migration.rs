//! An operator moves Spinnaker from Halyard to kustomize: what survived is said row by row, and nothing that was known is
//! asked again.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::Ordering;

use ecw_wire::world_process;
use ecw_wizard::values::road::Road;
use support::kustomize::kustomize;
use support::site::{Site, exits, said};

#[test]
fn after_a_move_to_kustomize_it_is_said_what_survived_and_the_rest_is_put_back() {
    let site = Site::new();
    site.gate.has_plugin.store(true, Ordering::SeqCst);
    exits(&site.apply(&[]), 0);
    // The overlay comes into being beside it, in the same world.
    let program = Path::new(support::program());
    world_process::ensure(program, &site.path(""), 240, &[], Road::Kustomize).unwrap();
    let overlay = site.text(world_process::OVERLAY);
    let run = |arguments: &[&str]| {
        let mut command = site.command(arguments);
        command.args(["--kustomize", &overlay, "--context", "prod"]);
        command.env("EVENT_CACHE_WIZARD_STAND_IN_KUSTOMIZE", kustomize());
        command.stdin(Stdio::null()).output().unwrap()
    };
    let moved = run(&["check", "--road"]);
    exits(&moved, 8);
    let rows = said(&moved);
    assert!(rows.contains("hal/.event-cache-wizard/default"), "{rows}");
    assert!(rows.contains(&format!("missing  {overlay}/overlays/config/files/gate-local.yml")), "{rows}");
    assert!(rows.contains("there    Subscription: confirmed"), "{rows}");
    assert!(
        rows.contains(&format!("there    Endpoint: {}, as before", site.gate.url("/aws/notify"))),
        "{rows}"
    );
    // Put back on the new road; topic, subscription and delivery stand already.
    let before = site.effects();
    std::fs::write(site.path("road.yml"), std::fs::read_to_string(site.path("answers.yml")).unwrap())
        .unwrap();
    exits(&run(&["apply", "--answers", "road.yml", "--yes"]), 0);
    let done: Vec<String> = site.effects().split_off(before.len());
    assert!(done.iter().all(|each| !each.starts_with("sns") && !each.starts_with("config")), "{done:?}");
    let after = run(&["check", "--road"]);
    exits(&after, 0);
    assert!(!said(&after).contains("missing"), "{}", said(&after));
    let json = run(&["check", "--road", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(value["exit"], 0, "{value}");
}

#[test]
fn home_on_the_new_road_knows_what_the_old_one_knew() {
    let site = Site::new();
    site.gate.has_plugin.store(true, Ordering::SeqCst);
    exits(&site.apply(&[]), 0);
    let program = Path::new(support::program());
    world_process::ensure(program, &site.path(""), 240, &[], Road::Kustomize).unwrap();
    let overlay = site.text(world_process::OVERLAY);
    // The files came along with the move.
    for file in ["gate-local.yml", "clouddriver-local.yml"] {
        std::fs::copy(
            site.hal_dir().join("default/profiles").join(file),
            Path::new(&overlay).join("overlays/config/files").join(file),
        )
        .unwrap();
    }
    let pty = site.pty(&["--kustomize", &overlay, "--context", "prod"], (120, 40));
    pty.wait("The plugin is here already");
    pty.wait("Subscription: confirmed");
    assert!(pty.screen().contains("Remove the plugin before upgrading"), "{}", pty.screen());
}
