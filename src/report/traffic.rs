//! What else a connection carries that bears on its keepalive.

use crate::decode::Tuple;
use crate::frame::FrameNo;
use crate::measure::Stat;
use crate::time::Span;

/// Who starts a heartbeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeartbeatFrom {
    /// The client.
    Client,
    /// The server.
    Server,
    /// Either.
    Both,
}

impl HeartbeatFrom {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
            Self::Both => "both",
        }
    }
}

/// An exchange of data that recurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heartbeat {
    /// From one to the next.
    pub period: Stat,
    /// Who starts the exchange.
    pub from: HeartbeatFrom,
    /// Octets of a request.
    pub request_bytes: u64,
    /// Octets of its reply.
    pub reply_bytes: u64,
    /// How many there were.
    pub count: u64,
    /// Whether it comes so often that keepalive never gets to probe.
    pub masks_keepalive: bool,
    /// The first one's first frame.
    pub first_frame: FrameNo,
    /// The last one's first frame.
    pub last_frame: FrameNo,
}

/// The versions of HTTP/1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpVersion {
    /// RFC 1945.
    V10,
    /// RFC 9112.
    V11,
}

impl HttpVersion {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V10 => "1.0",
            Self::V11 => "1.1",
        }
    }
}

/// A `Connection` header (RFC 9110 §7.6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpConnection {
    /// To be used again.
    KeepAlive,
    /// Not to be.
    Close,
    /// To another protocol.
    Upgrade,
    /// Something else.
    Other,
}

impl HttpConnection {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::KeepAlive => "keep-alive",
            Self::Close => "close",
            Self::Upgrade => "upgrade",
            Self::Other => "other",
        }
    }
}

/// What HTTP/1 headers say of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Http {
    /// The version of the last message.
    pub version: HttpVersion,
    /// How many requests there were.
    pub requests: u64,
    /// The last `Connection` header.
    pub connection: Option<HttpConnection>,
    /// `timeout` of the last `Keep-Alive` header, in seconds.
    pub timeout_s: Option<u64>,
    /// `max` of the last `Keep-Alive` header.
    pub max: Option<u64>,
    /// The frame of the last `Keep-Alive` header, or else of the last message.
    pub frame: Option<FrameNo>,
}

/// A silence in both directions, and the frames that bound it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// How long it was.
    pub length: Span,
    /// The last frame before it.
    pub from: FrameNo,
    /// The first frame after it.
    pub to: FrameNo,
}

/// What the network between clients and a server does to quiet connections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// One of the connections, from client to server, with the client's address cut to its network.
    pub tuple: Tuple,
    /// How many bits of the client's address are its network.
    pub prefix: u8,
    /// The longest quiet time a connection survived, and which did.
    pub survived: Option<(Gap, u64)>,
    /// The shortest quiet time after which one was dead, and which was.
    pub died: Option<(Gap, u64)>,
    /// The idle time-out of a box on the way: more than the first, at most the second; `None` where the two contradict each other, or one
    /// is missing.
    pub idle_timeout: Option<(Span, Span)>,
    /// Known boxes whose default it may be, by id.
    pub candidates: Vec<String>,
}
