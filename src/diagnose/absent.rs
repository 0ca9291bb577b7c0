//! Connections without a probe: where keepalive is off, and where the capture cannot tell.

use super::Case;
use crate::flow::Side;
use crate::frame::FrameNo;
use crate::report::words::duration;
use crate::report::{Confidence, Finding, Flow, Severity, State, Status};
use crate::time::Span;

/// Shorter silences say nothing about anybody's keepalive.
const LONG: Span = Span::from_secs(10);

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    let flow = case.flow;
    if flow.is_relevant_by_probes() || flow.one_sided {
        return;
    }
    let Some((from, to)) = longest_gap(case) else { return };
    let quiet = Side::BOTH.map(|side| flow.prober(side).longest_quiet.unwrap_or_default());
    let quiet = quiet.into_iter().max().unwrap_or_default();
    if quiet < LONG {
        return;
    }
    let off = |side: Side| flow.prober(side).status == Status::Off;
    let quiet = duration(quiet);
    let (id, confidence, text) = if Side::BOTH.into_iter().any(off) {
        let text = format!(
            "no probe in {quiet} of quiet: keepalive is off at both ends, or slower than the default of every system; a peer that vanishes \
             is found out by the next data, and not before"
        );
        ("keepalive-off", Confidence::Likely, text)
    } else {
        let text = format!(
            "no probe was seen, but the longest quiet was {quiet}: an idle time above that (the default is 2 h) cannot be excluded; a \
             longer capture of the idle connection would tell"
        );
        ("keepalive-not-observed", Confidence::Certain, text)
    };
    found.push(Finding::new(id, Severity::Info, confidence, None, text, [from, to]));
}

/// The frames that bound the longest silence; the last one may last to the end of the capture.
fn longest_gap(case: &Case<'_>) -> Option<(FrameNo, FrameNo)> {
    let Flow { longest_gap, last_frame, end, state, .. } = case.flow;
    let is_open = matches!(state, State::Open | State::HalfClosed);
    let trailing = case.now.since(*end);
    match longest_gap.filter(|gap| !is_open || gap.quiet >= trailing) {
        Some(gap) => Some((gap.before, gap.after)),
        None if is_open && trailing >= LONG => Some((*last_frame, case.last_frame)),
        None => None,
    }
}
