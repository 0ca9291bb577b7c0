//! The RST that ended the flow, and how it compares with what its claimed sender is known to send.

use crate::classify::Class;
use crate::decode::Flags;
use crate::flow::{Observation, Side};
use crate::frame::FrameNo;
use crate::time::{Span, Timestamp};

/// A RST, and what was known of both ends before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reset {
    /// Its frame.
    pub frame: FrameNo,
    /// When.
    pub at: Timestamp,
    /// Who it claims to be from.
    pub from: Side,
    /// Its TTL or hop limit.
    pub ttl: u8,
    /// Its IPv4 identification; `None` for IPv6.
    pub ip_id: Option<u16>,
    /// Whether its ACK bit is set: a host that knows no such connection sends it clear (RFC 9293 §3.5.2).
    pub has_ack: bool,
    /// SEQ is the SND.NXT of its claimed sender; `None` where that is not known.
    pub is_at_snd_nxt: Option<bool>,
    /// SEQ is what the other end acknowledged last: what a host that knows no such connection answers with, and a box on the way that has
    /// seen the other direction alone; `None` where that is not known.
    pub is_at_acknowledged: Option<bool>,
    /// The TTL or hop limit of its claimed sender's packets before it.
    pub sender_ttl: Option<u8>,
    /// Whether no box can have sent the packet with that TTL in its place.
    pub is_sender_ttl_proven: bool,
    /// The last IPv4 identification of its claimed sender before it, where they count up.
    pub sender_ip_id: Option<u16>,
    /// How long after the last segment of the other end, which may have provoked it.
    pub after_other: Option<Span>,
}

impl Reset {
    /// Whether a RST ends a connection: neither a refusal of one (RFC 9293 §3.5.2: `<SEQ=0><ACK=…><CTL=RST,ACK>`), nor what follows after
    /// both ends have closed it.
    pub(super) fn begins_with(o: &Observation<'_>) -> bool {
        let is_refusal = o.seg.seq.0 == 0 && o.seg.flags.any(Flags::ACK) && !o.sender.is_seen();
        let is_over = o.sender.is_fin_last() && o.receiver.is_fin_last();
        !is_refusal && !is_over
    }

    /// Takes the next segment. A RST its receiver must accept stays; another one gives way to it, and to whatever its receiver sends after.
    pub(super) fn observe(noted: &mut Option<Box<Self>>, o: &Observation<'_>, class: Class) {
        if class == Class::Reset {
            if Self::begins_with(o) && noted.as_ref().is_none_or(|reset| !reset.is_exact()) {
                *noted = Some(Box::new(Self::of(o)));
            }
        } else {
            noted.take_if(|reset| reset.from != o.side && !reset.is_exact());
        }
    }

    fn of(o: &Observation<'_>) -> Self {
        Self {
            frame: o.seg.frame,
            at: o.seg.ts,
            from: o.side,
            ttl: o.seg.ttl,
            ip_id: o.seg.ip_id,
            has_ack: o.seg.flags.any(Flags::ACK),
            is_at_snd_nxt: o.sender.snd_nxt().map(|nxt| nxt == o.seg.seq),
            is_at_acknowledged: o.sender.snd_una().map(|una| una == o.seg.seq),
            sender_ttl: o.sender.ttl(),
            is_sender_ttl_proven: o.sender.is_ttl_proven(),
            sender_ip_id: o.sender.ip_id(),
            after_other: o.receiver.last_sent().map(|at| o.seg.ts.since(at)),
        }
    }

    /// Whether its receiver must accept it, as far as is known: at RCV.NXT (RFC 5961 §3.2).
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.is_at_snd_nxt != Some(false) || self.is_at_acknowledged == Some(true)
    }
}
