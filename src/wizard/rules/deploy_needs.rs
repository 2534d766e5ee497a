//! What only a deploy needs: hal, its daemon, and root where Spinnaker runs on this host. The profiles are files
//! and need none of them.

use crate::model::check::{Check, CheckVerdict};
use crate::state::Session;
use crate::values::answers::Key;

/// Returns the checks of the daemon and of hal as far as they were made; `None` while nobody looked. Where no
/// deploy is wanted, what does not answer is a warning, and it is said what was not checked for it.
#[must_use]
pub fn daemon_checks(session: &Session) -> Option<Vec<Check>> {
    if !session.road().is_halyard() {
        return cluster_checks(session);
    }
    let daemon = session.facts.daemon()?;
    let mut checks = daemon.checks.clone();
    // A daemon that answers and reads another directory stays a refusal: the profiles would reach nobody.
    if let Some(what) = not_checked(session) {
        soften(&mut checks);
        checks.push(Check::new(CheckVerdict::Warning, "Not checked", what));
    }
    Some(checks)
}

/// Returns the checks of the cluster; where nothing is applied from here, what is not there is a warning.
fn cluster_checks(session: &Session) -> Option<Vec<Check>> {
    let mut checks = session.facts.cluster()?.checks.clone();
    if session.answers.is_no(Key::Apply) {
        soften(&mut checks);
    }
    Some(checks)
}

/// Returns what nobody can tell because hal or its daemon does not answer, where neither is needed.
#[must_use]
pub fn not_checked(session: &Session) -> Option<&'static str> {
    let needless = session.answers.is_no(Key::Apply) && cannot_deploy(session);
    needless.then_some("whether the daemon reads this directory, and what hal deploy diff says")
}

/// Returns the checks of root, which hal needs where it installs services on this host.
#[must_use]
pub fn root_checks(session: &Session) -> Vec<Check> {
    let mut checks = session.facts.site().map(|site| site.root_checks.clone()).unwrap_or_default();
    if session.answers.is_no(Key::Apply) {
        soften(&mut checks);
    }
    checks
}

/// Returns whether hal or its daemon does not answer, so that nothing could be deployed from here now.
#[must_use]
pub fn cannot_deploy(session: &Session) -> bool {
    session.facts.daemon().is_some_and(|daemon| {
        daemon.hal_version.is_none() && daemon.checks.iter().any(|check| check.verdict == CheckVerdict::Bad)
    })
}

fn soften(checks: &mut [Check]) {
    for check in checks.iter_mut().filter(|check| check.verdict == CheckVerdict::Bad) {
        check.verdict = CheckVerdict::Warning;
    }
}
