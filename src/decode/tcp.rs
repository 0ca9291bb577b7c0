//! The TCP header: from the last bytes that matter to a [`Segment`].

use super::ip::Packet;
use super::reader::Reader;
use super::surroundings::{Found, Surroundings};
use super::{Decoded, EncapsulationId, Flags, NetworkId, Options, Segment, Skip, Tuple};
use crate::frame::Frame;
use crate::seq::SeqNum;

/// A segment (RFC 9293 §3.1). SEG.LEN follows from the length of the packet it came in; the captured bytes only give
/// octets to look at. Options that were cut off are missing, and the segment stands without them.
pub(super) fn read(packet: &Packet, mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    let header: [u8; HEADER] = reader.take()?;
    let options_len = header_len(&header).checked_sub(HEADER).ok_or(Skip::Malformed)?;
    let options = Options::read(reader.slice_captured(options_len)?);
    let data = Data {
        position: reader.position() as u32,
        len: reader.wire_len() as u32,
        captured: reader.captured(),
    };
    let place = Place { network: around.network, encapsulation: around.intern() };
    Ok(Decoded::Segment(assemble(around.frame, packet, place, &header, options, data)))
}

/// Where a segment travelled.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    /// The network that is part of its key.
    pub(super) network: NetworkId,
    /// Everything around it.
    pub(super) encapsulation: EncapsulationId,
}

/// The data of a segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Data<'a> {
    /// Where it starts in the frame.
    pub(super) position: u32,
    /// How many octets it has.
    pub(super) len: u32,
    /// Those that were captured.
    pub(super) captured: &'a [u8],
}

/// The one place where a [`Segment`] is made of its parts, so that no shortcut can make another one.
#[inline(always)]
pub(super) fn assemble(
    frame: &Frame<'_>,
    packet: &Packet,
    place: Place,
    header: &[u8; HEADER],
    options: Options,
    data: Data<'_>,
) -> Segment {
    let &[s0, s1, d0, d1, q0, q1, q2, q3, a0, a1, a2, a3, _, flags, w0, w1, ..] = header;
    let flags = Flags(flags);
    let all_captured = data.captured.len() == data.len as usize;
    Segment {
        frame: frame.no,
        ts: frame.ts,
        tuple: Tuple {
            src: packet.src,
            dst: packet.dst,
            src_port: u16::from_be_bytes([s0, s1]),
            dst_port: u16::from_be_bytes([d0, d1]),
            is_ipv6: packet.is_ipv6,
            network: place.network,
        },
        seq: SeqNum(u32::from_be_bytes([q0, q1, q2, q3])),
        ack: flags.any(Flags::ACK).then_some(SeqNum(u32::from_be_bytes([a0, a1, a2, a3]))),
        flags,
        window: u16::from_be_bytes([w0, w1]),
        options,
        payload_len: data.len,
        first_octet: data.captured.first().copied(),
        last_octet: data.captured.last().copied().filter(|_| all_captured),
        ttl: packet.ttl,
        ip_id: packet.id,
        encapsulation: place.encapsulation,
        payload: (data.position, data.captured.len() as u32),
    }
}

/// How long the header says it is, in octets: the data offset.
#[inline(always)]
pub(super) const fn header_len(header: &[u8; HEADER]) -> usize {
    (header[12] >> 4) as usize * 4
}

/// Octets of a header without options.
pub(super) const HEADER: usize = 20;

#[cfg(test)]
mod tests {
    use super::super::ethernet::IPV4;
    use super::super::testing::*;
    use super::*;

    const SYN_OPTIONS: [u8; 20] = [2, 4, 5, 0xB4, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 0, 1, 3, 3, 7];

    #[test]
    fn every_field() {
        let s = segment(101, &v4(TCP, &tcp(&[], b"abc")));
        assert_eq!((s.tuple.src_port, s.tuple.dst_port), (40_000, 443));
        assert_eq!((s.seq, s.ack, s.window), (SeqNum(SEQ), Some(SeqNum(ACK)), 502));
        assert_eq!((s.payload_len, s.first_octet, s.last_octet), (3, Some(b'a'), Some(b'c')));
        assert_eq!((s.payload, s.flags), ((40, 3), Flags(Flags::ACK)));
    }

    #[test]
    fn an_acknowledgement_counts_only_with_its_bit() {
        let mut reset = probe();
        reset[13] = Flags::RST;
        let s = segment(101, &v4(TCP, &reset));
        assert_eq!((s.ack, s.flags.rst()), (None, true));
    }

    #[test]
    fn the_data_starts_behind_the_options() {
        let s = segment(101, &v4(TCP, &tcp(&SYN_OPTIONS, &[7])));
        assert_eq!(
            (s.options.window_scale, s.payload_len, s.payload, s.first_octet),
            (Some(7), 1, (60, 1), Some(7))
        );
    }

    #[test]
    fn a_header_cut_by_the_snapshot() {
        let frame = ethernet(IPV4, &v4(TCP, &tcp(&SYN_OPTIONS, &[7])));
        assert_eq!(decode_cut(1, &frame, 53), Err(Skip::Truncated));
        let s = decode_cut(1, &frame, 60).unwrap();
        assert_eq!((s.payload_len, s.first_octet, s.payload), (1, None, (60, 0)));
        assert_eq!((s.options.sack_permitted, s.options.timestamps), (true, None));
    }

    #[test]
    fn a_garbage_byte_cut_by_the_snapshot_still_counts() {
        let frame = ethernet(IPV4, &v4(TCP, &tcp(&[], &[0])));
        let s = decode_cut(1, &frame, 54).unwrap();
        assert_eq!((s.payload_len, s.first_octet, s.last_octet), (1, None, None));
    }

    #[test]
    fn a_data_offset_that_cannot_be() {
        for offset in [0x00, 0x40, 0x60, 0xF0] {
            let mut header = probe();
            header[12] = offset;
            assert_skip(101, &v4(TCP, &header), Skip::Malformed);
        }
    }
}
