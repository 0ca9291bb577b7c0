//! What a segment costs after it is decoded: finding and updating its flow, classifying it, and all of the analysis.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use keepscope::analyzer::{Analyzer, Config};
use keepscope::classify::classify;
use keepscope::decode::{Decoded, Encapsulations, Segment, decode};
use keepscope::flow::{FlowTable, Hasher, Observation, Seen};
use keepscope::frame::{FrameBatch, FrameMeta, FrameNo, InterfaceNo, LinkType};
use keepscope::time::Timestamp;
use std::hint::black_box;

/// LINKTYPE_ETHERNET.
const ETHERNET: LinkType = LinkType(1);
const FLOWS: u64 = 64;
const FRAMES: u64 = 256;

const ACK: u8 = 0x10;
const PSH_ACK: u8 = 0x18;

/// An Ethernet frame with an IPv4 header and a TCP header with time stamps, and 600 octets of data that were not captured, or none.
fn frame(flow: u64, id: u16, flags: u8, seq: u32, data: u16) -> Vec<u8> {
    let mut bytes = vec![0; 12];
    bytes.extend([0x08, 0x00, 0x45, 0]);
    bytes.extend((52 + data).to_be_bytes());
    bytes.extend(id.to_be_bytes());
    bytes.extend([0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
    bytes.extend((40_000 + flow as u16).to_be_bytes());
    bytes.extend(443_u16.to_be_bytes());
    bytes.extend(seq.to_be_bytes());
    bytes.extend(1_u32.to_be_bytes());
    bytes.extend([0x80, flags, 0xFF, 0xFF, 0, 0, 0, 0, 1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 1]);
    bytes
}

/// The batch number `part` of a capture in which each flow sends data, or in which each flow is quiet and probes.
fn batch(probes: bool, part: u32) -> FrameBatch {
    let mut batch = FrameBatch::default();
    let mut no = FrameNo::FIRST;
    for n in 0..FRAMES {
        let (round, flow) = ((n / FLOWS) as u32 + part * (FRAMES / FLOWS) as u32, n % FLOWS);
        let bytes = match probes {
            true => frame(flow, (u64::from(part) * FRAMES + n) as u16 + 1, ACK, 1_000, 0),
            false => {
                frame(flow, (u64::from(part) * FRAMES + n) as u16 + 1, PSH_ACK, 1_000 + round * 600, 600)
            }
        };
        batch.frames.push(FrameMeta {
            no,
            ts: Timestamp((u64::from(part) * FRAMES + n) as i64 * 1_000_000_000),
            link: ETHERNET,
            wire_len: 666,
            offset: batch.bytes.len() as u32,
            cap_len: bytes.len() as u32,
            interface: InterfaceNo::default(),
            fault: None,
        });
        batch.bytes.extend(bytes);
        no = no.next();
    }
    batch
}

fn segments(batch: &FrameBatch) -> Vec<Segment> {
    let mut encapsulations = Encapsulations::default();
    let decoded = batch.iter().filter_map(|frame| decode(&frame, &mut encapsulations).ok());
    decoded.filter_map(|content| if let Decoded::Segment(seg) = content { Some(seg) } else { None }).collect()
}

fn analysis(c: &mut Criterion) {
    let mut group = c.benchmark_group("analysis");
    group.throughput(Throughput::Elements(FRAMES));
    for (name, probes) in [("data", false), ("look-alikes", true)] {
        let (before, batch) = (batch(probes, 0), batch(probes, 1));
        let segments = segments(&batch);
        let hasher = Hasher::default();
        group.bench_function(format!("track {name}"), |b| {
            b.iter_batched_ref(
                FlowTable::default,
                |table| {
                    for seg in &segments {
                        let (_, mut lookup) = hasher.lookup(&seg.tuple);
                        table.prepare(&mut lookup);
                        let (id, side) = match table.find(&lookup, seg) {
                            Seen::Known(id, side) => (id, side),
                            Seen::Reused(_) | Seen::New => table.insert(&lookup, 0, seg),
                        };
                        if let Some(record) = table.get_mut(id) {
                            black_box(record.observe(id, side, seg, |o| _ = black_box(o)));
                        }
                    }
                },
                BatchSize::SmallInput,
            );
        });
        let mut table = FlowTable::default();
        let mut known = Vec::new();
        for seg in &segments {
            let (_, lookup) = hasher.lookup(&seg.tuple);
            let (id, side) = match table.find(&lookup, seg) {
                Seen::Known(id, side) => (id, side),
                Seen::Reused(_) | Seen::New => table.insert(&lookup, 0, seg),
            };
            if let Some(record) = table.get_mut(id) {
                record.observe(id, side, seg, |o| known.push((id, side, seg, *o.sender, *o.receiver)));
            }
        }
        group.bench_function(format!("classify {name}"), |b| {
            b.iter(|| {
                for (flow, side, seg, sender, receiver) in &known {
                    let before = None;
                    let o = Observation { flow: *flow, side: *side, seg, before, sender, receiver };
                    black_box(classify(&o));
                }
            });
        });
        group.bench_function(format!("all of it, {name}"), |b| {
            b.iter_batched_ref(
                || {
                    let mut analyzer = Analyzer::new(Config::default());
                    analyzer.handle_batch(&before);
                    analyzer
                },
                |analyzer| analyzer.handle_batch(&batch),
                BatchSize::SmallInput,
            );
        });
    }
}

criterion_group!(benches, analysis);
criterion_main!(benches);
