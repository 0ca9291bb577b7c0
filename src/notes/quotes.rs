//! ICMP errors about what was in flight: unlike those about probes, they count for the end that sent it (Linux `tcp_v4_err`).

use crate::decode::IcmpError;
use crate::flow::Side;
use crate::frame::FrameNo;
use std::net::IpAddr;

/// How many are kept: more say nothing new.
const KEPT: usize = 16;

/// Destination unreachable and time exceeded, of ICMP (RFC 792) …
const UNREACHABLE_V4: [u8; 2] = [3, 11];

/// … and of ICMPv6 (RFC 4443).
const UNREACHABLE_V6: [u8; 2] = [1, 3];

/// An ICMP error that quotes what was in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Whose segment it quotes.
    pub of: Side,
    /// The frame it came in.
    pub frame: FrameNo,
    /// ICMP type.
    pub kind: u8,
    /// ICMP code.
    pub code: u8,
    /// Who sent it.
    pub from: IpAddr,
}

impl Quote {
    /// Whether it says that the destination cannot be reached.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        let kinds = if self.from.is_ipv6() { UNREACHABLE_V6 } else { UNREACHABLE_V4 };
        // "Fragmentation needed" asks for smaller packets, and ends nothing.
        let is_path_mtu = !self.from.is_ipv6() && (self.kind, self.code) == (3, 4);
        kinds.contains(&self.kind) && !is_path_mtu
    }
}

/// The errors about what one flow had in flight.
#[derive(Clone, Debug, Default)]
pub struct Quotes {
    first: Vec<Quote>,
    total: u64,
}

impl Quotes {
    pub(super) fn push(&mut self, of: Side, icmp: &IcmpError) {
        self.total += 1;
        if self.first.len() < KEPT {
            let IcmpError { frame, kind, code, from, .. } = *icmp;
            self.first.push(Quote { of, frame, kind, code, from });
        }
    }

    /// The first of them.
    #[must_use]
    pub fn first(&self) -> &[Quote] {
        &self.first
    }

    /// How many there were.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.total
    }
}
