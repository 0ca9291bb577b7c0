//! How many probes the prober sends before it gives up, or after which time.

use super::vantage::Vantage;
use crate::report::Count;
use crate::run::{Outcome, Run};
use crate::time::Span;

/// A row of probes at the end of which the prober gave up.
struct GivenUp {
    probes: u64,
    /// From the last sign of life to the last probe, and to the RST.
    last_probe: Option<Span>,
    end: Option<Span>,
    /// Whether there may have been more before these.
    is_part: bool,
}

/// The count, and the user timeout that would explain the same end (`tcp_keepalive_timer`: with one, the count is ignored).
pub(super) fn count(runs: &[Run], vantage: Vantage) -> (Option<Count>, Option<(Span, Span)>) {
    let Some(given_up) = given_up(runs) else { return (survived(runs), None) };
    // What was sent before the capture began, or in the run before, is not among these probes.
    if given_up.is_part {
        return (Some(Count::AtLeast(given_up.probes)), None);
    }
    let Some((last_probe, end)) = given_up.last_probe.zip(given_up.end) else {
        return (Some(Count::ExactOrUserTimeout(given_up.probes)), None);
    };
    // One probe is always sent, so with one the timeout may be anything up to the end.
    let mut low =
        if given_up.probes == 1 { Span::ZERO } else { (last_probe - vantage.bias()).max(Span::ZERO) };
    // A second probe is sent only before the timeout: an earlier row that went on for longer excludes it.
    for outlived in runs.iter().filter_map(|run| outlived(run, vantage)) {
        low = low.max(outlived);
    }
    if low >= end {
        return (Some(Count::Exact(given_up.probes)), None);
    }
    (Some(Count::ExactOrUserTimeout(given_up.probes)), Some((low, end)))
}

fn given_up(runs: &[Run]) -> Option<GivenUp> {
    // Where the answers did not reach the prober, each probe looks like a run of its own.
    let lost = runs.iter().rev().take_while(|run| run.answer_lost.is_some()).count();
    if let (Some(first), Some(last)) = (runs.get(runs.len() - lost), runs.last())
        && lost > 0
    {
        let at = |wait: Span| Some((last.start + wait).since(first.quiet_since?));
        return Some(GivenUp {
            probes: lost as u64,
            last_probe: at(Span::ZERO),
            end: last.answer_lost.and_then(at),
            is_part: first.counts_on || first.quiet_since.is_none(),
        });
    }
    let run = runs.iter().rev().find(|run| run.outcome == Some(Outcome::TimedOut))?;
    let end = run.detected_after;
    Some(GivenUp {
        probes: run.probes,
        last_probe: end.zip(run.last_wait).map(|(end, wait)| end - wait),
        end,
        is_part: run.counts_on || run.quiet_since.is_none(),
    })
}

/// How long the prober had heard nothing when it sent the last probe of a run, if that was a second one or later, and the run did not end
/// the connection.
fn outlived(run: &Run, vantage: Vantage) -> Option<Span> {
    let went_on = run.outcome != Some(Outcome::TimedOut) && run.probes > 1 && run.own.is_none();
    let last_probe = run.intervals.iter().fold(run.start, |at, gap| at + *gap);
    run.quiet_since.filter(|_| went_on).map(|since| last_probe.since(since) - vantage.bias())
}

/// The count is no less than what was outlived.
fn survived(runs: &[Run]) -> Option<Count> {
    let survived = |run: &Run| match run.outcome {
        // The last probe may have been the last allowed one.
        Some(
            Outcome::Recovered | Outcome::Pending | Outcome::Stopped | Outcome::Closed | Outcome::Superseded,
        ) => run.probes,
        _ => 1,
    };
    // One probe is always sent: only what was outlived beyond it tells.
    runs.iter().map(survived).max().filter(|&n| n > 1).map(Count::AtLeast)
}
