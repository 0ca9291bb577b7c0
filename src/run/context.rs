//! What surrounds a decision: which flow it is about, which frame made it, and where the labels go.

use super::event::{Event, EventKind};
use crate::decode::Tuple;
use crate::flow::Side;
use crate::frame::FrameNo;
use crate::time::{Span, Timestamp};

/// Takes the decisions about one flow.
#[derive(Debug)]
pub struct Context<'a> {
    /// Where events go; `None` where nobody wants them.
    pub events: Option<&'a mut Vec<Event>>,
    /// The flow's tuple, from client to server.
    pub tuple: Tuple,
    /// The flow's number.
    pub index: u64,
    /// The frame that decides; `None` for the end of the capture.
    pub decided: Option<FrameNo>,
    /// Counts samples that were dropped because time ran backwards.
    pub time_steps: &'a mut u64,
    /// Until when frames were lost last, where that is known.
    pub lost: Option<Timestamp>,
    /// Whose segments are being labelled.
    pub side: Side,
}

impl Context<'_> {
    /// Hands out a label, if anybody wants it.
    pub(super) fn emit(&mut self, frame: FrameNo, time: Timestamp, kind: impl FnOnce() -> EventKind) {
        if let Some(events) = &mut self.events {
            events.push(Event {
                time,
                frame,
                decided: self.decided,
                tuple: self.tuple,
                index: self.index,
                side: self.side,
                kind: kind(),
            });
        }
    }

    /// Hands out a label of a segment that the other end sent.
    pub(super) fn emit_for_peer(
        &mut self,
        frame: FrameNo,
        time: Timestamp,
        kind: impl FnOnce() -> EventKind,
    ) {
        self.side = !self.side;
        self.emit(frame, time, kind);
        self.side = !self.side;
    }

    /// The time between two moments; `None`, and counted, where it is negative.
    pub(super) fn elapsed(&mut self, from: Timestamp, to: Timestamp) -> Option<Span> {
        let span = to.since(from);
        if span < Span::ZERO {
            *self.time_steps += 1;
            return None;
        }
        Some(span)
    }
}
