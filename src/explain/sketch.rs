//! What is drawn of a flow: when its ends were busy, and the frames that stand out. Small and bounded for each flow, so that it can be kept
//! of thousands.
//!
//! Probes and their answers are not in it: a report has them in its runs.

use crate::classify::Class;
use crate::flow::{Observation, Side};
use crate::frame::FrameNo;
use crate::run::{Event, EventKind};
use crate::time::{Span, Timestamp};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// How many flows are drawn at most; what comes later is drawn from its report alone.
const MAX_SKETCHES: usize = 1 << 15;

/// So many flows are drawn from their first segment, later ones from when there is more to remember of them than their record.
const DRAWN_AT_ONCE: u64 = 10_000;

/// How many bursts of data are told apart in one flow.
const MAX_BURSTS: usize = 32;

/// Data nearer to each other than this is one burst.
const CLOSE: Span = Span::from_millis(10);

/// How many marks are kept from a flow's beginning, and how many before its end.
const MAX_MARKS: usize = 24;

/// Data that was sent without a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Burst {
    /// The first segment's time.
    pub start: Timestamp,
    /// The last segment's time.
    pub end: Timestamp,
    /// The first segment's frame.
    pub first_frame: FrameNo,
    /// The last segment's frame.
    pub last_frame: FrameNo,
    /// How many segments.
    pub segments: u64,
    /// Octets of new data, sent by the client and by the server.
    pub bytes: [u64; 2],
}

/// A frame that stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its time.
    pub at: Timestamp,
    /// Its number.
    pub frame: FrameNo,
    /// Who sent it; of an ICMP error, who sent the segment it quotes.
    pub side: Side,
    /// What it is.
    pub kind: MarkKind,
}

/// Why a frame stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// SYN or SYN-ACK.
    Handshake,
    /// FIN.
    Fin,
    /// RST.
    Reset,
    /// Nothing in it is new.
    Retransmission,
    /// A zero-window probe.
    WindowProbe,
    /// A probe, or something else.
    Ambiguous,
    /// An ICMP error: type, code and sender.
    Icmp(u8, u8, IpAddr),
}

/// What is drawn of one flow.
#[derive(Clone, Debug)]
pub struct Sketch {
    /// The flow's number in the capture.
    pub index: u64,
    /// The last segment before the drawing began: of what was before, only the flow's record tells.
    pub earlier: Option<(Timestamp, FrameNo)>,
    /// Bursts of data, in order.
    pub bursts: Vec<Burst>,
    marks: Vec<Mark>,
    /// How many marks were left out between the first and the last.
    pub left_out: u64,
}

impl Sketch {
    fn begun(index: u64, o: &Observation<'_>) -> Self {
        let before = o.sender.last_sent().max(o.receiver.last_sent()).zip(o.before);
        Self { index, earlier: before, bursts: Vec::new(), marks: Vec::new(), left_out: 0 }
    }

    /// The marks, in order.
    #[must_use]
    pub fn marks(&self) -> Vec<Mark> {
        let mut marks = self.marks.clone();
        marks.sort_by_key(|mark| mark.frame);
        marks
    }

    fn segment(&mut self, class: Class, o: &Observation<'_>) {
        let kind = match class {
            Class::Handshake => MarkKind::Handshake,
            Class::Fin => MarkKind::Fin,
            Class::Reset => MarkKind::Reset,
            Class::Retransmission => MarkKind::Retransmission,
            Class::Data => return self.data(o),
            _ => return,
        };
        // What ends a flow may carry its last data.
        if class == Class::Fin && o.seg.payload_len > 0 {
            self.data(o);
        }
        self.mark(Mark { at: o.seg.ts, frame: o.seg.frame, side: o.side, kind });
    }

    fn data(&mut self, o: &Observation<'_>) {
        let (at, frame, octets) = (o.seg.ts, o.seg.frame, u64::from(o.seg.payload_len));
        let bytes = match o.side {
            Side::Client => [octets, 0],
            Side::Server => [0, octets],
        };
        let burst = Burst { start: at, end: at, first_frame: frame, last_frame: frame, segments: 1, bytes };
        match self.bursts.last_mut() {
            Some(last) if at.since(last.end) <= CLOSE => last.join(&burst),
            _ => self.bursts.push(burst),
        }
        if self.bursts.len() > MAX_BURSTS {
            self.join_near_ones();
        }
    }

    /// Joins bursts to their neighbours where these are nearer than most, no burst to more than one at a time: data that comes evenly
    /// stays spread evenly.
    fn join_near_ones(&mut self) {
        let mut gaps: Vec<Span> =
            self.bursts.iter().zip(self.bursts.iter().skip(1)).map(|(a, b)| b.start.since(a.end)).collect();
        gaps.sort_unstable();
        let near = gaps.get(gaps.len() / 2).copied().unwrap_or_default();
        let mut is_joined = false;
        let bursts = std::mem::take(&mut self.bursts);
        for burst in bursts {
            match self.bursts.last_mut() {
                Some(last) if !is_joined && burst.start.since(last.end) <= near => {
                    last.join(&burst);
                    is_joined = true;
                }
                _ => {
                    self.bursts.push(burst);
                    is_joined = false;
                }
            }
        }
    }

    fn mark(&mut self, mark: Mark) {
        if self.marks.len() >= 2 * MAX_MARKS {
            self.marks.remove(MAX_MARKS);
            self.left_out += 1;
        }
        self.marks.push(mark);
    }
}

impl Burst {
    fn join(&mut self, later: &Self) {
        self.end = self.end.max(later.end);
        self.last_frame = later.last_frame;
        self.segments += later.segments;
        for (sum, more) in self.bytes.iter_mut().zip(later.bytes) {
            *sum += more;
        }
    }
}

/// Draws flows.
#[derive(Debug, Default)]
pub struct Sketches(BTreeMap<u64, Sketch>);

impl Sketches {
    /// The flow `index` has a further segment; `is_notable`: there is more to remember of the flow than its record.
    pub fn segment(&mut self, index: u64, class: Class, is_notable: bool, o: &Observation<'_>) {
        if let Some(sketch) = self.0.get_mut(&index) {
            return sketch.segment(class, o);
        }
        if self.0.len() < MAX_SKETCHES && (is_notable || index < DRAWN_AT_ONCE) {
            let mut sketch = Sketch::begun(index, o);
            sketch.segment(class, o);
            self.0.insert(index, sketch);
        }
    }

    /// Something was decided.
    pub fn note(&mut self, event: &Event) {
        let kind = match event.kind {
            EventKind::WindowProbe { .. } => MarkKind::WindowProbe,
            EventKind::KeepaliveOrWindowProbe { .. } | EventKind::KeepaliveOrRetransmission { .. } => {
                MarkKind::Ambiguous
            }
            EventKind::OneByteRetransmission { .. } => MarkKind::Retransmission,
            EventKind::IcmpError { icmp_type, icmp_code, from } => MarkKind::Icmp(icmp_type, icmp_code, from),
            EventKind::Probe { .. } | EventKind::Answer { .. } | EventKind::RunEnd(_) => return,
        };
        if let Some(sketch) = self.0.get_mut(&event.index) {
            sketch.mark(Mark { at: event.time, frame: event.frame, side: event.side, kind });
        }
    }

    /// The sketch of the flow `index`.
    #[must_use]
    pub fn get(&self, index: u64) -> Option<&Sketch> {
        self.0.get(&index)
    }
}
