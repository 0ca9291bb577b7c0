//! Connections without a probe: where keepalive is off, and where the capture cannot tell.

use super::{Case, Plain};
use crate::flow::Side;
use crate::frame::FrameNo;
use crate::report::words::duration;
use crate::report::{Confidence, Finding, Severity, State, Status};
use crate::time::Span;

/// Shorter silences say nothing about anybody's keepalive.
const LONG: Span = Span::from_secs(10);

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    let flow = case.flow;
    let plain = Plain::of(case);
    if flow.is_relevant_by_probes() || !applies(&plain) {
        return;
    }
    let Some((from, to)) = longest_gap(case, &plain) else { return };
    let off = |side: Side| flow.prober(side).status == Status::Off;
    let quiet = duration(plain.longest_quiet);
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

/// Whether a silence was long enough to say something.
pub(super) fn applies(plain: &Plain) -> bool {
    !plain.one_sided && plain.longest_quiet >= LONG
}

/// Whether the silence lasts to the end of the capture.
pub(super) fn is_quiet_now(plain: &Plain) -> bool {
    matches!(plain.state, State::Open | State::HalfClosed) && plain.now.since(plain.end) >= LONG
}

/// The frames that bound the longest silence; the last one may last to the end of the capture.
fn longest_gap(case: &Case<'_>, plain: &Plain) -> Option<(FrameNo, FrameNo)> {
    let trailing = plain.now.since(plain.end);
    match case.flow.longest_gap.filter(|gap| !is_quiet_now(plain) || gap.length >= trailing) {
        Some(gap) => Some((gap.from, gap.to)),
        None if is_quiet_now(plain) => Some((case.flow.last_frame, case.last_frame)),
        None => None,
    }
}
