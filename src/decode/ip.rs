//! IPv4 and IPv6: addresses, lengths, fragments, and what lies inside.

use super::encapsulation::Layer;
use super::extension::{self, Upper};
use super::reader::Reader;
use super::surroundings::{Found, Surroundings};
use super::{AddrBytes, Skip, icmp, tcp, tunnel, udp};
use crate::frame::LinkType;
use etherparse::err::{ipv4, ipv6};
use etherparse::{IpNumber, Ipv4HeaderSlice, Ipv6HeaderSlice, ip_number};

/// What an IP header says that is kept of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packet {
    /// The sender.
    pub(super) src: AddrBytes,
    /// The receiver.
    pub(super) dst: AddrBytes,
    /// Whether it is IPv6.
    pub(super) is_ipv6: bool,
    /// TTL or hop limit.
    pub(super) ttl: u8,
    /// The identification, in IPv4.
    pub(super) id: Option<u16>,
}

/// IP of either version, told by its first four bits.
pub(super) fn read(reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    match reader.peek()? {
        [0x40..=0x4F] => v4(reader, around),
        [0x60..=0x6F] => v6(reader, around),
        [_] => Err(Skip::NotIp),
    }
}

/// IPv4 (RFC 791).
pub(super) fn v4(mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    let start = reader;
    let header = v4_header(&mut reader)?;
    let header_len = header.slice().len();
    match usize::from(header.total_len()) {
        0 => length_from_carrier(&start, around)?,
        total => reader.end_after(total.checked_sub(header_len).ok_or(Skip::Malformed)?),
    }
    if header.fragments_offset().value() != 0 {
        return Err(Skip::Fragment);
    }
    let upper = extension::skip_v4(header.protocol(), &mut reader)?;
    let upper = Upper { more_fragments: header.more_fragments(), ..upper };
    transport(&Packet::from_v4(&header), upper, reader, around)
}

/// IPv6 (RFC 8200).
pub(super) fn v6(mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    let start = reader;
    let header = v6_header(&mut reader)?;
    match usize::from(header.payload_length()) {
        0 => match extension::jumbo_payload(header.next_header(), reader)? {
            Some(len) => reader.end_after(len),
            None => length_from_carrier(&start, around)?,
        },
        len => reader.end_after(len),
    }
    let upper = extension::skip_v6(header.next_header(), &mut reader)?;
    transport(&Packet::from_v6(&header), upper, reader, around)
}

/// Takes an IPv4 header with its options. Its checksum is no matter: offloading leaves it blank.
pub(super) fn v4_header<'a>(reader: &mut Reader<'a>) -> Result<Ipv4HeaderSlice<'a>, Skip> {
    let header = Ipv4HeaderSlice::from_slice(reader.captured()).map_err(|e| match e {
        ipv4::HeaderSliceError::Len(e) => reader.lack_of(e.required_len),
        ipv4::HeaderSliceError::Content(_) => Skip::Malformed,
    })?;
    reader.skip(header.slice().len())?;
    Ok(header)
}

/// Takes an IPv6 header without its extensions.
pub(super) fn v6_header<'a>(reader: &mut Reader<'a>) -> Result<Ipv6HeaderSlice<'a>, Skip> {
    let header = Ipv6HeaderSlice::from_slice(reader.captured()).map_err(|e| match e {
        ipv6::HeaderSliceError::Len(e) => reader.lack_of(e.required_len),
        ipv6::HeaderSliceError::Content(_) => Skip::Malformed,
    })?;
    reader.skip(header.slice().len())?;
    Ok(header)
}

/// A length of 0 stands for "whatever the carrier holds": the stack hands one large packet to the network card, which
/// is to cut it (TSO, BIG TCP).
///
/// # Errors
/// [`Skip::LengthUnknown`] in an Ethernet frame of exactly the smallest size, which may have been padded.
fn length_from_carrier(packet: &Reader<'_>, around: &Surroundings<'_>) -> Result<(), Skip> {
    let may_be_padded = around.frame.link == LinkType::ETHERNET
        && packet.position() + packet.wire_len() == MIN_ETHERNET_FRAME;
    if may_be_padded { Err(Skip::LengthUnknown) } else { Ok(()) }
}

/// What IP carries: TCP, an error about TCP, or one more packet.
fn transport(packet: &Packet, upper: Upper, reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    if upper.is_later_fragment {
        return Err(Skip::Fragment);
    }
    let found = match upper.protocol {
        ip_number::TCP => tcp::read(packet, reader, around),
        ip_number::UDP => udp::read(reader, around),
        ip_number::ICMP if !packet.is_ipv6 => icmp::v4(packet, reader, around),
        ip_number::IPV6_ICMP if packet.is_ipv6 => icmp::v6(packet, reader, around),
        ip_number::IPV4 | ip_number::IPV6 => nested(packet, upper.protocol, reader, around),
        ip_number::GRE => tunnel::gre::read(reader, around),
        ip_number::MPLS_IN_IP => tunnel::mpls::read(reader, around),
        _ => Err(Skip::NotTcp),
    };
    match found {
        // It ends inside a header, whose rest is in a later fragment.
        Err(Skip::Malformed) if upper.more_fragments => Err(Skip::Fragment),
        // A tunnel without IP inside: the frame does hold IP.
        Err(Skip::NotIp) => Err(Skip::NotTcp),
        found => found,
    }
}

/// IP directly inside IP (RFC 2003, RFC 4213, RFC 2473).
fn nested(packet: &Packet, version: IpNumber, reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    around.tunnel(match version {
        _ if packet.is_ipv6 => Layer::IpInIp6,
        ip_number::IPV6 => Layer::SixInFour,
        _ => Layer::IpInIp,
    })?;
    match version {
        ip_number::IPV6 => v6(reader, around),
        _ => v4(reader, around),
    }
}

impl Packet {
    /// What is kept of an IPv4 header.
    pub(super) fn from_v4(header: &Ipv4HeaderSlice<'_>) -> Self {
        Self {
            src: mapped(header.source()),
            dst: mapped(header.destination()),
            is_ipv6: false,
            ttl: header.ttl(),
            id: Some(header.identification()),
        }
    }

    /// What is kept of an IPv6 header.
    pub(super) fn from_v6(header: &Ipv6HeaderSlice<'_>) -> Self {
        Self {
            src: header.source(),
            dst: header.destination(),
            is_ipv6: true,
            ttl: header.hop_limit(),
            id: None,
        }
    }
}

/// An IPv4 address as it stands in [`AddrBytes`].
pub(super) const fn mapped([a, b, c, d]: [u8; 4]) -> AddrBytes {
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, a, b, c, d]
}

/// The smallest Ethernet frame without its check sequence (IEEE 802.3 §3.2.8): shorter ones are padded to it.
const MIN_ETHERNET_FRAME: usize = 60;

#[cfg(test)]
mod tests {
    use super::super::ethernet::IPV4;
    use super::super::testing::*;
    use super::{Skip, mapped};

    #[test]
    fn addresses_ttl_and_identification() {
        let s = segment(101, &v4(TCP, &probe()));
        assert_eq!((s.tuple.src, s.tuple.dst), (mapped([10, 0, 0, 1]), mapped([10, 0, 0, 2])));
        assert_eq!((s.tuple.is_ipv6, s.ttl, s.ip_id), (false, 64, Some(0x1234)));
        let s = segment(101, &v6(TCP, &probe()));
        assert_eq!((s.tuple.src[15], s.tuple.dst[15]), (1, 2));
        assert_eq!((s.tuple.is_ipv6, s.ttl, s.ip_id), (true, 64, None));
    }

    #[test]
    fn ipv4_options_are_stepped_over() {
        let mut packet = v4(TCP, &join(&[&[1; 8], &probe()]));
        packet[0] = 0x47;
        assert_probe(101, &packet);
        packet[0] = 0x44;
        assert_skip(228, &packet, Skip::Malformed);
    }

    #[test]
    fn padding_a_trailer_and_a_check_sequence_are_no_data() {
        for behind in 0..20 {
            let frame = join(&[&ethernet(IPV4, &v4(TCP, &tcp(&[], &[7]))), &vec![0xEE; behind]]);
            let s = segment(1, &frame);
            assert_eq!((s.payload_len, s.first_octet, s.last_octet), (1, Some(7), Some(7)));
            assert_eq!(s.payload, (54, 1));
        }
    }

    #[test]
    fn a_length_of_0_is_that_of_the_carrier() {
        let mut packet = v4(TCP, &tcp(&[], &[7; 3000]));
        packet[2..4].fill(0);
        assert_eq!(segment(101, &packet).payload_len, 3000);
        assert_eq!(decode_cut(1, &ethernet(IPV4, &packet), 60).map(|s| s.payload_len), Ok(3000));
        let mut packet = v6(TCP, &tcp(&[], &[7; 3000]));
        packet[4..6].fill(0);
        assert_eq!(segment(101, &packet).payload_len, 3000);
    }

    #[test]
    fn a_length_of_0_in_a_padded_frame_says_nothing() {
        for data in 0..10 {
            let mut packet = v4(TCP, &tcp(&[], &vec![7; data]));
            packet[2..4].fill(0);
            let found = decode_one(1, &ethernet(IPV4, &packet));
            match data {
                6 => assert_eq!(found, Err(Skip::LengthUnknown)),
                _ => assert_eq!(found.map(|s| s.payload_len), Ok(data as u32)),
            }
        }
    }

    #[test]
    fn a_total_length_within_the_headers_cannot_be() {
        for total in 1..40 {
            let mut packet = v4(TCP, &probe());
            packet[2..4].copy_from_slice(&[0, total]);
            assert_skip(101, &packet, Skip::Malformed);
        }
    }

    #[test]
    fn a_sliced_packet_keeps_the_length_its_header_states() {
        let frame = ethernet(IPV4, &v4(TCP, &tcp(&[], &[7; 1000])));
        let s = segment(1, &frame[..64]);
        assert_eq!((s.payload_len, s.first_octet, s.last_octet, s.payload), (1000, Some(7), None, (54, 10)));
    }

    #[test]
    fn the_first_fragment_holds_what_it_holds() {
        let mut packet = v4(TCP, &tcp(&[], &[7; 100]));
        packet[6] = 0x20;
        assert_eq!(segment(101, &packet).payload_len, 100);
        let mut tiny = v4(TCP, &probe()[..16]);
        tiny[6] = 0x20;
        assert_skip(101, &tiny, Skip::Fragment);
        packet[7] = 1;
        assert_skip(101, &packet, Skip::Fragment);
        packet[6] = 0;
        assert_skip(101, &packet, Skip::Fragment);
    }

    #[test]
    fn ip_in_ip_of_every_kind() {
        let (four, six) = (v4(TCP, &probe()), v6(TCP, &probe()));
        assert_eq!(assert_probe(101, &v4(4, &four)), ["ipip"]);
        assert_eq!(assert_probe(101, &v4(41, &six)), ["6in4"]);
        assert_eq!(assert_probe(101, &v6(4, &four)), ["ip6ip6"]);
        assert_eq!(assert_probe(101, &v6(41, &six)), ["ip6ip6"]);
        assert_skip(101, &v4(4, &six), Skip::Malformed);
        assert_skip(101, &v4(41, &four), Skip::Malformed);
    }

    #[test]
    fn eight_tunnels_are_read_and_nine_are_not() {
        let nest = |depth| (0..depth).fold(v4(TCP, &probe()), |inner, _| v4(4, &inner));
        assert_eq!(assert_probe(101, &nest(8)).len(), 8);
        assert_skip(101, &nest(9), Skip::Malformed);
    }

    #[test]
    fn other_protocols_are_not_tcp() {
        for protocol in [2, 17, 50, 59, 89, 132] {
            assert_skip(101, &v4(protocol, &probe()), Skip::NotTcp);
            assert_skip(101, &v6(protocol, &probe()), Skip::NotTcp);
        }
    }
}
