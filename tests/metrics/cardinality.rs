//! However many connections there are, and whatever their addresses: the number of series is the same.

use crate::exposition::{Dialect, Page};
use crate::figures::Counted;
use keepscope::frame::{FrameBatch, FrameMeta, FrameNo, LinkType};
use keepscope::source::{FrameSource, Next, SourceError, SourceNotes};
use keepscope::time::Timestamp;

const SYN: u8 = 0x02;
const RST: u8 = 0x04;
const ACK: u8 = 0x10;

/// One end of a connection: an address and a port.
type End = ([u8; 4], u16);

/// A raw IPv4 packet without data.
fn packet(from: End, to: End, seq: u32, ack: u32, flags: u8) -> [u8; 40] {
    let mut packet = [0; 40];
    packet[..12].copy_from_slice(&[0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0]);
    packet[12..16].copy_from_slice(&from.0);
    packet[16..20].copy_from_slice(&to.0);
    packet[20..22].copy_from_slice(&from.1.to_be_bytes());
    packet[22..24].copy_from_slice(&to.1.to_be_bytes());
    packet[24..28].copy_from_slice(&seq.to_be_bytes());
    packet[28..32].copy_from_slice(&ack.to_be_bytes());
    packet[32..36].copy_from_slice(&[0x50, flags, 0xff, 0xff]);
    packet
}

/// Connections between random ends that are opened, probed twice, and reset.
struct Strangers {
    left: u32,
    random: u64,
    no: FrameNo,
    now: i64,
    notes: SourceNotes,
}

impl Strangers {
    fn new(connections: u32) -> Self {
        let random = 0x9e37_79b9_7f4a_7c15;
        Self { left: connections, random, no: FrameNo::FIRST, now: 0, notes: SourceNotes::default() }
    }

    /// Xorshift: the same numbers in every run.
    fn random(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }

    fn push(&mut self, batch: &mut FrameBatch, after_ms: i64, packet: &[u8]) {
        self.now += after_ms * 1_000_000;
        batch.frames.push(FrameMeta {
            no: self.no,
            ts: Timestamp(self.now),
            link: LinkType(101),
            wire_len: packet.len() as u32,
            offset: batch.bytes.len() as u32,
            cap_len: packet.len() as u32,
            interface: keepscope::frame::InterfaceNo::default(),
            fault: None,
        });
        batch.bytes.extend_from_slice(packet);
        self.no = self.no.next();
    }

    fn connection(&mut self, batch: &mut FrameBatch) {
        let random = self.random().to_be_bytes();
        let [a, b, c, d, e, f, port @ ..] = random;
        let client = ([a | 1, b, c, d], u16::from_be_bytes(port) | 0x8000);
        let server = ([10, 0, e, f], 443);
        self.push(batch, 10, &packet(client, server, 100, 0, SYN));
        self.push(batch, 1, &packet(server, client, 500, 101, SYN | ACK));
        self.push(batch, 1, &packet(client, server, 101, 501, ACK));
        for _ in 0..2 {
            self.push(batch, 60_000, &packet(client, server, 100, 501, ACK));
            self.push(batch, 1, &packet(server, client, 501, 101, ACK));
        }
        self.push(batch, 10, &packet(server, client, 501, 0, RST));
    }
}

impl FrameSource for Strangers {
    fn fill(&mut self, batch: &mut FrameBatch) -> Result<Next, SourceError> {
        batch.clear();
        batch.bytes.clear();
        for _ in 0..self.left.min(1000) {
            self.connection(batch);
            self.left -= 1;
        }
        Ok(if batch.frames.is_empty() { Next::End } else { Next::Filled })
    }

    fn notes(&self) -> &SourceNotes {
        &self.notes
    }
}

#[test]
fn ten_thousand_connections_make_no_more_series_than_one() {
    let page = |connections| {
        let counted = Counted::of(&mut Strangers::new(connections));
        Page::read(&counted.metrics.encode(), Dialect::OpenMetrics)
    };
    let (one, many) = (page(1), page(10_000));
    assert_eq!(many.value("keepscope_probes_total", &[("role", "client"), ("result", "answered")]), 20_000.0);
    assert_eq!(many.sum("keepscope_flow_ends_total", None), 10_000.0, "the flows are told apart");
    let series = |page: &Page| -> Vec<String> {
        page.samples().map(|sample| format!("{}{:?}", sample.name, sample.labels)).collect()
    };
    assert_eq!(series(&one), series(&many));
    assert!(series(&many).len() < 300, "{} series", series(&many).len());
}
