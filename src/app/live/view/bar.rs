//! The bar that shrinks until the next probe is due, and the line of round trips.

use super::pen::cut;
use crate::render::text::figure;
use crate::render::text::style::Tone;
use crate::report::Due;
use crate::time::{NANOS_PER_SECOND, Span, Timestamp};

/// From a full cell down to an eighth of one.
const EIGHTHS: [char; 9] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/// From the lowest to the highest.
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// What stands in the place of a bar that is over.
const LATE: &str = "late";

/// What stands for a probe that was not answered.
const LOST: char = '×';

/// What is left until `due`, of the whole wait: from 1 down to 0.
pub(super) fn left(due: &Due, now: Timestamp) -> f64 {
    let (whole, left) = (due.at.since(due.since), due.at.since(now));
    if whole <= Span::ZERO { 0.0 } else { (left.as_secs_f64() / whole.as_secs_f64()).clamp(0.0, 1.0) }
}

/// A bar of `width` cells that is full when the wait begins and empty when it is over.
pub(super) fn bar(due: &Due, now: Timestamp, width: usize) -> String {
    if is_late(due, now) {
        return cut(LATE, width);
    }
    let eighths = (left(due, now) * (width * 8) as f64).ceil() as usize;
    let (full, part) = (eighths / 8, eighths % 8);
    let mut cells = "█".repeat(full.min(width));
    if full < width {
        let end = EIGHTHS.get(part).filter(|_| part > 0);
        cells.push(end.copied().unwrap_or('·'));
        cells.push_str(&"·".repeat(width - full - 1));
    }
    cells
}

/// Whether a probe is overdue by more than its timer and a busy machine explain.
pub(super) fn is_late(due: &Due, now: Timestamp) -> bool {
    let (num, den) = crate::measure::LATENESS;
    let allowed = due.at.since(due.since).scale(num, den) + Span::from_millis(250);
    now.since(due.at) > allowed
}

/// How long it takes until `due`, or how late it is. A timer is allowed its lateness: within it a probe is due "now".
pub(super) fn countdown(due: &Due, now: Timestamp) -> (String, Tone) {
    let left = due.at.since(now);
    if left > Span::ZERO {
        return (running(left), Tone::Plain);
    }
    if is_late(due, now) {
        (format!("+{}", running(now.since(due.at))), Tone::Doubtful)
    } else {
        ("now".into(), Tone::Title)
    }
}

/// A duration that changes while it is read: nobody reads hundredths that run.
pub(super) fn running(span: Span) -> String {
    const TENTH: i64 = NANOS_PER_SECOND / 10;
    let tenths = span.0.saturating_add(TENTH - 1) / TENTH;
    if tenths < 1_000 { format!("{}.{}s", tenths / 10, tenths % 10) } else { figure::compact(span) }
}

/// The newest of `samples` that fit in `width` cells, the highest as high as a cell; `None` is a probe without an answer.
pub(super) fn sparkline(samples: &[Option<Span>], width: usize) -> String {
    let shown = samples.get(samples.len().saturating_sub(width)..).unwrap_or_default();
    let highest = shown.iter().flatten().max().map_or(0, |span| span.0).max(1);
    let level = |span: &Span| {
        // From zero: round trips that differ by little look so.
        let step = span.scale(LEVELS.len() as i64, highest).0 - 1;
        let step = usize::try_from(step).unwrap_or(0).min(LEVELS.len() - 1);
        LEVELS.get(step).copied().unwrap_or(LOST)
    };
    shown.iter().map(|sample| sample.as_ref().map_or(LOST, level)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Awaited;

    fn due(since: i64, at: i64) -> Due {
        Due { what: Awaited::FirstProbe, since: Timestamp(since), at: Timestamp(at) }
    }

    fn eighths(bar: &str) -> usize {
        bar.chars().map(|c| EIGHTHS.iter().position(|e| *e == c).unwrap_or(0)).sum()
    }

    #[test]
    fn a_bar_shrinks_and_never_grows() {
        let due = due(0, 1_000);
        let lengths: Vec<usize> = (-100..1_200).map(|now| eighths(&bar(&due, Timestamp(now), 7))).collect();
        assert_eq!((lengths[0], lengths[100], lengths[1_100]), (56, 56, 0));
        assert!(lengths.is_sorted_by(|a, b| a >= b));
        assert!((0..1_200).all(|now| bar(&due, Timestamp(now), 7).chars().count() == 7));
        assert_eq!(bar(&due, Timestamp(999), 4), "▏···", "something is left until the end");
    }

    #[test]
    fn a_wait_of_no_length_is_over() {
        assert_eq!(bar(&due(5, 5), Timestamp(5), 3), "···");
        assert_eq!(bar(&due(5, 5), Timestamp(5) + Span::from_secs(1), 5), "late");
        assert_eq!(bar(&due(5, 4), Timestamp(0), 0), "");
    }

    #[test]
    fn a_probe_is_late_only_beyond_what_timers_are_allowed() {
        let due = due(0, 63_000_000_000);
        let says = |ms| countdown(&due, Timestamp(0) + Span::from_millis(ms)).0;
        assert_eq!(says(0), "63.0s");
        assert_eq!(says(62_960), "0.1s");
        assert_eq!(says(63_000), "now");
        assert_eq!(says(71_200), "now");
        assert_eq!(says(72_000), "+9.0s");
    }

    #[test]
    fn round_trips_stand_side_by_side_and_losses_among_them() {
        let ms = |ms| Some(Span::from_millis(ms));
        assert_eq!(sparkline(&[ms(1), ms(4), None, ms(8)], 9), "▁▄×█");
        assert_eq!(sparkline(&[ms(1), ms(4), None, ms(8)], 2), "×█", "the newest");
        assert_eq!(sparkline(&[ms(0)], 3), "▁");
        assert_eq!(sparkline(&[], 3), "");
        assert_eq!(sparkline(&[None], 0), "");
    }
}
