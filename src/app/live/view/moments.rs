//! What happened to each flow that is shown, as it was decided: the last of it.

use crate::analyzer::Output;
use crate::flow::Side;
use crate::frame::FrameNo;
use crate::render::text::style::Tone;
use crate::render::text::{figure, table, timeline};
use crate::report::icmp;
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
        let side = event.side;
        match &event.kind {
            EventKind::Probe { number, idle, interval, .. } => {
                if *number > 1 {
                    // The one before it was in vain.
                    self.sample(side, None);
                }
                let after = match (interval, idle) {
                    (Some(interval), _) => format!(", {} later", figure::duration(*interval)),
                    (None, Some(idle)) => format!(" after {} of quiet", figure::duration(*idle)),
                    (None, None) => String::new(),
                };
                let words = format!("the {} probes, no. {number}{after}", side.name());
                self.push(event, side, Sign::Unanswered, words, Tone::Plain);
            }
            EventKind::Answer { probe_frame, rtt, .. } => {
                let answered = self.moments.iter_mut().rev().find(|m| m.frame == Some(*probe_frame));
                if let Some(probe) = answered {
                    probe.sign = Sign::Answered;
                }
                if rtt.is_some() {
                    self.sample(!side, *rtt);
                }
                let after = rtt.map_or_else(String::new, |rtt| format!(" in {}", figure::duration(rtt)));
                let words = format!("the {} answers #{probe_frame}{after}", side.name());
                self.push(event, !side, Sign::None, words, Tone::Good);
            }
            EventKind::WindowProbe { .. } => {
                let words = format!("zero-window probe from the {}", side.name());
                self.push(event, side, Sign::Doubtful, words, Tone::Plain);
            }
            EventKind::KeepaliveOrWindowProbe { .. } => {
                let words = format!("keepalive or zero-window probe from the {}", side.name());
                self.push(event, side, Sign::Doubtful, words, Tone::Doubtful);
            }
            EventKind::KeepaliveOrRetransmission { .. } => {
                let words = format!("keepalive or retransmission from the {}", side.name());
                self.push(event, side, Sign::Doubtful, words, Tone::Doubtful);
            }
            EventKind::OneByteRetransmission { .. } => {
                let words = format!("the {} repeats one octet", side.name());
                self.push(event, side, Sign::None, words, Tone::Faint);
            }
            EventKind::IcmpError { icmp_type, icmp_code, from } => {
                let text = icmp::text(from.is_ipv6(), *icmp_type, *icmp_code);
                self.push(event, side, Sign::Icmp, format!("ICMP from {from}: {text}"), Tone::Doubtful);
            }
            EventKind::RunEnd(run) => {
                let Some(outcome) = run.outcome.filter(|outcome| *outcome != Outcome::Answered) else {
                    return;
                };
                let is_reset = matches!(outcome, Outcome::TimedOut | Outcome::Closed | Outcome::Reset)
                    && run.end_frame.is_some();
                if !matches!(outcome, Outcome::Recovered | Outcome::Pending | Outcome::Superseded) {
                    self.sample(side, None);
                }
                let verdict = timeline::what_became(side, run, outcome);
                let (at, frame) = (run.end, run.end_frame);
                let words = format!("{}: {verdict}", table::words(outcome));
                let sign = if is_reset { Sign::Reset } else { Sign::None };
                self.note(Moment { at, frame, prober: side, sign, words, tone: table::tone(outcome) });
            }
        }
    }

    fn push(&mut self, event: &Event, prober: Side, sign: Sign, words: String, tone: Tone) {
        self.note(Moment { at: event.time, frame: Some(event.frame), prober, sign, words, tone });
    }

    fn note(&mut self, moment: Moment) {
        if self.moments.len() == MAX_MOMENTS {
            self.moments.pop_front();
        }
        self.moments.push_back(moment);
    }

    fn sample(&mut self, side: Side, rtt: Option<Span>) {
        let [client, server] = &mut self.samples;
        let of_side = if side == Side::Client { client } else { server };
        if of_side.len() == MAX_SAMPLES {
            of_side.pop_front();
        }
        of_side.push_back(rtt);
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
