//! IPv6 extension headers, and the one of them that IPv4 has too.

use super::Skip;
use super::reader::Reader;
use etherparse::{IpNumber, ip_number};

/// How many extension headers a packet may have. RFC 8200 §4.1 knows seven; more is somebody playing.
pub(super) const MAX_EXTENSION_HEADERS: usize = 16;

/// What lies behind the IP header and its extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Upper {
    /// The first protocol that is no extension header.
    pub(super) protocol: IpNumber,
    /// Whether the packet is a fragment that does not start with that protocol.
    pub(super) is_later_fragment: bool,
    /// Whether fragments follow that continue it.
    pub(super) more_fragments: bool,
}

/// Steps over an authentication header, the only extension in IPv4 (RFC 4302 §3.1.1).
pub(super) fn skip_v4(protocol: IpNumber, reader: &mut Reader<'_>) -> Result<Upper, Skip> {
    let protocol = if protocol == ip_number::AUTH { skip_one(protocol, reader)? } else { protocol };
    Ok(Upper { protocol, is_later_fragment: false, more_fragments: false })
}

/// Steps over IPv6 extension headers (RFC 8200 §4), up to the first fragment header that is not that of a first
/// fragment: what follows that one is the middle of something.
///
/// # Errors
/// [`Skip::Malformed`] beyond [`MAX_EXTENSION_HEADERS`].
pub(super) fn skip_v6(first: IpNumber, reader: &mut Reader<'_>) -> Result<Upper, Skip> {
    let mut upper = Upper { protocol: first, is_later_fragment: false, more_fragments: false };
    for _ in 0..=MAX_EXTENSION_HEADERS {
        match upper.protocol {
            ip_number::IPV6_FRAG => {
                let [next, _, offset_and_flags @ .., _, _, _, _]: [u8; 8] = reader.take()?;
                let offset_and_flags = u16::from_be_bytes(offset_and_flags);
                upper.protocol = IpNumber(next);
                upper.more_fragments |= offset_and_flags & 1 != 0;
                upper.is_later_fragment = offset_and_flags >> 3 != 0;
                if upper.is_later_fragment {
                    return Ok(upper);
                }
            }
            ip_number::IPV6_HOP_BY_HOP
            | ip_number::IPV6_ROUTE
            | ip_number::IPV6_DEST_OPTIONS
            | ip_number::AUTH
            | ip_number::MOBILITY
            | ip_number::HIP
            | ip_number::SHIM6 => upper.protocol = skip_one(upper.protocol, reader)?,
            _ => return Ok(upper),
        }
    }
    Err(Skip::Malformed)
}

/// The length of a jumbogram: of everything behind the IPv6 header, told in a hop-by-hop option (RFC 2675). Linux
/// captures its own BIG TCP packets with it.
pub(super) fn jumbo_payload(first: IpNumber, mut reader: Reader<'_>) -> Result<Option<usize>, Skip> {
    if first != ip_number::IPV6_HOP_BY_HOP {
        return Ok(None);
    }
    let [_, units] = reader.take()?;
    let mut options = reader.slice(usize::from(units) * 8 + 6)?;
    loop {
        options = match options {
            [PAD_1, rest @ ..] => rest,
            [JUMBO, 4, a, b, c, d, ..] => {
                return Ok(Some(u32::from_be_bytes([*a, *b, *c, *d]) as usize));
            }
            [_, len, rest @ ..] => rest.get(usize::from(*len)..).unwrap_or_default(),
            _ => return Ok(None),
        };
    }
}

/// Steps over one extension header; its second octet is its length beyond the least, in octets of 8, or 4 in AH, whose
/// least is 8 all the same (RFC 4302 §2.2).
fn skip_one(kind: IpNumber, reader: &mut Reader<'_>) -> Result<IpNumber, Skip> {
    let [next, units] = reader.take()?;
    let unit = if kind == ip_number::AUTH { 4 } else { 8 };
    reader.skip(usize::from(units) * unit + 6)?;
    Ok(IpNumber(next))
}

/// The option of one octet.
const PAD_1: u8 = 0;
/// The jumbo payload option.
const JUMBO: u8 = 0xC2;

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::Skip;

    fn extension(next: u8, units: u8) -> Vec<u8> {
        join(&[&[next, units], &vec![0; usize::from(units) * 8 + 6]])
    }

    #[test]
    fn every_kind_is_stepped_over() {
        for kind in [0, 43, 60, 135, 139, 140] {
            assert_probe(229, &v6(kind, &join(&[&extension(TCP, 2), &probe()])));
        }
        let ah = join(&[&[TCP, 4], &[0; 22], &probe()]);
        assert_probe(229, &v6(51, &ah));
        assert_probe(228, &v4(51, &ah));
    }

    #[test]
    fn esp_and_no_next_header_hide_what_follows() {
        for kind in [50, 59] {
            assert_skip(229, &v6(0, &join(&[&extension(kind, 0), &probe()])), Skip::NotTcp);
        }
    }

    #[test]
    fn sixteen_are_read_and_seventeen_are_not() {
        let chain = |n| {
            let inner =
                (0..n).fold((TCP, probe()), |(next, inner), _| (60, join(&[&extension(next, 0), &inner])));
            v6(inner.0, &inner.1)
        };
        assert_probe(229, &chain(16));
        assert_skip(229, &chain(17), Skip::Malformed);
    }

    #[test]
    fn fragments() {
        let fragment = |offset_and_flags: u16, inner: &[u8]| {
            let [a, b] = offset_and_flags.to_be_bytes();
            v6(44, &join(&[&[TCP, 0, a, b, 0, 0, 0, 1], inner]))
        };
        assert_probe(229, &fragment(0, &probe()));
        assert_eq!(segment(229, &fragment(1, &tcp(&[], &[7; 100]))).payload_len, 100);
        assert_skip(229, &fragment(1, &probe()[..16]), Skip::Fragment);
        assert_skip(229, &fragment(8, &probe()), Skip::Fragment);
    }

    #[test]
    fn an_extension_longer_than_the_packet_cannot_be() {
        let mut packet = v6(0, &join(&[&extension(TCP, 0), &probe()]));
        packet[41] = 200;
        assert_skip(229, &packet, Skip::Malformed);
    }

    #[test]
    fn jumbograms() {
        let segment_bytes = tcp(&[], &vec![7; 70_000]);
        let len = (segment_bytes.len() as u32 + 8).to_be_bytes();
        let mut packet = v6(0, &join(&[&[TCP, 0, 0xC2, 4], &len, &segment_bytes, &[0; 9]]));
        packet[4..6].fill(0);
        assert_eq!(segment(229, &packet).payload_len, 70_000);
    }
}
