//! Both ends that probe on the same beat: each would do alone.

use super::Case;
use crate::flow::Side;
use crate::report::words::duration;
use crate::report::{Confidence, Finding, Severity};
use crate::run::Run;
use crate::time::Span;

/// Idle times this near, in percent, are the same setting seen through two timers.
const EQUAL_PERCENT: (i64, i64) = (95, 105);

/// Probes this near to each other share a beat, if that is less than a tenth of the idle time.
const NEAR: Span = Span::from_millis(500);

/// How many beats have to be shared.
const SHARED: usize = 2;

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    let [client, server] = Side::BOTH.map(|side| case.flow.prober(side));
    let (Some(ours), Some(theirs)) = (&client.idle, &server.idle) else { return };
    if !ours.median.is_within_percent_of(theirs.median, EQUAL_PERCENT.0, EQUAL_PERCENT.1) {
        return;
    }
    let near = NEAR.min(ours.median.scale(1, 10));
    let together = |run: &&Run| server.runs.iter().any(|other| run.start.since(other.start).is_within(near));
    let shared: Vec<&Run> = client.runs.iter().filter(together).collect();
    if shared.len() < SHARED {
        return;
    }
    let text = format!(
        "both ends probe after {} of quiet, at the same moments: one of them would be enough, and a slower one at the other end would \
         still find out a dead peer",
        duration(ours.median)
    );
    found.push(Finding::new(
        "probes-on-the-same-beat",
        Severity::Info,
        Confidence::Certain,
        None,
        text,
        shared.into_iter().map(|run| run.first_frame),
    ));
}
