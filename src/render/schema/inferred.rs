//! What is inferred of a connection beyond its probes.

use super::finding::Confidence;
use super::side::Stat;
use super::value::{FrameRefs, Seconds};
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
    pub version: String,
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
