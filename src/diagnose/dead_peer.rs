//! A peer that stopped answering, found out by keepalive.

use super::Case;
use super::case::{frames, last_run};
use crate::report::words::{counted, duration};
use crate::report::{Confidence, Finding, Severity};
use crate::run::Outcome;

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    for (side, prober) in case.probers() {
        let Some(run) = last_run(prober, Outcome::TimedOut) else { continue };
        let (us, peer) = (side.name(), (!side).name());
        let after = run.detected_after.map_or(String::new(), |span| {
            format!(", {} after the {peer}'s last sign of life", duration(span))
        });
        let probes = counted(run.probes, "probe");
        let spoke = case.flow.view(!side).last_sent.is_some_and(|at| at > run.start);
        let text = if spoke {
            format!(
                "{probes} went unanswered, and the {us} gave up{after} (ETIMEDOUT); segments of the {peer} have come since the first of \
                 them: it lives, and the path, or one direction of it, is broken"
            )
        } else {
            format!(
                "the {peer} crashed or is unreachable: {probes} went unanswered, and the {us} gave up{after} (ETIMEDOUT)"
            )
        };
        // A single unanswered probe and a RST may also be an application that lost patience; where frames were lost, an answer may be one.
        let is_sure = run.probes > 1 && run.doubt.is_empty();
        let confidence = if is_sure { Confidence::Certain } else { Confidence::Likely };
        found.push(Finding::new(
            "dead-peer-detected",
            Severity::Problem,
            confidence,
            Some(side),
            text,
            frames(run),
        ));
    }
}
