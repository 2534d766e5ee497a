//! What `hal` prints: its frames, its exit statuses and the noise in its diff, word for word as the real one did
//! (`tests/fixtures/hal-real`). Two of its troubles were not seen there and are made up in its manner: a bucket that
//! validation cannot make, and hal's own deadline.

use std::collections::BTreeSet;

use ecw_halyard::ServiceName;

use crate::faults::{Fault, LEAKED};
use crate::things::Frame;

const PREP_MS: u64 = 20_000;
const GATE_MS: u64 = 90_000;
const CLOUDDRIVER_MS: u64 = 240_000;
/// hal's own deadline.
const DEADLINE_MS: u64 = 30 * 60_000;

/// Validation text that hal prints whatever it is asked, also with `-q`; wrapped at 80 columns.
const STATS: &str = "\rValidation in default.stats:\n- INFO Stats are currently ENABLED. Usage statistics are being collected. Thank\n  you! These stats inform improvements to the product, and that helps the\n  community. To disable, run `hal config stats disable`. To learn more about what\n  and how stats data is used, please see\n  https://spinnaker.io/docs/community/stay-informed/stats.\n\n";

const DIFF: &str = "~ EDITED\nstats\n- instanceId 01M8801R4Z4WS8YAJSNK2THAK0 -> 01M88035MXK033QV5J0DJCQP0X\n\n~ EDITED\npubsub\n- enabled false -> null\n\n\n";

const GENERATING: &str = "Generating all Spinnaker profile files and endpoints";

/// Who interrupts an apply: it ends in other words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interrupt {
    /// hal got a signal, and has the daemon stop its task before it ends.
    HalSignalled,
    /// Somebody asked the daemon to interrupt the task; hal only sees it fail.
    Daemon,
}

/// Returns what `hal deploy diff` prints where nobody changed anything.
#[must_use]
pub fn deploy_diff() -> String {
    format!("{STATS}{DIFF}")
}

/// Returns what hal prints when its task is interrupted, and its exit status.
pub(crate) fn interrupted(who: Interrupt, services: &[ServiceName]) -> (String, i32) {
    match who {
        Interrupt::HalSignalled => {
            ("- Failed to deploy Spinnaker. Task killed by interrupt\n".to_owned(), 128 + 15)
        }
        Interrupt::Daemon => (
            painted("-", "Failure", services)
                + "\rValidation in Global:\n! ERROR Unexpected exception:\n  DaemonTaskInterrupted(interruptedTime=1795567119663, message=Task interrupted at\n  Wed Nov 25 00:38:39 UTC 2026: sleep interrupted)\n\n- Failed to deploy Spinnaker.\n",
            1,
        ),
    }
}

/// Returns what an apply prints and when, how long it takes (milliseconds) and its exit status.
pub(crate) fn apply(faults: &BTreeSet<Fault>, services: &[ServiceName]) -> (Vec<Frame>, u64, i32) {
    let mut frames = Vec::new();
    let mut say = |at: u64, text: &str| frames.push(Frame { at, text: text.to_owned() });
    say(0, "\n\n\r- Prep deployment\n\r  Running validation: Validating stats with X509Validator\n");
    if faults.contains(&Fault::ApplyInvalid) {
        say(
            PREP_MS,
            &format!(
                "\r- Prep deployment\n\r  Failure\n{STATS}\rValidation in default.persistentStorage.s3:\n! ERROR Failed to ensure the required bucket \"spin-front50\" exists: The security\n  token included in the request is invalid.\n\n- Failed to prep Spinnaker deployment\n"
            ),
        );
        return (frames, PREP_MS, 1);
    }
    if faults.contains(&Fault::Leaky) {
        let [password, key] = LEAKED;
        let text = format!(
            "\rValidation in default.persistentStorage:\n- WARNING connected with password: {password}\n? Do not use {key}.\n\nusing dbPassword={password}\n"
        );
        say(PREP_MS, &text);
    }
    say(
        PREP_MS,
        &format!(
            "\r+ Prep deployment\n\r  Success\n{STATS}+ Preparation complete... deploying Spinnaker\n\n\n\r- Apply deployment\n\r  {GENERATING}: Building service endpoints\n"
        ),
    );
    let takes = if services.iter().any(|each| !each.is_gate()) { CLOUDDRIVER_MS } else { GATE_MS };
    say(PREP_MS + 5_000, &format!("\n\n{}", waiting("^", "", services)));
    for (turn, at) in (PREP_MS + 6_000..takes).step_by(10_000).enumerate() {
        let mark = ["*", "_", "-", "^"][turn % 4];
        say(at, &waiting(mark, "kubectl", services));
    }
    let (mark, word, exit) = match () {
        () if faults.contains(&Fault::ApplyKubectl) => ("-", "Failure", 1),
        () if faults.contains(&Fault::ApplyTimeout) => ("/", "Timed out", 7),
        () => ("+", "Success", 0),
    };
    let takes = if exit == 7 { DEADLINE_MS } else { takes };
    say(takes, &painted(mark, word, services));
    say(
        takes,
        match exit {
            0 => "+ Run `hal deploy connect` to connect to Spinnaker.\n",
            1 => {
                "\n\rValidation in Global:\n! ERROR Failed check for Namespace/spinnaker in null\nUnable to connect to the server: net/http: TLS handshake timeout\n\n\n- Failed to deploy Spinnaker.\n"
            }
            _ => {
                "\rValidation in Global:\n! ERROR Unexpected exception:\n  DaemonTaskInterrupted(message=Child task timed out)\n\n- Failed to deploy Spinnaker. Task killed because it was taking too long.\n"
            }
        },
    );
    (frames, takes, exit)
}

/// One turn of the spinner: hal paints the task and all its children over and over.
fn waiting(mark: &str, tool: &str, services: &[ServiceName]) -> String {
    let mut text =
        format!("\r{mark} Apply deployment\n\r  {GENERATING}: Waiting on deployments to complete\n");
    for service in services {
        let name = service.kubernetes_name();
        let stage = match tool {
            "" => String::new(),
            tool => {
                format!("  Deploying {name} with {tool}: Running {tool} apply on the resource definition...")
            }
        };
        text += &format!("\r{mark} Deploy {name}\n\r{stage}\n");
    }
    text
}

/// The last turn.
fn painted(mark: &str, word: &str, services: &[ServiceName]) -> String {
    let mut text = format!("\r{mark} Apply deployment\n\r  {word}\n");
    for service in services {
        text += &format!("\r{mark} Deploy {}\n\r  {word}\n", service.kubernetes_name());
    }
    text
}
