//! ICMP and ICMPv6 errors that quote the start of a TCP segment.

use super::extension::{self, Upper};
use super::ip::{self, Packet};
use super::reader::Reader;
use super::surroundings::{Found, Surroundings};
use super::{Decoded, IcmpError, Skip, Tuple, ip_addr};
use crate::seq::SeqNum;
use etherparse::ip_number;

/// ICMP errors (RFC 792): unreachable, source quench, redirect, time exceeded, parameter problem.
pub(super) fn v4(packet: &Packet, reader: Reader<'_>, around: &Surroundings<'_>) -> Found {
    error(packet, reader, around, |kind| matches!(kind, 3 | 4 | 5 | 11 | 12), quoted_v4)
}

/// ICMPv6 errors (RFC 4443): unreachable, packet too big, time exceeded, parameter problem.
pub(super) fn v6(packet: &Packet, reader: Reader<'_>, around: &Surroundings<'_>) -> Found {
    error(packet, reader, around, |kind| matches!(kind, 1..=4), quoted_v6)
}

/// The eight octets that every error starts with, and the packet that it quotes.
fn error(
    packet: &Packet,
    mut reader: Reader<'_>,
    around: &Surroundings<'_>,
    is_error: fn(u8) -> bool,
    quoted: fn(&mut Reader<'_>) -> Result<(Packet, Upper), Skip>,
) -> Found {
    let [kind, code, ..]: [u8; 8] = reader.take().map_err(too_little)?;
    if !is_error(kind) {
        return Err(Skip::NotTcp);
    }
    let (quote, upper) = quoted(&mut reader).map_err(too_little)?;
    if upper.protocol != ip_number::TCP || upper.is_later_fragment {
        return Err(Skip::NotTcp);
    }
    let [s0, s1, d0, d1, seq @ ..]: [u8; 8] = reader.take().map_err(too_little)?;
    Ok(Decoded::Icmp(IcmpError {
        frame: around.frame.no,
        ts: around.frame.ts,
        from: ip_addr(packet.src, packet.is_ipv6),
        ip_id: packet.id,
        kind,
        code,
        quoted: Tuple {
            src: quote.src,
            dst: quote.dst,
            src_port: u16::from_be_bytes([s0, s1]),
            dst_port: u16::from_be_bytes([d0, d1]),
            is_ipv6: quote.is_ipv6,
            network: around.network,
        },
        quoted_seq: SeqNum(u32::from_be_bytes(seq)),
        quoted_ip_id: quote.id,
    }))
}

/// The quoted header. Its length field counts what was quoted from, not what is here, and is no matter.
fn quoted_v4(reader: &mut Reader<'_>) -> Result<(Packet, Upper), Skip> {
    let header = ip::v4_header(reader)?;
    let is_later_fragment = header.fragments_offset().value() != 0;
    let upper = Upper { is_later_fragment, ..extension::skip_v4(header.protocol(), reader)? };
    Ok((Packet::from_v4(&header), upper))
}

/// The quoted header and its extensions.
fn quoted_v6(reader: &mut Reader<'_>) -> Result<(Packet, Upper), Skip> {
    let header = ip::v6_header(reader)?;
    Ok((Packet::from_v6(&header), extension::skip_v6(header.next_header(), reader)?))
}

/// A quotation that ends early, or is none, is an error about something else.
const fn too_little(skip: Skip) -> Skip {
    match skip {
        Skip::Malformed => Skip::NotTcp,
        skip => skip,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::{Decoded, IcmpError, SeqNum, Skip, ip};

    const ICMP: u8 = 1;
    const ICMP_V6: u8 = 58;

    #[track_caller]
    fn icmp(packet: &[u8]) -> IcmpError {
        match decode_any(101, packet) {
            Ok(Decoded::Icmp(error)) => error,
            other => panic!("{other:?}"),
        }
    }

    fn message(kind: u8, quote: &[u8]) -> Vec<u8> {
        join(&[&[kind, 1, 0, 0, 0, 0, 0, 0], quote])
    }

    #[test]
    fn an_8_byte_quote_holds_ports_and_sequence_number() {
        let quote = v4(TCP, &tcp(&[], &[0; 900]));
        let e = icmp(&v4(ICMP, &message(3, &quote[..28])));
        assert_eq!((e.kind, e.code, e.from.to_string().as_str()), (3, 1, "10.0.0.1"));
        assert_eq!((e.quoted.src_port, e.quoted.dst_port, e.quoted_seq), (40_000, 443, SeqNum(SEQ)));
        assert_eq!((e.quoted.src, e.quoted.is_ipv6), (ip::mapped([10, 0, 0, 1]), false));
        assert_eq!((e.ip_id, e.quoted_ip_id), (Some(0x1234), Some(0x1234)));
        assert_skip(101, &v4(ICMP, &message(3, &quote[..27])), Skip::NotTcp);
    }

    #[test]
    fn every_error_and_no_other_message() {
        for kind in 0..=255 {
            let four = decode_any(101, &v4(ICMP, &message(kind, &v4(TCP, &probe()))));
            assert_eq!(four.is_ok(), matches!(kind, 3 | 4 | 5 | 11 | 12), "{kind}");
            let six = decode_any(101, &v6(ICMP_V6, &message(kind, &v6(TCP, &probe()))));
            assert_eq!(six.is_ok(), matches!(kind, 1..=4), "{kind}");
        }
    }

    #[test]
    fn a_quote_with_ip_options_or_extension_headers() {
        let mut quote = v4(TCP, &join(&[&[1; 8], &probe()]));
        quote[0] = 0x47;
        assert_eq!(icmp(&v4(ICMP, &message(11, &quote))).quoted.dst_port, 443);
        let quote = v6(60, &join(&[&[TCP, 0, 0, 0, 0, 0, 0, 0], &probe()]));
        let e = icmp(&v6(ICMP_V6, &message(1, &quote)));
        assert_eq!((e.quoted.dst_port, e.quoted.is_ipv6, e.quoted_ip_id), (443, true, None));
    }

    #[test]
    fn quotes_of_something_else_are_not_tcp() {
        assert_skip(101, &v4(ICMP, &message(3, &v4(17, &udp(53, &[])))), Skip::NotTcp);
        assert_skip(101, &v4(ICMP, &message(3, &v6(TCP, &probe()))), Skip::NotTcp);
        let mut later_fragment = v4(TCP, &probe());
        later_fragment[7] = 9;
        assert_skip(101, &v4(ICMP, &message(3, &later_fragment)), Skip::NotTcp);
        assert_skip(101, &v6(ICMP, &message(3, &v4(TCP, &probe()))), Skip::NotTcp);
        assert_skip(101, &v4(ICMP, &[3, 1, 0]), Skip::NotTcp);
    }

    #[test]
    fn a_quote_cut_by_the_snapshot_is_truncated() {
        let packet = v4(ICMP, &message(3, &v4(TCP, &probe())));
        for cut in 20..56 {
            assert_eq!(decode_any_cut(101, &packet, cut), Err(Skip::Truncated), "{cut}");
        }
        assert!(decode_any_cut(101, &packet, 56).is_ok());
    }
}
