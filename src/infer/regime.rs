//! Stretches of waits that one value explains. A change is no reason to average, and one odd wait is no change.

use super::timer::least_by_lateness;
use crate::time::Span;

/// A stretch of samples, from one place to before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Regime {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) shortest: Span,
    pub(super) longest: Span,
    /// How many of its samples agree.
    pub(super) samples: usize,
}

impl Regime {
    const fn of(at: usize, wait: Span) -> Self {
        Self { from: at, to: at + 1, shortest: wait, longest: wait, samples: 1 }
    }

    /// Whether one configured value explains both, as late as timers may be; or some of either, where that is a matter of microseconds.
    fn agrees_with(&self, other: &Self, bias: Span) -> bool {
        let overlap = self.shortest <= other.longest && other.shortest <= self.longest;
        let (shortest, longest) = (self.shortest.min(other.shortest), self.longest.max(other.longest));
        overlap || least_by_lateness(longest - bias) <= shortest
    }

    fn join(&mut self, other: &Self) {
        self.to = other.to;
        self.shortest = self.shortest.min(other.shortest);
        self.longest = self.longest.max(other.longest);
        self.samples += other.samples;
    }
}

/// Cuts waits into regimes. `can_only_be_late`: a wait that other causes lengthen (data in flight, a lost frame) and which is then no sign
/// of a change. `bias` is what the way to the prober may add to each.
///
/// A single long wait among shorter ones is such a cause too; a single short one is none: timers are never early.
pub(super) fn regimes(waits: impl IntoIterator<Item = (Span, bool)>, bias: Span) -> Vec<Regime> {
    let mut pieces: Vec<Regime> = Vec::new();
    for (at, (wait, can_only_be_late)) in waits.into_iter().enumerate() {
        let one = Regime::of(at, wait);
        match pieces.last_mut() {
            Some(last) if last.agrees_with(&one, bias) => last.join(&one),
            Some(last) if can_only_be_late && wait > last.longest => last.to = at + 1,
            _ => pieces.push(one),
        }
    }
    let mut kept: Vec<Regime> = Vec::new();
    for (i, piece) in pieces.iter().enumerate() {
        let shorter = |other: Option<&Regime>| other.is_some_and(|other| other.longest < piece.shortest);
        let next = pieces.get(i + 1);
        let is_odd = piece.samples == 1 && (shorter(kept.last()) || shorter(next));
        match kept.last_mut() {
            Some(last) if is_odd => last.to = piece.to,
            None if is_odd => {}
            Some(last) if last.agrees_with(piece, bias) => last.join(piece),
            _ => kept.push(*piece),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::regimes;
    use crate::time::Span;

    fn cut(waits: &[i64]) -> Vec<(usize, usize)> {
        let waits = waits.iter().map(|ms| (Span::from_millis(*ms), false));
        regimes(waits, Span::ZERO).iter().map(|regime| (regime.from, regime.to)).collect()
    }

    #[test]
    fn two_that_agree_are_a_change_and_one_long_wait_is_none() {
        assert_eq!(cut(&[2_016, 2_035, 2_016]), [(0, 3)]);
        assert_eq!(cut(&[2_016, 2_016, 5_184, 5_120]), [(0, 2), (2, 4)]);
        assert_eq!(cut(&[2_016, 2_016, 5_184, 2_016]), [(0, 4)]);
        assert_eq!(cut(&[2_016, 2_016, 5_184]), [(0, 3)]);
        assert_eq!(cut(&[2_016, 5_184, 5_120]), [(0, 1), (1, 3)]);
    }

    #[test]
    fn a_late_start_is_left_out_and_a_short_wait_is_not() {
        assert_eq!(cut(&[6_017, 2_016, 2_016]), [(1, 3)]);
        assert_eq!(cut(&[3_072, 3_072, 1_024]), [(0, 2), (2, 3)]);
        assert_eq!(cut(&[]), []);
    }

    #[test]
    fn what_agrees_by_a_hair_is_not_torn_apart() {
        // 7.165 s may be 6.325 s late by 8 in 63, 7.166 s may not.
        assert_eq!(cut(&[6_325, 7_150, 7_160, 7_166, 7_155, 7_166]), [(0, 6)]);
    }

    #[test]
    fn what_can_only_be_late_is_no_change() {
        let waits = [(2_016, false), (3_500, true), (3_600, true), (2_016, false)];
        let cut = regimes(waits.map(|(ms, late)| (Span::from_millis(ms), late)), Span::ZERO);
        assert_eq!(cut.len(), 1);
        assert_eq!((cut[0].from, cut[0].to, cut[0].samples), (0, 4, 2));
    }
}
