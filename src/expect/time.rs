//! `idle` and `interval`: the configured value is known as a range.

use super::Verdict;
use super::ground::Answer;
use super::sides::each_prober;
use super::wanted::Wanted;
use super::words::{between, exact, last_few};
use crate::flow::Side;
use crate::frame::FrameNo;
use crate::measure::Stat;
use crate::report::{Changed, Flow, Prober, SettingRange};
use crate::run::Run;
use crate::time::Span;

/// A range is known where it is no wider than this part of its upper end, or than the tolerance: a fifth. Timers alone make an eighth.
const KNOWN: (i64, i64) = (1, 5);

/// What tells one of the two times.
struct Measured<'a> {
    range: Option<SettingRange>,
    stat: Option<&'a Stat>,
    /// What it is measured from: the words before the figures and behind them.
    waits: [&'static str; 2],
    /// Why there may be nothing.
    missing: &'static str,
    change: [Changed; 2],
    frames: Vec<FrameNo>,
}

/// TCP_KEEPIDLE.
pub(super) fn idle(flow: &Flow, side: Option<Side>, wanted: Wanted) -> Vec<Answer> {
    each_prober(flow, side, Some(wanted), |prober| {
        let measured = Measured {
            range: prober.settings.as_ref().and_then(|settings| settings.idle),
            stat: prober.idle.as_ref(),
            waits: ["after", "of quiet"],
            missing: "the quiet before its probes began before the capture",
            change: [Changed::Idle, Changed::LateStart],
            frames: last_few(prober.runs.iter().filter(|run| run.idle.is_some()).map(|run| run.first_frame)),
        };
        compare(prober, wanted, measured)
    })
}

/// TCP_KEEPINTVL.
pub(super) fn interval(flow: &Flow, side: Option<Side>, wanted: Wanted) -> Vec<Answer> {
    each_prober(flow, side, None, |prober| {
        let spaced = prober.runs.iter().filter(|run| !run.intervals.is_empty() || run.last_wait.is_some());
        let measured = Measured {
            range: prober.settings.as_ref().and_then(|settings| settings.interval),
            stat: prober.interval.as_ref(),
            waits: ["", "after an unanswered one"],
            missing: "no probe followed an unanswered one, and answered probes say nothing of it",
            change: [Changed::Interval; 2],
            frames: last_few(spaced.flat_map(frames_of)),
        };
        compare(prober, wanted, measured)
    })
}

/// The probes of a run, and the RST where the wait before it counts.
pub(super) fn frames_of(run: &Run) -> impl DoubleEndedIterator<Item = FrameNo> {
    run.probe_frames.iter().copied().chain(run.end_frame.filter(|_| run.last_wait.is_some()))
}

fn compare(prober: &Prober, wanted: Wanted, measured: Measured<'_>) -> Answer {
    let Some(range) = measured.range else {
        return Answer::new(Verdict::Inconclusive, measured.missing);
    };
    let width = range.high - range.low;
    let tolerance = Span(wanted.high - wanted.low);
    let known = width <= range.high.scale(KNOWN.0, KNOWN.1).max(tolerance);
    let verdict = wanted.verdict((range.low.0, range.high.0), known);
    let mut text = String::new();
    if let Some(stat) = measured.stat {
        let [before, behind] = measured.waits;
        let space = if before.is_empty() { "" } else { " " };
        text = format!("a probe came {before}{space}{} {behind}; ", between(stat.min, stat.max));
    }
    let late = if is_linux(prober) { "Linux' timers are up to 8/63 late" } else { "timers are late" };
    let lies = if range.low > Span::ZERO {
        format!("configured is {}", between(range.low, range.high))
    } else {
        format!("configured is at most {}", exact(range.high))
    };
    text += &format!("{late}: {lies}");
    match (verdict, range.nearest) {
        (Verdict::Inconclusive, _) => text += "; that is too wide to tell",
        // The value that was asked for explains it as well as any.
        (Verdict::Holds, _) if wanted.is_one_value() => {
            text += &format!(", as {} is", exact(Span(wanted.high)));
        }
        (_, Some(nearest)) => text += &format!(", likely {}", exact(nearest)),
        (_, None) => {}
    }
    let changed = prober.changes.iter().rfind(|change| measured.change.contains(&change.what));
    if let Some(change) = changed {
        text += &format!("; before frame {} it was another", change.frame);
    }
    Answer::new(verdict, text).shown_by(measured.frames)
}

fn is_linux(prober: &Prober) -> bool {
    prober.settings.as_ref().is_some_and(|settings| settings.stack.contains(&"linux"))
}
