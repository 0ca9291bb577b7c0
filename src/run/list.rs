//! The runs of one direction, in bounded memory.

use super::outcome::{Outcome, Run};
use std::collections::VecDeque;

/// How many of the first and of the last runs are kept.
const ENDS: usize = 16;

/// How many others, that are not plainly answered.
const NOTABLE: usize = 256;

/// The first 16 runs, the last 16, and up to 256 others that are not plainly answered.
#[derive(Clone, Debug, Default)]
pub(super) struct RunList {
    first: Vec<Run>,
    notable: Vec<Run>,
    last: VecDeque<Run>,
    total: u64,
}

impl RunList {
    pub(super) fn push(&mut self, run: Run) {
        self.total += 1;
        if self.first.len() < ENDS {
            self.first.push(run);
            return;
        }
        self.last.push_back(run);
        if self.last.len() > ENDS
            && let Some(run) = self.last.pop_front()
            && run.outcome != Some(Outcome::Answered)
            && self.notable.len() < NOTABLE
        {
            self.notable.push(run);
        }
    }

    pub(super) const fn total(&self) -> u64 {
        self.total
    }

    /// The newest run.
    pub(super) fn newest(&self) -> Option<&Run> {
        self.last.back().or_else(|| self.first.last())
    }

    /// The newest run, to be added to.
    pub(super) fn newest_mut(&mut self) -> Option<&mut Run> {
        self.last.back_mut().or_else(|| self.first.last_mut())
    }

    /// The last runs without a gap, the newest first.
    pub(super) fn iter_last(&self) -> impl Iterator<Item = &Run> {
        let first = if self.total as usize <= ENDS * 2 { self.first.as_slice() } else { &[] };
        self.last.iter().rev().chain(first.iter().rev())
    }

    /// As [`iter_last`](Self::iter_last), to be added to.
    pub(super) fn iter_last_mut(&mut self) -> impl Iterator<Item = &mut Run> {
        let first = if self.total as usize <= ENDS * 2 { self.first.as_mut_slice() } else { &mut [] };
        self.last.iter_mut().rev().chain(first.iter_mut().rev())
    }

    /// All that were kept, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Run> {
        self.first.iter().chain(&self.notable).chain(&self.last)
    }
}
