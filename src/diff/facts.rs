//! What of a flow is compared.

use crate::decode::ip_addr;
use crate::flow::Side;
use crate::report::{Count, Flow, SettingRange, Severity, Timer};
use std::fmt;
use std::net::{IpAddr, SocketAddr};

/// What connections are compared by: the server they go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Service {
    /// The port.
    pub port: u16,
    /// The address; `None` where services are told apart by the port alone.
    pub addr: Option<IpAddr>,
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.addr {
            Some(addr) => SocketAddr::new(addr, self.port).fmt(f),
            None => write!(f, "port {}", self.port),
        }
    }
}

/// What of a flow is compared, from a capture or from a JSON report.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The server's port.
    pub port: u16,
    /// The server's address.
    pub addr: Option<IpAddr>,
    /// What the client sends as prober.
    pub client: ProberFacts,
    /// What the server sends as prober.
    pub server: ProberFacts,
    /// What ended it, in a word or three; `None` while it is open.
    pub ending: Option<String>,
    /// What was concluded.
    pub findings: Vec<Found>,
}

/// What of an end is compared.
#[derive(Clone, Debug, Default)]
pub struct ProberFacts {
    /// The name of its status.
    pub status: String,
    /// TCP_KEEPIDLE.
    pub idle: Option<SettingRange>,
    /// TCP_KEEPINTVL.
    pub interval: Option<SettingRange>,
    /// TCP_KEEPCNT.
    pub count: Option<Count>,
    /// The name of the last run's outcome.
    pub outcome: Option<String>,
}

/// A conclusion about a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its id.
    pub id: String,
    /// Whether it is more than worth knowing.
    pub is_grave: bool,
}

impl Facts {
    /// What of `flow` is compared.
    #[must_use]
    pub fn of(flow: &Flow) -> Self {
        let found = flow
            .findings
            .iter()
            .map(|finding| Found { id: finding.id.to_owned(), is_grave: finding.severity < Severity::Info });
        let ending = flow
            .ending
            .as_ref()
            .map(|ending| Self::ending(ending.by.name(), ending.how.name(), ending.timer.map(Timer::name)));
        Self {
            port: flow.tuple.dst_port,
            addr: Some(ip_addr(flow.tuple.dst, flow.tuple.is_ipv6)),
            client: ProberFacts::of(flow, Side::Client),
            server: ProberFacts::of(flow, Side::Server),
            ending,
            findings: found.collect(),
        }
    }

    /// An ending in a word or three: `client rst (keepalive)`.
    #[must_use]
    pub fn ending(by: &str, how: &str, timer: Option<&str>) -> String {
        let timer = timer.map_or_else(String::new, |timer| format!(" ({timer})"));
        format!("{by} {how}{timer}")
    }
}

impl ProberFacts {
    fn of(flow: &Flow, side: Side) -> Self {
        let prober = flow.prober(side);
        let settings = prober.settings.as_ref();
        Self {
            status: prober.status.name().to_owned(),
            idle: settings.and_then(|settings| settings.idle),
            interval: settings.and_then(|settings| settings.interval),
            count: settings.and_then(|settings| settings.count),
            outcome: prober.outcome.map(|outcome| outcome.name().to_owned()),
        }
    }
}
