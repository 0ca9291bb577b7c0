//! Figures in the words of reasons.

use crate::frame::FrameNo;
use crate::time::{NANOS_PER_SECOND, Span};

/// How many frames of each kind a reason names.
const NAMED: usize = 8;

/// A time that is to be compared: in seconds to the millisecond, or in milliseconds to the microsecond.
pub(super) fn exact(span: Span) -> String {
    if span.0.abs() >= NANOS_PER_SECOND || span == Span::ZERO {
        format!("{} s", figure(span.0, NANOS_PER_SECOND))
    } else {
        format!("{} ms", figure(span.0, 1_000_000))
    }
}

/// From one time to another: in seconds.
pub(super) fn between(low: Span, high: Span) -> String {
    let [from, to] = [low, high].map(|span| figure(span.0, NANOS_PER_SECOND));
    if from == to { format!("{to} s") } else { format!("{from} to {to} s") }
}

/// `value / unit` to three places, without zeros at the end.
pub(super) fn figure(value: i64, unit: i64) -> String {
    let text = format!("{:.3}", value as f64 / unit as f64);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The last few of `frames`, in order.
pub(super) fn last_few(frames: impl DoubleEndedIterator<Item = FrameNo>) -> Vec<FrameNo> {
    let mut last: Vec<FrameNo> = frames.rev().take(NAMED).collect();
    last.reverse();
    last
}

/// Adds the first few of `frames` to what is there.
pub(super) fn add_few(all: &mut Vec<FrameNo>, frames: impl IntoIterator<Item = FrameNo>) {
    let room = NAMED.saturating_sub(all.len());
    all.extend(frames.into_iter().take(room));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_keep_what_is_compared() {
        assert_eq!(exact(Span(147_456_000_000)), "147.456 s");
        assert_eq!(exact(Span::from_secs(7_200)), "7200 s");
        assert_eq!(exact(Span(43_000)), "0.043 ms");
        assert_eq!(exact(Span::ZERO), "0 s");
        assert_eq!(between(Span(1_909_989_980), Span(2_000_207_000)), "1.91 to 2 s");
        assert_eq!(between(Span::from_secs(2), Span(2_000_000_100)), "2 s");
    }
}
