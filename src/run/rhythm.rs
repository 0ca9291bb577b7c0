//! The rhythm of look-alikes: what tells a keepalive from a window probe or a retransmission when the segments are the same.

use crate::time::{Span, Timestamp};

/// Percent of the spacing before that counts as doubled (R5).
const DOUBLED_PERCENT: (i64, i64) = (160, 240);

/// Percent of the spacing before that counts as equal apart from timer lateness (R5).
const EQUAL_PERCENT: (i64, i64) = (87, 115);

/// A row of spacings, of which only the last matters and what was seen so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rhythm {
    last: Option<Timestamp>,
    spacing: Option<Span>,
    /// The spacing before that.
    spacing_before: Option<Span>,
    /// How many spacings in a row, up to now, were double the one before.
    doubled: u32,
    /// How many in a row were equal to the one before.
    equal: u32,
    /// Whether any was double the one before.
    ever_doubled: bool,
}

impl Rhythm {
    /// Takes the next beat. `since`: what the first spacing counts from.
    pub(super) fn beat(&mut self, since: Option<Timestamp>, now: Timestamp) {
        let from = self.last.or(since);
        self.last = Some(now);
        let Some(spacing) = from.map(|from| now.since(from)) else { return };
        let within = |(low, high)| self.spacing.is_some_and(|s| spacing.is_within_percent_of(s, low, high));
        let (doubles, equals) = (within(DOUBLED_PERCENT), within(EQUAL_PERCENT));
        self.doubled = if doubles { self.doubled + 1 } else { 0 };
        self.equal = if equals { self.equal + 1 } else { 0 };
        self.ever_doubled |= doubles;
        self.spacing_before = self.spacing.replace(spacing);
    }

    /// Whether there was a beat.
    pub(super) const fn has_begun(&self) -> bool {
        self.last.is_some()
    }

    /// How many spacings in a row, up to now, were double the one before.
    pub(super) const fn doublings(&self) -> u32 {
        self.doubled
    }

    /// How many in a row were equal to the one before.
    pub(super) const fn repetitions(&self) -> u32 {
        self.equal
    }

    /// Whether any was double the one before.
    pub(super) const fn ever_doubled(&self) -> bool {
        self.ever_doubled
    }

    /// The last spacing.
    pub(super) const fn spacing(&self) -> Option<Span> {
        self.spacing
    }

    /// The one before the last.
    pub(super) const fn spacing_before(&self) -> Option<Span> {
        self.spacing_before
    }
}

#[cfg(test)]
mod tests {
    use super::Rhythm;
    use crate::time::{Span, Timestamp};

    fn after(spacings_ms: &[i64]) -> Rhythm {
        let mut rhythm = Rhythm::default();
        let mut now = Timestamp(0);
        for &ms in spacings_ms {
            let since = now;
            now = now + Span::from_millis(ms);
            rhythm.beat(Some(since), now);
        }
        rhythm
    }

    #[test]
    fn a_persist_timer_doubles() {
        assert_eq!(after(&[224, 452, 892]).doublings(), 2);
        assert_eq!(after(&[224, 452, 700]).doublings(), 0);
    }

    #[test]
    fn a_keepalive_timer_repeats_apart_from_lateness() {
        assert_eq!(after(&[2035, 2016, 2016]).repetitions(), 2);
        assert_eq!(after(&[2035, 2016, 2600]).repetitions(), 0);
    }

    #[test]
    fn a_capped_persist_timer_has_doubled_before() {
        let capped = after(&[3552, 7168, 7168, 7168]);
        assert!(capped.ever_doubled());
        assert_eq!((capped.doublings(), capped.repetitions()), (0, 2));
    }
}
