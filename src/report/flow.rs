//! A connection.

use super::{Ending, Finding, Gap, Heartbeat, Http, LadderEnd, LastWord, Prober, Severity};
use crate::decode::{Layer, Tuple};
use crate::flow::Side;
use crate::frame::FrameNo;
use crate::notes;
use crate::time::{Span, Timestamp};

/// How client and server were told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Roles {
    /// By the SYN or SYN-ACK.
    Handshake,
    /// By the ports, or by who sent first.
    Assumed,
}

/// What became of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Neither FIN nor RST was seen.
    Open,
    /// One end sent FIN.
    HalfClosed,
    /// Both did.
    Closed,
    /// An end sent RST.
    Reset,
}

impl State {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::HalfClosed => "half_closed",
            Self::Closed => "closed",
            Self::Reset => "reset",
        }
    }
}

/// Everything known of one connection.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Its number in the capture, in the order of first frames, from 0.
    pub index: u64,
    /// Both ends, from client to server.
    pub tuple: Tuple,
    /// How client and server were told apart.
    pub roles: Roles,
    /// VLANs and tunnels around its first segment, outermost first.
    pub encapsulation: Vec<Layer>,
    /// The first segment's time.
    pub start: Timestamp,
    /// The last segment's time.
    pub end: Timestamp,
    /// The first segment's frame.
    pub first_frame: FrameNo,
    /// The last segment's frame.
    pub last_frame: FrameNo,
    /// Segments, without duplicates.
    pub segments: u64,
    /// Octets of new data sent by the client.
    pub client_bytes: u64,
    /// Octets of new data sent by the server.
    pub server_bytes: u64,
    /// When the last new data was sent.
    pub last_data: Option<Timestamp>,
    /// What became of it.
    pub state: State,
    /// Whether only one direction was captured.
    pub one_sided: bool,
    /// What the client sends as prober.
    pub client: Prober,
    /// What the server sends as prober.
    pub server: Prober,
    /// What the ends, and the ways to them, look like from the capture point: the client's, then the server's.
    pub views: [View; 2],
    /// The segment that ended it.
    pub last_word: Option<LastWord>,
    /// What ended it, and whose fault that was.
    pub ending: Option<Ending>,
    /// The RST that ended it, and what it looks like.
    pub reset: Option<notes::Reset>,
    /// The longest silence of both ends, where it was long.
    pub longest_gap: Option<Gap>,
    /// The longest silence it survived.
    pub survived: Option<notes::Survived>,
    /// The silence after which it was dead.
    pub death: Option<notes::Death>,
    /// The retransmissions it ended with, of the client and of the server.
    pub ladders: [Option<LadderEnd>; 2],
    /// ICMP errors about what was in flight: the first of them.
    pub quotes: Vec<notes::Quote>,
    /// An exchange of data that recurs.
    pub heartbeat: Option<Heartbeat>,
    /// What HTTP/1 headers say.
    pub http: Option<Http>,
    /// Conclusions, the gravest first.
    pub findings: Vec<Finding>,
}

/// What an end looks like from the capture point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// From the capture point to it and back, as the handshake shows it.
    pub rtt: Option<Span>,
    /// The TTL or hop limit of its packets.
    pub ttl: Option<u8>,
    /// Whether a box cannot have sent the packet with that TTL in its place.
    pub is_ttl_proven: bool,
    /// Whether it sends time stamps.
    pub has_timestamps: bool,
    /// Whether it sent FIN.
    pub has_sent_fin: bool,
    /// When it last sent a segment.
    pub last_sent: Option<Timestamp>,
    /// Whether anything of it is unacknowledged at the end.
    pub has_unacknowledged: bool,
    /// Whether the window it offered last is zero.
    pub offers_zero_window: bool,
}

impl Flow {
    /// What `side` sends as prober.
    #[must_use]
    pub const fn prober(&self, side: Side) -> &Prober {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }

    /// The retransmissions of `side` that it ended with.
    #[must_use]
    pub const fn ladder(&self, side: Side) -> Option<&LadderEnd> {
        let [client, server] = &self.ladders;
        match side {
            Side::Client => client.as_ref(),
            Side::Server => server.as_ref(),
        }
    }

    /// What `side` looks like from the capture point.
    #[must_use]
    pub const fn view(&self, side: Side) -> &View {
        let [client, server] = &self.views;
        match side {
            Side::Client => client,
            Side::Server => server,
        }
    }

    /// Whether either end has probes, window probes or ambiguous ones.
    #[must_use]
    pub fn is_relevant_by_probes(&self) -> bool {
        Side::BOTH.into_iter().any(|side| self.prober(side).is_relevant())
    }

    /// Whether anything shows that both ends held the connection open: the end of the handshake, data or probes. Where the beginning was not
    /// captured, they did. A port scan resets what was never opened, and refusals are RSTs too.
    #[must_use]
    pub fn is_established(&self) -> bool {
        self.roles == Roles::Assumed
            || self.view(Side::Client).rtt.is_some()
            || self.client_bytes > 0
            || self.server_bytes > 0
            || self.is_relevant_by_probes()
    }

    /// The gravest severity of its findings.
    #[must_use]
    pub fn gravest(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).min()
    }

    /// Whether `--flows relevant` shows it: probes, window or ambiguous probes on either side, a heartbeat, or a finding that is more than
    /// worth knowing.
    #[must_use]
    pub fn is_relevant(&self) -> bool {
        self.is_relevant_by_probes()
            || self.heartbeat.is_some()
            || self.gravest().is_some_and(|severity| severity < Severity::Info)
    }
}
