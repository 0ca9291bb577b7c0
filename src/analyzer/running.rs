//! What a running capture asks of its analysis: what is there now, and what was lost.

use super::Analyzer;
use super::output::Output;
use super::partition::Partition;
use crate::report::{FlowCounts, Loss, State};
use crate::source::{Dropped, SourceNotes};

/// How many warnings are kept: of an input that is read for weeks there may be ever more.
const MAX_WARNINGS: usize = 1000;

impl Analyzer {
    /// Takes over what the source has learnt so far: drops, warnings and inputs as they grow. To be called after each
    /// [`fill`](crate::source::FrameSource::fill) of a running capture, before its frames are handed over: what is lost was lost since the
    /// call before, and runs of those moments are in doubt. Where this is never called nobody knows when, and all of them are.
    pub fn handle_notes(&mut self, notes: &SourceNotes) {
        self.take_over(notes);
        let more = self.losses.grow(notes.dropped.unwrap_or_default(), self.now);
        self.lose(more);
    }

    /// Takes over what grows.
    pub(super) fn take_over(&mut self, notes: &SourceNotes) {
        self.capture.dropped = notes.dropped;
        if self.capture.sources.len() != notes.sources.len() {
            self.capture.sources.clone_from(&notes.sources);
        }
        let kept = notes.warnings.len().min(MAX_WARNINGS);
        let more = notes.warnings.len() - kept;
        if self.capture.warnings.len() < kept || more > 0 {
            self.capture.warnings = notes.warnings.iter().take(kept).cloned().collect();
            if more > 0 {
                self.capture.warnings.push(format!("and {more} more warnings"));
            }
        }
    }

    /// Frames were lost, so many `more`.
    pub(super) fn lose(&mut self, more: Dropped) {
        self.outbox.decisions.lost = self.losses.latest();
        if more != Dropped::default() {
            let total = self.capture.dropped.unwrap_or_default();
            self.outbox.push_at_once(Output::Loss(Loss { at: self.now(), more, total }));
        }
    }

    /// How many flows there are now, of each kind. They are counted as they change: cheap however many there are.
    #[must_use]
    pub fn flow_counts(&self) -> FlowCounts {
        let in_state = |state| self.partitions.iter().map(|partition| partition.tally.of(state)).sum();
        let sum = |of: fn(&Partition) -> u64| self.partitions.iter().map(of).sum();
        FlowCounts {
            open: in_state(State::Open),
            half_closed: in_state(State::HalfClosed),
            closed: in_state(State::Closed),
            reset: in_state(State::Reset),
            probing: sum(|partition| partition.tally.probing),
            waiting: sum(|partition| partition.tally.waiting),
            total: self.next_index.into(),
            evicted: self.capture.evicted_flows,
        }
    }
}
