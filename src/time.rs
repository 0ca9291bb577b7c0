//! Points in time and spans, in integer nanoseconds.
//!
//! Nothing here reads a clock: time enters the library as frame time stamps only.

use std::fmt;
use std::ops::{Add, Sub};

/// A point in time: nanoseconds since 1970-01-01T00:00:00 UTC, negative before.
///
/// An `i64` reaches the years 1677 to 2262; a source that meets a stamp outside says so instead of wrapping.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

/// A signed length of time in nanoseconds. Negative only where a capture's clock ran backwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub i64);

/// Nanoseconds in a second.
pub const NANOS_PER_SECOND: i64 = 1_000_000_000;

impl Timestamp {
    /// `seconds` and `nanos` since the epoch; `None` where an `i64` of nanoseconds cannot hold it.
    #[must_use]
    pub const fn new(seconds: i64, nanos: i64) -> Option<Self> {
        match seconds.checked_mul(NANOS_PER_SECOND) {
            Some(whole) => match whole.checked_add(nanos) {
                Some(ns) => Some(Self(ns)),
                None => None,
            },
            None => None,
        }
    }

    /// The time from `earlier` to `self`: negative where the capture's clock ran backwards, saturating at the ends.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Span> for Timestamp {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub<Span> for Timestamp {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of whole milliseconds.
    #[must_use]
    pub const fn from_millis(ms: i64) -> Self {
        Self(ms * 1_000_000)
    }

    /// A span of whole seconds.
    #[must_use]
    pub const fn from_secs(s: i64) -> Self {
        Self(s * NANOS_PER_SECOND)
    }

    /// The span in seconds, for people and for JSON.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        // Division of the integer keeps 2.016 as 2.016: multiplying by 1e-9 would not.
        self.0 as f64 / 1e9
    }

    /// `self * numerator / denominator`, computed in 128 bits, saturating at the ends.
    #[must_use]
    pub const fn scale(self, numerator: i64, denominator: i64) -> Self {
        let scaled = self.0 as i128 * numerator as i128 / denominator as i128;
        Self(if scaled > i64::MAX as i128 {
            i64::MAX
        } else if scaled < i64::MIN as i128 {
            i64::MIN
        } else {
            scaled as i64
        })
    }

    /// Whether it is no longer than `other`, in whichever direction.
    #[must_use]
    pub const fn is_within(self, other: Self) -> bool {
        // Unsigned: the shortest span has no positive counterpart.
        self.0.unsigned_abs() <= other.0.unsigned_abs()
    }

    /// Whether `self / other` lies in `low..=high`, the bounds given in percent. False where `other` is not positive.
    #[must_use]
    pub const fn is_within_percent_of(self, other: Self, low: i64, high: i64) -> bool {
        let scaled = self.0 as i128 * 100;
        other.0 > 0 && low as i128 * other.0 as i128 <= scaled && scaled <= high as i128 * other.0 as i128
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Span {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s", self.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::{Span, Timestamp};

    #[test]
    fn what_does_not_fit_saturates() {
        assert_eq!(Span(i64::MAX / 2).scale(3, 1), Span(i64::MAX));
        assert_eq!(Span(i64::MIN / 2).scale(3, 1), Span(i64::MIN));
        assert_eq!(Span::from_millis(3).scale(63, 71), Span(2_661_971));
    }

    #[test]
    fn the_ends_of_time_are_far_apart_in_either_direction() {
        let (first, last) = (Timestamp(i64::MIN), Timestamp(i64::MAX));
        assert!(!first.since(last).is_within(Span::from_millis(250)));
        assert!(!last.since(first).is_within(Span::from_millis(250)));
        assert!(Timestamp(-1).since(Timestamp(1)).is_within(Span(2)));
    }
}
