//! A look at the flows while the analysis goes on.

use super::Analyzer;
use crate::flow::FlowRecord;
use crate::report::Flow;
use crate::time::Timestamp;

impl Analyzer {
    /// The latest time any frame had, or that was [told](Self::handle_time); `None` before the first.
    #[must_use]
    pub fn now(&self) -> Option<Timestamp> {
        Some(self.now).filter(|now| now.0 > i64::MIN)
    }

    /// Shows the flows that are not final, as they are now, in the order of their first frame, made one at a time. `notable_only` leaves
    /// out those of which nothing is known beyond their record, and which so cannot be [relevant](Flow::is_relevant).
    ///
    /// They are reported as if the capture ended now, so that all sums hold: a run of probes that nothing has ended is the last of the
    /// [`runs`](crate::report::Prober::runs), and pending. That it is open still, it shows by being in
    /// [`open_run`](crate::report::Prober::open_run) too.
    pub fn open_flows(&self, notable_only: bool, mut take: impl FnMut(Flow)) {
        let wanted =
            |record: &FlowRecord| !record.is_retired() && (!notable_only || self.outside.is_notable(record));
        let mut open = self.flow_refs(wanted);
        open.sort_unstable_by_key(|flow| flow.index);
        open.into_iter().filter_map(|flow| self.flow_report(flow)).for_each(&mut take);
    }
}
