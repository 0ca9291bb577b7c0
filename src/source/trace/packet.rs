//! Packets, octet by octet, with right lengths and checksums.

use super::default_router;
use super::segment::Segment;
use std::net::{IpAddr, SocketAddr};

const ICMP: u8 = 1;
const TCP: u8 = 6;
const ICMPV6: u8 = 58;
const TTL: u8 = 64;

/// Who sends to whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Endpoints {
    pub(super) src: SocketAddr,
    pub(super) dst: SocketAddr,
}

/// An IP packet with a TCP segment (RFC 9293 §3.1).
pub(super) fn tcp(ends: Endpoints, id: u16, segment: &Segment) -> Result<Vec<u8>, String> {
    // At most 40 octets of options: the offset is at most 15 words.
    let words = 5 + (segment.options.len() / 4) as u8;
    let mut octets = Vec::new();
    octets.extend(ends.src.port().to_be_bytes());
    octets.extend(ends.dst.port().to_be_bytes());
    octets.extend(segment.seq.to_be_bytes());
    octets.extend(segment.ack.to_be_bytes());
    octets.extend([words << 4, segment.flags]);
    octets.extend(segment.window.to_be_bytes());
    octets.extend([0; 4]); // checksum, urgent pointer
    octets.extend(&segment.options);
    octets.extend(&segment.data);
    let sum = checksum(&[&pseudo_header(ends.src.ip(), ends.dst.ip(), TCP, octets.len()), &octets]);
    put(&mut octets, 16, sum);
    ip(ends.src.ip(), ends.dst.ip(), TCP, segment.ttl, id, &octets)
}

/// An IP packet with an ICMP error (RFC 792, RFC 4443) to the sender of `quoted`, of which it quotes the IP header and eight octets.
pub(super) fn icmp_error(
    router: Option<IpAddr>,
    id: u16,
    (kind, code): (u8, u8),
    quoted: &[u8],
) -> Result<Vec<u8>, String> {
    let unquotable = || "only segments can be quoted".to_owned();
    let (addresses, header) = match quoted.first().map(|octet| octet >> 4) {
        Some(4) if quoted.get(9) == Some(&TCP) => (quoted.get(12..16), 20),
        Some(6) if quoted.get(6) == Some(&TCP) => (quoted.get(8..24), 40),
        _ => return Err(unquotable()),
    };
    let source = addresses.ok_or_else(unquotable)?;
    let dst = match (<[u8; 4]>::try_from(source), <[u8; 16]>::try_from(source)) {
        (Ok(v4), _) => IpAddr::from(v4),
        (_, Ok(v6)) => IpAddr::from(v6),
        _ => return Err(unquotable()),
    };
    let src = router.unwrap_or_else(|| default_router(dst.is_ipv6()));
    let mut octets = vec![kind, code, 0, 0, 0, 0, 0, 0];
    octets.extend(quoted.get(..header + 8).ok_or_else(unquotable)?);
    let sum = if dst.is_ipv6() {
        checksum(&[&pseudo_header(src, dst, ICMPV6, octets.len()), &octets])
    } else {
        checksum(&[&octets])
    };
    put(&mut octets, 2, sum);
    ip(src, dst, if dst.is_ipv6() { ICMPV6 } else { ICMP }, TTL, id, &octets)
}

/// An IPv4 packet without options (RFC 791), or an IPv6 packet without extension headers (RFC 8200).
fn ip(src: IpAddr, dst: IpAddr, protocol: u8, ttl: u8, id: u16, payload: &[u8]) -> Result<Vec<u8>, String> {
    let too_long = |_| "the packet is longer than 65,535 octets".to_owned();
    let mut octets;
    match (src, dst) {
        (IpAddr::V4(src), IpAddr::V4(dst)) => {
            let len = u16::try_from(20 + payload.len()).map_err(too_long)?;
            octets = vec![0x45, 0];
            octets.extend(len.to_be_bytes());
            octets.extend(id.to_be_bytes());
            octets.extend([0x40, 0, ttl, protocol, 0, 0]); // don't fragment
            octets.extend(src.octets());
            octets.extend(dst.octets());
            let sum = checksum(&[&octets]);
            put(&mut octets, 10, sum);
        }
        (IpAddr::V6(src), IpAddr::V6(dst)) => {
            let len = u16::try_from(payload.len()).map_err(too_long)?;
            octets = vec![0x60, 0, 0, 0];
            octets.extend(len.to_be_bytes());
            octets.extend([protocol, ttl]);
            octets.extend(src.octets());
            octets.extend(dst.octets());
        }
        _ => return Err(format!("{src} and {dst} are of two families")),
    }
    octets.extend(payload);
    Ok(octets)
}

/// What the checksums of TCP and ICMPv6 cover beside the payload (RFC 9293 §3.1, RFC 8200 §8.1). Zeros do not count in a sum, so that one
/// layout serves both.
fn pseudo_header(src: IpAddr, dst: IpAddr, protocol: u8, len: usize) -> Vec<u8> {
    let mut octets = Vec::new();
    for address in [src, dst] {
        match address {
            IpAddr::V4(v4) => octets.extend(v4.octets()),
            IpAddr::V6(v6) => octets.extend(v6.octets()),
        }
    }
    octets.extend((len as u32).to_be_bytes());
    octets.extend([0, 0, 0, protocol]);
    octets
}

/// The Internet checksum (RFC 1071) over parts of which all but the last have an even length.
fn checksum(parts: &[&[u8]]) -> u16 {
    let words = parts.iter().flat_map(|part| part.chunks(2)).map(|word| match word {
        [high, low] => u32::from(u16::from_be_bytes([*high, *low])),
        [high] => u32::from(*high) << 8,
        _ => 0,
    });
    // A packet has fewer than 2^16 words: no overflow.
    let sum: u32 = words.sum();
    let folded = (sum & 0xFFFF) + (sum >> 16);
    !((folded & 0xFFFF) + (folded >> 16)) as u16
}

/// Writes a checksum to its place.
fn put(octets: &mut [u8], at: usize, sum: u16) {
    if let Some(place) = octets.get_mut(at..at + 2) {
        place.copy_from_slice(&sum.to_be_bytes());
    }
}
