//! How runs of probes end.

use crate::frame::FrameNo;
use crate::time::{Span, Timestamp};
use smallvec::SmallVec;
use std::net::IpAddr;

/// What ended a run. The order of the table in the README is the order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// The far end, or a box on the way, sent RST.
    Reset,
    /// The first probe was answered.
    Answered,
    /// A probe was answered after one or more were lost.
    Recovered,
    /// The peer is seen alive afterwards but never answers probes.
    Ignored,
    /// The prober sent data or FIN before an answer.
    Superseded,
    /// The prober's RST at SND.NXT, one interval after the last probe.
    TimedOut,
    /// The prober's RST at another moment.
    Closed,
    /// The answering direction was not captured.
    Unknown,
    /// Nothing more from the prober, though the capture goes on.
    Stopped,
    /// The capture ends before anything else.
    Pending,
}

impl Outcome {
    /// All outcomes, in the order of precedence.
    pub const ALL: [Self; 10] = [
        Self::Reset,
        Self::Answered,
        Self::Recovered,
        Self::Ignored,
        Self::Superseded,
        Self::TimedOut,
        Self::Closed,
        Self::Unknown,
        Self::Stopped,
        Self::Pending,
    ];

    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Answered => "answered",
            Self::Recovered => "recovered",
            Self::Ignored => "ignored",
            Self::Superseded => "superseded",
            Self::TimedOut => "timed_out",
            Self::Closed => "closed",
            Self::Unknown => "unknown",
            Self::Stopped => "stopped",
            Self::Pending => "pending",
        }
    }
}

/// How many frame numbers a run lists at most.
pub const MAX_LISTED_FRAMES: usize = 64;

/// An ICMP error that quoted a probe of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IcmpNote {
    /// The frame it came in.
    pub frame: FrameNo,
    /// ICMP type.
    pub kind: u8,
    /// ICMP code.
    pub code: u8,
    /// Who sent it.
    pub from: IpAddr,
}

/// Why the figures of a run may be off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The capturing machine lost frames.
    Drops,
    /// The capture's clock ran backwards during the run.
    TimeStep,
}

impl Doubt {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Drops => "drops",
            Self::TimeStep => "time_step",
        }
    }
}

/// The row of probes between two signs of life, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its number among the runs of its side, from 0.
    pub number: u32,
    /// The first probe's time.
    pub start: Timestamp,
    /// The time of what ended it; the last probe's where time or the end of the capture did.
    pub end: Timestamp,
    /// The last acceptable segment the prober had received (`t_acc`); `None` where none was captured.
    pub quiet_since: Option<Timestamp>,
    /// The first probe's frame.
    pub first_frame: FrameNo,
    /// The frame that ended it; `None` where time or the end of the capture did.
    pub end_frame: Option<FrameNo>,
    /// The probes' frames: at most [`MAX_LISTED_FRAMES`].
    pub probe_frames: SmallVec<[FrameNo; 2]>,
    /// How many probes there were.
    pub probes: u64,
    /// From the last sign of life to the first probe.
    pub idle: Option<Span>,
    /// Between successive probes: at most [`MAX_LISTED_FRAMES`].
    pub intervals: Vec<Span>,
    /// From the last probe to the prober's RST.
    pub last_wait: Option<Span>,
    /// How it ended; `None` while it is open.
    pub outcome: Option<Outcome>,
    /// From the last sign of life to the end, where the run ended the connection.
    pub detected_after: Option<Span>,
    /// Why its figures may be off.
    pub doubt: Vec<Doubt>,
    /// ICMP errors that quoted its probes: at most [`MAX_LISTED_FRAMES`].
    pub icmp: Vec<IcmpNote>,
    /// Whether the prober may have counted on from the run before, so that its probes are only a part of its count: that run was ended
    /// by data, which Linux takes without clearing its counter on the fast path, or by a RST that the prober did not accept.
    pub counts_on: bool,
    /// Where the answer in the capture did not reach the prober: how long after the probe it went on, with the next or with its RST.
    pub answer_lost: Option<Span>,
    /// What the prober's own clock says, where the capture's jumped during the run.
    pub own: Option<Box<OwnFigures>>,
}

/// The figures of a run by the prober's own clock. What is captured stays in the run as it was captured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnFigures {
    /// From the last sign of life to the first probe.
    pub idle: Option<Span>,
    /// Between successive probes: at most [`MAX_LISTED_FRAMES`].
    pub intervals: Vec<Span>,
    /// From the last probe to the prober's RST.
    pub last_wait: Option<Span>,
}

impl Run {
    /// A run as it begins, with the frame and the time of its first probe, which is not counted yet; and when and for how long it had been
    /// quiet.
    pub(super) fn begun(
        number: u32,
        (first_frame, start): (FrameNo, Timestamp),
        quiet_since: Option<Timestamp>,
        idle: Option<Span>,
    ) -> Self {
        Self {
            number,
            start,
            end: start,
            quiet_since,
            first_frame,
            end_frame: None,
            probe_frames: SmallVec::new(),
            probes: 0,
            idle,
            intervals: Vec::new(),
            last_wait: None,
            outcome: None,
            detected_after: None,
            doubt: Vec::new(),
            icmp: Vec::new(),
            counts_on: false,
            answer_lost: None,
            own: None,
        }
    }

    /// The waits of the run, by the prober's own clock where the capture's jumped: idle, intervals, and the wait before the prober's RST.
    #[must_use]
    pub fn waits(&self) -> (Option<Span>, &[Span], Option<Span>) {
        match &self.own {
            Some(own) => (own.idle, &own.intervals, own.last_wait),
            None => (self.idle, &self.intervals, self.last_wait),
        }
    }

    /// Its figures by the prober's own clock, which begin as the captured ones.
    pub(super) fn own_figures(&mut self) -> &mut OwnFigures {
        let (idle, intervals) = (self.idle, &self.intervals);
        self.own.get_or_insert_with(|| {
            Box::new(OwnFigures { idle, intervals: intervals.clone(), last_wait: None })
        })
    }
}
