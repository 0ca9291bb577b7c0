//! When an end that probes will probe next.

use crate::report::{Awaited, Due, Prober};
use crate::time::Timestamp;

/// When `prober` is expected to probe next, by the medians of what was seen so far; `heard` is when its peer last sent a segment.
///
/// `None` where nothing was seen to go by: no probe yet, or a first run whose interval is still unknown.
#[must_use]
pub fn due(prober: &Prober, heard: Option<Timestamp>) -> Option<Due> {
    match &prober.open_run {
        Some(run) => {
            let interval = run.intervals.last().copied().or(prober.interval.map(|stat| stat.median))?;
            Some(Due { what: Awaited::NextProbe, since: run.end, at: run.end + interval })
        }
        None => {
            let (since, idle) = (heard?, prober.idle?.median);
            Some(Due { what: Awaited::FirstProbe, since, at: since + idle })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::due;
    use crate::report::Prober;
    use crate::time::Timestamp;

    #[test]
    fn who_never_probed_owes_nothing() {
        assert_eq!(due(&Prober::default(), Some(Timestamp(0))), None);
    }
}
