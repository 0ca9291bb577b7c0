//! Configured times, which are whole seconds (Linux, `do_tcp_setsockopt`; RFC 9293 names none).

use crate::report::SettingRange;
use crate::time::{NANOS_PER_SECOND, Span};

/// What is known of a configured time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// No other whole second lies in the range.
    Sure(u64),
    /// The likeliest of several: the first and the last of them.
    Likely(u64, (u64, u64)),
    /// The range alone.
    Range,
}

/// What `range` tells.
pub(super) fn known(range: &SettingRange) -> Known {
    let Some(value) = range.nearest.and_then(whole_seconds) else { return Known::Range };
    let seconds = |nanos: i64| u64::try_from(nanos / NANOS_PER_SECOND).unwrap_or(0);
    let first = seconds(range.low.0.saturating_add(NANOS_PER_SECOND - 1)).max(1);
    let last = seconds(range.high.0);
    if first >= last { Known::Sure(value) } else { Known::Likely(value, (first, last)) }
}

/// A time in seconds, if it is a whole number of them.
fn whole_seconds(span: Span) -> Option<u64> {
    if span.0 % NANOS_PER_SECOND != 0 {
        return None;
    }
    u64::try_from(span.0 / NANOS_PER_SECOND).ok().filter(|seconds| *seconds > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_sure_where_no_other_second_fits() {
        let known = |low, high, nearest: Option<i64>| {
            let (low, high) = (Span::from_millis(low), Span::from_millis(high));
            known(&SettingRange { low, high, nearest: nearest.map(Span::from_millis), samples: 1 })
        };
        assert_eq!(known(1_790, 2_016, Some(2_000)), Known::Sure(2));
        assert_eq!(known(54_500, 61_440, Some(60_000)), Known::Likely(60, (55, 61)));
        assert_eq!(known(0, 2_016, Some(2_000)), Known::Likely(2, (1, 2)));
        assert_eq!(known(2_000, 3_000, Some(3_000)), Known::Likely(3, (2, 3)));
        assert_eq!(known(1_790, 2_016, None), Known::Range);
        assert_eq!(known(100, 300, Some(200)), Known::Range);
    }
}
