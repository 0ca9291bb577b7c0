//! What ended a connection.

use super::Confidence;
use crate::flow::Side;
use crate::frame::FrameNo;
use crate::notes::Rung;
use crate::time::Span;

/// The segment that ended a connection, as it was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastWord {
    /// Who sent it, or whom it pretends to come from.
    pub from: Side,
    /// Whether it is a RST; else the first FIN.
    pub is_reset: bool,
    /// Its frame.
    pub frame: FrameNo,
    /// How long the connection had been quiet before it.
    pub quiet_before: Span,
}

/// Who ended a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Killer {
    /// An end.
    End(Side),
    /// A box between the two.
    Middlebox,
    /// The capture does not tell.
    Unknown,
}

impl Killer {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::End(side) => side.name(),
            Self::Middlebox => "middlebox",
            Self::Unknown => "unknown",
        }
    }
}

/// How a connection was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// By FIN.
    Fin,
    /// By RST.
    Rst,
    /// An end stopped answering, and the other said nothing when it gave up.
    Silence,
}

impl How {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fin => "fin",
            Self::Rst => "rst",
            Self::Silence => "silence",
        }
    }
}

/// The timer that ended a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// No probe was answered.
    Keepalive,
    /// No data was acknowledged.
    Retransmission,
    /// No window was opened.
    Persist,
}

impl Timer {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keepalive => "keepalive",
            Self::Retransmission => "retransmission",
            Self::Persist => "persist",
        }
    }
}

/// The error an application got from its socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errno {
    /// Connection timed out.
    TimedOut,
    /// Connection reset by peer.
    ConnReset,
    /// No route to host.
    HostUnreach,
}

impl Errno {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TimedOut => "ETIMEDOUT",
            Self::ConnReset => "ECONNRESET",
            Self::HostUnreach => "EHOSTUNREACH",
        }
    }
}

/// What ended a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// Who ended it.
    pub by: Killer,
    /// How.
    pub how: How,
    /// The timer that ran out, if one did.
    pub timer: Option<Timer>,
    /// The frame that shows it; `None` only where the capture ends before it.
    pub frame: Option<FrameNo>,
    /// How long the connection had been quiet before.
    pub quiet_before: Option<Span>,
    /// What the client's application was told; `None`: no error, or not known.
    pub client_errno: Option<Errno>,
    /// What the server's application was told.
    pub server_errno: Option<Errno>,
    /// How sure this is.
    pub confidence: Confidence,
}

/// The retransmissions a flow ended with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LadderEnd {
    /// The first transmission, where it was noted.
    pub original: Option<Rung>,
    /// The first retransmission.
    pub first: Rung,
    /// The last one.
    pub last: Rung,
    /// How many there were.
    pub total: u64,
    /// From the original to the last retransmission. Where the original was not noted: from the last new data before the first
    /// retransmission, so at least this long.
    pub duration: Span,
    /// The first eight and the last eight of them, in order.
    pub rungs: Vec<Rung>,
    /// The wait before the last one, where both ends of it are known.
    pub last_wait: Option<Span>,
}
