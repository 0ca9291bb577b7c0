//! Text traces: segments in packetdrill's notation, as a source of frames. No I/O: text in, frames out.
//!
//! ```text
//! # Comments and blank lines are ignored. What is declared holds for the lines below it.
//! isn A 4294967285             # initial sequence numbers: by default 1000 for A and 9000 for B
//! addr A 10.0.0.1:40000        # by default so, 10.0.0.2:443 for B, and 10.0.0.254 (fd00::fe) for the router R
//! start 1700000000             # the epoch second of time 0: by default this one
//!
//!  0.000 A S  0:1(0) win 64240 <ts 100/0,wscale 7,sackOK>
//!  0.010 B S. 0:1(0) ack 1
//!  0.020 A .  1:1(0) ack 1
//!  0.030 A P. 1:6(5) ack 1 data "hello"
//! 60.020 A .  5:5(0) ack 1     # keepalive_probe
//! 60.030 B .  1:1(0) ack 6 <sack 5:6>     # keepalive_answer of 60.020
//! 61.000 R icmp 3/1 of 60.020  # an ICMP error from R that quotes the IP header and 8 octets of the segment sent at 60.020
//! ```
//! A segment has a time, a sender, flags (`S F R P U`, and `.` for ACK), `first:end(length)`, and then in any order `ack N`, `win N` (64240),
//! options in `<>` (`mss N`, `wscale N`, `sackOK`, `sack L:R …`, `ts A/B`, `nop`), `ttl N` (64), `id N` (IP ID: by default counted from 1
//! per sender), and `data "…"` or `hex 00ff` where the octets matter (else they are `x`). Numbers of a sender are relative to its initial
//! sequence number: SYN is 0, the first octet of data is 1. The end of a segment may count SYN and FIN, or not.
//!
//! What follows `#` on the line of a segment is what is expected of it.

mod packet;
mod segment;
mod words;

use super::{FrameSource, Next, SourceError, SourceNotes, SourcePiece};
use crate::frame::{FrameBatch, FrameMeta, FrameNo, InterfaceNo, LinkType};
use crate::time::Timestamp;
use packet::Endpoints;
use segment::Segment;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use words::{Words, parse_time};

/// The epoch second of time 0 where the trace does not say.
const DEFAULT_START: i64 = 1_700_000_000;

/// A text trace and the frames it stands for. Made by [`Trace::parse`].
#[derive(Clone, Debug, Default)]
pub struct Trace {
    lines: Vec<TraceLine>,
    frames: Vec<Vec<u8>>,
}

/// A line of a trace that is a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceLine {
    /// The number of the frame.
    pub frame: FrameNo,
    /// When it was captured.
    pub ts: Timestamp,
    /// What is expected of it: the text after `#`, without space around it.
    pub expectation: Option<String>,
    /// The 1-based number of the line in the text.
    pub line_no: usize,
    /// The time as it is written in the trace, in nanoseconds from its start: what `of …` refers to.
    pub time: i64,
}

/// What is wrong with a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceError {
    /// The 1-based number of the line.
    pub line: usize,
    /// What is wrong with it.
    pub text: String,
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.text)
    }
}

impl std::error::Error for TraceError {}

impl Trace {
    /// Reads a trace.
    ///
    /// # Errors
    /// The first line that cannot be understood.
    pub fn parse(text: &str) -> Result<Self, TraceError> {
        let (mut trace, mut scene) = (Self::default(), Scene::default());
        for (line_no, line) in (1..).zip(text.lines()) {
            trace.take(&mut scene, line, line_no).map_err(|text| TraceError { line: line_no, text })?;
        }
        Ok(trace)
    }

    /// The lines that are frames, in the order of the trace.
    #[must_use]
    pub fn lines(&self) -> &[TraceLine] {
        &self.lines
    }

    /// The line a relative time such as `60.020` refers to: the last one written with that time.
    #[must_use]
    pub fn line_at(&self, time: &str) -> Option<&TraceLine> {
        let time = parse_time(time).ok()?;
        self.lines.iter().rfind(|line| line.time == time)
    }

    /// The frames, as a source that starts at the first of them: raw IP packets.
    #[must_use]
    pub fn source(&self) -> TraceSource<'_> {
        let notes = SourceNotes {
            sources: vec![SourcePiece { name: "trace".to_owned(), frames_before: 0 }],
            ..SourceNotes::default()
        };
        TraceSource { trace: self, next: 0, notes }
    }

    fn take(&mut self, scene: &mut Scene, line: &str, line_no: usize) -> Result<(), String> {
        let (mut words, comment) = Words::split(line)?;
        let Some(first) = words.next_word()? else { return Ok(()) };
        if !first.starts_with(|c: char| c.is_ascii_digit()) {
            return scene.declare(first, &mut words);
        }
        let time = parse_time(first)?;
        let ts = scene.start.checked_add(time).map(Timestamp).ok_or("a time that is too far away")?;
        let packet = match words.word("a sender")? {
            "A" => scene.send(0, &mut words),
            "B" => scene.send(1, &mut words),
            "R" => self.send_icmp(scene, &mut words),
            other => Err(format!("a sender is A, B or R, not '{other}'")),
        }?;
        let frame = self.lines.last().map_or(FrameNo::FIRST, |line| line.frame.next());
        let expectation = Some(comment.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
        self.lines.push(TraceLine { frame, ts, expectation, line_no, time });
        self.frames.push(packet);
        Ok(())
    }

    /// `icmp TYPE/CODE of TIME`
    fn send_icmp(&self, scene: &mut Scene, words: &mut Words<'_>) -> Result<Vec<u8>, String> {
        words.expect("icmp")?;
        let (kind, code) = words.pair("/", "TYPE/CODE")?;
        words.expect("of")?;
        let time = parse_time(words.word("the time of a segment")?)?;
        let quoted = self.lines.iter().rposition(|line| line.time == time).and_then(|at| self.frames.get(at));
        let quoted = quoted.ok_or("no segment was sent at that time")?;
        let mut id = None;
        while let Some(word) = words.next_word()? {
            match word {
                "id" => id = Some(words.number("an IP ID")?),
                other => return Err(format!("'{other}' is not understood here")),
            }
        }
        let id = id.unwrap_or_else(|| scene.next_id(2));
        packet::icmp_error(scene.router, id, (kind, code), quoted)
    }
}

/// What is declared so far.
struct Scene {
    isn: [u32; 2],
    addr: [SocketAddr; 2],
    router: Option<IpAddr>,
    /// Nanoseconds since the epoch at time 0.
    start: i64,
    /// The last IP ID of A, B and R.
    ids: [u16; 3],
}

impl Default for Scene {
    fn default() -> Self {
        let host = |last, port| SocketAddr::from((Ipv4Addr::new(10, 0, 0, last), port));
        Self {
            isn: [1_000, 9_000],
            addr: [host(1, 40_000), host(2, 443)],
            router: None,
            start: DEFAULT_START * 1_000_000_000,
            ids: [0; 3],
        }
    }
}

impl Scene {
    fn declare(&mut self, what: &str, words: &mut Words<'_>) -> Result<(), String> {
        let [isn_a, isn_b] = &mut self.isn;
        let [addr_a, addr_b] = &mut self.addr;
        match what {
            "start" => {
                let seconds: i64 = words.number("an epoch second")?;
                self.start = seconds.checked_mul(1_000_000_000).ok_or("a time that is too far away")?;
            }
            "isn" | "addr" => match (what, words.word("A or B")?) {
                ("isn", "A") => *isn_a = words.number("a sequence number")?,
                ("isn", "B") => *isn_b = words.number("a sequence number")?,
                ("addr", "A") => *addr_a = words.number("an address and port")?,
                ("addr", "B") => *addr_b = words.number("an address and port")?,
                ("addr", "R") => self.router = Some(words.number("an address")?),
                (_, other) => return Err(format!("'{other}' has no {what}")),
            },
            other => {
                return Err(format!("a line begins with a time, isn, addr or start, not with '{other}'"));
            }
        }
        words.end()
    }

    /// The segment the rest of a line describes, sent by A (0) or B (1).
    fn send(&mut self, sender: usize, words: &mut Words<'_>) -> Result<Vec<u8>, String> {
        let ([isn_a, isn_b], [addr_a, addr_b]) = (self.isn, self.addr);
        let (own, other, ends) = match sender {
            0 => (isn_a, isn_b, Endpoints { src: addr_a, dst: addr_b }),
            _ => (isn_b, isn_a, Endpoints { src: addr_b, dst: addr_a }),
        };
        let segment = Segment::parse(words, own, other)?;
        let id = segment.id.unwrap_or_else(|| self.next_id(sender));
        packet::tcp(ends, id, &segment)
    }

    fn next_id(&mut self, sender: usize) -> u16 {
        self.ids.get_mut(sender).map_or(0, |id| {
            *id = id.wrapping_add(1);
            *id
        })
    }
}

/// The default address of the router, in the family of a packet.
const fn default_router(v6: bool) -> IpAddr {
    if v6 {
        IpAddr::V6(Ipv6Addr::new(0xFD00, 0, 0, 0, 0, 0, 0, 0xFE))
    } else {
        IpAddr::V4(Ipv4Addr::new(10, 0, 0, 254))
    }
}

/// The frames of a [`Trace`], as a source.
#[derive(Clone, Debug)]
pub struct TraceSource<'t> {
    trace: &'t Trace,
    next: usize,
    notes: SourceNotes,
}

impl FrameSource for TraceSource<'_> {
    fn fill(&mut self, batch: &mut FrameBatch) -> Result<Next, SourceError> {
        batch.clear();
        batch.bytes.clear();
        for (line, packet) in self.trace.lines.iter().zip(&self.trace.frames).skip(self.next) {
            if batch.is_full() {
                break;
            }
            // A packet has at most 64 KiB, a batch 256 of them.
            let (offset, len) = (batch.bytes.len() as u32, packet.len() as u32);
            batch.bytes.extend_from_slice(packet);
            batch.frames.push(FrameMeta {
                no: line.frame,
                ts: line.ts,
                link: LinkType::RAW,
                wire_len: len,
                offset,
                cap_len: len,
                interface: InterfaceNo::default(),
                fault: None,
            });
        }
        self.next += batch.frames.len();
        Ok(if batch.frames.is_empty() { Next::End } else { Next::Filled })
    }

    fn notes(&self) -> &SourceNotes {
        &self.notes
    }
}

#[cfg(test)]
mod tests;
