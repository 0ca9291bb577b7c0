//! What happened to each flow that is shown, as it was decided: the last of it.

use crate::analyzer::Output;
use crate::flow::Side;
use crate::frame::FrameNo;
use crate::render::text::event_line::words;
use crate::render::text::style::Tone;
use crate::run::{Event, EventKind, Outcome};
use crate::time::{Span, Timestamp};
use std::collections::{HashMap, VecDeque};

/// How much is remembered of a flow.
const MAX_MOMENTS: usize = 64;

/// How many round trips are remembered of an end.
const MAX_SAMPLES: usize = 64;

/// What a moment looks like on a strip of time. What is graver covers what is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sign {
    /// Nothing to show there.
    None,
    /// A probe that was answered.
    Answered,
    /// A probe that was not, or not yet.
    Unanswered,
    /// What may be a probe.
    Doubtful,
    /// An ICMP error.
    Icmp,
    /// A RST.
    Reset,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    pub(super) at: Timestamp,
    pub(super) frame: Option<FrameNo>,
    /// Who sent it; of a run that ended, the prober.
    pub(super) side: Side,
    /// The end that probes; for an ICMP error whose segment it quotes.
    pub(super) prober: Side,
    pub(super) sign: Sign,
    pub(super) words: String,
    pub(super) tone: Tone,
}

/// The last of what happened to a flow.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    moments: VecDeque<Moment>,
    samples: [VecDeque<Option<Span>>; 2],
}

impl History {
    /// The last moments, the oldest first.
    pub(super) fn moments(&self) -> impl DoubleEndedIterator<Item = &Moment> + ExactSizeIterator {
        self.moments.iter()
    }

    /// The last round trips of the probes of `side`, the oldest first; `None`: one that was not answered.
    pub(super) fn samples(&self, side: Side) -> Vec<Option<Span>> {
        let [client, server] = &self.samples;
        let of_side = if side == Side::Client { client } else { server };
        of_side.iter().copied().collect()
    }

    fn take(&mut self, event: &Event) {
        // An answer is about the peer's probes; everything else about those of whom it is said.
        let prober = if matches!(event.kind, EventKind::Answer { .. }) { !event.side } else { event.side };
        self.sample(event, prober);
        if let EventKind::Answer { probe_frame, .. } = event.kind
            && let Some(probe) = self.moments.iter_mut().rev().find(|m| m.frame == Some(probe_frame))
        {
            probe.sign = Sign::Answered;
        }
        // Where the event before has said it there is nothing to add.
        let Some((words, tone)) = words::of_event(event) else { return };
        let (at, frame) = match &event.kind {
            EventKind::RunEnd(run) => (run.end, run.end_frame),
            _ => (event.time, Some(event.frame)),
        };
        if self.moments.len() == MAX_MOMENTS {
            self.moments.pop_front();
        }
        self.moments.push_back(Moment {
            at,
            frame,
            side: event.side,
            prober,
            sign: sign(event),
            words,
            tone,
        });
    }

    /// What `event` says of round trips of the probes of `prober`.
    fn sample(&mut self, event: &Event, prober: Side) {
        let sample = match &event.kind {
            // The one before it was in vain.
            EventKind::Probe { number: 2.., .. } => None,
            EventKind::Answer { rtt: Some(rtt), .. } => Some(*rtt),
            EventKind::RunEnd(run) if run.outcome.is_some_and(is_lost) => None,
            _ => return,
        };
        let [client, server] = &mut self.samples;
        let of_side = if prober == Side::Client { client } else { server };
        if of_side.len() == MAX_SAMPLES {
            of_side.pop_front();
        }
        of_side.push_back(sample);
    }
}

/// Whether the last probe of a run that ends so had no answer.
const fn is_lost(outcome: Outcome) -> bool {
    !matches!(outcome, Outcome::Answered | Outcome::Recovered | Outcome::Pending | Outcome::Superseded)
}

const fn sign(event: &Event) -> Sign {
    match &event.kind {
        EventKind::Probe { .. } => Sign::Unanswered,
        EventKind::WindowProbe { .. }
        | EventKind::KeepaliveOrWindowProbe { .. }
        | EventKind::KeepaliveOrRetransmission { .. } => Sign::Doubtful,
        EventKind::IcmpError { .. } => Sign::Icmp,
        EventKind::RunEnd(run)
            if run.end_frame.is_some()
                && matches!(run.outcome, Some(Outcome::TimedOut | Outcome::Closed | Outcome::Reset)) =>
        {
            Sign::Reset
        }
        EventKind::Answer { .. } | EventKind::OneByteRetransmission { .. } | EventKind::RunEnd(_) => {
            Sign::None
        }
    }
}

/// Histories of the flows that are shown, and of as many that may be.
#[derive(Clone, Debug, Default)]
pub(super) struct Histories(HashMap<u64, History>);

impl Histories {
    /// Takes an event, of a flow that is known or while there is room for `most`.
    pub(super) fn take(&mut self, output: &Output, most: usize) {
        let Output::Event(event) = output else { return };
        if let Some(history) = self.0.get_mut(&event.index) {
            history.take(event);
        } else if self.0.len() < most {
            self.0.entry(event.index).or_default().take(event);
        }
    }

    /// Forgets those of flows that are not shown.
    pub(super) fn retain(&mut self, is_shown: impl Fn(u64) -> bool) {
        self.0.retain(|index, _| is_shown(*index));
    }

    /// What happened to a flow.
    pub(super) fn get(&self, index: u64) -> Option<&History> {
        self.0.get(&index)
    }
}
