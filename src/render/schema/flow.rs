//! One connection.

use super::endpoint::{Endpoint, ends};
use super::finding::Finding;
use super::inferred::{Ending, Heartbeat, Http};
use super::side::Side;
use super::value::{FrameRefs, Seconds, Text, Time, WiresharkFilter};
use crate::decode::Layer;
use crate::render::{CommunityId, Pieces};
use crate::report;
use crate::time::Span;
use schemars::JsonSchema;
use serde::Serialize;

/// Everything known of one connection.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Flow<'a> {
    /// Community ID v1 with seed 0.
    pub id: CommunityId,
    /// Its number in the capture, from 0; ports used again are a new flow with the same id.
    pub index: u64,
    /// The end that opened it.
    pub client: Endpoint,
    /// The end that accepted it.
    pub server: Endpoint,
    /// How client and server were told apart.
    pub roles: Origin,
    /// VLANs and tunnels around its first segment, outermost first, for example "vlan 7".
    pub encapsulation: Vec<Text<Layer>>,
    /// The first segment's time.
    pub start: Time,
    /// The last segment's time.
    pub end: Time,
    /// From `start` to `end`; null where time ran backwards between the two.
    pub duration_s: Option<Seconds>,
    /// The first segment's frame.
    pub first_frame: u64,
    /// The last segment's frame.
    pub last_frame: u64,
    /// Where the first and the last frame lie; only where several files were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame_refs: Option<FrameRefs>,
    /// Segments, without duplicates.
    pub segments: u64,
    /// Octets of new data.
    pub data_bytes: DataBytes,
    /// When the last new data was sent.
    pub last_data: Option<Time>,
    /// What became of it.
    pub state: State,
    /// What ended it.
    pub ending: Option<Ending>,
    /// Whether only one direction was captured.
    pub one_sided: bool,
    /// Shows it in Wireshark.
    pub wireshark_filter: WiresharkFilter,
    /// What the client sends as prober.
    pub client_keepalive: Side<'a>,
    /// What the server sends as prober.
    pub server_keepalive: Side<'a>,
    /// An exchange of data that recurs.
    pub heartbeat: Option<Heartbeat>,
    /// What HTTP/1 headers say.
    pub http: Option<Http>,
    /// Conclusions about it.
    pub findings: Vec<Finding<'a>>,
}

/// How client and server were told apart.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// By the SYN or SYN-ACK.
    Handshake,
    /// By the ports, or by who sent first.
    Assumed,
}

/// Octets of new data, by sender.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct DataBytes {
    /// Sent by the client.
    pub client: u64,
    /// Sent by the server.
    pub server: u64,
}

/// What became of a connection.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
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

impl<'a> Flow<'a> {
    /// `flow`, whose frames lie in `pieces`.
    #[must_use]
    pub fn new(flow: &'a report::Flow, pieces: Pieces<'_>) -> Self {
        let duration = flow.end.since(flow.start);
        let (client, server) = ends(&flow.tuple);
        Self {
            id: CommunityId::of(&flow.tuple),
            index: flow.index,
            client,
            server,
            roles: match flow.roles {
                report::Roles::Handshake => Origin::Handshake,
                report::Roles::Assumed => Origin::Assumed,
            },
            encapsulation: flow.encapsulation.iter().copied().map(Text).collect(),
            start: Time(flow.start),
            end: Time(flow.end),
            duration_s: (duration >= Span::ZERO).then_some(Seconds(duration)),
            first_frame: flow.first_frame.get(),
            last_frame: flow.last_frame.get(),
            frame_refs: FrameRefs::of([flow.first_frame, flow.last_frame], pieces),
            segments: flow.segments,
            data_bytes: DataBytes { client: flow.client_bytes, server: flow.server_bytes },
            last_data: flow.last_data.map(Time),
            state: match flow.state {
                report::State::Open => State::Open,
                report::State::HalfClosed => State::HalfClosed,
                report::State::Closed => State::Closed,
                report::State::Reset => State::Reset,
            },
            ending: flow.ending.as_ref().map(|ending| Ending::new(ending, pieces)),
            one_sided: flow.one_sided,
            wireshark_filter: WiresharkFilter::of(&flow.tuple),
            client_keepalive: Side::new(&flow.client, pieces),
            server_keepalive: Side::new(&flow.server, pieces),
            heartbeat: flow.heartbeat.as_ref().map(Heartbeat::from),
            http: flow.http.as_ref().map(Http::from),
            findings: flow.findings.iter().map(|finding| Finding::new(finding, pieces)).collect(),
        }
    }
}
