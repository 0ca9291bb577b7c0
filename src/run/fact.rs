//! What the life of a run is made of.

use super::outcome::IcmpNote;
use super::own_clock::OwnClock;
use crate::classify::ProbeRule;
use crate::decode::Segment;
use crate::flow::Observation;
use crate::frame::FrameNo;
use crate::seq::SeqNum;
use crate::time::{Span, Timestamp};

/// A segment of a probe's shape, with what was known when it was sent: a label that needs what comes later uses the state of then.
#[derive(Clone, Copy, Debug)]
pub(super) struct Probe {
    pub(super) frame: FrameNo,
    pub(super) ts: Timestamp,
    pub(super) seq: SeqNum,
    pub(super) ack: Option<SeqNum>,
    /// How many octets: 0 or 1.
    pub(super) payload: u8,
    pub(super) octet: Option<u8>,
    pub(super) psh: bool,
    pub(super) has_timestamps: bool,
    pub(super) ttl: u8,
    /// Whether the ACK field is one below what its sender acknowledged before; `None` where that is not known.
    pub(super) ack_is_behind: Option<bool>,
    /// When its sender had last received an acceptable segment.
    pub(super) t_acc: Option<Timestamp>,
    /// When its sender had last received a segment of any kind.
    pub(super) t_any: Option<Timestamp>,
    /// When its sender had last sent something new.
    pub(super) new_at: Option<Timestamp>,
    /// How far the capture's clock is ahead of the prober's own, counted from some moment.
    pub(super) ahead: Span,
    /// By how much of that it jumped since `t_acc`; `None` where that cannot be told.
    pub(super) jumped: Option<Span>,
    /// Whether its time stamps show that what was heard at `t_acc` did not reach its sender.
    pub(super) has_not_heard: bool,
}

impl Probe {
    pub(super) fn of(o: &Observation<'_>, clock: &OwnClock, ahead: Span) -> Self {
        let seg: &Segment = o.seg;
        Self {
            frame: seg.frame,
            ts: seg.ts,
            seq: seg.seq,
            ack: seg.ack,
            payload: seg.payload_len as u8,
            octet: seg.first_octet,
            psh: seg.flags.psh(),
            ttl: seg.ttl,
            ack_is_behind: o.receiver.snd_una().map(|una| seg.ack == Some(una.one_before())),
            t_acc: o.sender.t_acc(),
            t_any: o.receiver.last_sent(),
            new_at: o.sender.new_at(),
            has_timestamps: seg.options.timestamps.is_some(),
            ahead,
            jumped: clock.jumped_since(o.sender.t_acc()),
            has_not_heard: clock.has_not_heard(seg, o.sender.t_acc()),
        }
    }

    /// SND.NXT of its sender, if it is a probe.
    pub(super) const fn snd_nxt(&self) -> SeqNum {
        self.seq.advance(1)
    }
}

/// The TTL of an answer, beside that of the segments only the peer itself can have sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ttl {
    pub(super) seen: u8,
    pub(super) own: Option<u8>,
}

/// Something that happened to one direction's probing, in the order of the capture.
#[derive(Clone, Debug)]
pub(super) enum Fact {
    /// The prober sent a probe.
    Probe(Probe, ProbeRule),
    /// The peer sent a bare ACK.
    PeerAck { frame: FrameNo, ts: Timestamp, ack: SeqNum, ttl: Ttl },
    /// The peer sent data or FIN.
    PeerData { frame: FrameNo, ts: Timestamp, ack: SeqNum, fin: bool },
    /// The far end, or a box on the way, sent RST.
    PeerReset { frame: FrameNo, ts: Timestamp },
    /// The prober sent something new.
    OwnNew { frame: FrameNo, ts: Timestamp },
    /// The prober sent RST; `at_snd_nxt`: at SND.NXT, as a stack that gives up does.
    OwnReset { frame: FrameNo, ts: Timestamp, at_snd_nxt: bool, ahead: Span },
    /// An ICMP error quoted a segment at `seq` of the prober.
    Icmp { note: IcmpNote, seq: SeqNum },
}

impl Fact {
    /// Whether, of several such facts behind one open candidate, only the first can matter.
    pub(super) fn repeats(&self, other: &Self) -> bool {
        !matches!(self, Self::Probe(..) | Self::Icmp { .. })
            && std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}
