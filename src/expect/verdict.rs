//! Three answers.

/// Whether an expectation holds.
///
/// The order is that of logic: of several that must all hold the largest counts, of several of which one must hold the smallest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The capture shows that it is so, as far as a capture can.
    Holds,
    /// The capture cannot show whether it is so.
    Inconclusive,
    /// The capture shows that it is not so.
    Fails,
}

impl Verdict {
    /// All, the best first.
    pub const ALL: [Self; 3] = [Self::Holds, Self::Inconclusive, Self::Fails];

    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Inconclusive => "inconclusive",
            Self::Fails => "fails",
        }
    }

    /// Both must hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.max(other)
    }

    /// One of the two must hold.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.min(other)
    }

    /// The contrary must hold, if `is_negated`.
    #[must_use]
    pub const fn negated_if(self, is_negated: bool) -> Self {
        match self {
            Self::Holds if is_negated => Self::Fails,
            Self::Fails if is_negated => Self::Holds,
            same => same,
        }
    }

    pub(super) const fn of(holds: bool) -> Self {
        if holds { Self::Holds } else { Self::Fails }
    }
}

#[cfg(test)]
mod tests {
    use super::Verdict::{Fails, Holds, Inconclusive};

    #[test]
    fn not_knowing_decides_only_where_nothing_else_does() {
        assert_eq!(Holds.and(Inconclusive), Inconclusive);
        assert_eq!(Fails.and(Inconclusive), Fails);
        assert_eq!(Holds.or(Inconclusive), Holds);
        assert_eq!(Fails.or(Inconclusive), Inconclusive);
        assert_eq!([Holds, Inconclusive, Fails].map(|v| v.negated_if(true)), [Fails, Inconclusive, Holds]);
    }
}
