//! Conclusions: one file for each, with its id, its text, and the frames that show it.
//!
//! A conclusion about a flow is a pure function of a [`Case`]: the flow's report, and where the capture ends. To add one, write a file and
//! add its function to `FINDINGS`.

mod absent;
mod answered_by_middlebox;
mod answers_not_reaching;
mod case;
mod dead_peer;
mod eager;
mod half_open;
mod heartbeat;
mod http;
mod icmp_path;
mod kept_alive;
mod margin;
mod middlebox_reset;
mod overview;
mod plain;
mod probes_ignored;
mod probes_lost;
mod retransmission;
mod same_beat;
mod setting_changed;
mod short_connection;
mod stall;
mod state_gone;

pub use case::Case;
pub use overview::Overview;
pub use plain::Plain;

use crate::report::Finding;

/// Makes one kind of conclusion.
type Rule = fn(&Case<'_>, &mut Vec<Finding>);

/// All kinds of conclusions about a flow, in the order they are told within a severity.
const FINDINGS: &[Rule] = &[
    middlebox_reset::findings,
    state_gone::findings,
    dead_peer::findings,
    retransmission::findings,
    answers_not_reaching::findings,
    icmp_path::findings,
    answered_by_middlebox::findings,
    probes_lost::findings,
    probes_ignored::findings,
    half_open::findings,
    stall::findings,
    kept_alive::findings,
    absent::findings,
    heartbeat::findings,
    http::findings,
    same_beat::findings,
    margin::findings,
    setting_changed::findings,
    eager::findings,
    short_connection::findings,
];

/// What can be concluded about a flow, the gravest first.
#[must_use]
pub fn findings(case: &Case<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    FINDINGS.iter().for_each(|rule| rule(case, &mut found));
    found.sort_by_key(|finding| finding.severity);
    found
}
