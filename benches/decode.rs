//! Decoding one batch of frames: what a frame costs before anything is known of its flow.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use keepscope::decode::{Decoded, Encapsulations, decode, decode_general};
use keepscope::frame::{FrameBatch, FrameMeta, FrameNo, InterfaceNo, LinkType, MAX_BATCH_FRAMES};
use keepscope::time::Timestamp;
use std::hint::black_box;

/// Ethernet, IPv4, TCP with time stamps and 10 octets of data.
fn plain(i: u8) -> Vec<u8> {
    let mut frame = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00];
    frame.extend([0x45, 0, 0, 62, 0, i, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, i]);
    frame.extend([0x9C, i, 1, 0xBB, 0, 0, i, 1, 0, 0, 0, 1, 0x80, 0x10, 1, 0xF6, 0, 0, 0, 0]);
    frame.extend([1, 1, 8, 10, 0, 0, 0, i, 0, 0, 0, 8]);
    frame.extend(*b"0123456789");
    frame
}

/// The same in a VLAN, and that in VXLAN.
fn tunnelled(i: u8) -> Vec<u8> {
    let mut inner = plain(i);
    inner.splice(12..12, [0x81, 0, 0, 7]);
    let [hi, lo] = (inner.len() as u16 + 36).to_be_bytes();
    let mut frame = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00];
    frame.extend([0x45, 0, hi, lo, 0, i, 0x40, 0, 64, 17, 0, 0, 10, 1, 0, 1, 10, 1, 0, 2]);
    frame.extend([0xC0, i, 0x12, 0xB5, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 42, 0]);
    frame.extend(inner);
    frame
}

/// A full batch of `frame`s.
fn batch(frame: fn(u8) -> Vec<u8>) -> FrameBatch {
    let mut batch = FrameBatch::default();
    for i in 0..MAX_BATCH_FRAMES {
        let bytes = frame(i as u8);
        batch.frames.push(FrameMeta {
            no: FrameNo::FIRST,
            ts: Timestamp::default(),
            link: LinkType(1),
            wire_len: bytes.len() as u32,
            offset: batch.bytes.len() as u32,
            cap_len: bytes.len() as u32,
            interface: InterfaceNo::default(),
            fault: None,
        });
        batch.bytes.extend(bytes);
    }
    batch
}

/// Decodes every frame and looks at what came out of it.
macro_rules! measure {
    ($group:ident, $name:literal, $decode:ident, $frame:ident) => {
        let batch = batch($frame);
        let mut encapsulations = Encapsulations::default();
        $group.bench_function($name, |b| {
            b.iter(|| {
                let mut octets = 0_u64;
                for frame in batch.iter() {
                    if let Ok(Decoded::Segment(segment)) = &$decode(&frame, &mut encapsulations) {
                        octets += u64::from(black_box(segment).payload_len);
                    }
                }
                octets
            });
        });
    };
}

fn frames(c: &mut Criterion) {
    let mut group = c.benchmark_group("decode");
    group.throughput(Throughput::Elements(MAX_BATCH_FRAMES as u64));
    measure!(group, "plain", decode, plain);
    measure!(group, "plain, the general way", decode_general, plain);
    measure!(group, "VLAN in VXLAN", decode, tunnelled);
    group.finish();
}

criterion_group!(benches, frames);
criterion_main!(benches);
