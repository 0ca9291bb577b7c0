//! Who is the client.

use super::side::Side;
use crate::decode::Segment;
use crate::report::Roles;

/// Ports below this are assigned to services (IANA system ports).
const SYSTEM_PORTS: u16 = 1024;

/// Ports from here on are what Linux, BSD and Windows hand to clients.
const EPHEMERAL_PORTS: u16 = 32768;

/// Who of a flow's first segment is the client, and how that is known.
pub(super) fn roles(seg: &Segment) -> (Side, Roles) {
    let (src, dst) = (seg.tuple.src_port, seg.tuple.dst_port);
    if seg.flags.syn() {
        let sender = if seg.ack.is_some() { Side::Server } else { Side::Client };
        return (sender, Roles::Handshake);
    }
    let is_service = |port: u16, other: u16| {
        port < SYSTEM_PORTS && other >= SYSTEM_PORTS || port < other && other >= EPHEMERAL_PORTS
    };
    let sender = if is_service(src, dst) { Side::Server } else { Side::Client };
    (sender, Roles::Assumed)
}
