//! What is inferred of a connection beyond its probes.

use super::finding::Confidence;
use super::side::Stat;
use super::value::{FrameRefs, Seconds};
use crate::flow::Side;
use crate::frame::FrameNo;
use crate::render::Pieces;
use crate::report;
use schemars::JsonSchema;
use serde::Serialize;

/// What ended a connection.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Ending {
    /// Who ended it.
    pub by: Killer,
    /// How.
    pub how: How,
    /// The timer that ran out.
    pub timer: Option<Timer>,
    /// The frame that shows it.
    pub frame: Option<u64>,
    /// Where that frame lies; only where several files were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame_refs: Option<FrameRefs>,
    /// How long the connection had been quiet before.
    pub quiet_before_s: Option<Seconds>,
    /// What the client's application was told.
    pub client_errno: Option<Errno>,
    /// What the server's application was told.
    pub server_errno: Option<Errno>,
    /// How sure this is.
    pub confidence: Confidence,
}

/// Who ended a connection.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Killer {
    /// The client.
    Client,
    /// The server.
    Server,
    /// A box between the two.
    Middlebox,
    /// The capture does not tell.
    Unknown,
}

/// How a connection was ended.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// By FIN.
    Fin,
    /// By RST.
    Rst,
    /// An end stopped sending.
    Silence,
}

/// The timer that ended a connection.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Timer {
    /// No probe was answered.
    Keepalive,
    /// No data was acknowledged.
    Retransmission,
    /// No window was opened.
    Persist,
}

/// The error an application got from its socket.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Errno {
    /// Connection timed out.
    Etimedout,
    /// Connection reset by peer.
    Econnreset,
    /// No route to host.
    Ehostunreach,
}

/// An exchange of data that recurs.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Heartbeat {
    /// From one to the next.
    pub period_s: Stat,
    /// Who starts the exchange: "client", "server" or "both".
    pub from: HeartbeatFrom,
    /// Octets of a request and of its reply.
    pub bytes: HeartbeatBytes,
    /// How many there were.
    pub count: u64,
    /// Whether it comes so often that keepalive never gets to probe.
    pub masks_keepalive: bool,
}

/// Who starts a heartbeat.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HeartbeatFrom {
    /// The client.
    Client,
    /// The server.
    Server,
    /// Either.
    Both,
}

/// Octets of a heartbeat.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct HeartbeatBytes {
    /// Of a request.
    pub request: u64,
    /// Of its reply.
    pub reply: u64,
}

/// What HTTP/1 headers say of a connection.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Http {
    /// "1.0" or "1.1".
    pub version: &'static str,
    /// How many requests there were.
    pub requests: u64,
    /// The last `Connection` header.
    pub connection: Option<HttpConnection>,
    /// `timeout` of the last `Keep-Alive` header.
    pub timeout_s: Option<u64>,
    /// `max` of the last `Keep-Alive` header.
    pub max: Option<u64>,
}

/// A `Connection` header.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
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

impl Ending {
    pub(super) fn new(ending: &report::Ending, pieces: Pieces<'_>) -> Self {
        let errno = |errno: Option<report::Errno>| {
            errno.map(|errno| match errno {
                report::Errno::TimedOut => Errno::Etimedout,
                report::Errno::ConnReset => Errno::Econnreset,
                report::Errno::HostUnreach => Errno::Ehostunreach,
            })
        };
        Self {
            by: match ending.by {
                report::Killer::End(Side::Client) => Killer::Client,
                report::Killer::End(Side::Server) => Killer::Server,
                report::Killer::Middlebox => Killer::Middlebox,
                report::Killer::Unknown => Killer::Unknown,
            },
            how: match ending.how {
                report::How::Fin => How::Fin,
                report::How::Rst => How::Rst,
                report::How::Silence => How::Silence,
            },
            timer: ending.timer.map(|timer| match timer {
                report::Timer::Keepalive => Timer::Keepalive,
                report::Timer::Retransmission => Timer::Retransmission,
                report::Timer::Persist => Timer::Persist,
            }),
            frame: ending.frame.map(FrameNo::get),
            frame_refs: FrameRefs::of(ending.frame, pieces),
            quiet_before_s: ending.quiet_before.map(Seconds),
            client_errno: errno(ending.client_errno),
            server_errno: errno(ending.server_errno),
            confidence: ending.confidence.into(),
        }
    }
}

impl From<&report::Heartbeat> for Heartbeat {
    fn from(heartbeat: &report::Heartbeat) -> Self {
        Self {
            period_s: (&heartbeat.period).into(),
            from: match heartbeat.from {
                report::HeartbeatFrom::Client => HeartbeatFrom::Client,
                report::HeartbeatFrom::Server => HeartbeatFrom::Server,
                report::HeartbeatFrom::Both => HeartbeatFrom::Both,
            },
            bytes: HeartbeatBytes { request: heartbeat.request_bytes, reply: heartbeat.reply_bytes },
            count: heartbeat.count,
            masks_keepalive: heartbeat.masks_keepalive,
        }
    }
}

impl From<&report::Http> for Http {
    fn from(http: &report::Http) -> Self {
        Self {
            version: http.version.name(),
            requests: http.requests,
            connection: http.connection.map(|connection| match connection {
                report::HttpConnection::KeepAlive => HttpConnection::KeepAlive,
                report::HttpConnection::Close => HttpConnection::Close,
                report::HttpConnection::Upgrade => HttpConnection::Upgrade,
                report::HttpConnection::Other => HttpConnection::Other,
            }),
            timeout_s: http.timeout_s,
            max: http.max,
        }
    }
}
