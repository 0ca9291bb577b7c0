//! What time alone brings while a capture runs: nothing was captured, and that is the news.

use crate::decode::Tuple;
use crate::flow::Side;
use crate::frame::FrameNo;
use crate::source::Dropped;
use crate::time::{Span, Timestamp};

/// Something that did not happen in time. A notice is no verdict: what comes later may still explain it, and the report of the flow says
/// nothing of notices. There is one for each such happening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// When patience ran out: by the capture's clock, and the same however often time was asked for.
    pub at: Timestamp,
    /// The time of the segment that it is about: the unanswered probe, or the flow's last segment.
    pub time: Timestamp,
    /// The frame of that segment.
    pub frame: FrameNo,
    /// Which flow: its tuple from client to server.
    pub tuple: Tuple,
    /// Which flow: its number in the capture, from 0.
    pub index: u64,
    /// The end that probes, or used to.
    pub side: Side,
    /// What did not happen.
    pub kind: NoticeKind,
}

/// The kinds of [`Notice`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// A probe got no answer in the time in which answers come.
    ProbeUnanswered {
        /// The number of its run among its side's runs, from 0.
        run: u32,
        /// Its number in the run, from 1.
        number: u64,
        /// How long an answer was waited for.
        waited: Span,
        /// When the next probe is expected, or the RST that gives up; `None` where no interval was seen.
        next: Option<Timestamp>,
    },
    /// A run that waits: neither the next probe came, nor the RST that gives up.
    ProbeOverdue {
        /// The number of the run among its side's runs, from 0.
        run: u32,
        /// How many probes it has so far.
        number: u64,
        /// For how long nothing came after the newest of them.
        waited: Span,
        /// When the next was expected; `None` where no interval was seen to go by, and it is two idle times that nothing came.
        expected: Option<Timestamp>,
    },
    /// Nothing was heard of a flow for longer than the idle time after which one end used to probe.
    Silent {
        /// The idle time that was seen last.
        idle: Span,
        /// For how long nothing was heard.
        quiet: Span,
    },
}

impl NoticeKind {
    /// Its name in reports.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ProbeUnanswered { .. } => "probe_unanswered",
            Self::ProbeOverdue { .. } => "probe_overdue",
            Self::Silent { .. } => "flow_silent",
        }
    }
}

/// Frames that were lost while capturing, as it becomes known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The capture's time when it became known; `None` before the first frame.
    pub at: Option<Timestamp>,
    /// How many more than when it was last told.
    pub more: Dropped,
    /// How many in all.
    pub total: Dropped,
}
