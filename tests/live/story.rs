//! What happens to each connection, paced by what keepscope tells of it, so that a slow machine only makes it longer.

use super::lab::{Keepalive, Lab};
use super::program::{Line, Program};
use keepscope::decode::{NetworkId, Tuple};
use keepscope::flow::CommunityId;
use std::net::SocketAddrV4;

/// Which connection: its server's address is 10.0.2.10 and its place here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    Alive,
    Vanished,
    Rebooted,
    Flaky,
    Unreachable,
    /// The prober itself goes away, while its probes are unanswered.
    CutShort,
    /// The prober itself goes away, while all is well.
    Muted,
    /// Nobody asked for keepalive.
    Off,
}

pub(crate) const NAMES: [Name; 8] = [
    Name::Alive,
    Name::Vanished,
    Name::Rebooted,
    Name::Flaky,
    Name::Unreachable,
    Name::CutShort,
    Name::Muted,
    Name::Off,
];

impl Name {
    /// What the client's socket is told: idle, interval, count.
    pub(crate) const fn keepalive(self) -> Keepalive {
        match self {
            // Between two probes is more time than a notice may take.
            Self::Vanished => Some((1, 4, 2)),
            Self::Flaky => Some((1, 1, 9)),
            Self::Off => None,
            _ => Some((1, 1, 3)),
        }
    }

    /// Whether both ends can still hear each other when its story is told.
    pub(crate) const fn still_talks(self) -> bool {
        matches!(self, Self::Alive | Self::Flaky | Self::Off)
    }
}

/// A connection of the play.
pub(crate) struct Story {
    pub(crate) name: Name,
    pub(crate) client: SocketAddrV4,
    pub(crate) server: SocketAddrV4,
    /// Its Community ID.
    pub(crate) id: String,
}

/// Lets `name` happen, as far as `teller` must tell it before the end; answers with what is still open.
pub(crate) fn play(name: Name, lab: &Lab, teller: &Program) -> (Story, (Name, Box<dyn Send>)) {
    let connection = lab.connect(10 + name as u8, name.keepalive());
    let story = Story {
        name,
        client: connection.client,
        server: connection.server,
        id: community_id(connection.client, connection.server),
    };
    let wait_for = |kind: &str, key: &str, value: &str| {
        let is_it = |line: &Line| {
            line.text.contains(&format!(r#""type":"{kind}""#))
                && line.text.contains(&story.id)
                && line.text.contains(&format!(r#""{key}":{value}"#))
        };
        teller.wait_for(&format!("{name:?}: {kind} with {key} {value}"), is_it);
    };
    let ends = |outcome: &str| wait_for("run_end", "outcome", &format!(r#""{outcome}""#));
    wait_first(name, &wait_for);
    let left: Box<dyn Send> = match name {
        Name::Alive => {
            wait_for("run_end", "run", "4");
            Box::new(connection)
        }
        Name::Off => Box::new(connection),
        Name::Vanished => {
            lab.lose(&connection);
            ends("timed_out");
            Box::new(connection)
        }
        Name::Unreachable => {
            lab.refuse(&connection);
            ends("timed_out");
            Box::new(connection)
        }
        Name::Rebooted => {
            let client = lab.reboot(connection);
            ends("reset");
            Box::new(client)
        }
        Name::Flaky => {
            lab.lose(&connection);
            wait_for("keepalive_probe", "number", "2");
            lab.heal(&connection);
            ends("recovered");
            Box::new(connection)
        }
        Name::CutShort => {
            lab.lose(&connection);
            wait_for("keepalive_probe", "number", "2");
            lab.mute(&connection);
            wait_for("probe_overdue", "number", "2");
            ends("stopped");
            Box::new(connection)
        }
        Name::Muted => {
            lab.mute(&connection);
            wait_for("flow_silent", "side", r#""client""#);
            Box::new(connection)
        }
    };
    (story, (name, left))
}

/// All were well at first: two answered probes show the idle time.
fn wait_first(name: Name, wait_for: &dyn Fn(&str, &str, &str)) {
    if name.keepalive().is_some() {
        wait_for("run_end", "run", "1");
    }
}

fn community_id(client: SocketAddrV4, server: SocketAddrV4) -> String {
    let octets = |end: SocketAddrV4| end.ip().to_ipv6_mapped().octets();
    let tuple = Tuple {
        src: octets(client),
        dst: octets(server),
        src_port: client.port(),
        dst_port: server.port(),
        is_ipv6: false,
        network: NetworkId::default(),
    };
    CommunityId::of(&tuple).to_string()
}
