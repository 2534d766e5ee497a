//! What the wizard works on, in a line: deployment, where it runs, and where in AWS.

use crate::state::Session;
use crate::values::answers::Key;
use crate::values::targets::counted_targets;

/// Returns such as `default @ spinnaker-k8s/spinnaker` and, once known, `123456789012/us-west-2`; each may be empty.
#[must_use]
pub fn worked_on(session: &Session) -> (String, String) {
    let place = match session.deployment() {
        Some(deployment) => {
            let account = deployment.account.as_ref().map(|account| account.name.as_str());
            let kind = deployment.kind.as_str();
            let mut place = format!("{} @ {}", deployment.name, account.unwrap_or(kind));
            if let Some(namespace) = &deployment.location {
                place.push_str(&format!("/{namespace}"));
            }
            place
        }
        None => session.answers.text(Key::HalDirectory).to_owned(),
    };
    (ecw_halyard::clean(&place, 200), in_aws(session))
}

fn in_aws(session: &Session) -> String {
    if session.answers.sns_by_targets() {
        return counted_targets(session.answers.sns_targets().len());
    }
    if !session.answers.sns_now() {
        return String::new();
    }
    let found = session.facts.identity().and_then(|who| who.as_ref().ok());
    let account = match session.answers.text(Key::Account) {
        "" => found.map(|who| who.account.as_str()).unwrap_or_default(),
        named => named,
    };
    match (account, session.answers.text(Key::Region)) {
        ("", region) => region.to_owned(),
        (account, "") => account.to_owned(),
        (account, region) => format!("{account}/{region}"),
    }
}
