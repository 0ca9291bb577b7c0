//! Link types, tunnels, IP, TCP and ICMP: from the bytes of a frame to a [`Segment`], an [`IcmpError`] or a [`Skip`].
//!
//! ```text
//!   link ─┬► ethernet ───┬► ip ─┬► tcp ──► Segment
//!         ├► sll, wifi ──┤  ▲   ├► icmp ─► IcmpError
//!         ├► ppp ────────┤  │   ├► IP in IP, gre, mpls ─┐
//!         └► raw, null ──┘  │   └► udp ─► tunnel/* ─────┤
//!                           └── ethernet, ppp, … ◄──────┘
//! ```
//!
//! Every layer is a function of a `Reader`, which knows what was captured and how long the layer really is, and of the
//! `Surroundings`, which collect tags and tunnels. It reads its own header and hands the rest to the next one. Nothing is
//! kept from one frame to the next but the names of [`Encapsulations`]; no checksum is verified, because offloading
//! leaves them blank where most captures are taken.

pub mod encapsulation;
mod ethernet;
mod extension;
mod fast;
mod icmp;
mod ip;
mod link;
mod options;
mod ppp;
mod reader;
mod segment;
mod sll;
mod surroundings;
mod tcp;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod tunnel;
mod udp;
mod wifi;

pub use encapsulation::{EncapsulationId, Encapsulations, Layer};
pub use segment::{AddrBytes, Decoded, Flags, IcmpError, NetworkId, Options, Segment, Skip, Tuple, ip_addr};

use crate::frame::{Fault, Frame};
use reader::Reader;
use surroundings::Surroundings;

/// Reads one frame.
///
/// # Errors
/// The reason why it holds neither a TCP segment nor an ICMP error about one.
#[inline]
pub fn decode(frame: &Frame<'_>, encapsulations: &mut Encapsulations) -> Result<Decoded, Skip> {
    match fast::read(frame) {
        Some(segment) => Ok(Decoded::Segment(segment)),
        None => decode_general(frame, encapsulations),
    }
}

/// Reads one frame and puts what it holds into `content`.
///
/// As [`decode`], but what a plain frame holds is written once, where it stays, straight from the frame: a segment is large enough for a
/// copy to be felt.
#[inline]
pub fn decode_into(
    content: &mut Result<Decoded, Skip>,
    frame: &Frame<'_>,
    encapsulations: &mut Encapsulations,
) {
    match fast::read(frame) {
        Some(segment) => *content = Ok(Decoded::Segment(segment)),
        None => *content = decode_general(frame, encapsulations),
    }
}

/// Reads one frame without the shortcut for plain ones. It answers exactly as [`decode`] does, which tests hold it to.
///
/// # Errors
/// As [`decode`].
#[doc(hidden)]
#[inline(never)]
pub fn decode_general(frame: &Frame<'_>, encapsulations: &mut Encapsulations) -> Result<Decoded, Skip> {
    match frame.fault {
        Some(Fault::Filtered) => Err(Skip::Filtered),
        Some(Fault::Malformed) => Err(Skip::Malformed),
        None => link::read(Reader::new(frame), &mut Surroundings::new(frame, encapsulations)),
    }
}
