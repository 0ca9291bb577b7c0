//! A connection that nothing but probes has used for a long time.

use super::Case;
use super::case::frames;
use crate::report::words::{count, duration};
use crate::report::{Confidence, Finding, Severity};
use crate::run::{Outcome, Run};
use crate::time::{Span, Timestamp};

/// Silent applications are worth a word from here on.
const LONG: Span = Span::from_secs(3600);

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    let last_data = case.flow.last_data.unwrap_or(case.flow.start);
    for (side, prober) in case.probers() {
        let Some(last) = last_answered(&prober.runs).filter(|run| run.end.since(last_data) >= LONG) else {
            continue;
        };
        let first = prober.runs.iter().find(|run| run.start > last_data).unwrap_or(last);
        let text = format!(
            "{} since the last data, the connection is kept alive by the {}'s probes alone (the last answered {} after it, {} of {} \
             answered): the applications are silent, and only their hosts are known to be alive",
            duration(case.flow.end.since(last_data)),
            side.name(),
            duration(last.end.since(last_data)),
            count(prober.answered),
            count(prober.probes)
        );
        found.push(Finding::new(
            "kept-alive-by-probes-only",
            Severity::Info,
            Confidence::Certain,
            Some(side),
            text,
            frames(first).chain(frames(last)),
        ));
    }
}

fn last_answered(runs: &[Run]) -> Option<&Run> {
    let is_answered = |run: &&Run| matches!(run.outcome, Some(Outcome::Answered | Outcome::Recovered));
    runs.iter().filter(is_answered).max_by_key(|run| -> Timestamp { run.end })
}
