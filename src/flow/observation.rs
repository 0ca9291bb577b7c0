//! A segment, and what was known before it.

use super::half::Half;
use super::id::FlowId;
use super::side::Side;
use crate::decode::Segment;
use crate::frame::FrameNo;
use crate::time::Span;

/// A segment, who sent it, and what both ends were known to be *before* it. The only thing a classification rule reads.
#[derive(Clone, Copy, Debug)]
pub struct Observation<'s> {
    /// Which flow.
    pub flow: FlowId,
    /// Who sent it.
    pub side: Side,
    /// The segment.
    pub seg: &'s Segment,
    /// The frame of the flow's segment before it, of either end.
    pub before: Option<FrameNo>,
    /// The end that sent it.
    pub sender: &'s Half,
    /// The end it was sent to.
    pub receiver: &'s Half,
}

impl Observation<'_> {
    /// How long the flow had been quiet in both directions; `None` for its first segment.
    #[must_use]
    pub fn quiet(&self) -> Option<Span> {
        let last = self.sender.last_sent().max(self.receiver.last_sent())?;
        Some(self.seg.ts.since(last))
    }

    /// How long ago the sender last sent a segment; `None` for its first.
    #[must_use]
    pub fn since_sent(&self) -> Option<Span> {
        self.sender.last_sent().map(|at| self.seg.ts.since(at))
    }

    /// How long ago the sender last sent something new; `None` where none was captured.
    #[must_use]
    pub fn since_new(&self) -> Option<Span> {
        self.sender.new_at().map(|at| self.seg.ts.since(at))
    }

    /// Whether it acknowledges something that was not acknowledged before.
    #[must_use]
    pub fn acknowledges_new_data(&self) -> bool {
        match (self.seg.ack, self.receiver.snd_una()) {
            (Some(ack), Some(una)) => ack.is_after(una),
            _ => false,
        }
    }

    /// Whether it acknowledges less than its sender did before, by more than the one octet that some probes are behind.
    #[must_use]
    pub fn acknowledges_less(&self) -> bool {
        match (self.seg.ack, self.receiver.snd_una()) {
            (Some(ack), Some(una)) => ack.is_before(una.one_before()),
            _ => false,
        }
    }

    /// Whether it carries octets, or a SYN or FIN, beyond SND.NXT.
    #[must_use]
    pub fn sends_new(&self) -> bool {
        !self.seg.is_empty() && self.sender.snd_nxt().is_none_or(|nxt| self.seg.end().is_after(nxt))
    }
}
