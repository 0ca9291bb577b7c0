//! What the loop hands over.

use super::rows;
use crate::app::live::join::Look;
use crate::report::{Capture, Conclusions, Flow, FlowCounts};
use crate::time::Timestamp;
use std::rc::Rc;

/// How many flows are kept for the screen at most.
pub(super) const MAX_FLOWS: usize = 1_000;

/// The analysis at one moment.
#[derive(Clone, Debug, Default)]
pub(in crate::app::live) struct Snapshot {
    /// The latest time known.
    pub(in crate::app::live) now: Timestamp,
    /// Where the frames come from. Text from outside, as it came.
    pub(in crate::app::live) source: String,
    /// Open flows.
    pub(in crate::app::live) flows: Flows,
    /// What was read so far, with what was lost.
    pub(in crate::app::live) capture: Capture,
    /// What is said of all flows so far.
    pub(in crate::app::live) conclusions: Conclusions,
    /// How many flows there are.
    pub(in crate::app::live) counts: FlowCounts,
    /// What the kernel of this host said last of the same connections.
    pub(in crate::app::live) kernel: Option<Rc<Look>>,
}

/// The flows that matter most, in bounded memory.
#[derive(Clone, Debug, Default)]
pub(in crate::app::live) struct Flows {
    kept: Vec<Flow>,
    left_out: u64,
}

impl Flows {
    /// Takes a flow as it is at `now`. What is not [relevant](Flow::is_relevant) is not shown; of too many the least grave go.
    pub(in crate::app::live) fn add(&mut self, flow: Flow, now: Timestamp) {
        if !flow.is_relevant() {
            return;
        }
        self.kept.push(flow);
        if self.kept.len() >= 2 * MAX_FLOWS {
            self.trim(now);
        }
    }

    /// Keeps no more than there may be.
    pub(super) fn trim(&mut self, now: Timestamp) {
        let more = self.kept.len().saturating_sub(MAX_FLOWS);
        if more > 0 {
            self.kept.sort_by_cached_key(|flow| (rows::rank(flow, now), flow.index));
            self.kept.truncate(MAX_FLOWS);
            self.left_out += more as u64;
        }
    }

    /// Forgets a flow.
    pub(super) fn remove(&mut self, index: u64) {
        self.kept.retain(|flow| flow.index != index);
    }

    /// Those that were kept.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Flow> {
        self.kept.iter()
    }

    /// How many relevant ones were not.
    pub(super) const fn left_out(&self) -> u64 {
        self.left_out
    }
}
