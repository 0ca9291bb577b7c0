//! Second copies of ICMP errors, as SPAN ports and the `any` device deliver them.

use crate::decode::{IcmpError, Tuple};
use crate::seq::SeqNum;
use crate::time::{Span, Timestamp};
use std::net::IpAddr;

/// How far apart two copies come at most where the error's IP identification tells packets apart.
const TOLD_BY_IP_ID: Span = Span::from_millis(250);

/// How far apart where it has none (ICMPv6, or an identification of 0).
const UNTOLD: Span = Span::from_millis(1);

/// How many errors are remembered.
const REMEMBERED: usize = 16;

/// What a copy shares with its original. The identification of the error's own IP header tells errors apart that quote the same segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    from: IpAddr,
    kind: (u8, u8),
    ids: (Option<u16>, Option<u16>),
    quoted: Tuple,
    seq: SeqNum,
}

/// The latest ICMP errors.
#[derive(Debug, Default)]
pub(super) struct IcmpCopies {
    recent: Vec<(Identity, Timestamp)>,
    next: usize,
}

impl IcmpCopies {
    /// Whether this error was seen before.
    pub(super) fn is_second_copy(&mut self, icmp: &IcmpError) -> bool {
        let id = icmp.ip_id.filter(|id| *id != 0);
        let apart = if id.is_some() { TOLD_BY_IP_ID } else { UNTOLD };
        let identity = Identity {
            from: icmp.from,
            kind: (icmp.kind, icmp.code),
            ids: (id, icmp.quoted_ip_id),
            quoted: icmp.quoted,
            seq: icmp.quoted_seq,
        };
        let is_copy =
            |(seen, at): &(Identity, Timestamp)| *seen == identity && icmp.ts.since(*at).is_within(apart);
        if self.recent.iter().any(is_copy) {
            return true;
        }
        match self.recent.get_mut(self.next) {
            Some(slot) => *slot = (identity, icmp.ts),
            None => self.recent.push((identity, icmp.ts)),
        }
        self.next = (self.next + 1) % REMEMBERED;
        false
    }
}
