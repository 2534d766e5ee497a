//! While Gate's confirmation is waited for: how long ago SNS was asked to send one, whether it is asked
//! again, and what can be seen from here of why none comes.

use crate::model::aws_report::SubscriptionState;
use crate::model::check::CheckVerdict;
use crate::model::gate_answer::{EndpointAnswer, NotifyVerdict};
use crate::model::readiness::Readiness;
use crate::rules::limits::{CONFIRM_SETTLE_MS, CONFIRM_WINDOW_MS};
use crate::state::Session;
use crate::state::run::GateAnswers;
use crate::steps::StepKind;

impl Session {
    /// Returns how long ago SNS was last asked to send a confirmation, milliseconds: by this process, or by
    /// an earlier one as the journal says.
    #[must_use]
    pub fn since_confirmation(&self) -> u64 {
        let Some((since, sent)) = self.run.confirm_since else { return 0 };
        let here = self.now.mono.saturating_sub(sent.mono);
        if sent != since {
            return here;
        }
        let rows = self.ledger.rows.iter().filter(|row| row.intent.step().kind == StepKind::SubscribeGate);
        let finished = rows.filter_map(|row| row.finished).max();
        finished.map_or(here, |finished| here.max(self.now.wall.saturating_sub(finished)))
    }

    /// Returns whether a new confirmation is worth asking for: SNS has stopped trying, Gate has only now
    /// begun to answer, or the subscription is not there any more.
    #[must_use]
    pub fn confirmation_is_due(&self) -> bool {
        let gone = matches!(self.run.subscription, Some(Ok(SubscriptionState::Missing)));
        let waits = matches!(self.run.subscription, Some(Ok(SubscriptionState::Pending { .. })));
        let ago = self.since_confirmation();
        gone && ago >= CONFIRM_SETTLE_MS
            || waits && (ago >= CONFIRM_WINDOW_MS || self.run.gate_answers == GateAnswers::Newly)
    }

    /// Returns what can be seen from here of why no confirmation comes, the likeliest first.
    #[must_use]
    pub fn why_not_confirmed(&self) -> Vec<String> {
        let mut causes = Vec::new();
        let seen = self.run.endpoint.as_ref().or_else(|| self.facts.endpoint());
        let answer = seen.and_then(|seen| seen.answer.as_ref());
        causes.extend(answer.filter(|answer| !answer.is_there()).map(EndpointAnswer::cause));
        for check in seen.into_iter().flat_map(|seen| &seen.checks) {
            let tells = matches!(check.verdict, CheckVerdict::Warning | CheckVerdict::Bad);
            // That messages travel unencrypted holds nothing up.
            if tells && check.label != "Transport" {
                causes.push(format!("{}: {}.", check.label, check.detail.trim_end_matches('.')));
            }
        }
        let gate = self.run.ready.values().find(|report| report.service.is_gate());
        let ready = gate.is_some_and(|report| report.state == Readiness::Ready);
        if answer.is_some_and(EndpointAnswer::is_there) {
            causes.push(
                "The endpoint answers with the plugin, seen from here: AWS may see another address (firewall, ingress, public DNS)."
                    .to_owned(),
            );
        } else if ready {
            causes.push(
                "Gate itself has the plugin, seen from here: something stands between AWS and Gate (firewall, ingress, public DNS)."
                    .to_owned(),
            );
        } else {
            causes.push("Gate was not seen to run the plugin yet.".to_owned());
        }
        if self.deployment().is_some_and(|deployment| deployment.authn)
            && !answer.is_some_and(|answer| {
                matches!(answer, EndpointAnswer::Http { verdict: NotifyVerdict::LoginOrMissing, .. })
            })
        {
            causes.push(
                "Gate asks for a login; a 4xx answer counts as delivered, so SNS does not try again."
                    .to_owned(),
            );
        }
        causes
    }
}
