//! Flows that are final, kept for the report at the end: a run may last for weeks, and memory must not grow with it.

use crate::report::{Flow, Others, Severity};
use std::collections::VecDeque;

/// How many flows are kept. One with a full list of runs takes some ten kilobytes, and nobody reads more of them.
pub(super) const MAX_FLOWS: usize = 10_000;

/// How much a reader misses a flow that is left out.
const RANKS: usize = 3;

/// Final flows, within a bound. Those that matter least are left out first, and of those the ones that ended first.
#[derive(Debug)]
pub(super) struct Archive {
    /// From those that matter least to those that matter most.
    kept: [VecDeque<Box<Flow>>; RANKS],
    bound: usize,
    /// Whether flows without probes are wanted too, instead of being counted.
    wants_all: bool,
    others: Others,
    left_out: u64,
}

impl Archive {
    /// An empty archive for at most `bound` flows.
    pub(super) fn new(bound: usize, wants_all: bool) -> Self {
        let kept = std::array::from_fn(|_| VecDeque::new());
        Self { kept, bound, wants_all, others: Others::default(), left_out: 0 }
    }

    /// Takes a flow that is final.
    pub(super) fn take(&mut self, flow: Box<Flow>) {
        let is_relevant = flow.is_relevant();
        if !is_relevant && !self.wants_all {
            self.others.add(&flow);
            return;
        }
        let is_grave = flow.gravest().is_some_and(|severity| severity < Severity::Info);
        let rank = usize::from(is_relevant) + usize::from(is_relevant && is_grave);
        if let Some(rank) = self.kept.get_mut(rank) {
            rank.push_back(flow);
        }
        if self.kept.iter().map(VecDeque::len).sum::<usize>() > self.bound {
            let least = self.kept.iter_mut().find(|rank| !rank.is_empty());
            self.left_out += u64::from(least.and_then(VecDeque::pop_front).is_some());
        }
    }

    /// The line that says what was left out; `None` where nothing was.
    pub(super) fn warning(&self) -> Option<String> {
        let (bound, left_out) = (self.bound, self.left_out);
        (left_out > 0).then(|| {
            format!(
                "{left_out} flows are counted and not listed: the report at the end of a live run lists at most {bound}, those that \
                 matter least and ended first go first (--format ndjson writes all as they end)"
            )
        })
    }

    /// Hands out the flows in the order of their first frames, and how many were only counted because nothing is to be told of them.
    pub(super) fn hand_out(self, take: &mut dyn FnMut(Flow)) -> Others {
        let mut flows: Vec<_> = self.kept.into_iter().flatten().collect();
        flows.sort_unstable_by_key(|flow| flow.index);
        flows.into_iter().for_each(|flow| take(*flow));
        self.others
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Kind, flows};
    use super::*;

    fn archive(bound: usize, wants_all: bool, kinds: &[Kind]) -> (Vec<u64>, Others, Option<String>) {
        let mut archive = Archive::new(bound, wants_all);
        // As flows end: not in the order in which they began.
        flows(kinds).into_iter().rev().for_each(|flow| archive.take(Box::new(flow)));
        let (mut indexes, warning) = (Vec::new(), archive.warning());
        let others = archive.hand_out(&mut |flow| indexes.push(flow.index));
        (indexes, others, warning)
    }

    #[test]
    fn flows_come_out_in_the_order_in_which_they_began() {
        let (indexes, others, warning) = archive(9, false, &[Kind::Probing, Kind::Plain, Kind::Probing]);
        assert_eq!((indexes, others.flows, warning), (vec![0, 2], 1, None));
        let (indexes, others, _) = archive(9, true, &[Kind::Probing, Kind::Plain, Kind::Probing]);
        assert_eq!((indexes, others.flows), (vec![0, 1, 2], 0));
    }

    #[test]
    fn beyond_the_bound_those_that_matter_least_go_first_and_it_is_said() {
        let kinds = [Kind::Plain, Kind::TimedOut, Kind::Probing, Kind::Plain, Kind::Probing, Kind::TimedOut];
        let (indexes, _, warning) = archive(3, true, &kinds);
        // Of the two that probed and were well, the one that ended first goes.
        assert_eq!(indexes, [1, 2, 5]);
        assert!(warning.unwrap().starts_with("3 flows are counted and not listed"));
        let (indexes, others, _) = archive(1, false, &kinds);
        assert_eq!((indexes, others.flows), (vec![1], 2));
    }
}
