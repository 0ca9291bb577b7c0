//! Answers that the capture shows and the prober never saw: dropped by its own firewall, or behind the capture point.

use super::Case;
use crate::report::words::{counted, duration};
use crate::report::{Confidence, Finding, Severity};

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    for (side, prober) in case.probers() {
        let Some(vain) = &prober.answered_in_vain else { continue };
        let us = side.name();
        let text = format!(
            "{} were answered in the capture, {} apart like unanswered ones, and then the {us} gave up: the answers do not reach its \
             TCP (a host firewall, or a loss behind the capture point)",
            counted(vain.probes, "probe"),
            duration(vain.spacing)
        );
        found.push(Finding::new(
            "answers-not-reaching-prober",
            Severity::Problem,
            Confidence::Likely,
            Some(side),
            text,
            vain.frames.iter().copied(),
        ));
    }
}
