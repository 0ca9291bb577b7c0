//! Which flow has to go when the table is full.
//!
//! First those that ended, then those never established, then one-sided ones; flows that ever probed go last. Within a rank the one that
//! came into it first.

use super::FlowRef;
use std::collections::VecDeque;

/// How dear a flow is: lower ranks go first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    Ended,
    NeverEstablished,
    OneSided,
    Established,
    Probing,
}

const RANKS: usize = 5;

/// A queue for each rank. A flow may have risen since it was queued, so its rank is asked again when its turn comes.
#[derive(Debug, Default)]
pub(super) struct Evictor {
    bound: Option<usize>,
    queues: [VecDeque<FlowRef>; RANKS],
}

impl Evictor {
    /// With room for `bound` flows; `None`: for as many as come.
    pub(super) fn new(bound: Option<usize>) -> Self {
        Self { bound, queues: Default::default() }
    }

    /// Whether a table with this many flows has no room for another.
    pub(super) fn is_full(&self, flows: usize) -> bool {
        self.bound.is_some_and(|bound| flows >= bound)
    }

    /// Takes notice of a flow's rank: when it begins, and when it ends.
    pub(super) fn note(&mut self, flow: FlowRef, rank: Rank) {
        if self.bound.is_some()
            && let Some(queue) = self.queues.get_mut(rank as usize)
        {
            queue.push_back(flow);
        }
    }

    /// Whether most of what is queued must be gone by now: each flow is queued once when it begins and once when it ends.
    pub(super) fn is_overgrown(&self) -> bool {
        let queued: usize = self.queues.iter().map(VecDeque::len).sum();
        self.bound.is_some_and(|bound| queued > bound.saturating_mul(4))
    }

    /// Forgets the flows that are gone.
    pub(super) fn prune(&mut self, is_there: impl Fn(FlowRef) -> bool) {
        self.queues.iter_mut().for_each(|queue| queue.retain(|flow| is_there(*flow)));
    }

    /// The flow to go next. `rank_of` tells a flow's rank now; `None` for one that is gone.
    pub(super) fn pick(&mut self, rank_of: impl Fn(FlowRef) -> Option<Rank>) -> Option<FlowRef> {
        for rank in 0..RANKS {
            // What is queued again behind comes round only when its rank is reached.
            while let Some(flow) = self.queues.get_mut(rank)?.pop_front() {
                match rank_of(flow) {
                    Some(now) if now as usize <= rank => return Some(flow),
                    Some(now) => self.queues.get_mut(now as usize)?.push_back(flow),
                    None => {}
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Evictor, FlowRef, Rank};
    use crate::flow::FlowId;

    #[test]
    fn flows_that_are_gone_take_no_room() {
        let mut evictor = Evictor::new(Some(2));
        // Any id does: only the index tells the flows apart here.
        let id = FlowId::new(0);
        for index in 0..100 {
            evictor.note(FlowRef { partition: 0, id, index }, Rank::OneSided);
            if evictor.is_overgrown() {
                evictor.prune(|flow| flow.index >= index);
            }
        }
        assert!(!evictor.is_overgrown());
        assert_eq!(evictor.pick(|_| Some(Rank::OneSided)).map(|flow| flow.index >= 90), Some(true));
    }
}
