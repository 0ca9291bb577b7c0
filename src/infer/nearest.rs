//! The value somebody is likely to have configured.

use crate::time::{NANOS_PER_SECOND, Span};

/// How round numbers of seconds are, the roundest first: hours, half and quarter hours, ten and five minutes, minutes, …
const ROUND: [i64; 11] = [3600, 1800, 900, 600, 300, 60, 30, 15, 10, 5, 1];

/// The most plausible value from `low` to `high`: one that a known profile sets (the roundest, where there are several), else the roundest
/// number of whole seconds, the largest of equally round ones, since timers are late. `None` where the range holds none.
#[must_use]
pub fn nearest(low: Span, high: Span, plausible: &[Span]) -> Option<Span> {
    let fits = |value: &Span| *value > Span::ZERO && low <= *value && *value <= high;
    let known = plausible.iter().copied().filter(fits).min_by_key(|value| (roundness(*value), -value.0));
    known.or_else(|| {
        let largest =
            |unit: &i64| Some(Span::from_secs(high.0 / NANOS_PER_SECOND / unit * unit)).filter(fits);
        ROUND.iter().find_map(largest)
    })
}

/// Its place among the round numbers; smaller is rounder.
fn roundness(value: Span) -> usize {
    let divides = |unit: &i64| value.0 % (unit * NANOS_PER_SECOND) == 0;
    ROUND.iter().position(divides).unwrap_or(ROUND.len())
}

#[cfg(test)]
mod tests {
    use super::nearest;
    use crate::time::Span;

    fn of(low_ms: i64, high_ms: i64, known: &[i64]) -> Option<i64> {
        let known: Vec<Span> = known.iter().map(|s| Span::from_secs(*s)).collect();
        nearest(Span::from_millis(low_ms), Span::from_millis(high_ms), &known).map(|s| s.0 / 1_000_000_000)
    }

    #[test]
    fn a_known_value_comes_first_and_the_roundest_next() {
        assert_eq!(of(71_000, 75_776, &[]), Some(75));
        assert_eq!(of(71_000, 75_776, &[72]), Some(72));
        assert_eq!(of(71_000, 75_776, &[77, 70]), Some(75), "known values outside count for nothing");
        assert_eq!(of(54_500, 61_440, &[]), Some(60));
        assert_eq!(of(6_400_000, 7_209_000, &[]), Some(7200));
        assert_eq!(of(40_000, 47_000, &[41, 45]), Some(45), "the roundest of known ones");
        assert_eq!(of(1_790, 2_016, &[]), Some(2));
        assert_eq!(of(900, 2_300, &[]), Some(2));
    }

    #[test]
    fn a_range_without_a_whole_second_has_none() {
        assert_eq!(of(1_100, 1_900, &[]), None);
        assert_eq!(of(0, 900, &[0]), None);
        assert_eq!(of(1_000, 1_000, &[]), Some(1));
    }
}
