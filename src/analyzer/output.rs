//! What a streaming analysis hands out, and in which order.

use super::FlowRef;
use crate::frame::FrameNo;
use crate::report::{Flow, Loss, Notice, Told};
use crate::run::Event;
use crate::time::Timestamp;
use std::collections::VecDeque;
use std::iter::Peekable;
use std::vec::IntoIter;

/// Why a flow is final.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// It was closed or reset, or its tuple was used again.
    Ended,
    /// The table was full.
    Evicted,
    /// The capture ended.
    EndOfCapture,
}

/// What a streaming analysis hands out, in the order of the NDJSON contract: by the frame that decided, then by the frame it is about.
#[derive(Debug)]
pub enum Output {
    /// A label or the end of a run.
    Event(Event),
    /// A flow that is final.
    Flow {
        /// All of it.
        flow: Box<Flow>,
        /// The frame that settled that it is final; `None` where the end of the capture did.
        decided: Option<FrameNo>,
        /// Why.
        reason: EndReason,
    },
    /// Something did not happen in time; only with [`Config::watch`](super::Config::watch).
    Notice(Notice),
    /// Frames were lost while capturing; only where drops are told as they grow ([`Analyzer::handle_notes`](super::Analyzer::handle_notes)).
    Loss(Loss),
    /// Somebody else found something out about a flow; only where findings are handed in
    /// ([`Analyzer::handle_finding`](super::Analyzer::handle_finding)).
    Told(Told),
}

impl Output {
    /// The frame it is about: a flow's last; `None` where it is about none.
    const fn frame(&self) -> Option<FrameNo> {
        match self {
            Self::Event(event) => Some(event.frame),
            Self::Flow { flow, .. } => Some(flow.last_frame),
            Self::Notice(notice) => Some(notice.frame),
            Self::Told(told) => Some(told.frame),
            Self::Loss(_) => None,
        }
    }
}

/// What the frame at hand decides, before it is put in order.
#[derive(Debug, Default)]
pub(super) struct Decisions {
    /// Whether anybody wants events.
    pub(super) wanted: bool,
    /// Labels and ends of runs.
    pub(super) events: Vec<Event>,
    /// Samples dropped because time ran backwards.
    pub(super) time_steps: u64,
    /// Until when frames were lost last, where that is known.
    pub(super) lost: Option<Timestamp>,
}

/// Decisions on their way out.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    pub(super) decisions: Decisions,
    flows: Vec<Output>,
    decided: VecDeque<Output>,
    last: Option<Last>,
}

/// What the end of the capture decided.
#[derive(Debug)]
struct Last {
    events: Peekable<IntoIter<Event>>,
    flows: IntoIter<FlowRef>,
}

impl Outbox {
    pub(super) fn new(wanted: bool) -> Self {
        Self { decisions: Decisions { wanted, ..Decisions::default() }, ..Self::default() }
    }

    /// A flow became final by the frame at hand.
    pub(super) fn push_flow(&mut self, flow: Output) {
        self.flows.push(flow);
    }

    /// Hands out what no frame decided, as it comes.
    pub(super) fn push_at_once(&mut self, output: Output) {
        self.decided.push_back(output);
    }

    /// The frame at hand decides nothing more.
    #[inline(always)]
    pub(super) fn close_frame(&mut self) {
        if !self.decisions.events.is_empty() || !self.flows.is_empty() {
            self.order();
        }
    }

    /// Puts what the frame at hand decided in order.
    fn order(&mut self) {
        let mut row: Vec<Output> = self.decisions.events.drain(..).map(Output::Event).collect();
        row.append(&mut self.flows);
        row.sort_by_key(Output::frame);
        self.decided.extend(row);
    }

    /// The capture ended; `flows` are open, in the order of their last frames.
    pub(super) fn end(&mut self, flows: Vec<FlowRef>) {
        let mut events = std::mem::take(&mut self.decisions.events);
        events.sort_by_key(|event| event.frame);
        self.last = Some(Last { events: events.into_iter().peekable(), flows: flows.into_iter() });
    }

    pub(super) fn next_decided(&mut self) -> Option<Output> {
        self.decided.pop_front()
    }

    /// The next flow that the end of the capture made final.
    pub(super) fn next_flow(&mut self) -> Option<FlowRef> {
        self.last.as_mut()?.flows.next()
    }

    /// The next event that the end of the capture decided, up to (and with) those about `frame`; all with `None`.
    pub(super) fn next_event(&mut self, frame: Option<FrameNo>) -> Option<Output> {
        let events = &mut self.last.as_mut()?.events;
        let event = events.next_if(|event| frame.is_none_or(|frame| event.frame <= frame))?;
        Some(Output::Event(event))
    }
}
