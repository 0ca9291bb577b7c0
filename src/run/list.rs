//! The runs of one direction, in bounded memory.

use super::kept::Kept;
use super::outcome::{Outcome, Run};
use std::borrow::Cow;
use std::collections::VecDeque;

/// How many of the first and of the last runs are kept.
const ENDS: usize = 16;

/// How many others, that are not plainly answered.
const NOTABLE: usize = 256;

/// The first 16 runs, the last 16, and up to 256 others that are not plainly answered.
#[derive(Clone, Debug, Default)]
pub(super) struct RunList {
    first: Vec<Kept>,
    notable: Vec<Kept>,
    last: VecDeque<Kept>,
    total: u64,
}

impl RunList {
    pub(super) fn push(&mut self, run: Run) {
        self.total += 1;
        if self.first.len() < ENDS {
            self.first.push(run.into());
            return;
        }
        // Taken out before the other comes in: the room for one more would be that for twice as many.
        if self.last.len() == ENDS
            && let Some(oldest) = self.last.pop_front()
            && oldest.get().outcome != Some(Outcome::Answered)
            && self.notable.len() < NOTABLE
        {
            self.notable.push(oldest);
        }
        self.last.push_back(run.into());
    }

    pub(super) const fn total(&self) -> u64 {
        self.total
    }

    /// The newest run.
    pub(super) fn newest(&self) -> Option<Cow<'_, Run>> {
        self.last.back().or_else(|| self.first.last()).map(Kept::get)
    }

    /// The newest run, to be added to.
    pub(super) fn newest_mut(&mut self) -> Option<&mut Run> {
        self.last.back_mut().or_else(|| self.first.last_mut()).map(Kept::get_mut)
    }

    /// The last runs without a gap, the newest first.
    pub(super) fn iter_last(&self) -> impl Iterator<Item = Cow<'_, Run>> {
        let first = if self.total as usize <= ENDS * 2 { self.first.as_slice() } else { &[] };
        self.last.iter().rev().chain(first.iter().rev()).map(Kept::get)
    }

    /// As [`iter_last`](Self::iter_last), to be added to.
    pub(super) fn iter_last_mut(&mut self) -> impl Iterator<Item = &mut Run> {
        let first = if self.total as usize <= ENDS * 2 { self.first.as_mut_slice() } else { &mut [] };
        self.last.iter_mut().rev().chain(first.iter_mut().rev()).map(Kept::get_mut)
    }

    /// All that were kept, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = Cow<'_, Run>> {
        self.first.iter().chain(&self.notable).chain(&self.last).map(Kept::get)
    }
}

#[cfg(test)]
mod tests {
    use super::super::kept::testing::answered;
    use super::*;

    fn run(number: u32) -> Run {
        Run {
            number,
            outcome: Some(if number == 50 { Outcome::Recovered } else { Outcome::Answered }),
            ..answered()
        }
    }

    #[test]
    fn the_first_the_last_and_the_notable_are_kept_in_no_more_room_than_they_need() {
        let mut list = RunList::default();
        (0..100).for_each(|number| list.push(run(number)));
        let kept: Vec<u32> = list.iter().map(|run| run.number).collect();
        assert_eq!(kept, (0..16).chain([50]).chain(84..100).collect::<Vec<_>>());
        assert_eq!(list.total(), 100);
        // There is one of these for each of many flows.
        assert_eq!((list.first.capacity(), list.last.capacity()), (ENDS, ENDS));
    }
}
