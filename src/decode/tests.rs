//! What holds for the decoder as a whole, whatever the layers.

use super::ethernet::{IPV4, IPV6, MPLS};
use super::testing::*;
use super::{Decoded, Encapsulations, Options, Segment, Skip, decode};
use crate::frame::Fault;

/// Every link type that is read, and one that is not.
const LINKS: [u16; 18] = [0, 1, 9, 12, 14, 50, 51, 101, 104, 105, 108, 113, 127, 228, 229, 276, 147, 65535];

const TIMESTAMPS: [u8; 12] = [1, 1, 8, 10, 0, 0, 0, 9, 0, 0, 0, 8];

/// Marsaglia's xorshift: the same bytes on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.next() as u8).collect()
    }
}

/// Frames that between them pass through every layer.
fn specimens() -> Vec<(u16, Vec<u8>)> {
    let data = tcp(&TIMESTAMPS, b"hello, world");
    let packet = v4(TCP, &data);
    let inner = ethernet(IPV4, &packet);
    let deep =
        v4(17, &udp(4789, &join(&[&[8, 0, 0, 0, 0, 0, 7, 0], &ethernet(0x8100, &vlan(9, IPV4, &packet))])));
    vec![
        (1, inner.clone()),
        (1, ethernet(IPV4, &v4(TCP, &tcp(&[2, 4, 5, 0xB4, 3, 3, 7, 0], b"x")))),
        (1, ethernet(0x88A8, &vlan(1, 0x8100, &vlan(2, IPV6, &v6(TCP, &data))))),
        (
            1,
            ethernet(IPV6, &v6(60, &join(&[&[44, 0, 0, 0, 0, 0, 0, 0], &[TCP, 0, 0, 1, 0, 0, 0, 1], &data]))),
        ),
        (1, ethernet(MPLS, &join(&[&[0, 1, 0x11, 64, 0, 0, 0, 0], &inner]))),
        (1, ethernet(0x8864, &join(&[&[0x11, 0, 0, 9, 0, 0, 0, 0x21], &deep]))),
        (1, ethernet(IPV4, &v4(1, &join(&[&[3, 1, 0, 0, 0, 0, 0, 0], &packet])))),
        (
            101,
            v4(
                47,
                &join(&[&[0x30, 0, 0x88, 0xBE, 0, 0, 0, 1, 0, 0, 0, 1, 0x10, 7, 0, 5, 0, 0, 0, 0], &inner]),
            ),
        ),
        (101, v6(17, &udp(6081, &join(&[&[1, 0, 0x65, 0x58, 0, 0, 7, 0, 1, 2, 3, 0], &inner])))),
        (
            101,
            v4(17, &udp(2152, &join(&[&[0x34, 255, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0x85, 1, 9, 9, 0], &packet]))),
        ),
        (127, join(&[&[0, 0, 8, 0, 0, 0, 0, 0, 8, 1], &[0; 22], &[0xAA, 0xAA, 3, 0, 0, 0, 8, 0], &packet])),
        (0, join(&[&[2, 0, 0, 0], &v4(41, &v6(TCP, &data))])),
    ]
}

/// The segment without what a shorter snapshot may take from it.
fn without_what_was_cut(s: Segment) -> Segment {
    Segment { options: Options::default(), first_octet: None, last_octet: None, payload: (0, 0), ..s }
}

#[test]
fn faulty_frames_are_not_read() {
    for (fault, skip) in [(Fault::Filtered, Skip::Filtered), (Fault::Malformed, Skip::Malformed)] {
        let bytes = ethernet(IPV4, &v4(TCP, &probe()));
        let faulty = crate::frame::Frame { fault: Some(fault), ..frame(1, &bytes, bytes.len()) };
        assert_eq!(decode(&faulty, &mut Encapsulations::default()), Err(skip));
    }
}

#[test]
fn a_shorter_snapshot_takes_octets_and_options_but_tells_no_other_story() {
    for (link, bytes) in specimens() {
        let whole = decode_any(link, &bytes).unwrap();
        for captured in 0..bytes.len() {
            match (whole, decode_any_cut(link, &bytes, captured)) {
                (_, Err(skip)) => assert_eq!(skip, Skip::Truncated, "link {link}, {captured} captured"),
                (Decoded::Segment(whole), Ok(Decoded::Segment(cut))) => {
                    assert_eq!(without_what_was_cut(cut), without_what_was_cut(whole));
                    assert!(cut.last_octet.is_none());
                }
                (whole, cut) => assert_eq!(cut, Ok(whole)),
            }
        }
    }
}

#[test]
fn a_frame_that_really_ends_early_is_never_another_segment() {
    for (link, bytes) in specimens() {
        let whole = decode_any(link, &bytes).unwrap();
        for len in 0..bytes.len() {
            if let (Decoded::Segment(whole), Ok(Decoded::Segment(cut))) =
                (whole, decode_any(link, &bytes[..len]))
            {
                assert_eq!(without_what_was_cut(cut), without_what_was_cut(whole));
            }
        }
    }
}

#[test]
fn random_bytes_never_panic_on_any_link_type() {
    let mut random = Random(1);
    for round in 0..20_000 {
        let len = random.below(120);
        let bytes = random.bytes(len);
        let link = LINKS[round % LINKS.len()];
        let wire_len = len + random.below(3) * random.below(2000);
        let _ = decode(&frame(link, &bytes, wire_len), &mut Encapsulations::default());
    }
}

#[test]
fn flipped_bytes_never_panic_and_both_ways_agree() {
    let mut random = Random(2);
    for (link, bytes) in specimens() {
        for _ in 0..5_000 {
            let mut mutant = bytes.clone();
            for _ in 0..=random.below(4) {
                let at = random.below(mutant.len());
                mutant[at] = random.next() as u8;
            }
            let captured = random.below(mutant.len() * 2);
            let payload = match decode_any_cut(link, &mutant, captured) {
                Ok(Decoded::Segment(s)) => s.payload,
                _ => continue,
            };
            assert!((payload.0 + payload.1) as usize <= captured.min(mutant.len()));
        }
    }
}

#[test]
fn only_what_holds_a_segment_takes_up_an_encapsulation() {
    let mut encapsulations = Encapsulations::default();
    let arp = ethernet(0x8100, &vlan(7, 0x0806, &[0; 46]));
    let _ = decode(&frame(1, &arp, arp.len()), &mut encapsulations);
    let tagged = ethernet(0x8100, &vlan(8, IPV4, &v4(TCP, &probe())));
    match decode(&frame(1, &tagged, tagged.len()), &mut encapsulations) {
        Ok(Decoded::Segment(s)) => assert_eq!(s.encapsulation.0, 1),
        other => panic!("{other:?}"),
    }
}
