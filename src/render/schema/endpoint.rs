//! The ends of a connection.

use super::value::Address;
use crate::decode::{Tuple, ip_addr};
use schemars::JsonSchema;
use serde::Serialize;

/// An end of a connection.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Endpoint {
    /// IPv4 or IPv6 address.
    pub addr: Address,
    /// TCP port.
    pub port: u16,
}

/// Client and server of a tuple that goes from client to server.
pub(super) fn ends(tuple: &Tuple) -> (Endpoint, Endpoint) {
    (
        Endpoint { addr: Address(ip_addr(tuple.src, tuple.is_ipv6)), port: tuple.src_port },
        Endpoint { addr: Address(ip_addr(tuple.dst, tuple.is_ipv6)), port: tuple.dst_port },
    )
}
