//! Link types, tunnels, IP, TCP and ICMP: from the bytes of a frame to a [`Segment`], an [`IcmpError`] or a [`Skip`].

pub mod encapsulation;
mod segment;

pub use encapsulation::{Encapsulations, Layer};
pub use segment::{
    AddrBytes, Decoded, Flags, IcmpError, NetworkId, Options, Segment, Skip, Tuple, ip_addr,
};

use crate::frame::Frame;

/// Reads one frame.
///
/// # Errors
/// The reason why it holds neither a TCP segment nor an ICMP error about one.
pub fn decode(frame: &Frame<'_>, encapsulations: &mut Encapsulations) -> Result<Decoded, Skip> {
    let _ = (frame, encapsulations);
    Err(Skip::UnsupportedLink)
}
