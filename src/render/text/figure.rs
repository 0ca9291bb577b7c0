//! Numbers in columns.

use crate::measure::Stat;
pub(in crate::render) use crate::report::words::{count, counted, duration};
use crate::time::{NANOS_PER_SECOND, Span};

/// What stands where nothing is known.
pub(in crate::render) const UNKNOWN: &str = "—";

/// Marks a median of samples that lie apart.
const ABOUT: &str = "~";

/// A duration for a narrow column: `310µs`, `2.02s`, `9m20s`, `2h00m`.
pub(in crate::render) fn compact(span: Span) -> String {
    let whole = span.0.saturating_add(NANOS_PER_SECOND / 2).div_euclid(NANOS_PER_SECOND);
    match whole {
        ..120 => duration(span).replace(' ', ""),
        120..3600 => format!("{}m{:02}s", whole / 60, whole % 60),
        3600..172_800 => format!("{}h{:02}m", whole / 3600, whole / 60 % 60),
        _ => format!("{}d{:02}h", whole / 86_400, whole / 3600 % 24),
    }
}

/// The median of what was measured, for a narrow column.
pub(in crate::render) fn median(stat: Option<&Stat>) -> String {
    stat.map_or(UNKNOWN.into(), |stat| compact(stat.median))
}

/// The same, marked where the samples are further apart than a twentieth of it: `2.02s`, `~60.0s`.
pub(in crate::render) fn about(stat: Option<&Stat>) -> String {
    let is_spread = stat.is_some_and(|s| (s.max - s.min).0 > s.median.0 / 20);
    if is_spread { ABOUT.to_owned() + &median(stat) } else { median(stat) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_narrow() {
        for (seconds, text) in
            [(2, "2.00s"), (119, "119s"), (560, "9m20s"), (7_209, "2h00m"), (200_000, "2d07h")]
        {
            assert_eq!(compact(Span::from_secs(seconds)), text);
        }
    }

    #[test]
    fn a_spread_is_marked_only_where_it_matters() {
        let of = |min, median, max| {
            let (min, median, max) =
                (Span::from_millis(min), Span::from_millis(median), Span::from_millis(max));
            about(Some(&Stat { min, median, p95: max, p99: max, max, samples: 3, approximate: false }))
        };
        assert_eq!(about(None), "—");
        assert_eq!(of(2_000, 2_016, 2_032), "2.02s");
        assert_eq!(of(58_100, 60_000, 61_400), "~60.0s");
        assert_eq!(of(900, 1_500, 2_000), "~1.50s");
    }
}
