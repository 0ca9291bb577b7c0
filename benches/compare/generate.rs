//! `generate-captures KIND FILE`: writes a capture to measure with. The same bytes every time.
//!
//! | KIND | what |
//! | --- | --- |
//! | `data` | 1,000 flows, 600-byte segments and ACKs, 1.5 million frames; 3 % of the flows are quiet and probed |
//! | `headers` | 500,000 flows of ten headers each (66 bytes captured), consecutive frames in different flows; 2 % are probed |
//! | `probes` | 20,000 flows, nothing but probes and answers, 1.6 million frames |
//! | `ipv6`, `vlan` | as `data`, a fifth of it |
//! | `pcapng` | `data` as pcapng |
//! | `tenth-…` | any of them in the same shape at a tenth of the size, for slow readers |

use std::fs::File;
use std::io::{self, BufWriter, Write};

const SEGMENT: u32 = 600;
const HEADERS_ONLY: usize = 66;
const EVERYTHING: usize = 262_144;

const PSH_ACK: u8 = 0x18;
const ACK: u8 = 0x10;
const SYN: u8 = 0x02;

const MILLISECOND: u64 = 1_000;
const SECOND: u64 = 1_000_000;

fn main() -> io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [kind, path] = args.as_slice() else {
        return Err(io::Error::other("usage: generate-captures KIND FILE"));
    };
    let (kind, tenth) = match kind.strip_prefix("tenth-") {
        Some(kind) => (kind, 10),
        None => (kind.as_str(), 1),
    };
    let wire = match kind {
        "ipv6" => Wire::Ipv6,
        "vlan" => Wire::Vlan,
        _ => Wire::Ipv4,
    };
    let format = if kind == "pcapng" { Format::Pcapng } else { Format::Pcap };
    let snaplen = if kind == "headers" { HEADERS_ONLY } else { EVERYTHING };
    let mut out = Capture::create(path, format, wire, snaplen)?;
    match kind {
        "data" | "pcapng" => data(&mut out, 1_000, 500 / tenth)?,
        "ipv6" | "vlan" => data(&mut out, 1_000, 100 / tenth)?,
        "headers" => headers(&mut out, 500_000 / tenth)?,
        "probes" => probes(&mut out, 20_000 / tenth, 40)?,
        _ => return Err(io::Error::other(format!("no such kind: {kind}"))),
    }
    out.finish()
}

/// Every second a request, an answer and its ACK in each flow; the quiet flows are probed every ten seconds.
fn data(out: &mut Capture, count: u32, rounds: u32) -> io::Result<()> {
    let mut flows: Vec<Flow> = (0..count).map(Flow::new).collect();
    let mut now = 0;
    for flow in &mut flows {
        now += 10;
        flow.handshake(out, now)?;
    }
    for round in 1..=rounds {
        now = u64::from(round) * SECOND;
        for flow in &mut flows {
            now += 900;
            let quiet = flow.number % 33 == 7 && round > 5;
            if !quiet {
                flow.send(out, now, Client, SEGMENT)?;
                flow.send(out, now + 200, Server, SEGMENT)?;
                flow.acknowledge(out, now + 300, Client)?;
            } else if round % 10 == 5 {
                flow.probe(out, now)?;
                flow.acknowledge(out, now + 200, Server)?;
            }
        }
    }
    Ok(())
}

/// Ten steps, each taken by all flows before the next, in an order that looks random to a cache.
fn headers(out: &mut Capture, count: u32) -> io::Result<()> {
    const STRIDE: u64 = 179_426_549; // a prime, so it visits every flow once
    let mut flows: Vec<Flow> = (0..count).map(Flow::new).collect();
    let mut now = 0;
    for step in 0..10_u64 {
        if step == 8 {
            now += 10 * SECOND; // the idle time of those that are probed
        }
        for turn in 0..u64::from(count) {
            let at = (turn * STRIDE + step * 7_919) % u64::from(count);
            let Some(flow) = flows.get_mut(at as usize) else { continue };
            let probed = flow.number % 50 == 0;
            now += 10;
            match step {
                0 => flow.syn(out, now, Client)?,
                1 => flow.syn(out, now, Server)?,
                2 | 5 => flow.acknowledge(out, now, Client)?,
                3 | 6 => flow.send(out, now, Client, 120 + flow.number % 1_000)?,
                4 => flow.send(out, now, Server, 400 + flow.number % 1_000)?,
                7 => flow.acknowledge(out, now, Server)?,
                8 if probed => flow.probe(out, now)?,
                9 if probed => flow.acknowledge(out, now, Server)?,
                8 => flow.send(out, now, Server, 200)?,
                _ => flow.acknowledge(out, now, Client)?,
            }
        }
    }
    Ok(())
}

/// The capture starts on connections that are idle already.
fn probes(out: &mut Capture, count: u32, rounds: u32) -> io::Result<()> {
    let mut flows: Vec<Flow> = (0..count).map(Flow::new).collect();
    for round in 0..rounds {
        let mut now = u64::from(round) * 60 * SECOND;
        for flow in &mut flows {
            now += MILLISECOND;
            flow.probe(out, now)?;
            flow.acknowledge(out, now + 200, Server)?;
        }
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Client,
    Server,
}
use End::{Client, Server};

/// A connection, and the next sequence number of each end.
struct Flow {
    number: u32,
    client_next: u32,
    server_next: u32,
}

impl Flow {
    fn new(number: u32) -> Self {
        let mixed = number.wrapping_mul(2_654_435_761);
        Self { number, client_next: mixed, server_next: !mixed }
    }

    fn next(&mut self, from: End) -> &mut u32 {
        match from {
            Client => &mut self.client_next,
            Server => &mut self.server_next,
        }
    }

    fn syn(&mut self, out: &mut Capture, now: u64, from: End) -> io::Result<()> {
        let flags = if from == Client { SYN } else { SYN | ACK };
        out.segment(now, self, from, flags, 0, 0)?;
        let next = self.next(from);
        *next = next.wrapping_add(1);
        Ok(())
    }

    fn handshake(&mut self, out: &mut Capture, now: u64) -> io::Result<()> {
        self.syn(out, now, Client)?;
        self.syn(out, now + 3, Server)?;
        self.acknowledge(out, now + 6, Client)
    }

    fn send(&mut self, out: &mut Capture, now: u64, from: End, len: u32) -> io::Result<()> {
        out.segment(now, self, from, PSH_ACK, 0, len)?;
        let next = self.next(from);
        *next = next.wrapping_add(len);
        Ok(())
    }

    fn acknowledge(&mut self, out: &mut Capture, now: u64, from: End) -> io::Result<()> {
        out.segment(now, self, from, ACK, 0, 0)
    }

    /// A keepalive of the client: no data, one number before the next.
    fn probe(&mut self, out: &mut Capture, now: u64) -> io::Result<()> {
        out.segment(now, self, Client, ACK, 1, 0)
    }

    fn ports(&self) -> (u16, u16) {
        (32_768 + (self.number % 20_000) as u16, 443)
    }

    /// The last 32 bits of the addresses.
    fn hosts(&self) -> (u32, u32) {
        let client = 0x0a01_0000 + self.number / 100;
        let server = 0x0ac8_0000 + self.number % 250;
        (client, server)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wire {
    Ipv4,
    Ipv6,
    Vlan,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Pcap,
    Pcapng,
}

/// A capture file being written, and the one frame buffer.
struct Capture {
    out: BufWriter<File>,
    format: Format,
    wire: Wire,
    snaplen: usize,
    frame: Vec<u8>,
}

impl Capture {
    fn create(path: &str, format: Format, wire: Wire, snaplen: usize) -> io::Result<Self> {
        let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
        match format {
            Format::Pcap => {
                out.write_all(&0xa1b2_c3d4_u32.to_le_bytes())?;
                out.write_all(&[2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0])?;
                out.write_all(&(snaplen as u32).to_le_bytes())?;
                out.write_all(&1_u32.to_le_bytes())?;
            }
            Format::Pcapng => {
                // A section header, then one Ethernet interface with microseconds.
                out.write_all(&words(&[0x0a0d_0d0a, 28, 0x1a2b_3c4d, 1, u32::MAX, u32::MAX, 28]))?;
                out.write_all(&words(&[1, 20, 1, snaplen as u32, 20]))?;
            }
        }
        Ok(Self { out, format, wire, snaplen, frame: Vec::with_capacity(2048) })
    }

    /// Writes a segment of `flow` that starts `back` numbers before the sender's next.
    fn segment(
        &mut self,
        now: u64,
        flow: &mut Flow,
        from: End,
        flags: u8,
        back: u32,
        len: u32,
    ) -> io::Result<()> {
        let to = if from == Client { Server } else { Client };
        let seq = flow.next(from).wrapping_sub(back);
        let ack = if flags & ACK == 0 { 0 } else { *flow.next(to) };
        let ((client, server), (client_port, server_port)) = (flow.hosts(), flow.ports());
        let (source, target) = if from == Client { (client, server) } else { (server, client) };
        let (source_port, target_port) =
            if from == Client { (client_port, server_port) } else { (server_port, client_port) };

        self.frame.clear();
        self.link(from);
        self.network(source, target, 32 + len);
        let tcp = &mut self.frame;
        tcp.extend(source_port.to_be_bytes());
        tcp.extend(target_port.to_be_bytes());
        tcp.extend(seq.to_be_bytes());
        tcp.extend(ack.to_be_bytes());
        tcp.extend([0x80, flags, 0xff, 0xff, 0, 0, 0, 0, 1, 1, 8, 10]); // a window, and the time stamps option
        let clock = (now / MILLISECOND) as u32;
        tcp.extend(clock.to_be_bytes());
        tcp.extend(clock.wrapping_sub(1).to_be_bytes());
        let wire_len = tcp.len() + len as usize;
        tcp.resize(wire_len.min(self.snaplen), b'.');
        self.record(now, wire_len)
    }

    fn link(&mut self, from: End) {
        let (source, target) = if from == Client { (1, 2) } else { (2, 1) };
        self.frame.extend([2, 0, 0, 0, 0, target, 2, 0, 0, 0, 0, source]);
        if self.wire == Wire::Vlan {
            self.frame.extend([0x81, 0, 0, 7]);
        }
        self.frame.extend(if self.wire == Wire::Ipv6 { [0x86, 0xdd] } else { [8, 0] });
    }

    fn network(&mut self, source: u32, target: u32, payload: u32) {
        if self.wire == Wire::Ipv6 {
            self.frame.extend([0x60, 0, 0, 0]);
            self.frame.extend((payload as u16).to_be_bytes());
            self.frame.extend([6, 64]);
            for host in [source, target] {
                self.frame.extend([0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0]);
                self.frame.extend(host.to_be_bytes());
            }
            return;
        }
        let start = self.frame.len();
        self.frame.extend([0x45, 0]);
        self.frame.extend(((payload + 20) as u16).to_be_bytes());
        self.frame.extend([0, 0, 0x40, 0, 64, 6, 0, 0]);
        self.frame.extend(source.to_be_bytes());
        self.frame.extend(target.to_be_bytes());
        let sum = checksum(self.frame.get(start..).unwrap_or_default());
        if let Some(field) = self.frame.get_mut(start + 10..start + 12) {
            field.copy_from_slice(&sum.to_be_bytes());
        }
    }

    fn record(&mut self, now: u64, wire_len: usize) -> io::Result<()> {
        const START: u64 = 1_767_225_600 * SECOND; // 2026-01-01
        let time = START + now;
        let captured = self.frame.len() as u32;
        match self.format {
            Format::Pcap => {
                let (s, us) = ((time / SECOND) as u32, (time % SECOND) as u32);
                self.out.write_all(&words(&[s, us, captured, wire_len as u32]))?;
                self.out.write_all(&self.frame)
            }
            Format::Pcapng => {
                let padded = captured.next_multiple_of(4);
                let total = 32 + padded;
                let time_words = [(time >> 32) as u32, time as u32];
                let [high, low] = time_words;
                self.out.write_all(&words(&[6, total, 0, high, low, captured, wire_len as u32]))?;
                self.frame.resize(padded as usize, 0);
                self.out.write_all(&self.frame)?;
                self.out.write_all(&total.to_le_bytes())
            }
        }
    }

    fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn words<const N: usize>(words: &[u32; N]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn checksum(header: &[u8]) -> u16 {
    let pairs = header.as_chunks::<2>().0;
    let mut sum: u32 = pairs.iter().map(|pair| u32::from(u16::from_be_bytes(*pair))).sum();
    while sum > 0xffff {
        sum = (sum >> 16) + (sum & 0xffff);
    }
    !(sum as u16)
}
