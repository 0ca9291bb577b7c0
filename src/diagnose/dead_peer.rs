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
        let text = format!(
            "the {peer} crashed or is unreachable: {} went unanswered, and the {us} gave up{after} (ETIMEDOUT)",
            counted(run.probes, "probe"),
        );
        // A single unanswered probe and a RST may also be an application that lost patience.
        let confidence = if run.probes > 1 { Confidence::Certain } else { Confidence::Likely };
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
