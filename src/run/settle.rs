//! Candidates: segments whose label needs what comes later.
//!
//! While a candidate is open, everything that happens to its direction queues behind it, so that the [machine](super::machine) sees
//! certain facts in the order of the capture and never has to take anything back.

use super::candidate::{Held, Label};
use super::context::Context;
use super::event::EventKind;
use super::fact::{Fact, Probe};
use super::outcome::MAX_LISTED_FRAMES;
use super::rhythm::Rhythm;
use crate::classify::{Candidate, ProbeRule};
use crate::decode::Segment;
use crate::frame::FrameNo;
use crate::report::Gap;
use crate::seq::SeqNum;
use crate::time::{Span, Timestamp};
use std::collections::VecDeque;

/// How many candidates a direction keeps open; beyond, the oldest stays undecided.
const MAX_OPEN: usize = 64;

/// How much may queue behind open candidates, themselves included; beyond, the oldest candidate stays undecided.
const MAX_QUEUED: usize = 4 * MAX_OPEN;

/// Equal spacings from here on may be a persist timer at its cap as well (R5).
const MAY_BE_CAPPED: Span = Span::from_secs(60);

/// A retransmission timer begins at no more than this (RFC 6298 §2.1: one second; three seconds in older stacks): a later
/// spacing that happens to be double the one before it tells nothing by itself.
const FIRST_TIMEOUT: Span = Span::from_secs(3);

/// An octet repeated within this time of the original, with doubling spacings, is a retransmission (R7).
const RETRANSMITTED_WITHIN: Span = Span::from_secs(120);

/// The first and the last probe into a closed window.
#[derive(Clone, Copy, Debug)]
struct Stall {
    first: (FrameNo, Timestamp),
    last: (FrameNo, Timestamp),
}

impl Stall {
    fn gap(self) -> Gap {
        Gap { length: self.last.1.since(self.first.1), from: self.first.0, to: self.last.0 }
    }
}

#[derive(Clone, Debug)]
enum Item {
    Held(Held),
    Fact(Fact),
}

/// The open candidates of one direction, and what queues behind them.
#[derive(Clone, Debug, Default)]
pub(super) struct Settler {
    items: VecDeque<Item>,
    open: usize,
    zero_window: Rhythm,
    octet: Rhythm,
    window_probes: u64,
    /// The first and the last probe into the window that is closed now, and into the one that was closed longest.
    stall: Option<Stall>,
    longest_stall: Option<Stall>,
    last_window_probe: Option<(FrameNo, Timestamp)>,
    undecided: u64,
}

impl Settler {
    /// Whether there is nothing to remember.
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty() && self.window_probes == 0 && self.undecided == 0 && !self.octet.has_begun()
    }

    /// Whether a candidate is open.
    pub(super) const fn has_open(&self) -> bool {
        self.open > 0
    }

    /// How many window probes there were.
    pub(super) const fn window_probes(&self) -> u64 {
        self.window_probes
    }

    /// From the first to the last probe into one closed window: the longest time.
    pub(super) fn stall(&self) -> Option<Gap> {
        self.longest_stall.map(Stall::gap)
    }

    /// The last window probe.
    pub(super) const fn last_window_probe(&self) -> Option<(FrameNo, Timestamp)> {
        self.last_window_probe
    }

    fn stalled(&mut self, frame: FrameNo, ts: Timestamp) {
        let stall = self.stall.get_or_insert(Stall { first: (frame, ts), last: (frame, ts) });
        stall.last = (frame, ts);
        let stall = *stall;
        self.last_window_probe = Some((frame, ts));
        if self.longest_stall.is_none_or(|longest| longest.gap().length <= stall.gap().length) {
            self.longest_stall = Some(stall);
        }
    }

    /// How many look-alikes stayed undecided.
    pub(super) const fn undecided(&self) -> u64 {
        self.undecided
    }

    /// Whether nothing queues.
    pub(super) fn is_clear(&self) -> bool {
        self.items.is_empty()
    }

    /// The next fact that no open candidate stands before.
    pub(super) fn next_fact(&mut self) -> Option<Fact> {
        match self.items.front()? {
            Item::Held(_) => None,
            Item::Fact(_) => match self.items.pop_front()? {
                Item::Fact(fact) => Some(fact),
                Item::Held(_) => None,
            },
        }
    }

    /// Queues a fact. Behind an open candidate only the first of a kind matters, and ICMP errors while there is room: they decide nothing.
    pub(super) fn push(&mut self, fact: Fact) {
        if self.has_open() {
            if matches!(fact, Fact::Icmp { .. }) && self.items.len() >= MAX_OPEN + MAX_LISTED_FRAMES {
                return;
            }
            if let Fact::PeerAck { ack, .. } | Fact::PeerData { ack, .. } = fact
                && self.newest_snd_nxt().is_some_and(|nxt| ack.is_before(nxt))
            {
                return;
            }
            let since_probe = self.items.iter().rev().map_while(|item| match item {
                Item::Fact(fact) if !matches!(fact, Fact::Probe(..)) => Some(fact),
                _ => None,
            });
            if since_probe.take(MAX_OPEN).any(|earlier| earlier.repeats(&fact)) {
                return;
            }
        }
        self.items.push_back(Item::Fact(fact));
    }

    fn newest_snd_nxt(&self) -> Option<SeqNum> {
        self.items.iter().rev().find_map(|item| match item {
            Item::Held(held) => Some(held.probe.snd_nxt()),
            Item::Fact(Fact::Probe(probe, _)) => Some(probe.snd_nxt()),
            Item::Fact(_) => None,
        })
    }

    /// Takes a candidate.
    pub(super) fn hold(&mut self, probe: Probe, why: Candidate, ctx: &mut Context<'_>) {
        let mut held = Held { probe, why, repeats: false };
        if matches!(why, Candidate::Unproven { .. }) {
            held.repeats = self.pair_up(&probe, ctx);
        }
        if self.open >= MAX_OPEN || self.items.len() >= MAX_QUEUED {
            self.give_up_oldest(ctx);
        }
        self.items.push_back(Item::Held(held));
        self.open += 1;
        match why {
            Candidate::ZeroWindow => self.judge_zero_window(&probe, ctx),
            Candidate::Octet => {
                self.octet.beat(probe.new_at, probe.ts);
                self.judge_octets(&probe, ctx);
            }
            Candidate::UnprovenOctet { .. } => self.octet.beat(probe.new_at, probe.ts),
            Candidate::Unproven { .. } => {}
        }
    }

    /// Takes a certain probe. It also settles what came before it. False if it turns out to be none.
    pub(super) fn probe(&mut self, probe: &Probe, rule: ProbeRule, ctx: &mut Context<'_>) -> bool {
        if probe.payload == 1 {
            self.octet.beat(probe.new_at, probe.ts);
            if rule == ProbeRule::LoneOctet && self.retransmits(probe) {
                self.judge_octets(probe, ctx);
                self.label(probe, Label::Retransmission, ctx);
                return false;
            }
            self.judge_octets(probe, ctx);
        }
        self.settle(ctx, |held| match held.why {
            // The octet was sent again after its acknowledgement.
            Candidate::UnprovenOctet { .. }
                if probe.payload == 1
                    && probe.seq == held.probe.seq
                    && !held.probe.psh
                    && held.probe.octet == Some(0) =>
            {
                Some(Label::Probe(ProbeRule::Proved))
            }
            _ => Some(held.undecided()),
        });
        true
    }

    /// A window probe that needed no settling.
    pub(super) fn window_probe(&mut self, probe: &Probe, ctx: &mut Context<'_>) {
        self.label(probe, Label::WindowProbe, ctx);
    }

    /// A retransmitted octet that needed no settling.
    pub(super) fn retransmission(&mut self, probe: &Probe, ctx: &mut Context<'_>) {
        // It is a beat like any other: what comes after the acknowledgement may go on with the same back-off.
        self.octet.beat(probe.new_at, probe.ts);
        self.label(probe, Label::Retransmission, ctx);
    }

    /// The sender of the candidates sent something new, from `seq` on.
    pub(super) fn sent_new(&mut self, seq: SeqNum, ctx: &mut Context<'_>) {
        self.settle(ctx, |held| {
            // At SEQ itself it shows that SND.NXT was SEQ: a plain acknowledgement.
            let refuted = matches!(held.why, Candidate::Unproven { .. }) && seq == held.probe.seq;
            Some(if refuted { Label::Nothing } else { held.undecided() })
        });
        self.zero_window = Rhythm::default();
        self.octet = Rhythm::default();
    }

    /// The sender of the candidates sent RST. True if that proves SND.NXT to be there.
    ///
    /// Where SND.NXT was known before, it proves something only as the next beat of their timer: without the peer's window they may have
    /// been window probes, after which an application aborted.
    pub(super) fn sent_reset(&mut self, seg: &Segment, ctx: &mut Context<'_>) -> bool {
        let next_beat = self.is_next_beat(seg);
        let mut proved = false;
        self.settle(ctx, |held| {
            let proves = match held.why {
                Candidate::Unproven { known } => held.repeats && (!known || next_beat),
                _ => false,
            } && seg.seq == held.probe.snd_nxt();
            proved |= proves;
            Some(if proves { Label::Probe(ProbeRule::Proved) } else { held.undecided() })
        });
        proved
    }

    /// Whether `seg` acknowledges like the candidates and comes as long after the last of them as that came after the one before.
    fn is_next_beat(&self, seg: &Segment) -> bool {
        let mut rhythm = Rhythm::default();
        for item in &self.items {
            if let Item::Held(held) = item {
                rhythm.beat(None, held.probe.ts);
            }
        }
        rhythm.beat(None, seg.ts);
        seg.ack.is_some() && rhythm.repetitions() > 0
    }

    /// The peer sent `seg`, which is no RST: its acknowledgement, D-SACK and window may settle.
    pub(super) fn heard(&mut self, seg: &Segment, ctx: &mut Context<'_>) {
        let Some(ack) = seg.ack else { return };
        let closed = seg.window == 0;
        let mut into_zero_window = Vec::new();
        for item in &mut self.items {
            let Item::Held(held) = item else { continue };
            if closed && matches!(held.why, Candidate::Unproven { .. }) && ack == held.probe.snd_nxt() {
                held.why = Candidate::ZeroWindow;
                into_zero_window.push(held.probe);
            }
        }
        self.settle(ctx, |held| match held.why {
            Candidate::Unproven { .. } => match ack.distance_from(held.probe.seq) {
                1 => Some(Label::Probe(ProbeRule::Proved)),
                0 => Some(Label::Nothing),
                ahead if ahead > 1 => Some(held.undecided()),
                _ => None,
            },
            Candidate::UnprovenOctet { .. } => held.octet_acknowledged(seg),
            Candidate::ZeroWindow => (!closed).then_some(Label::Undecided),
            Candidate::Octet => None,
        });
        for probe in into_zero_window {
            self.judge_zero_window(&probe, ctx);
        }
        self.window_told(seg);
    }

    /// The peer told its window: when it is open, the rhythm into the closed one is over.
    pub(super) fn window_told(&mut self, seg: &Segment) {
        if seg.window != 0 {
            self.stall = None;
            self.zero_window = Rhythm::default();
        }
    }

    /// `frame` turned out to answer a probe of the other end. An answer lies at SND.NXT, so if it is a candidate, it is no probe, and
    /// neither are those with the same SEQ.
    pub(super) fn dismiss(&mut self, frame: FrameNo, ctx: &mut Context<'_>) {
        let answer = self.items.iter().find_map(|item| match item {
            Item::Held(held) if held.probe.frame == frame => Some(held.probe.seq),
            _ => None,
        });
        self.settle(ctx, |held| (Some(held.probe.seq) == answer).then_some(Label::Nothing));
    }

    /// Nothing more will settle anything.
    pub(super) fn give_up(&mut self, ctx: &mut Context<'_>) {
        self.settle(ctx, |held| Some(held.undecided()));
    }

    fn give_up_oldest(&mut self, ctx: &mut Context<'_>) {
        let mut oldest = true;
        self.settle(ctx, |held| std::mem::take(&mut oldest).then(|| held.undecided()));
    }

    /// Marks the candidates with equal SEQ and ACK as repeated; of those with others, which then were plain acknowledgements, lets go.
    fn pair_up(&mut self, probe: &Probe, ctx: &mut Context<'_>) -> bool {
        let mut repeats = false;
        for item in &mut self.items {
            if let Item::Held(held) = item
                && (held.probe.seq, held.probe.ack) == (probe.seq, probe.ack)
            {
                held.repeats = true;
                repeats = true;
            }
        }
        self.settle(ctx, |held| match held.why {
            Candidate::Unproven { known: false }
                if held.probe.ack != probe.ack || held.probe.seq != probe.seq =>
            {
                Some(held.undecided())
            }
            _ => None,
        });
        repeats
    }

    /// R5: doubling spacings are a persist timer's, three equal ones a keepalive timer's, unless they are what a doubling ended in.
    fn judge_zero_window(&mut self, probe: &Probe, ctx: &mut Context<'_>) {
        let rhythm = &mut self.zero_window;
        let had_doubled = rhythm.ever_doubled();
        rhythm.beat(probe.t_any, probe.ts);
        let is_capped = rhythm.spacing().is_some_and(|s| s >= MAY_BE_CAPPED);
        let label = match (rhythm.doublings(), rhythm.repetitions()) {
            (2.., _) => Label::WindowProbe,
            (_, 2..) if !had_doubled && !is_capped => Label::Probe(ProbeRule::ZeroWindow),
            (_, 2..) => Label::Undecided,
            _ => return,
        };
        self.settle(ctx, |held| (held.why == Candidate::ZeroWindow).then_some(label));
    }

    /// Whether the octets' rhythm is that of retransmissions (R7).
    fn retransmits(&self, probe: &Probe) -> bool {
        let is_young = |at: Timestamp| probe.ts.since(at) <= RETRANSMITTED_WITHIN;
        let backs_off = match self.octet.doublings() {
            0 => false,
            1 => self.octet.spacing_before().is_some_and(|s| s <= FIRST_TIMEOUT),
            _ => true,
        };
        backs_off && probe.new_at.is_some_and(is_young)
    }

    fn judge_octets(&mut self, probe: &Probe, ctx: &mut Context<'_>) {
        let label = if self.retransmits(probe) {
            Label::Retransmission
        } else if self.octet.repetitions() > 0 {
            Label::Probe(ProbeRule::LoneOctet)
        } else {
            return;
        };
        // No keepalive carries PSH (R2): with it, even spacings tell nothing.
        let fits = |held: &Held| label == Label::Retransmission || !held.probe.psh;
        self.settle(ctx, |held| (held.why == Candidate::Octet && fits(held)).then_some(label));
    }

    /// Asks for each open candidate, in order, whether it is settled: probes become facts where they stand, others leave with a label.
    fn settle(&mut self, ctx: &mut Context<'_>, mut judge: impl FnMut(&Held) -> Option<Label>) {
        if !self.has_open() {
            return;
        }
        let mut labelled = Vec::new();
        self.items.retain_mut(|item| {
            let Item::Held(held) = item else { return true };
            match judge(held) {
                None => true,
                Some(Label::Probe(rule)) => {
                    *item = Item::Fact(Fact::Probe(held.probe, rule));
                    self.open -= 1;
                    true
                }
                Some(label) => {
                    labelled.push((held.why, held.probe, label));
                    self.open -= 1;
                    false
                }
            }
        });
        for (why, probe, label) in labelled {
            match label {
                Label::Undecided if why == Candidate::ZeroWindow || probe.payload == 0 => {
                    self.undecided += 1;
                    let (seq, payload) = (probe.seq, probe.payload);
                    ctx.emit(probe.frame, probe.ts, || EventKind::KeepaliveOrWindowProbe { seq, payload });
                }
                label => self.label(&probe, label, ctx),
            }
        }
    }

    fn label(&mut self, probe: &Probe, label: Label, ctx: &mut Context<'_>) {
        let (seq, payload) = (probe.seq, probe.payload);
        match label {
            Label::WindowProbe => {
                self.window_probes += 1;
                self.stalled(probe.frame, probe.ts);
                ctx.emit(probe.frame, probe.ts, || EventKind::WindowProbe { seq, payload });
            }
            Label::Retransmission => {
                ctx.emit(probe.frame, probe.ts, || EventKind::OneByteRetransmission { seq });
            }
            Label::Undecided => {
                self.undecided += 1;
                ctx.emit(probe.frame, probe.ts, || EventKind::KeepaliveOrRetransmission { seq });
            }
            Label::Probe(_) | Label::Nothing => {}
        }
    }
}
