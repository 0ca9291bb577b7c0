//! What conclusions about a flow are drawn from.

use crate::flow::Side;
use crate::frame::FrameNo;
use crate::infer::Catalogue;
use crate::report::{Flow, Prober};
use crate::run::{Outcome, Run};
use crate::time::Timestamp;

/// A flow, and where the capture ends.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What is known of the flow; its findings are not made yet.
    pub flow: &'a Flow,
    /// The latest time of the capture so far.
    pub now: Timestamp,
    /// The last frame of the capture so far.
    pub last_frame: FrameNo,
    /// Known profiles and middleboxes.
    pub catalogue: &'a Catalogue,
}

impl<'a> Case<'a> {
    /// The ends that probe.
    pub(super) fn probers(&self) -> impl Iterator<Item = (Side, &'a Prober)> + use<'a> {
        let flow = self.flow;
        Side::BOTH
            .into_iter()
            .map(move |side| (side, flow.prober(side)))
            .filter(|(_, prober)| prober.probes > 0)
    }
}

/// The last run of an end, if it ended so.
pub(super) fn last_run(prober: &Prober, outcome: Outcome) -> Option<&Run> {
    prober.runs.last().filter(|run| run.outcome == Some(outcome))
}

/// The frames of a run: its probes, and what ended it.
pub(super) fn frames(run: &Run) -> impl Iterator<Item = FrameNo> + '_ {
    run.probe_frames.iter().copied().chain(run.end_frame)
}
