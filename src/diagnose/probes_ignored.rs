//! A peer that lives and does not answer probes.

use super::Case;
use super::case::frames;
use crate::report::words::counted;
use crate::report::{Confidence, Finding, Severity};
use crate::run::Outcome;

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    for (side, prober) in case.probers() {
        let ignored = || prober.runs.iter().filter(|run| run.outcome == Some(Outcome::Ignored));
        let probes: u64 = ignored().map(|run| run.probes).sum();
        if probes == 0 {
            continue;
        }
        let (us, peer) = (side.name(), (!side).name());
        let text = format!(
            "the {peer} lives but {} of the {us} got no answer: something on the way drops probes or their answers, and a quiet time \
             that is long enough will end this connection",
            counted(probes, "probe")
        );
        found.push(Finding::new(
            "probes-ignored",
            Severity::Warning,
            Confidence::Likely,
            Some(side),
            text,
            ignored().flat_map(frames),
        ));
    }
}
