//! The kernel's own view of local sockets, as JSON.

use super::{Address, Count, Generator, Seconds, SettingRange, Time};
use crate::sockets;
use crate::time::Span;
use schemars::JsonSchema;
use serde::Serialize;
use std::net::SocketAddr;

/// The local TCP sockets that do not listen, with their timers: the document of `keepscope sockets --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "keepscope.sockets/1")]
pub struct Sockets<'a> {
    schema: &'static str,
    generator: Generator,
    /// When the kernel was asked last.
    taken: Time,
    /// For how long the sockets were watched; null: one look.
    watched_s: Option<Seconds>,
    /// What a socket gets that sets nothing itself.
    defaults: Defaults,
    /// What may be missing.
    warnings: &'a [String],
    /// Whether some processes did not let themselves be looked into, so that they may hold sockets that seem to have none.
    processes_hidden: bool,
    /// Those without keepalive first.
    sockets: Vec<Socket<'a>>,
    summary: Summary,
}

/// The system's settings in this network namespace; null where one cannot be read.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SystemDefaults")]
struct Defaults {
    /// tcp_keepalive_time
    idle_s: Option<Seconds>,
    /// tcp_keepalive_intvl
    interval_s: Option<Seconds>,
    /// tcp_keepalive_probes
    probes: Option<u32>,
    /// tcp_retries2
    retries2: Option<u32>,
    /// tcp_orphan_retries
    orphan_retries: Option<u32>,
}

/// A socket.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "LocalSocket")]
struct Socket<'a> {
    /// The socket's own, which may be ipv6 for an IPv4 connection.
    family: &'static str,
    local: End,
    peer: End,
    /// As ss writes it.
    state: &'static str,
    /// "on", "none" (nobody asked for it), "hidden" (behind another timer), "over" (not open yet, or closed).
    keepalive: &'static str,
    /// Probes that nothing answered; null unless keepalive is "on".
    unanswered: Option<u8>,
    /// The timer the kernel tells of; null: none runs.
    timer: Option<Timer>,
    /// As ss -o writes it.
    ss: String,
    /// As netstat -o writes it.
    netstat: String,
    /// How long nothing has arrived that keepalive counts: data or an acceptable ACK.
    quiet_s: Option<Seconds>,
    last_data_received_s: Option<Seconds>,
    last_ack_received_s: Option<Seconds>,
    last_data_sent_s: Option<Seconds>,
    /// Segments that wait for their acknowledgement.
    unacked: Option<u32>,
    retransmits: Option<u8>,
    probes: Option<u8>,
    backoff: Option<u8>,
    /// The smoothed round-trip time; null before there was one.
    rtt_s: Option<Seconds>,
    settings: Settings,
    uid: u32,
    inode: u32,
    /// Those that may be seen.
    processes: Vec<Process<'a>>,
    /// Whether it vanished while it was watched; then this is how it was last seen.
    gone: bool,
}

/// An address and a port.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SocketEnd")]
struct End {
    addr: Address,
    port: u16,
}

/// A running timer.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SocketTimer")]
struct Timer {
    /// "keepalive", "retransmission", "persist" or "time_wait".
    kind: &'static str,
    left_s: Seconds,
    /// Retransmissions; for keepalive and persist the probes that nothing answered.
    count: u8,
}

/// What the timer says of the socket's settings; null where nothing follows.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SocketSettings")]
struct Settings {
    idle_s: Option<Setting>,
    interval_s: Option<Setting>,
    /// Set where one look cannot tell which of the two it is.
    idle_or_interval_s: Option<Setting>,
    count: Option<Count>,
}

/// A setting.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SocketSetting")]
struct Setting {
    #[serde(flatten)]
    range: SettingRange,
    /// "seen": the timer was seen being armed; "read": from one look, which traffic that recurs after whole seconds can deceive.
    certainty: &'static str,
}

/// A process.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SocketProcess")]
struct Process<'a> {
    pid: u32,
    name: &'a str,
}

/// How many sockets are listed.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SocketSummary")]
struct Summary {
    sockets: u64,
    keepalive: u64,
    none: u64,
    hidden_by_retransmission: u64,
    hidden_by_persist: u64,
    over: u64,
    gone: u64,
    processes_unseen: u64,
}

impl<'a> Sockets<'a> {
    /// The document of `listing`.
    #[must_use]
    pub fn new(listing: &'a sockets::Listing) -> Self {
        let sockets::Counts {
            sockets,
            keepalive,
            none,
            behind_retransmission,
            behind_persist,
            over,
            gone,
            owners_unseen,
        } = listing.counts;
        Self {
            schema: "keepscope.sockets/1",
            generator: Generator::THIS,
            taken: Time(listing.taken),
            watched_s: listing.watched.map(Seconds),
            defaults: Defaults {
                idle_s: listing.defaults.idle.map(Seconds),
                interval_s: listing.defaults.interval.map(Seconds),
                probes: listing.defaults.probes,
                retries2: listing.defaults.retries,
                orphan_retries: listing.defaults.orphan_retries,
            },
            warnings: &listing.warnings,
            processes_hidden: listing.owners_hidden,
            sockets: listing.rows.iter().map(Socket::from).collect(),
            summary: Summary {
                sockets,
                keepalive,
                none,
                hidden_by_retransmission: behind_retransmission,
                hidden_by_persist: behind_persist,
                over,
                gone,
                processes_unseen: owners_unseen,
            },
        }
    }
}

impl<'a> From<&'a sockets::Row> for Socket<'a> {
    fn from(row: &'a sockets::Row) -> Self {
        let sockets::Row { socket, inferred, is_gone } = row;
        let (keepalive, unanswered) = match socket.keepalive() {
            sockets::Keepalive::On { unanswered, .. } => ("on", Some(unanswered)),
            sockets::Keepalive::Off => ("none", None),
            sockets::Keepalive::Hidden(_) => ("hidden", None),
            sockets::Keepalive::Over => ("over", None),
        };
        let (quiet, traffic) = (socket.quiet, socket.traffic);
        Self {
            family: if socket.is_ipv6 { "ipv6" } else { "ipv4" },
            local: socket.local.into(),
            peer: socket.peer.into(),
            state: socket.state.name(),
            keepalive,
            unanswered,
            timer: socket.timer.map(|timer| Timer {
                kind: timer.kind.name(),
                left_s: Seconds(timer.left),
                count: timer.count,
            }),
            ss: sockets::like_ss(socket.timer),
            netstat: sockets::like_netstat(socket.timer),
            quiet_s: socket.elapsed().map(Seconds),
            last_data_received_s: quiet.map(|quiet| Seconds(quiet.data_received)),
            last_ack_received_s: quiet.map(|quiet| Seconds(quiet.ack_received)),
            last_data_sent_s: quiet.map(|quiet| Seconds(quiet.data_sent)),
            unacked: traffic.map(|traffic| traffic.unacked),
            retransmits: traffic.map(|traffic| traffic.retransmits),
            probes: traffic.map(|traffic| traffic.probes),
            backoff: traffic.map(|traffic| traffic.backoff),
            rtt_s: traffic.map(|traffic| traffic.rtt).filter(|rtt| *rtt > Span::ZERO).map(Seconds),
            settings: inferred.into(),
            uid: socket.uid,
            inode: socket.inode,
            processes: socket.owners.iter().map(|o| Process { pid: o.pid, name: &o.name }).collect(),
            gone: *is_gone,
        }
    }
}

impl From<SocketAddr> for End {
    fn from(end: SocketAddr) -> Self {
        Self { addr: Address(end.ip()), port: end.port() }
    }
}

impl From<&sockets::Inferred> for Settings {
    fn from(inferred: &sockets::Inferred) -> Self {
        Self {
            idle_s: inferred.idle.map(Setting::from),
            interval_s: inferred.interval.map(Setting::from),
            idle_or_interval_s: inferred.idle_or_interval.map(Setting::from),
            count: inferred.count.map(Count::from),
        }
    }
}

impl From<sockets::Setting> for Setting {
    fn from(setting: sockets::Setting) -> Self {
        let certainty = match setting.certainty {
            sockets::Certainty::Seen => "seen",
            sockets::Certainty::Read => "read",
        };
        Self { range: setting.range.into(), certainty }
    }
}
