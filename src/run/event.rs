//! Labels of frames and ends of runs, each written once, when it is final.

use super::outcome::Run;
use crate::decode::Tuple;
use crate::flow::Side;
use crate::frame::FrameNo;
use crate::seq::SeqNum;
use crate::time::{Span, Timestamp};
use std::net::IpAddr;

/// What carried an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnsweredBy {
    /// A bare ACK.
    Ack,
    /// A segment with data.
    Data,
    /// A FIN.
    Fin,
}

impl AnsweredBy {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ack => "ack",
            Self::Data => "data",
            Self::Fin => "fin",
        }
    }
}

/// Something that was decided about a flow.
#[derive(Clone, Debug)]
pub struct Event {
    /// The time of the labelled frame.
    pub time: Timestamp,
    /// The labelled frame.
    pub frame: FrameNo,
    /// The frame that settled it; `None` where the end of the capture (or quiet time) did.
    pub decided: Option<FrameNo>,
    /// Which flow: its tuple from client to server.
    pub tuple: Tuple,
    /// Which flow: its number in the capture, from 0.
    pub index: u64,
    /// Who sent the labelled segment (for a run: the prober; for an ICMP error: who sent the quoted segment).
    pub side: Side,
    /// What it is.
    pub kind: EventKind,
}

/// The kinds of [`Event`].
#[derive(Clone, Debug)]
pub enum EventKind {
    /// A keepalive probe.
    Probe {
        /// The number of its run among its side's runs, from 0.
        run: u32,
        /// Its number in the run, from 1.
        number: u64,
        /// SEG.SEQ.
        seq: SeqNum,
        /// How many octets it carried: 0 or 1.
        payload: u8,
        /// From the last sign of life, for the first probe of a run.
        idle: Option<Span>,
        /// From the probe before, for the others.
        interval: Option<Span>,
        /// The rule that made it a probe: "R1", "R1b", "R2", "R3", "R5".
        rule: &'static str,
    },
    /// A segment that answers open probes.
    Answer {
        /// The newest open probe.
        probe_frame: FrameNo,
        /// From that probe, where exactly one was open.
        rtt: Option<Span>,
        /// What carried it.
        by: AnsweredBy,
    },
    /// A zero-window probe.
    WindowProbe {
        /// SEG.SEQ.
        seq: SeqNum,
        /// How many octets it carried: 0 or 1.
        payload: u8,
    },
    /// Undecidable: a keepalive or a zero-window probe.
    KeepaliveOrWindowProbe {
        /// SEG.SEQ.
        seq: SeqNum,
        /// How many octets it carried: 0 or 1.
        payload: u8,
    },
    /// Undecidable: a keepalive or a retransmission of one octet.
    KeepaliveOrRetransmission {
        /// SEG.SEQ.
        seq: SeqNum,
    },
    /// One octet at SND.NXT-1 that is a retransmission.
    OneByteRetransmission {
        /// SEG.SEQ.
        seq: SeqNum,
    },
    /// An ICMP error that quotes a segment of the flow.
    IcmpError {
        /// ICMP type.
        icmp_type: u8,
        /// ICMP code.
        icmp_code: u8,
        /// Who sent it.
        from: IpAddr,
    },
    /// A run's outcome.
    RunEnd(Box<Run>),
}

impl EventKind {
    /// Its name in reports.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Probe { .. } => "keepalive_probe",
            Self::Answer { .. } => "keepalive_answer",
            Self::WindowProbe { .. } => "window_probe",
            Self::KeepaliveOrWindowProbe { .. } => "keepalive_or_window_probe",
            Self::KeepaliveOrRetransmission { .. } => "keepalive_or_retransmission",
            Self::OneByteRetransmission { .. } => "one_byte_retransmission",
            Self::IcmpError { .. } => "icmp_error",
            Self::RunEnd(_) => "run_end",
        }
    }
}
