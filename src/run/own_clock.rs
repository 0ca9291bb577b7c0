//! The prober's own clock, as its time stamps tell it (RFC 7323 §5.4): where the capture's clock jumps, this one does not.

use crate::decode::Segment;
use crate::time::{NANOS_PER_SECOND, Span, Timestamp};

/// How fast the clocks behind time stamps tick: Linux, macOS and FreeBSD at 1000 Hz, older kernels at their HZ.
const RATES: [i64; 3] = [1000, 250, 100];

/// Two segments tell the rate when they are this far apart …
const TELLING: Span = Span::from_millis(500);

/// … and a rate is believed when so many pairs agree.
const PAIRS: u8 = 2;

/// The clocks have come apart when they differ by more than this, and a thousandth of the time between: more than a queue on the way adds,
/// less than the 128 ms from which on NTP steps a clock instead of slewing it.
const STEP: Span = Span::from_millis(100);

/// The prober's newest segment, and how far the capture's clock has jumped ahead of the prober's since the first.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OwnClock {
    newest: Option<(Timestamp, u32)>,
    rate: Option<i64>,
    agreeing: u8,
    ahead: Span,
    heard: Option<Heard>,
}

/// When the peer was heard, by the capture's clock, and how that stood then.
#[derive(Clone, Copy, Debug)]
struct Heard {
    at: Timestamp,
    ahead: Span,
    /// Since the prober's segment before it.
    since_own: Option<Span>,
    /// TSval of what was heard.
    tsval: Option<u32>,
}

impl OwnClock {
    /// The prober sent `seg`. Returns how far the capture's clock is ahead of its own, counted from some moment.
    pub(super) fn sent(&mut self, seg: &Segment) -> Span {
        let Some((tsval, _)) = seg.options.timestamps else { return self.ahead };
        if let Some((at, before)) = self.newest.replace((seg.ts, tsval)) {
            self.compare(seg.ts.since(at), i64::from(tsval.wrapping_sub(before).cast_signed()));
        }
        self.ahead
    }

    /// The peer sent `seg`.
    pub(super) fn heard(&mut self, seg: &Segment) {
        self.note_heard(seg.ts, seg.options.timestamps.map(|(tsval, _)| tsval));
    }

    fn note_heard(&mut self, at: Timestamp, tsval: Option<u32>) {
        let since_own = self.newest.map(|(own, _)| at.since(own));
        self.heard = Some(Heard { at, ahead: self.ahead, since_own, tsval });
    }

    /// Whether `seg` of the prober echoes a time stamp older than that of what it should have heard at `t_acc`: a segment in sequence
    /// that arrived is echoed from then on (RFC 7323 §4.3).
    pub(super) fn has_not_heard(&self, seg: &Segment, t_acc: Option<Timestamp>) -> bool {
        let heard = self.heard.filter(|heard| Some(heard.at) == t_acc).and_then(|heard| heard.tsval);
        match (heard, seg.options.timestamps) {
            (Some(tsval), Some((_, echo))) => echo.wrapping_sub(tsval).cast_signed() < 0,
            _ => false,
        }
    }

    /// How far the capture's clock has jumped ahead since the peer was heard at `t_acc`; `None` where that cannot be told.
    pub(super) fn jumped_since(&self, t_acc: Option<Timestamp>) -> Option<Span> {
        let Some(heard) = self.heard.filter(|heard| Some(heard.at) == t_acc) else {
            return (self.ahead == Span::ZERO).then_some(Span::ZERO);
        };
        let jump = self.ahead - heard.ahead;
        // It happened between two segments of the prober: after the peer was heard, if that came soon after the first of them.
        let soon = heard.since_own.is_none_or(|gap| gap >= Span::ZERO && gap.scale(4, 1).is_within(jump));
        (jump == Span::ZERO || soon).then_some(jump)
    }

    fn compare(&mut self, captured: Span, ticks: i64) {
        let tolerance = STEP + Span(captured.0.saturating_abs() / 1000);
        let own = |rate: i64| Span(NANOS_PER_SECOND).scale(ticks, rate);
        let agrees = |rate: i64| (captured - own(rate)).is_within(tolerance);
        match self.rate {
            Some(rate) if self.agreeing >= PAIRS => {
                if ticks >= 0 && !agrees(rate) {
                    self.ahead = self.ahead + captured - own(rate);
                }
            }
            _ if captured < TELLING => {}
            Some(rate) if agrees(rate) => self.agreeing += 1,
            _ => {
                self.rate = RATES.into_iter().find(|rate| agrees(*rate));
                self.agreeing = u8::from(self.rate.is_some());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::OwnClock;
    use crate::time::{Span, Timestamp};

    fn after(pairs: &[(i64, i64)]) -> OwnClock {
        let mut clock = OwnClock::default();
        pairs.iter().for_each(|(captured_ms, ticks)| clock.compare(Span::from_millis(*captured_ms), *ticks));
        clock
    }

    #[test]
    fn a_jump_shows_once_the_rate_is_known() {
        assert_eq!(after(&[(2000, 2000), (2000, 2001), (5000, 2000)]).ahead, Span::from_millis(3000));
        assert_eq!(after(&[(2000, 500), (2000, 501), (-1000, 500)]).ahead, Span::from_millis(-3000));
        assert_eq!(after(&[(2000, 2000), (5000, 2000)]).ahead, Span::ZERO, "the rate is not known yet");
        assert_eq!(after(&[(2000, 2000), (2000, 2000), (2090, 2000)]).ahead, Span::ZERO, "a queue");
        assert_eq!(after(&[(2000, 7), (2000, 9), (5000, 2000)]).ahead, Span::ZERO, "no clock");
    }

    #[test]
    fn a_jump_counts_for_the_wait_it_fell_into() {
        let mut clock = after(&[(2000, 2000), (2000, 2000)]);
        let t = |ms: i64| Timestamp(ms * 1_000_000);
        clock.newest = Some((t(0), 0));
        clock.note_heard(t(10), None);
        clock.compare(Span::from_millis(5000), 2000);
        assert_eq!(clock.jumped_since(Some(t(10))), Some(Span::from_millis(3000)));
        assert_eq!(clock.jumped_since(Some(t(11))), None, "not the segment that was heard");
        clock.note_heard(t(5010), None);
        assert_eq!(clock.jumped_since(Some(t(5010))), Some(Span::ZERO));
    }
}
