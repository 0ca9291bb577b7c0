//! How long a prober waits for its next probe.

use crate::time::Span;

/// Percent of the interval before that counts as doubled.
const DOUBLED_PERCENT: (i64, i64) = (160, 240);

/// How long after the newest probe of a run the next is expected, by the intervals of the run so far and the last that was seen at all.
///
/// It is the same again, but for a stack that doubles it: illumos does, by default, from its retransmission timeout on.
#[must_use]
pub fn next_interval(intervals: &[Span], last: Span) -> Span {
    let (low, high) = DOUBLED_PERCENT;
    match intervals {
        [.., before, latest] if latest.is_within_percent_of(*before, low, high) => latest.scale(2, 1),
        _ => last,
    }
}

#[cfg(test)]
mod tests {
    use super::next_interval;
    use crate::time::Span;

    #[test]
    fn the_last_interval_comes_again_unless_it_doubles() {
        let seconds = |all: &[i64]| all.iter().copied().map(Span::from_secs).collect::<Vec<_>>();
        let next = |all: &[i64]| next_interval(&seconds(all), Span::from_secs(75));
        assert_eq!(next(&[]), Span::from_secs(75));
        assert_eq!(next(&[75, 75]), Span::from_secs(75));
        assert_eq!(next(&[1, 2]), Span::from_secs(4));
        assert_eq!(next(&[1, 2, 4]), Span::from_secs(8));
    }
}
