//! When an end that probes will probe next.

use crate::measure::Stat;
use crate::report::{Awaited, Due, Prober};
use crate::run::{Outcome, next_interval};
use crate::time::{Span, Timestamp};

/// When an end last heard of its peer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// An acceptable segment.
    pub acceptable: Option<Timestamp>,
    /// A segment of any kind.
    pub any: Option<Timestamp>,
}

/// When `prober` is expected to probe next. It goes by what was seen last: settings may have been changed, and a timer that is late, as
/// those of Linux are, is as late the next time.
///
/// `None` where nothing was seen to go by: no probe yet, or a first run whose interval is still unknown; or where it has stopped.
#[must_use]
pub fn due(prober: &Prober, heard: Heard) -> Option<Due> {
    if let Some(run) = &prober.open_run {
        // Beyond the intervals that are listed the last is not known from them.
        let listed =
            if run.intervals.len() as u64 + 1 == run.probes { run.intervals.as_slice() } else { &[] };
        let interval = next_interval(listed, last_interval(prober)?);
        return Some(Due { what: Awaited::NextProbe, since: run.end, at: run.end + interval });
    }
    if prober.outcome == Some(Outcome::Stopped) {
        return None;
    }
    let (since, idle) = next_idle(prober, heard)?;
    Some(Due { what: Awaited::FirstProbe, since, at: since + idle })
}

/// The interval seen last, in whichever run.
fn last_interval(prober: &Prober) -> Option<Span> {
    let open = prober.open_run.as_ref().and_then(|run| run.intervals.last().copied());
    let newest = || {
        let mut runs = prober.runs.iter().rev();
        runs.find_map(|run| run.last_wait.or(run.intervals.last().copied()))
    };
    open.or_else(newest).or(prober.interval.map(|stat| stat.median))
}

/// What the idle time counts from, and how long it was the last time. Linux counts from the last acceptable segment, others from any: where
/// that made a difference, from what it was the same each time.
fn next_idle(prober: &Prober, heard: Heard) -> Option<(Timestamp, Span)> {
    let spread = |stat: Stat| stat.max - stat.min;
    if let (Some(idle), Some(any)) = (prober.idle, prober.idle_any)
        && spread(any) < spread(idle)
    {
        return Some((heard.any?, any.median));
    }
    // What came after an answer that did not reach the prober was its interval.
    let is_idle = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| prober.runs.get(before));
        before.is_none_or(|before| before.answer_lost.is_none())
    };
    let runs = prober.runs.iter().enumerate().rev();
    let mut last = runs.filter(|(at, _)| is_idle(*at)).filter_map(|(_, run)| run.idle);
    // Timers are never early: a single long wait has other causes, a single short one is a change.
    let shortest = last.next().map(|last_one| last.next().map_or(last_one, |before| last_one.min(before)));
    Some((heard.acceptable?, shortest.or(prober.idle.map(|stat| stat.median))?))
}

#[cfg(test)]
mod tests {
    use super::{Heard, due};
    use crate::report::Prober;
    use crate::time::Timestamp;

    #[test]
    fn who_never_probed_owes_nothing() {
        let heard = Heard { acceptable: Some(Timestamp(0)), any: Some(Timestamp(0)) };
        assert_eq!(due(&Prober::default(), heard), None);
    }
}
