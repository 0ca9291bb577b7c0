//! A local TCP socket, as the kernel tells of it.

use crate::decode::{AddrBytes, NetworkId, Tuple};
use crate::time::Span;
use std::net::{IpAddr, SocketAddr};

/// What a socket is doing (`include/net/tcp_states.h`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Open.
    Established,
    /// SYN sent.
    SynSent,
    /// SYN received.
    SynRecv,
    /// FIN sent, not acknowledged.
    FinWait1,
    /// FIN sent and acknowledged; the peer has not closed.
    FinWait2,
    /// Closed; late segments are waited for.
    TimeWait,
    /// Closed.
    Close,
    /// The peer has closed, the application has not.
    CloseWait,
    /// Both have closed; the last ACK is missing.
    LastAck,
    /// Both closed at once.
    Closing,
    /// A state this program does not know.
    Other(u8),
}

impl State {
    /// The state with the kernel's number.
    #[must_use]
    pub const fn of(number: u8) -> Self {
        match number {
            1 => Self::Established,
            2 => Self::SynSent,
            // TCP_NEW_SYN_RECV: a request that is no full socket yet.
            3 | 12 => Self::SynRecv,
            4 => Self::FinWait1,
            5 => Self::FinWait2,
            6 => Self::TimeWait,
            7 => Self::Close,
            8 => Self::CloseWait,
            9 => Self::LastAck,
            11 => Self::Closing,
            other => Self::Other(other),
        }
    }

    /// Its name as `ss` writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Established => "ESTAB",
            Self::SynSent => "SYN-SENT",
            Self::SynRecv => "SYN-RECV",
            Self::FinWait1 => "FIN-WAIT-1",
            Self::FinWait2 => "FIN-WAIT-2",
            Self::TimeWait => "TIME-WAIT",
            Self::Close => "UNCONN",
            Self::CloseWait => "CLOSE-WAIT",
            Self::LastAck => "LAST-ACK",
            Self::Closing => "CLOSING",
            Self::Other(_) => "UNKNOWN",
        }
    }
}

/// Which timer the kernel tells of. A socket may have several; it tells of the first that runs, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimerKind {
    /// Data or a FIN waits for its acknowledgement: retransmission, or the probe for a lost tail.
    Retransmission,
    /// The peer's window is closed: zero-window probes.
    Persist,
    /// Keepalive, and the end of an orphan's FIN-WAIT-2.
    Keepalive,
    /// The end of TIME-WAIT.
    TimeWait,
}

impl TimerKind {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Retransmission => "retransmission",
            Self::Persist => "persist",
            Self::Keepalive => "keepalive",
            Self::TimeWait => "time_wait",
        }
    }
}

/// The timer the kernel tells of (`idiag_timer`, `idiag_expires`, `idiag_retrans`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timer {
    /// Which.
    pub kind: TimerKind,
    /// How long it still has to run, to the jiffy; zero where it is overdue. The wheel of timers serves it up to an eighth later.
    pub left: Span,
    /// Retransmissions so far; for keepalive and persist the probes that nothing answered.
    pub count: u8,
}

/// How long ago something arrived or was sent (`struct tcp_info`), to the jiffy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// Data last arrived.
    pub data_received: Span,
    /// An acceptable ACK last arrived.
    pub ack_received: Span,
    /// Data was last sent.
    pub data_sent: Span,
}

impl Quiet {
    /// How long nothing has arrived: what the kernel holds against the idle time (`keepalive_time_elapsed`).
    #[must_use]
    pub fn elapsed(&self) -> Span {
        self.data_received.min(self.ack_received)
    }

    /// Whether what arrived last was data, or the ACK of data: no answer to a probe.
    #[must_use]
    pub fn ends_with_data(&self, rtt: Span) -> bool {
        let arrived = self.elapsed();
        self.data_received == arrived || (self.data_sent - arrived).is_within(rtt.scale(2, 1) + JIFFIES)
    }
}

/// What two readings of one moment may differ by: two jiffies of the slowest clock.
const JIFFIES: Span = Span::from_millis(20);

/// What a socket has sent and received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Segments that wait for their acknowledgement.
    pub unacked: u32,
    /// Retransmissions since the last ACK.
    pub retransmits: u8,
    /// Probes, for a window or for keepalive, that nothing answered.
    pub probes: u8,
    /// How often the time-out was doubled.
    pub backoff: u8,
    /// The smoothed round-trip time.
    pub rtt: Span,
    /// Segments with data that were received and sent; `None` where the kernel is too old to tell.
    pub data_segments: Option<(u32, u32)>,
}

/// A process that holds a socket.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owner {
    /// Its number.
    pub pid: u32,
    /// What it calls itself: a stranger's words.
    pub name: String,
}

/// What can be said of a socket's keepalive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keepalive {
    /// It is on: the timer runs.
    On {
        /// Until it is due.
        left: Span,
        /// Probes that nothing answered.
        unanswered: u8,
    },
    /// Nobody asked for it.
    Off,
    /// Another timer is the one the kernel tells of; keepalive may be on behind it, and waits as long.
    Hidden(TimerKind),
    /// The connection is not open yet, or over: the question does not arise.
    Over,
}

/// A local TCP socket that does not listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Socket {
    /// This end.
    pub local: SocketAddr,
    /// The other.
    pub peer: SocketAddr,
    /// Whether it is an IPv6 socket; that of an IPv4 connection may be (`::ffff:192.0.2.1`).
    pub is_ipv6: bool,
    /// What it is doing.
    pub state: State,
    /// The timer the kernel tells of; `None`: none runs.
    pub timer: Option<Timer>,
    /// How long it has been quiet; `None` where the kernel did not tell.
    pub quiet: Option<Quiet>,
    /// What it has sent and received; `None` where the kernel did not tell.
    pub traffic: Option<Traffic>,
    /// The user it belongs to.
    pub uid: u32,
    /// Its number among files; zero where no process holds it any more.
    pub inode: u32,
    /// What tells it from a later socket with the same addresses.
    pub cookie: [u8; 8],
    /// The processes that hold it, where they may be seen.
    pub owners: Vec<Owner>,
}

impl Socket {
    /// What can be said of its keepalive.
    #[must_use]
    pub fn keepalive(&self) -> Keepalive {
        if matches!(self.state, State::TimeWait | State::SynRecv | State::Close) {
            return Keepalive::Over;
        }
        match self.timer {
            // An orphan's wait for the peer's FIN runs on the same timer.
            Some(Timer { kind: TimerKind::Keepalive, .. })
                if self.state == State::FinWait2 && self.inode == 0 =>
            {
                Keepalive::Over
            }
            Some(Timer { kind: TimerKind::Keepalive, left, count }) => {
                Keepalive::On { left, unanswered: count }
            }
            Some(Timer { kind: TimerKind::TimeWait, .. }) => Keepalive::Over,
            Some(Timer { kind, .. }) => Keepalive::Hidden(kind),
            None => Keepalive::Off,
        }
    }

    /// Both ends of its connection, from this one to the other, as in its segments on the wire.
    #[must_use]
    pub fn tuple(&self) -> Tuple {
        let octets = |end: SocketAddr| -> AddrBytes {
            match end.ip() {
                IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
                IpAddr::V6(v6) => v6.octets(),
            }
        };
        Tuple {
            src: octets(self.local),
            dst: octets(self.peer),
            src_port: self.local.port(),
            dst_port: self.peer.port(),
            is_ipv6: self.local.is_ipv6(),
            network: NetworkId::NONE,
        }
    }

    /// How long nothing has arrived.
    #[must_use]
    pub fn elapsed(&self) -> Option<Span> {
        self.quiet.as_ref().map(Quiet::elapsed)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// An established socket without a timer.
    pub(crate) fn quiet_socket() -> Socket {
        Socket {
            local: "10.0.0.1:40000".parse().unwrap(),
            peer: "10.0.0.2:443".parse().unwrap(),
            is_ipv6: false,
            state: State::Established,
            timer: None,
            quiet: Some(Quiet {
                data_received: Span::from_secs(20),
                ack_received: Span::from_secs(20),
                data_sent: Span::from_secs(20),
            }),
            traffic: Some(Traffic::default()),
            uid: 0,
            inode: 7,
            cookie: [1; 8],
            owners: Vec::new(),
        }
    }

    #[test]
    fn keepalive_is_what_the_first_timer_tells() {
        let with = |kind| Some(Timer { kind, left: Span::from_secs(5), count: 2 });
        let mut socket = quiet_socket();
        assert_eq!(socket.keepalive(), Keepalive::Off);
        socket.timer = with(TimerKind::Keepalive);
        assert_eq!(socket.keepalive(), Keepalive::On { left: Span::from_secs(5), unanswered: 2 });
        socket.timer = with(TimerKind::Persist);
        assert_eq!(socket.keepalive(), Keepalive::Hidden(TimerKind::Persist));
        socket.timer = with(TimerKind::Retransmission);
        assert_eq!(socket.keepalive(), Keepalive::Hidden(TimerKind::Retransmission));
    }

    #[test]
    fn the_wait_of_an_orphan_for_the_last_fin_is_no_keepalive() {
        let timer = Some(Timer { kind: TimerKind::Keepalive, left: Span::from_secs(59), count: 0 });
        let held = Socket { state: State::FinWait2, timer, ..quiet_socket() };
        assert!(matches!(held.keepalive(), Keepalive::On { .. }));
        assert_eq!(Socket { inode: 0, ..held }.keepalive(), Keepalive::Over);
    }
}
