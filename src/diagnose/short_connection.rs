//! Connections that are over before keepalive could matter.

use super::Case;
use crate::report::{Confidence, Finding, Roles, Severity, State};
use crate::time::Span;

/// Shorter than any idle time that makes sense.
const SHORT: Span = Span::from_secs(10);

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    let flow = case.flow;
    let is_short = flow.state == State::Closed
        && flow.roles == Roles::Handshake
        && flow.end.since(flow.start) < SHORT
        && !flow.is_relevant();
    if is_short {
        let text = "opened, used and closed within ten seconds: keepalive never matters here".to_owned();
        let frames = [flow.first_frame, flow.last_frame];
        found.push(Finding::new("short-connection", Severity::Info, Confidence::Certain, None, text, frames));
    }
}
