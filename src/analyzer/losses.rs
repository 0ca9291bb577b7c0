//! When frames were lost while capturing.

use crate::source::Dropped;
use crate::time::{Span, Timestamp};
use std::collections::VecDeque;

/// How many stretches of loss are told apart; beyond, the two oldest are taken for one.
const MAX_STRETCHES: usize = 1024;

/// How far a counter of drops is ahead of the frames: what is counted now may have been lost behind frames that the kernel still holds.
const AHEAD: Span = Span::from_secs(2);

/// Stretches of time in which frames were lost.
#[derive(Debug, Default)]
pub(super) struct Losses {
    total: Dropped,
    /// Whether drops are told as they grow: else only their number is known, and no time is beyond doubt.
    is_timed: bool,
    stretches: VecDeque<(Timestamp, Timestamp)>,
    /// Whether the last stretch goes on until it is asked again.
    goes_on: bool,
    asked: Option<Timestamp>,
}

impl Losses {
    /// Takes the number of drops so far, at `now`, for a capture that goes on; tells how many there are more than before.
    pub(super) fn grow(&mut self, total: Dropped, now: Timestamp) -> Dropped {
        self.is_timed = true;
        let more = Dropped {
            kernel: total.kernel.saturating_sub(self.total.kernel),
            interface: total.interface.saturating_sub(self.total.interface),
        };
        let until = now + AHEAD;
        let has_grown = more != Dropped::default();
        if let Some((_, last)) = self.stretches.back_mut().filter(|_| self.goes_on) {
            *last = until;
        }
        if has_grown && !self.goes_on {
            self.begin(self.asked.unwrap_or(Timestamp(i64::MIN)), until);
        }
        self.goes_on = has_grown;
        self.asked = Some(now);
        self.total = total;
        more
    }

    fn begin(&mut self, from: Timestamp, until: Timestamp) {
        match self.stretches.back_mut() {
            Some((_, last)) if from <= *last => *last = until.max(*last),
            _ => self.stretches.push_back((from, until)),
        }
        if self.stretches.len() > MAX_STRETCHES
            && let Some((oldest, _)) = self.stretches.pop_front()
            && let Some((from, _)) = self.stretches.front_mut()
        {
            *from = oldest;
        }
    }

    /// Takes the number of drops of a capture that is over.
    pub(super) fn finish(&mut self, total: Option<Dropped>, now: Timestamp) -> Dropped {
        let total = total.unwrap_or_default();
        if self.is_timed {
            return self.grow(total, now);
        }
        self.total = total;
        Dropped::default()
    }

    /// Until when frames were lost last; `None` where none were, or nobody knows when.
    pub(super) fn latest(&self) -> Option<Timestamp> {
        let (_, until) = self.stretches.back()?;
        Some(if self.goes_on { Timestamp(i64::MAX) } else { *until })
    }

    /// Whether a frame may be missing between two moments.
    pub(super) fn touch(&self, from: Timestamp, to: Timestamp) -> bool {
        if !self.is_timed {
            return self.total != Dropped::default();
        }
        let goes_on = self.latest().is_some_and(|until| from <= until) && self.goes_on;
        let within = |(begin, end): &(Timestamp, Timestamp)| *begin <= to && from <= *end;
        self.stretches.iter().rev().any(within)
            || goes_on && self.stretches.back().is_some_and(|(begin, _)| *begin <= to)
    }
}

#[cfg(test)]
mod tests {
    use super::{AHEAD, Losses, MAX_STRETCHES};
    use crate::source::Dropped;
    use crate::time::{Span, Timestamp};

    fn at(seconds: i64) -> Timestamp {
        Timestamp(0) + Span::from_secs(seconds)
    }

    fn lost(kernel: u64) -> Dropped {
        Dropped { kernel, interface: 0 }
    }

    #[test]
    fn what_was_lost_was_lost_since_one_asked_before() {
        let mut losses = Losses::default();
        for (seconds, total) in [(10, 0), (20, 5), (30, 5), (60, 5)] {
            losses.grow(lost(total), at(seconds));
        }
        assert!(!losses.touch(at(0), at(9)));
        assert!(losses.touch(at(0), at(10)) && losses.touch(at(15), at(15)) && losses.touch(at(30), at(40)));
        assert!(!losses.touch(at(33), at(100)), "what the kernel still held is read by then");
        assert_eq!(losses.latest(), Some(at(30) + AHEAD));
    }

    #[test]
    fn while_it_goes_on_nothing_is_beyond_doubt() {
        let mut losses = Losses::default();
        losses.grow(lost(0), at(10));
        assert_eq!(losses.grow(lost(3), at(20)), lost(3));
        assert!(losses.touch(at(1_000), at(1_001)));
        assert_eq!(losses.grow(lost(4), at(2_000)), lost(1));
        losses.grow(lost(4), at(2_010));
        assert!(losses.touch(at(1_000), at(1_001)) && !losses.touch(at(2_100), at(2_200)));
    }

    #[test]
    fn of_a_capture_that_is_over_only_the_number_is_known() {
        let mut losses = Losses::default();
        losses.finish(Some(lost(1)), at(10));
        assert!(losses.touch(at(0), at(0)));
        assert_eq!(losses.latest(), None);
        losses.finish(Some(lost(0)), at(10));
        assert!(!losses.touch(at(0), at(10)));
    }

    #[test]
    fn of_many_stretches_the_oldest_become_one() {
        let mut losses = Losses::default();
        let hours = 2 * MAX_STRETCHES as i64;
        for hour in 0..hours {
            for second in [0, 10, 3590] {
                losses.grow(lost(hour as u64), at(hour * 3600 + second));
            }
        }
        assert_eq!(losses.stretches.len(), MAX_STRETCHES);
        assert!(losses.touch(at(7300), at(7400)), "old times are doubted more than they need be");
        let last = (hours - 1) * 3600;
        assert!(losses.touch(at(last), at(last)) && !losses.touch(at(last + 100), at(last + 200)));
    }
}
