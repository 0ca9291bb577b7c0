//! Second copies of ICMP errors, as SPAN ports and the `any` device deliver them.

use crate::decode::IcmpError;
use crate::seq::SeqNum;
use crate::time::{Span, Timestamp};
use std::net::IpAddr;

/// How far apart two copies come at most.
const APART: Span = Span::from_millis(250);

/// How many errors are remembered.
const REMEMBERED: usize = 16;

/// What a copy shares with its original. The identification of the error's own IP header tells errors apart that quote the same segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    from: IpAddr,
    kind: (u8, u8),
    ids: (u16, Option<u16>),
    seq: SeqNum,
}

/// The latest ICMP errors.
#[derive(Debug, Default)]
pub(super) struct IcmpCopies {
    recent: Vec<(Identity, Timestamp)>,
    next: usize,
}

impl IcmpCopies {
    /// Whether this error was seen before. Without an identification of its own (ICMPv6) it is never called a copy.
    pub(super) fn is_second_copy(&mut self, icmp: &IcmpError) -> bool {
        let Some(id) = icmp.ip_id.filter(|id| *id != 0) else { return false };
        let identity = Identity {
            from: icmp.from,
            kind: (icmp.kind, icmp.code),
            ids: (id, icmp.quoted_ip_id),
            seq: icmp.quoted_seq,
        };
        let is_copy =
            |(seen, at): &(Identity, Timestamp)| *seen == identity && icmp.ts.since(*at).0.abs() <= APART.0;
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
