//! Walking through the wizard on a pseudo-terminal, on the wire rehearsal.

use std::path::{Path, PathBuf};

use rustix::process::Pid;

use super::pty::Pty;

pub const ENTER: &str = "\r";
pub const TAB: &str = "\t";
pub const SPACE: &str = " ";
pub const RIGHT: &str = "\u{1b}[C";
pub const CTRL_C: &str = "\u{3}";

pub fn rehearse(dir: &Path, speed: &str) -> Pty {
    Pty::start(&["rehearse", "--dir", dir.to_str().unwrap(), "--speed", speed], &[], (80, 24))
}

/// Ends the world and whatever still runs in a directory.
pub struct Cleanup(pub PathBuf);

impl Drop for Cleanup {
    fn drop(&mut self) {
        let text = std::fs::read_to_string(self.0.join("world.json")).unwrap_or_default();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        if let Some(address) = value.get("address").and_then(serde_json::Value::as_str) {
            ecw_wire::world_process::stop(address);
        }
    }
}

/// From the Home of an installation that no journal knows of to the field of the hal directory.
pub fn past_home_to_hal_directory(pty: &mut Pty) {
    pty.wait("The plugin is here already");
    pty.wait("> [ Leave ]");
    pty.send("\u{1b}[Z\u{1b}[Z");
    pty.wait("> [ Go through the questions ]");
    pty.press_until(ENTER, "Is this the Spinnaker to work on?");
    pty.wait("> [ Next: Version ]");
    for _ in 0..6 {
        pty.send("\u{1b}[Z");
    }
    pty.wait("> hal directory");
}

/// Walks the questions about Spinnaker up to the one about AWS.
pub fn to_aws(pty: &mut Pty) {
    pty.at("Halyard daemon: answers", ENTER);
    pty.at("> [ ] I have read this", SPACE);
    pty.at("> [x] I have read this", TAB);
    pty.at("> [ Next: Version ]", ENTER);
    pty.at("Plugin zip: answers", ENTER);
    pty.at("What the two profiles will say", ENTER);
    pty.at("Gate first, then Clouddriver", ENTER);
}

/// Walks the questions up to the last one.
pub fn to_review(pty: &mut Pty) {
    to_aws(pty);
    pty.at("user/operator", ENTER);
    pty.at("does not exist yet", ENTER);
    pty.at("trusted authority", ENTER);
    pty.at("Delivery channel: publishes to no topic", ENTER);
    // It has no default. The focus is on what is to be decided; a key that came with the jump decides nothing.
    pty.wait("Point the delivery channel at the topic, or leave it?");
    pty.wait("> ( ) Point it at our topic");
    pty.send(TAB);
    pty.at("> ( ) Leave it as it is", SPACE);
    pty.at("> (o) Leave it as it is", TAB);
    pty.at("> [ Next: Review ]", ENTER);
    pty.wait("> [ Go ahead ]");
    pty.press_until(ENTER, "> [ Go back ]");
}

pub fn begin(pty: &mut Pty) {
    pty.send(RIGHT);
    pty.wait("> [ Begin ]");
    pty.press_until(ENTER, "Installing");
}

pub fn profile(dir: &Path, name: &str) -> String {
    std::fs::read_to_string(dir.join("hal/default/profiles").join(name)).unwrap()
}

pub fn no_signal_reached_hal(dir: &Path) {
    assert!(!dir.join("hal-signals.log").exists(), "a signal reached hal");
}

/// Returns the wizard that works in a directory.
pub fn wizard_of(dir: &Path) -> Pid {
    let text = std::fs::read_to_string(dir.join("hal/.event-cache-wizard/default/lock")).unwrap();
    let holder: serde_json::Value = serde_json::from_str(&text).unwrap();
    Pid::from_raw(i32::try_from(holder["process"]["pid"].as_i64().unwrap()).unwrap()).unwrap()
}

/// Both profiles hold what they held before and our block, once, and not one other byte.
pub fn profiles_are_as_wanted(dir: &Path) {
    let expected = format!(
        "{}spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: true\n        version: 0.2.1\n    repositories:\n      awsEventCache:\n        enabled: true\n        url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/repositories.json\n",
        include_str!("../../assets/rehearsal/clouddriver-local.yml")
    );
    assert_eq!(profile(dir, "clouddriver-local.yml"), expected);
    assert_eq!(
        profile(dir, "gate-local.yml"),
        include_str!("../../assets/rehearsal/gate-local.yml")
            .replace("      Armory.Integration:", "      Armory.AWSCATsOnEvent:")
    );
}

/// Answers Endpoint with Gate's address as the test has it, and Delivery with our topic; up to the last question.
pub fn endpoint_and_delivery(pty: &mut Pty, endpoint: &str) {
    pty.wait("Where does SNS reach Gate?");
    pty.move_until("\u{1b}[Z", "> Endpoint");
    // What was detected is another one.
    for _ in 0..60 {
        pty.send("\u{7f}");
    }
    pty.send(endpoint);
    pty.move_until(TAB, "> [ Next: Delivery ]");
    pty.send(ENTER);
    pty.at("Delivery channel: publishes to no topic", ENTER);
    pty.wait("> ( ) Point it at our topic");
    pty.send(SPACE);
    pty.wait("(o) Point it at our topic");
    pty.press_until("n", "> [ Go ahead ]");
}
