//! Bounds of the configured values that follow from the measurements.
//!
//! Timers fire late, never early: Linux by up to 8/63 of the value (the granule of its timer wheel, `kernel/time/timer.c`), others by
//! less. So each measurement bounds the configured value from above, and, at most that much lower, from below.

use crate::measure::{LATENESS, Stat};
use crate::report::{Count, Prober, SettingRange, Settings};
use crate::run::{Outcome, Run};
use crate::time::Span;

/// The bounds; `None` where nothing follows.
#[must_use]
pub fn settings(prober: &Prober) -> Option<Settings> {
    if prober.probes == 0 {
        return None;
    }
    let idle = prober.idle.as_ref().map(range);
    let interval = prober.interval.as_ref().map(range);
    let (count, user_timeout) = count(&prober.runs);
    let detection_time = match (&idle, &interval, count) {
        (Some(idle), Some(interval), Some(Count::Exact(n) | Count::ExactOrUserTimeout(n))) => {
            let total = |idle: Span, interval: Span| idle + interval.scale(n as i64, 1);
            Some((total(idle.low, interval.low), total(idle.high, interval.high)))
        }
        _ => None,
    };
    Some(Settings { idle, interval, count, user_timeout, detection_time, ..Settings::default() })
}

/// The range of a configured time: late enabling and lost answers only make a measurement longer, so the smallest one counts.
fn range(stat: &Stat) -> SettingRange {
    let (late, of) = LATENESS;
    SettingRange { low: stat.min.scale(of, of + late), high: stat.min, nearest: None, samples: stat.samples }
}

/// The count, and the user timeout that would explain the same end.
fn count(runs: &[Run]) -> (Option<Count>, Option<(Span, Span)>) {
    let given_up = runs.iter().rev().find(|run| run.outcome == Some(Outcome::TimedOut));
    if let Some(run) = given_up {
        // What was sent before the capture began, or in the run before, is not among these probes.
        if run.counts_on || run.quiet_since.is_none() {
            return (Some(Count::AtLeast(run.probes)), None);
        }
        let user_timeout = run.last_wait.zip(run.detected_after).map(|(wait, total)| {
            // One probe is always sent, so with one the timeout may be anything up to the end.
            (if run.probes == 1 { Span::ZERO } else { total - wait }, total)
        });
        return (Some(Count::ExactOrUserTimeout(run.probes)), user_timeout);
    }
    let survived = |run: &Run| match run.outcome {
        // The last probe may have been the last allowed one.
        Some(
            Outcome::Recovered | Outcome::Pending | Outcome::Stopped | Outcome::Closed | Outcome::Superseded,
        ) => run.probes,
        _ => 1,
    };
    // One probe is always sent: only what was outlived beyond it tells.
    (runs.iter().map(survived).max().filter(|&n| n > 1).map(Count::AtLeast), None)
}
