//! The policy of a topic as it was before we changed it, kept in the state directory before the change: what
//! undo gives back to the byte, and how a run that was cut off knows that a statement is its own.

use ecw_ports::Ports;
use ecw_profile::sha256_hex;
use ecw_wizard::values::names::TopicArn;
use ecw_wizard::values::trouble::Trouble;

/// So that names of topics (256 characters) and statements fit into a file's name.
const LONGEST: usize = 80;

fn name(topic: &TopicArn, sid: &str) -> String {
    let short = |text: &str| text.chars().take(LONGEST).collect::<String>();
    let hash = sha256_hex(topic.to_string().as_bytes());
    format!("backups/policy.{}.{}.{}", short(&topic.name), short(sid), &hash[..12])
}

/// Keeps the policy as it was before the statement `sid` came; returns where.
pub(super) fn keep(
    ports: &Ports,
    topic: &TopicArn,
    sid: &str,
    former: Option<&str>,
) -> Result<String, Trouble> {
    let name = name(topic, sid);
    ports.store.write(&name, former.unwrap_or_default().as_bytes())?;
    Ok(format!("{}/{name}", ports.store.place()))
}

/// Returns the policy as it was before the statement `sid` came (empty = the topic had none); `None` when it
/// was not kept, so that the statement is none of ours.
pub(super) fn kept(ports: &Ports, topic: &TopicArn, sid: &str) -> Option<String> {
    let bytes = ports.store.read(&name(topic, sid)).ok().flatten()?;
    String::from_utf8(bytes).ok()
}
