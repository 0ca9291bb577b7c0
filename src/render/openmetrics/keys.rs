//! What tells series apart. All of it is enumerated here: no address, no port and no name ever becomes a label.

use super::table::{Key, Label};
use crate::analyzer::EndReason;
use crate::decode::Skip;
use crate::flow::Side;
use crate::report::{Finding, Flow, How, Killer, NoticeKind, Severity, State, Timer};
use crate::run::Outcome;

impl Key for Side {
    fn labels(self) -> Vec<Label> {
        vec![("role", self.name())]
    }
}

impl Key for Outcome {
    fn labels(self) -> Vec<Label> {
        vec![("outcome", self.name())]
    }
}

impl Key for State {
    fn labels(self) -> Vec<Label> {
        vec![("state", self.name())]
    }
}

/// What a frame was. Every frame is one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packet {
    /// A TCP segment of a flow.
    Segment,
    /// An ICMP error about a TCP segment.
    IcmpError,
    /// A second copy.
    Duplicate,
    /// None of them.
    Skipped(Skip),
}

impl Packet {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        [Self::Segment, Self::IcmpError, Self::Duplicate].into_iter().chain(Skip::ALL.map(Self::Skipped))
    }
}

impl Key for Packet {
    fn labels(self) -> Vec<Label> {
        let kind = match self {
            Self::Segment => "segment",
            Self::IcmpError => "icmp_error",
            Self::Duplicate => "duplicate",
            Self::Skipped(skip) => skip.name(),
        };
        vec![("kind", kind)]
    }
}

/// Who lost frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loser {
    /// The operating system: the buffer was full.
    Kernel,
    /// The interface.
    Interface,
}

impl Loser {
    pub(super) const ALL: [Self; 2] = [Self::Kernel, Self::Interface];
}

impl Key for Loser {
    fn labels(self) -> Vec<Label> {
        let reason = match self {
            Self::Kernel => "kernel",
            Self::Interface => "interface",
        };
        vec![("reason", reason)]
    }
}

/// What became of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It was answered.
    Answered,
    /// It was not.
    Unanswered,
    /// The capture does not tell.
    Undecided,
}

impl Fate {
    pub(super) const ALL: [Self; 3] = [Self::Answered, Self::Unanswered, Self::Undecided];
}

impl Key for Fate {
    fn labels(self) -> Vec<Label> {
        let result = match self {
            Self::Answered => "answered",
            Self::Unanswered => "unanswered",
            Self::Undecided => "undecided",
        };
        vec![("result", result)]
    }
}

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Matter {
    /// A probe got no answer in the time in which answers come.
    ProbeUnanswered,
    /// Neither the next probe came, nor the RST that gives up.
    ProbeOverdue,
    /// Nothing was heard of a flow for longer than the idle time after which one end used to probe.
    FlowSilent,
}

impl Matter {
    pub(super) const ALL: [Self; 3] = [Self::ProbeUnanswered, Self::ProbeOverdue, Self::FlowSilent];

    pub(super) const fn of(kind: &NoticeKind) -> Self {
        match kind {
            NoticeKind::ProbeUnanswered { .. } => Self::ProbeUnanswered,
            NoticeKind::ProbeOverdue { .. } => Self::ProbeOverdue,
            NoticeKind::Silent { .. } => Self::FlowSilent,
        }
    }
}

impl Key for Matter {
    fn labels(self) -> Vec<Label> {
        // As NoticeKind::name has them.
        let kind = match self {
            Self::ProbeUnanswered => "probe_unanswered",
            Self::ProbeOverdue => "probe_overdue",
            Self::FlowSilent => "flow_silent",
        };
        vec![("kind", kind)]
    }
}

/// Why a flow is no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// Both ends closed it.
    Fin,
    /// The client, the server, a box between them, or one that cannot be told sent RST.
    ClientReset,
    ServerReset,
    MiddleboxReset,
    UnknownReset,
    /// A RST came instead of a connection.
    Refused,
    /// An end gave up because of a timer.
    KeepaliveTimeout,
    RetransmissionTimeout,
    PersistTimeout,
    /// It was seen no more after its ends went silent, and no timer tells why.
    Silence,
    /// Its ports were used again, and its end was not captured.
    NotCaptured,
    /// The flow table was full: the connection may go on.
    Evicted,
}

impl Cause {
    pub(super) const ALL: [Self; 12] = [
        Self::Fin,
        Self::ClientReset,
        Self::ServerReset,
        Self::MiddleboxReset,
        Self::UnknownReset,
        Self::Refused,
        Self::KeepaliveTimeout,
        Self::RetransmissionTimeout,
        Self::PersistTimeout,
        Self::Silence,
        Self::NotCaptured,
        Self::Evicted,
    ];

    /// Why `flow`, which is final for `reason`, is no more; `None` where only the capture ended.
    pub(super) fn of(flow: &Flow, reason: EndReason) -> Option<Self> {
        let Some(ending) = &flow.ending else {
            return match reason {
                EndReason::Ended => Some(Self::NotCaptured),
                EndReason::Evicted => Some(Self::Evicted),
                EndReason::EndOfCapture => None,
            };
        };
        Some(match (ending.timer, ending.how) {
            (Some(Timer::Keepalive), _) => Self::KeepaliveTimeout,
            (Some(Timer::Retransmission), _) => Self::RetransmissionTimeout,
            (Some(Timer::Persist), _) => Self::PersistTimeout,
            (None, How::Fin) => Self::Fin,
            (None, How::Silence) => Self::Silence,
            (None, How::Rst) if !flow.is_established() => Self::Refused,
            (None, How::Rst) => match ending.by {
                Killer::End(Side::Client) => Self::ClientReset,
                Killer::End(Side::Server) => Self::ServerReset,
                Killer::Middlebox => Self::MiddleboxReset,
                Killer::Unknown => Self::UnknownReset,
            },
        })
    }
}

impl Key for Cause {
    fn labels(self) -> Vec<Label> {
        let cause = match self {
            Self::Fin => "fin",
            Self::ClientReset => "client_reset",
            Self::ServerReset => "server_reset",
            Self::MiddleboxReset => "middlebox_reset",
            Self::UnknownReset => "unknown_reset",
            Self::Refused => "refused",
            Self::KeepaliveTimeout => "keepalive_timeout",
            Self::RetransmissionTimeout => "retransmission_timeout",
            Self::PersistTimeout => "persist_timeout",
            Self::Silence => "silence",
            Self::NotCaptured => "not_captured",
            Self::Evicted => "evicted",
        };
        vec![("cause", cause)]
    }
}

/// A kind of finding, as grave as it can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    id: &'static str,
    severity: Severity,
}

impl Kind {
    /// All kinds, in the order of their names. Tests hold this to what [`diagnose`](crate::diagnose) and [`sockets`](crate::sockets) say.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        use Severity::{Info, Problem, Warning};
        [
            ("answered-by-middlebox", Warning),
            ("answers-not-reaching-prober", Problem),
            ("dead-peer-detected", Problem),
            ("eager-probing", Info),
            ("half-open", Warning),
            ("half-open-inventory", Warning),
            ("heartbeat-and-keepalive", Info),
            ("heartbeat-masks-keepalive", Info),
            ("http-keep-alive-is-not-tcp-keepalive", Info),
            ("icmp-path-error", Problem),
            ("icmp-path-error", Warning),
            ("keepalive-not-observed", Info),
            ("keepalive-off", Info),
            ("kept-alive-by-probes-only", Info),
            ("kernel-ignores-answers", Problem),
            ("kernel-probes-not-on-wire", Problem),
            ("killed-together", Problem),
            ("path-idle-timeout", Problem),
            ("path-idle-timeout", Info),
            ("peer-state-gone", Problem),
            ("probes-ignored", Warning),
            ("probes-lost", Warning),
            ("probes-on-the-same-beat", Info),
            ("reset-by-middlebox", Problem),
            ("reset-by-peer-or-middlebox", Problem),
            ("retransmission-timeout", Problem),
            ("setting-changed", Info),
            ("short-connection", Info),
            ("slower-than-middlebox", Warning),
            ("slower-than-middlebox", Info),
            ("zero-window-stall", Warning),
        ]
        .into_iter()
        .map(|(id, severity)| Self { id, severity })
    }

    pub(super) const fn of(finding: &Finding) -> Self {
        Self { id: finding.id, severity: finding.severity }
    }
}

impl Key for Kind {
    fn labels(self) -> Vec<Label> {
        vec![("id", self.id), ("severity", self.severity.name())]
    }
}
