//! Numbers in less room.

use crate::time::Span;

/// Nanoseconds in the unit of the short spans: most captures are stamped in microseconds.
const MICROSECOND: i64 = 1_000;

/// A 48-bit count: frames and octets of one flow need no more, and a record is kept for each of millions of flows.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct U48([u16; 3]);

impl U48 {
    /// `value`, or the largest there is.
    pub(super) fn new(value: u64) -> Self {
        let v = value.min((1 << 48) - 1);
        Self([v as u16, (v >> 16) as u16, (v >> 32) as u16])
    }

    /// As a number to count with.
    pub(super) fn get(self) -> u64 {
        u64::from(self.0[0]) | u64::from(self.0[1]) << 16 | u64::from(self.0[2]) << 32
    }
}

/// A span in 32 bits, never more than it was: to the microsecond below nine minutes, then to ten, and so on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Span32(u32);

impl Span32 {
    /// `span`; a negative one is none.
    pub(super) fn new(span: Span) -> Self {
        Self(pack(span, u32::BITS - EXPONENT_BITS) as u32)
    }

    pub(super) fn get(self) -> Span {
        unpack(self.0.into())
    }

    /// Becomes `span`, if that is longer.
    #[inline]
    pub(super) fn raise_to(&mut self, span: Span) {
        if span > self.get() {
            *self = Self::new(span);
        }
    }
}

/// A span in 16 bits, never more than it was: to the microsecond below eight milliseconds, then to ten, and so on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Span16(u16);

impl Span16 {
    /// `span`; a negative one is none.
    pub(super) fn new(span: Span) -> Self {
        Self(pack(span, u16::BITS - EXPONENT_BITS) as u16)
    }

    pub(super) fn get(self) -> Span {
        unpack(self.0.into())
    }
}

/// How many bits say how many decimal digits were cut off: decimal, so that what is left reads as what was measured.
const EXPONENT_BITS: u32 = 3;

/// The powers of ten that can be cut off.
const POWERS: [u64; 1 << EXPONENT_BITS] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

/// The leading decimal digits of a span in microseconds that fit in `bits`, and behind them how many were cut off.
fn pack(span: Span, bits: u32) -> u64 {
    let most = (1 << EXPONENT_BITS) - 1;
    let mut leading = (span.0.max(0) / MICROSECOND) as u64;
    let mut cut = 0;
    while leading >> bits != 0 && cut < most {
        leading /= 10;
        cut += 1;
    }
    leading.min((1 << bits) - 1) << EXPONENT_BITS | cut
}

fn unpack(packed: u64) -> Span {
    let cut = packed & ((1 << EXPONENT_BITS) - 1);
    let micros = (packed >> EXPONENT_BITS).saturating_mul(POWERS.get(cut as usize).copied().unwrap_or(1));
    Span((micros as i64).saturating_mul(MICROSECOND))
}

#[cfg(test)]
mod tests {
    use super::{Span, Span16, Span32};

    #[test]
    fn spans_lose_little_and_never_grow() {
        for micros in [0, 1, 999, 8_191, 8_192, 536_870_911, 536_870_912, 8_100_990_000, 34_000_000_000] {
            let span = Span(micros * 1_000);
            let (long, short) = (Span32::new(span).get(), Span16::new(span).get());
            assert!(long <= span && span.0 - long.0 <= span.0 / 50_000_000, "{span} became {long}");
            assert!(short <= span && span.0 - short.0 <= span.0 / 800, "{span} became {short}");
        }
        assert_eq!(Span32::new(Span(351_204_123_999)).get(), Span(351_204_123_000));
        assert_eq!(Span32::new(Span(8_100_990_001_000)).get(), Span(8_100_990_000_000));
        assert_eq!(Span32::new(Span(-1)).get(), Span::ZERO);
        assert!(Span32::new(Span(i64::MAX)).get() <= Span(i64::MAX));
        assert!(Span16::new(Span(i64::MAX)).get() > Span::from_secs(80_000));
    }
}
