//! The short way for the plainest frame: Ethernet, IPv4 without options, TCP.
//!
//! Most frames of most captures look like this. It answers only where every check of the general way would pass, and
//! makes the segment with the general way's own [`assemble`]; for anything else it has no opinion.

use super::ip::{Packet, mapped};
use super::options::{NOP, TIMESTAMPS};
use super::tcp::{self, Data, HEADER, Place, assemble};
use super::{Options, Segment};
use crate::frame::{Frame, LinkType};

/// The segment in `frame`, if it is one of the plainest kind, captured at least to the end of its TCP header.
// Inlined by force: the segment is then written where the caller wants it, instead of being copied twice on its way,
// which costs more than all the rest.
#[inline(always)]
pub(super) fn read(frame: &Frame<'_>) -> Option<Segment> {
    if frame.link != LinkType::ETHERNET || frame.fault.is_some() {
        return None;
    }
    let (ethernet_and_ip, rest) = frame.data.split_first_chunk::<TCP_AT>()?;
    let header = rest.first_chunk::<HEADER>()?;
    let &[
        ..,
        t0,
        t1,
        version,
        tos,
        l0,
        l1,
        i0,
        i1,
        f0,
        f1,
        ttl,
        protocol,
        _,
        _,
        s0,
        s1,
        s2,
        s3,
        d0,
        d1,
        d2,
        d3,
    ] = ethernet_and_ip;
    let total_len = usize::from(u16::from_be_bytes([l0, l1]));
    // Numbers, not arrays: one comparison each.
    let is_plain = u32::from_be_bytes([t0, t1, version, tos]) >> 8 == IPV4
        && protocol == TCP
        && u16::from_be_bytes([f0, f1]) & FRAGMENT == 0;
    let tcp_len = total_len.checked_sub(IP_HEADER)?;
    let header_len = tcp::header_len(header);
    let fits = HEADER <= header_len
        && header_len <= tcp_len
        && TCP_AT + tcp_len <= frame.data.len().max(frame.wire_len as usize);
    if !is_plain || !fits {
        return None;
    }
    let options = match rest.get(HEADER..header_len)? {
        [] => Options::default(),
        // What nearly every segment of a connection with time stamps has (RFC 7323, appendix A).
        &[w, x, y, z, a, b, c, d, e, f, g, h] if u32::from_be_bytes([w, x, y, z]) == ALIGNED_TIMESTAMPS => {
            Options {
                timestamps: Some((u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]))),
                ..Options::default()
            }
        }
        options => Options::read(options),
    };
    let packet = Packet {
        src: mapped([s0, s1, s2, s3]),
        dst: mapped([d0, d1, d2, d3]),
        is_ipv6: false,
        ttl,
        id: Some(u16::from_be_bytes([i0, i1])),
    };
    let data = Data {
        position: (TCP_AT + header_len) as u32,
        len: (tcp_len - header_len) as u32,
        captured: rest.get(header_len..rest.len().min(tcp_len))?,
    };
    Some(assemble(frame, &packet, Place::default(), header, options, data))
}

/// Octets of an IPv4 header without options.
const IP_HEADER: usize = 20;
/// Octets of the Ethernet and the IPv4 header.
const TCP_AT: usize = 14 + IP_HEADER;
/// EtherType, and version with header length.
const IPV4: u32 = 0x08_00_45;
/// The protocol number of TCP.
const TCP: u8 = 6;
/// Two fillers, and the kind and the length of the option.
const ALIGNED_TIMESTAMPS: u32 = u32::from_be_bytes([NOP, NOP, TIMESTAMPS, 10]);
/// More fragments, or a fragment offset (RFC 791 §3.1).
const FRAGMENT: u16 = 0x3FFF;
