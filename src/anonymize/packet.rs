//! Packets made anew from what was decoded of a frame. What was not decoded – link layer, tunnels, payload, options that may hold addresses –
//! is not there to leak.

use crate::decode::{AddrBytes, Decoded, Flags, IcmpError, Segment};
use crate::frame::LinkType;
use etherparse::checksum::Sum16BitWords;
use etherparse::{IpNumber, Ipv4Header, Ipv6Header, TcpHeader, TcpOptionElement};
use std::net::IpAddr;

/// How much of a quoted segment an ICMP error must hold: ports and sequence number (RFC 792).
const QUOTED: usize = 8;

/// How far a packet came before an error about it was sent; nobody asks.
const QUOTED_TTL: u8 = 1;

/// A packet without its payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// IP header, and TCP header or ICMP message.
    pub bytes: Vec<u8>,
    /// How long it was with its payload.
    pub wire_len: u32,
    /// How its bytes begin: with the IP header.
    pub link: LinkType,
}

/// The packet that holds what `content` tells, its checksums right. The payload counts in the lengths and, as zeros, in the checksum of TCP.
#[must_use]
pub fn rebuild(content: &Decoded) -> Packet {
    match content {
        Decoded::Segment(seg) => segment(seg),
        Decoded::Icmp(icmp) => error(icmp),
    }
}

fn segment(seg: &Segment) -> Packet {
    let mut tcp = header(seg);
    let payload = vec![0; usize::try_from(seg.payload_len).unwrap_or(0).min(usize::from(u16::MAX))];
    let (src, dst) = (seg.tuple.src, seg.tuple.dst);
    // A payload that is too long for the length field has no right checksum.
    let checksum = if seg.tuple.is_ipv6 {
        tcp.calc_checksum_ipv6_raw(src, dst, &payload)
    } else {
        tcp.calc_checksum_ipv4_raw(v4(src), v4(dst), &payload)
    };
    tcp.checksum = checksum.unwrap_or(0);
    let tcp = tcp.to_bytes();
    let len = u64::from(seg.payload_len) + tcp.len() as u64;
    let mut bytes = if seg.tuple.is_ipv6 {
        ip_v6(src, dst, IpNumber::TCP, seg.ttl, len)
    } else {
        ip_v4(src, dst, IpNumber::TCP, seg.ttl, seg.ip_id, len)
    };
    let wire_len = u32::try_from(bytes.len() as u64 + len).unwrap_or(u32::MAX);
    bytes.extend_from_slice(&tcp);
    Packet { bytes, wire_len, link: LinkType::RAW }
}

fn header(seg: &Segment) -> TcpHeader {
    const ECE: u8 = 0x40;
    const CWR: u8 = 0x80;
    let mut tcp = TcpHeader::new(seg.tuple.src_port, seg.tuple.dst_port, seg.seq.0, seg.window);
    tcp.acknowledgment_number = seg.ack.unwrap_or_default().0;
    (tcp.fin, tcp.syn, tcp.rst, tcp.psh) =
        (seg.flags.fin(), seg.flags.syn(), seg.flags.rst(), seg.flags.psh());
    (tcp.ack, tcp.urg) = (seg.flags.any(Flags::ACK), seg.flags.any(Flags::URG));
    (tcp.ece, tcp.cwr) = (seg.flags.any(ECE), seg.flags.any(CWR));
    let options = &seg.options;
    let mut told = Vec::new();
    if options.sack_permitted {
        told.push(TcpOptionElement::SelectiveAcknowledgementPermitted);
    }
    told.extend(options.timestamps.map(|(value, echo)| TcpOptionElement::Timestamp(value, echo)));
    told.extend(options.window_scale.map(TcpOptionElement::WindowScale));
    told.extend(
        options
            .first_sack
            .map(|(left, right)| TcpOptionElement::SelectiveAcknowledgement((left.0, right.0), [None; 3])),
    );
    // At most 25 of 40 octets.
    let _ = tcp.set_options(&told);
    tcp
}

/// An ICMP error that quotes the header of a packet and the first octets of its segment.
fn error(icmp: &IcmpError) -> Packet {
    let quoted = &icmp.quoted;
    let mut quote = if quoted.is_ipv6 {
        ip_v6(quoted.src, quoted.dst, IpNumber::TCP, QUOTED_TTL, TcpHeader::MIN_LEN as u64)
    } else {
        let id = icmp.quoted_ip_id;
        ip_v4(quoted.src, quoted.dst, IpNumber::TCP, QUOTED_TTL, id, TcpHeader::MIN_LEN as u64)
    };
    let ports = [quoted.src_port.to_be_bytes(), quoted.dst_port.to_be_bytes()].concat();
    quote.extend([ports, icmp.quoted_seq.0.to_be_bytes().to_vec()].concat());
    debug_assert!(quote.len() >= QUOTED);

    let mut message = vec![icmp.kind, icmp.code, 0, 0, 0, 0, 0, 0];
    message.extend(quote);
    let len = message.len() as u64;
    const TTL: u8 = 64;
    let (mut bytes, sum) = match icmp.from {
        IpAddr::V4(from) => {
            let from = from.to_ipv6_mapped().octets();
            (ip_v4(from, quoted.src, IpNumber::ICMP, TTL, icmp.ip_id, len), Sum16BitWords::new())
        }
        IpAddr::V6(from) => {
            // RFC 8200 §8.1.
            let sum = Sum16BitWords::new()
                .add_16bytes(from.octets())
                .add_16bytes(quoted.src)
                .add_4bytes((len as u32).to_be_bytes())
                .add_2bytes([0, IpNumber::IPV6_ICMP.0]);
            (ip_v6(from.octets(), quoted.src, IpNumber::IPV6_ICMP, TTL, len), sum)
        }
    };
    // The sum is in the order the bytes lie in.
    let checksum = sum.add_slice(&message).ones_complement().to_ne_bytes();
    if let Some(field) = message.get_mut(2..4) {
        field.copy_from_slice(&checksum);
    }
    bytes.extend(message);
    Packet { wire_len: bytes.len() as u32, bytes, link: LinkType::RAW }
}

/// The header of an IPv4 packet that carries `len` octets; where they are too many, as offloading leaves it: without a length.
fn ip_v4(src: AddrBytes, dst: AddrBytes, protocol: IpNumber, ttl: u8, id: Option<u16>, len: u64) -> Vec<u8> {
    let mut ip = Ipv4Header {
        total_len: u16::try_from(len + Ipv4Header::MIN_LEN as u64).unwrap_or(0),
        identification: id.unwrap_or(0),
        dont_fragment: true,
        time_to_live: ttl,
        protocol,
        source: v4(src),
        destination: v4(dst),
        ..Ipv4Header::default()
    };
    ip.header_checksum = ip.calc_header_checksum();
    ip.to_bytes().to_vec()
}

fn ip_v6(src: AddrBytes, dst: AddrBytes, next_header: IpNumber, hop_limit: u8, len: u64) -> Vec<u8> {
    let ip = Ipv6Header {
        payload_length: u16::try_from(len).unwrap_or(0),
        next_header,
        hop_limit,
        source: src,
        destination: dst,
        ..Ipv6Header::default()
    };
    ip.to_bytes().to_vec()
}

/// The IPv4 address in its IPv4-mapped form.
fn v4(address: AddrBytes) -> [u8; 4] {
    let [.., a, b, c, d] = address;
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{Encapsulations, decode};
    use crate::frame::{Frame, FrameNo};
    use crate::source::trace::Trace;
    use crate::source::{FrameSource, Next};
    use crate::time::Timestamp;

    /// What is left of each frame of a trace after it was made anew, beside what it was.
    #[track_caller]
    fn there_and_back(trace: &str) -> Vec<(Decoded, Decoded)> {
        let trace = Trace::parse(trace).unwrap();
        let (mut source, mut batch) = (trace.source(), crate::frame::FrameBatch::default());
        let (mut encapsulations, mut pairs) = (Encapsulations::default(), Vec::new());
        while source.fill(&mut batch).unwrap() == Next::Filled {
            for frame in batch.iter() {
                let before = decode(&frame, &mut encapsulations).unwrap();
                let Packet { bytes, wire_len, link } = rebuild(&before);
                let anew = Frame { link, data: &bytes, wire_len, ..frame };
                pairs.push((before, decode(&anew, &mut encapsulations).unwrap()));
            }
        }
        pairs
    }

    /// Without what the payload tells.
    fn bare(mut content: Decoded) -> Decoded {
        if let Decoded::Segment(seg) = &mut content {
            (seg.first_octet, seg.last_octet, seg.payload) = (None, None, (0, 0));
        }
        content
    }

    const IPV4: &str = "\
0.000 A S  0:1(0) win 64240 <wscale 7,sackOK,ts 100/0>
0.010 B S. 0:1(0) ack 1 <ts 7/100>
0.020 A .  1:1(0) ack 1 ttl 63 id 4711
0.030 A P. 1:1001(1000) ack 1
0.040 B .  1:1(0) ack 1 <sack 5:6>
0.050 A R. 1001:1001(0) ack 1
0.060 R icmp 3/1 of 0.030
";

    #[test]
    fn what_was_decoded_is_decoded_again() {
        let ipv6 = format!(
            "addr A [2001:db8::1]:40000\naddr B [2001:db8::2]:443\n{}",
            IPV4.replace("icmp 3/1", "icmp 1/3").replace(" id 4711", "")
        );
        for (trace, frames) in [(IPV4, 7), (&*ipv6, 7)] {
            let pairs = there_and_back(trace);
            assert_eq!(pairs.len(), frames);
            for (before, after) in pairs {
                assert_eq!(bare(after), bare(before));
            }
        }
    }

    #[test]
    fn the_checksum_of_an_error_is_right() {
        let (before, _) = there_and_back(IPV4).remove(6);
        let Packet { bytes, .. } = rebuild(&before);
        let (ip, message) = bytes.split_at(Ipv4Header::MIN_LEN);
        assert_eq!(message[0..2], [3, 1]);
        for part in [ip, message] {
            assert_eq!(Sum16BitWords::new().add_slice(part).ones_complement(), 0);
        }
    }

    #[test]
    fn a_payload_too_long_for_the_length_field_keeps_its_length() {
        let (mut before, _) = there_and_back(IPV4).remove(3);
        let Decoded::Segment(seg) = &mut before else { panic!("a segment") };
        seg.payload_len = 100_000;
        let Packet { bytes, wire_len, link } = rebuild(&before);
        let no = FrameNo::FIRST;
        let frame = Frame { no, ts: Timestamp(0), link, wire_len, data: &bytes, fault: None };
        match decode(&frame, &mut Encapsulations::default()) {
            Ok(Decoded::Segment(seg)) => assert_eq!(seg.payload_len, 100_000),
            other => panic!("{other:?}"),
        }
    }
}
