//! TCP sequence numbers: a circle of 2^32, with distance but no order (RFC 9293 §3.4).

use std::fmt;

/// A sequence number (SEG.SEQ, SEG.ACK, SND.NXT, …).
///
/// Deliberately not `Ord`: circular "less than" is not transitive (0 < 0x6000_0000 < 0xC000_0000, yet not
/// 0 < 0xC000_0000), so sequence numbers cannot be sorted; compare a [distance](Self::distance_from) instead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SeqNum(pub u32);

impl SeqNum {
    /// Signed distance on the circle; positive when `self` is ahead of `other`.
    #[must_use]
    pub const fn distance_from(self, other: Self) -> i32 {
        self.0.wrapping_sub(other.0) as i32
    }

    /// The number `by` further on.
    #[must_use]
    pub const fn advance(self, by: u32) -> Self {
        Self(self.0.wrapping_add(by))
    }

    /// The number one before.
    #[must_use]
    pub const fn one_before(self) -> Self {
        Self(self.0.wrapping_sub(1))
    }

    /// Whether `self` is ahead of `other` by less than half the circle.
    #[must_use]
    pub const fn is_after(self, other: Self) -> bool {
        self.distance_from(other) > 0
    }

    /// Whether `self` is behind `other` by at most half the circle.
    #[must_use]
    pub const fn is_before(self, other: Self) -> bool {
        self.distance_from(other) < 0
    }
}

impl fmt::Display for SeqNum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::SeqNum;

    #[test]
    fn distance_is_right_at_zero_at_half_and_at_the_end() {
        for base in [0_u32, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF] {
            let n = SeqNum(base);
            assert_eq!(n.advance(1).distance_from(n), 1);
            assert_eq!(n.one_before().distance_from(n), -1);
            assert_eq!(n.advance(0x7FFF_FFFF).distance_from(n), i32::MAX);
            assert_eq!(n.advance(0x8000_0000).distance_from(n), i32::MIN);
            assert!(n.advance(1).is_after(n) && n.is_before(n.advance(1)));
        }
    }
}
