//! Frames for tests, put together from the inside out: `ethernet(IPV4, &v4(TCP, &probe()))`.

use super::{Decoded, Encapsulations, Flags, Segment, Skip, decode, decode_general};
use crate::frame::{Frame, FrameNo, LinkType};
use crate::seq::SeqNum;
use crate::time::Timestamp;

/// The protocol number of TCP.
pub(super) const TCP: u8 = 6;
/// SEG.SEQ of every test segment.
pub(super) const SEQ: u32 = 0x0102_0304;
/// SEG.ACK of every test segment.
pub(super) const ACK: u32 = 0x0A0B_0C0D;

pub(super) fn join(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

/// A TCP segment 40000 → 443; `options` in octets of a multiple of four.
pub(super) fn tcp(options: &[u8], data: &[u8]) -> Vec<u8> {
    let offset = ((20 + options.len()) / 4) as u8;
    let [seq, ack] = [SEQ.to_be_bytes(), ACK.to_be_bytes()];
    join(&[
        &[0x9C, 0x40, 0x01, 0xBB],
        &seq,
        &ack,
        &[offset << 4, Flags::ACK, 0x01, 0xF6, 0, 0, 0, 0],
        options,
        data,
    ])
}

/// A keepalive probe without data or options.
pub(super) fn probe() -> Vec<u8> {
    tcp(&[], &[])
}

pub(super) fn udp(dst_port: u16, data: &[u8]) -> Vec<u8> {
    join(&[&[0xC0, 0x00], &dst_port.to_be_bytes(), &(data.len() as u16 + 8).to_be_bytes(), &[0, 0], data])
}

/// IPv4 10.0.0.1 → 10.0.0.2.
pub(super) fn v4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let [hi, lo] = (payload.len() as u16 + 20).to_be_bytes();
    let header = [0x45, 0, hi, lo, 0x12, 0x34, 0x40, 0, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
    join(&[&header, payload])
}

/// IPv6 2001:db8::1 → 2001:db8::2.
pub(super) fn v6(next_header: u8, payload: &[u8]) -> Vec<u8> {
    let address = |last| [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last];
    let len = (payload.len() as u16).to_be_bytes();
    join(&[&[0x60, 0, 0, 0], &len, &[next_header, 64], &address(1), &address(2), payload])
}

pub(super) fn ethernet(ether_type: u16, payload: &[u8]) -> Vec<u8> {
    join(&[&[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2], &ether_type.to_be_bytes(), payload])
}

/// What stands behind a VLAN's EtherType.
pub(super) fn vlan(tag: u16, ether_type: u16, payload: &[u8]) -> Vec<u8> {
    join(&[&tag.to_be_bytes(), &ether_type.to_be_bytes(), payload])
}

pub(super) fn frame(link: u16, data: &[u8], wire_len: usize) -> Frame<'_> {
    Frame {
        no: FrameNo::FIRST,
        ts: Timestamp::default(),
        link: LinkType(link),
        wire_len: wire_len as u32,
        data,
        fault: None,
    }
}

/// What `data` is decoded to when only its first `captured` octets were captured; both ways must agree.
#[track_caller]
pub(super) fn decode_any_cut(link: u16, data: &[u8], captured: usize) -> Result<Decoded, Skip> {
    let frame = frame(link, &data[..captured.min(data.len())], data.len());
    let found = decode(&frame, &mut Encapsulations::default());
    assert_eq!(found, decode_general(&frame, &mut Encapsulations::default()));
    found
}

#[track_caller]
pub(super) fn decode_any(link: u16, data: &[u8]) -> Result<Decoded, Skip> {
    decode_any_cut(link, data, data.len())
}

#[track_caller]
pub(super) fn decode_cut(link: u16, data: &[u8], captured: usize) -> Result<Segment, Skip> {
    match decode_any_cut(link, data, captured)? {
        Decoded::Segment(segment) => Ok(segment),
        Decoded::Icmp(error) => panic!("no segment but {error:?}"),
    }
}

#[track_caller]
pub(super) fn decode_one(link: u16, data: &[u8]) -> Result<Segment, Skip> {
    decode_cut(link, data, data.len())
}

#[track_caller]
pub(super) fn segment(link: u16, data: &[u8]) -> Segment {
    decode_one(link, data).unwrap()
}

#[track_caller]
pub(super) fn assert_skip(link: u16, data: &[u8], skip: Skip) {
    assert_eq!(decode_any(link, data), Err(skip));
}

/// Asserts that `data` holds [`probe`], and gives the names of what is around it.
#[track_caller]
pub(super) fn assert_probe(link: u16, data: &[u8]) -> Vec<String> {
    let mut encapsulations = Encapsulations::default();
    match decode(&frame(link, data, data.len()), &mut encapsulations) {
        Ok(Decoded::Segment(s)) => {
            assert_eq!((s.seq, s.ack, s.payload_len), (SeqNum(SEQ), Some(SeqNum(ACK)), 0));
            assert_eq!((s.tuple.src_port, s.tuple.dst_port), (40_000, 443));
            encapsulations.get(s.encapsulation).iter().map(|layer| layer.to_string()).collect()
        }
        other => panic!("{other:?}"),
    }
}
