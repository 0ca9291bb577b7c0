//! What happened to one flow, segment by segment.

use crate::classify::Class;
use crate::decode::Segment;
use crate::flow::{FlowId, Half, Observation, Side};
use crate::frame::FrameNo;
use crate::run::{Event, EventKind};
use crate::seq::SeqNum;
use crate::time::Timestamp;
use std::collections::VecDeque;

/// How many steps of a flow are kept from its beginning …
pub const FIRST_STEPS: usize = 10_000;

/// … and how many before its end. What lies between is counted.
pub const LAST_STEPS: usize = 10_000;

/// What is kept of one flow, in the order of the capture.
#[derive(Clone, Debug)]
pub struct Transcript {
    /// The flow's number in the capture.
    pub index: u64,
    first: Vec<Step>,
    last: VecDeque<Step>,
    left_out: u64,
    /// The number that each end's sequence numbers are told from: the client's, then the server's.
    bases: [Option<SeqNum>; 2],
}

/// A frame that belongs to the flow.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its number.
    pub frame: FrameNo,
    /// Its time.
    pub time: Timestamp,
    /// Who sent it; of an ICMP error, who sent the segment it quotes.
    pub side: Side,
    /// The segment in it; `None` for an ICMP error.
    pub seg: Option<Segment>,
    /// How the segment was judged; `None` for a second copy, which is not.
    pub ruling: Option<Ruling>,
    /// What was decided about the frame, in the order of the decisions.
    pub labels: Vec<Label>,
}

/// What was known before a segment, and what followed at once.
#[derive(Clone, Copy, Debug)]
pub struct Ruling {
    /// The flow's place in the table, which is part of an observation.
    pub flow: FlowId,
    /// The frame of the flow's segment before it.
    pub before: Option<FrameNo>,
    /// The end that sent it.
    pub sender: Half,
    /// The end it was sent to.
    pub receiver: Half,
    /// The rule that applied first; `None`: none did.
    pub rule: Option<&'static str>,
    /// What it said.
    pub class: Class,
}

/// A decision about a frame.
#[derive(Clone, Debug)]
pub struct Label {
    /// What was decided.
    pub kind: EventKind,
    /// The frame that decided it; `None` where the end of the capture, or quiet time, did.
    pub decided: Option<FrameNo>,
}

impl Step {
    /// What its rule was asked: the segment, and what was known before it.
    #[must_use]
    pub fn observation(&self) -> Option<Observation<'_>> {
        let (seg, ruling) = (self.seg.as_ref()?, self.ruling.as_ref()?);
        let Ruling { flow, before, sender, receiver, .. } = ruling;
        Some(Observation { flow: *flow, side: self.side, seg, before: *before, sender, receiver })
    }
}

impl Transcript {
    pub(super) const fn new(index: u64) -> Self {
        Self { index, first: Vec::new(), last: VecDeque::new(), left_out: 0, bases: [None; 2] }
    }

    pub(super) fn segment(&mut self, side: Side, seg: &Segment, ruling: Option<Ruling>) {
        self.set_bases(side, seg);
        let (frame, time) = (seg.frame, seg.ts);
        self.push(Step { frame, time, side, seg: Some(*seg), ruling, labels: Vec::new() });
    }

    pub(super) fn note(&mut self, event: &Event) {
        let label = Label { kind: event.kind.clone(), decided: event.decided };
        if matches!(event.kind, EventKind::IcmpError { .. }) {
            let Event { frame, time, side, .. } = *event;
            return self.push(Step { frame, time, side, seg: None, ruling: None, labels: vec![label] });
        }
        if let Some(step) = self.step_mut(event.frame) {
            step.labels.push(label);
        }
    }

    /// The steps from the beginning, how many are left out after them, and the steps before the end.
    pub fn parts(&self) -> (&[Step], u64, impl Iterator<Item = &Step>) {
        (&self.first, self.left_out, self.last.iter())
    }

    /// All steps that are kept.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.first.iter().chain(&self.last)
    }

    /// `number`, one of those that `side` sends, counted as tshark does: from the initial sequence number where the SYN was captured, else
    /// so that the first one seen is 1.
    #[must_use]
    pub fn relative(&self, side: Side, number: SeqNum) -> u32 {
        let base = self.bases.get(place(side)).copied().flatten().unwrap_or_default();
        number.0.wrapping_sub(base.0)
    }

    fn set_bases(&mut self, side: Side, seg: &Segment) {
        let mine = if seg.flags.syn() { seg.seq } else { seg.seq.one_before() };
        let theirs = seg.ack.map(SeqNum::one_before);
        for (side, base) in [(side, Some(mine)), (!side, theirs)] {
            if let Some(slot) = self.bases.get_mut(place(side)) {
                *slot = slot.or(base);
            }
        }
    }

    fn push(&mut self, step: Step) {
        if self.first.len() < FIRST_STEPS {
            return self.first.push(step);
        }
        if self.last.len() >= LAST_STEPS {
            self.last.pop_front();
            self.left_out += 1;
        }
        self.last.push_back(step);
    }

    fn step_mut(&mut self, frame: FrameNo) -> Option<&mut Step> {
        if let Ok(at) = self.first.binary_search_by_key(&frame, |step| step.frame) {
            return self.first.get_mut(at);
        }
        let at = self.last.binary_search_by_key(&frame, |step| step.frame).ok()?;
        self.last.get_mut(at)
    }
}

const fn place(side: Side) -> usize {
    match side {
        Side::Client => 0,
        Side::Server => 1,
    }
}
