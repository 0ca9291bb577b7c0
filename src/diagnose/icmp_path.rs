//! Routers that report probes as undeliverable.

use super::Case;
use crate::report::words::counted;
use crate::report::{Confidence, Finding, Severity, icmp};
use crate::run::{IcmpNote, Outcome};

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    for (side, prober) in case.probers() {
        let notes: Vec<&IcmpNote> = prober.runs.iter().flat_map(|run| &run.icmp).collect();
        let Some(last) = notes.last() else { continue };
        let failed = |run: &&crate::run::Run| !run.icmp.is_empty() && run.outcome != Some(Outcome::Recovered);
        let is_fatal = prober.runs.last().filter(failed).is_some_and(|run| {
            matches!(run.outcome, Some(Outcome::TimedOut | Outcome::Reset | Outcome::Stopped))
        });
        let text = format!(
            "{} reported \"{}\" for the {}'s probes ({}); Linux ignores ICMP errors that quote a probe, so this ends nothing, and the \
             application sees ETIMEDOUT after the last probe, not EHOSTUNREACH",
            last.from,
            icmp::text(last.from.is_ipv6(), last.kind, last.code),
            side.name(),
            counted(notes.len() as u64, "error"),
        );
        found.push(Finding::new(
            "icmp-path-error",
            if is_fatal { Severity::Problem } else { Severity::Warning },
            Confidence::Certain,
            Some(side),
            text,
            notes.iter().map(|note| note.frame),
        ));
    }
}
