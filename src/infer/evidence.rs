//! The waits that tell of settings, in the order of the capture, each with what can have caused it.

use crate::measure::SHORTEST_WAIT;
use crate::report::Prober;
use crate::run::{Outcome, Run};
use crate::time::{Span, Timestamp};

/// A wait before the first probe of a run: an idle time, or what a timer made of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cycle {
    /// From the last sign of life to the probe.
    pub(super) idle: Span,
    /// From the last probe of the run before, where that is known.
    pub(super) spacing: Option<Span>,
    /// Whether the sign of life was the answer to that probe, so that nothing else came between.
    pub(super) direct: bool,
    /// Whether there was a probe before: then the timer was armed with the interval in between.
    pub(super) is_first: bool,
    /// Which run.
    pub(super) run: usize,
}

/// A wait between two unanswered probes, or before the prober's RST.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    pub(super) wait: Span,
    /// Whether it is the first after an idle time: the timer had not been armed with the interval before, so it fires in another phase.
    pub(super) is_first: bool,
    /// Which run.
    pub(super) run: usize,
    /// Which probe of the run it ended with, from 0.
    pub(super) probe: usize,
}

/// Everything kept runs tell of.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    pub(super) cycles: Vec<Cycle>,
    pub(super) gaps: Vec<Gap>,
}

impl Evidence {
    pub(super) fn of(prober: &Prober) -> Self {
        let mut evidence = Self::default();
        let mut before: Option<&Run> = None;
        for (at, run) in prober.runs.iter().enumerate() {
            let (idle, intervals, last_wait) = run.waits();
            let adjacent = before.filter(|before| before.number.checked_add(1) == Some(run.number));
            // Where the answer did not reach the prober, the wait was none for idleness.
            let is_waiting = adjacent.is_some_and(|before| before.answer_lost.is_some());
            if let Some(idle) = idle.filter(|_| !is_waiting) {
                evidence.cycles.push(Cycle {
                    idle,
                    spacing: adjacent.and_then(|before| spacing(before, run)),
                    direct: adjacent.is_some_and(|before| is_answer_to(before, run)),
                    is_first: run.number == 0,
                    run: at,
                });
            }
            let lost = run.answer_lost.into_iter();
            let waits = intervals.iter().copied().chain(lost).chain(last_wait);
            let gaps = waits.enumerate().map(|(i, wait)| Gap {
                wait,
                is_first: i == 0 && !is_waiting,
                run: at,
                probe: i + 1,
            });
            evidence.gaps.extend(gaps.filter(|gap| gap.wait >= SHORTEST_WAIT));
            before = Some(run);
        }
        evidence
    }

    /// The shortest time in which one probe followed another: no interval is longer, whether the probe was answered or not.
    pub(super) fn shortest_spacing(&self) -> Option<Span> {
        let spacings = self.cycles.iter().filter_map(|cycle| cycle.spacing);
        spacings.chain(self.gaps.iter().map(|gap| gap.wait)).min()
    }
}

/// Whether the sign of life before `run` was the answer to the run before.
fn is_answer_to(before: &Run, run: &Run) -> bool {
    matches!(before.outcome, Some(Outcome::Answered | Outcome::Recovered))
        && run.quiet_since == Some(before.end)
}

/// From the last probe of `before` to the first of `run`, where the clock did not jump.
fn spacing(before: &Run, run: &Run) -> Option<Span> {
    let all_listed = before.intervals.len() as u64 + 1 == before.probes;
    let steady = before.own.is_none() && run.own.is_none() && before.doubt.is_empty() && run.doubt.is_empty();
    let last_probe = before.intervals.iter().fold(before.start, |at: Timestamp, gap| at + *gap);
    (all_listed && steady).then(|| run.start.since(last_probe)).filter(|spacing| *spacing > Span::ZERO)
}
