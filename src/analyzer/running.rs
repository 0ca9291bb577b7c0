//! What a running capture asks of its analysis: what is there now, and what was lost.

use super::{Analyzer, Output};
use crate::report::{FlowCounts, Loss};
use crate::source::{Dropped, SourceNotes};

impl Analyzer {
    /// Takes over what the source has learnt so far: drops, warnings and inputs as they grow. To be called after each
    /// [`fill`](crate::source::FrameSource::fill) of a running capture, before its frames are handed over.
    ///
    /// What was lost, was lost since the call before. Where this is never called, nobody knows when, and all of the capture is in doubt.
    pub fn handle_notes(&mut self, notes: &SourceNotes) {
        let before = self.capture.dropped.unwrap_or_default();
        self.capture.dropped = notes.dropped;
        let total = notes.dropped.unwrap_or_default();
        let more = Dropped {
            kernel: total.kernel.saturating_sub(before.kernel),
            interface: total.interface.saturating_sub(before.interface),
        };
        if more != Dropped::default() {
            self.outbox.push_at_once(Output::Loss(Loss { at: self.now(), more, total }));
        }
    }

    /// How many flows there are now, of each kind: cheap, for once a second.
    #[must_use]
    pub fn flow_counts(&self) -> FlowCounts {
        FlowCounts {
            total: self.next_index.into(),
            evicted: self.capture.evicted_flows,
            ..FlowCounts::default()
        }
    }
}
