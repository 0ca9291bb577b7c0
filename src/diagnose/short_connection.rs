//! Connections that are over before keepalive could matter.

use super::{Case, Plain};
use crate::report::{Confidence, Finding, Roles, Severity, State};
use crate::time::Span;

/// Shorter than any idle time that makes sense.
const SHORT: Span = Span::from_secs(10);

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    let flow = case.flow;
    if !flow.is_relevant() && applies(&Plain::of(case)) {
        let text = "opened, used and closed within ten seconds: keepalive never matters here".to_owned();
        let frames = [flow.first_frame, flow.last_frame];
        found.push(Finding::new("short-connection", Severity::Info, Confidence::Certain, None, text, frames));
    }
}

/// Whether it was soon over, by the will of both ends.
pub(super) fn applies(plain: &Plain) -> bool {
    plain.state == State::Closed && plain.roles == Roles::Handshake && plain.end.since(plain.start) < SHORT
}
