//! A connection that one end has given up, while the other was not told and will never ask.

use super::Case;
use crate::flow::Side;
use crate::report::{Confidence, Finding, How, Killer, Severity, State, Timer};

/// The id, by which the inventory across flows counts them.
pub(super) const ID: &str = "half-open";

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    let Some(ending) = case.flow.ending else { return };
    let (Killer::End(gone), Some(timer)) = (ending.by, ending.timer) else { return };
    let left = !gone;
    let prober = case.flow.prober(left);
    if prober.is_relevant() || case.flow.one_sided || !is_waiting(case, left) {
        return;
    }
    let why = match timer {
        Timer::Keepalive => "after its probes went unanswered",
        Timer::Retransmission => "after its data went unacknowledged",
        Timer::Persist => "after its window probes went unanswered",
    };
    let told =
        if ending.how == How::Silence { "without a word" } else { "with a RST that may not have arrived" };
    let text = format!(
        "the {gone} gave up {why}, {told}; the {left} sends no probes: if it still runs, its end of the connection stays open until it \
         sends something",
        gone = gone.name(),
        left = left.name()
    );
    let frames = ending.frame.into_iter().chain([case.flow.last_frame]);
    found.push(Finding::new(ID, Severity::Warning, Confidence::Possible, Some(left), text, frames));
}

/// Whether `left` has nothing in flight that would make it notice.
fn is_waiting(case: &Case<'_>, left: Side) -> bool {
    case.flow.state != State::Closed && !case.flow.view(left).has_unacknowledged
}
