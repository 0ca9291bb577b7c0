//! Which values are wanted, and whether one that is known only as a range is among them.

use super::Verdict;

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Operator {
    /// `=` and `!=` compare what has no order.
    pub(super) const fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual)
    }

    /// Whether it says that one of the others does not hold.
    const fn is_negative(self) -> bool {
        matches!(self, Self::NotEqual | Self::Less | Self::Greater)
    }
}

/// Wanted values: those that compare so with any from `low` to `high`, which differ by a tolerance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) operator: Operator,
    pub(super) low: i64,
    pub(super) high: i64,
}

impl Wanted {
    pub(super) const fn exactly(operator: Operator, value: i64) -> Self {
        Self { operator, low: value, high: value }
    }

    /// Whether a value that lies somewhere from `low` to `high` is wanted. Where some of that range is wanted and some is not, it is if the
    /// range is `known`: as narrow as one can ask for.
    ///
    /// `=`, `<=` and `>=` hold if a wanted value explains what was measured; `!=`, `>` and `<` say that they do not.
    pub(super) fn verdict(self, (low, high): (i64, i64), known: bool) -> Verdict {
        let (from, to) = self.positive();
        let verdict = if from <= low && high <= to {
            Verdict::Holds
        } else if high < from || to < low {
            Verdict::Fails
        } else if known {
            Verdict::Holds
        } else {
            Verdict::Inconclusive
        };
        verdict.negated_if(self.operator.is_negative())
    }

    /// Whether exactly `value` is wanted.
    pub(super) fn is_met_by(self, value: i64) -> Verdict {
        self.verdict((value, value), true)
    }

    /// Whether it asks for one value and no other.
    pub(super) const fn is_one_value(self) -> bool {
        matches!(self.operator, Operator::Equal) && self.low == self.high
    }

    /// The largest value that is wanted; `None` where there is none.
    pub(super) const fn largest(self) -> Option<i64> {
        match self.operator {
            Operator::Equal | Operator::AtMost | Operator::Less => Some(self.high),
            Operator::NotEqual | Operator::Greater | Operator::AtLeast => None,
        }
    }

    /// From where to where, without the negation.
    const fn positive(self) -> (i64, i64) {
        match self.operator {
            Operator::Equal | Operator::NotEqual => (self.low, self.high),
            Operator::AtMost | Operator::Greater => (i64::MIN, self.high),
            Operator::AtLeast | Operator::Less => (self.low, i64::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Operator::{AtLeast, AtMost, Equal, Greater, Less, NotEqual};
    use super::Verdict::{Fails, Holds, Inconclusive};
    use super::*;

    const OPERATORS: [Operator; 6] = [Equal, NotEqual, Less, AtMost, Greater, AtLeast];

    fn of(range: (i64, i64), known: bool) -> [Verdict; 6] {
        OPERATORS.map(|operator| Wanted::exactly(operator, 60).verdict(range, known))
    }

    #[test]
    fn a_value_compares_as_numbers_do() {
        assert_eq!(of((59, 59), true), [Fails, Holds, Holds, Holds, Fails, Fails]);
        assert_eq!(of((60, 60), true), [Holds, Fails, Fails, Holds, Fails, Holds]);
        assert_eq!(of((61, 61), true), [Fails, Holds, Fails, Fails, Holds, Holds]);
        assert_eq!(of((60, 60), false), of((60, 60), true), "a single value is known anyway");
    }

    #[test]
    fn a_known_range_is_whatever_it_may_be_and_not_what_it_may_not_be() {
        assert_eq!(of((54, 61), true), [Holds, Fails, Fails, Holds, Fails, Holds]);
        assert_eq!(of((54, 59), true), of((59, 59), true));
        assert_eq!(of((61, 68), true), of((61, 61), true));
    }

    #[test]
    fn a_wide_range_says_nothing_where_it_holds_both() {
        assert_eq!(of((0, 147), false), [Inconclusive; 6]);
        assert_eq!(of((0, 59), false), of((59, 59), true));
    }

    #[test]
    fn a_tolerance_widens_what_is_wanted() {
        let about = |operator| Wanted { operator, low: 54, high: 66 };
        assert_eq!(about(Equal).verdict((48, 54), true), Holds);
        assert_eq!(about(Equal).verdict((47, 53), true), Fails);
        assert_eq!(about(NotEqual).verdict((48, 54), true), Fails);
        assert_eq!(about(Equal).verdict((55, 65), false), Holds, "all of the range is wanted");
    }

    #[test]
    fn every_operator_denies_one_other() {
        for (one, other) in [(Equal, NotEqual), (Less, AtLeast), (Greater, AtMost)] {
            for (range, known) in [((1, 2), true), ((60, 60), true), ((50, 70), true), ((50, 70), false)] {
                let of = |operator| Wanted::exactly(operator, 60).verdict(range, known);
                assert_eq!(of(one), of(other).negated_if(true), "{one:?} {range:?}");
            }
        }
    }
}
