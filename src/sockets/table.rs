//! All sockets at a moment.

use super::Defaults;
use super::socket::Socket;
use crate::decode::{NetworkId, Tuple, ip_addr};
use crate::flow::Side;
use std::collections::HashMap;
use std::fmt;
use std::net::SocketAddr;

/// Why there is no table.
#[derive(Debug)]
pub enum Unavailable {
    /// The kernel refused, or has no such interface.
    Refused(std::io::Error),
    /// This is not Linux.
    NotLinux,
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(cause) => write!(
                f,
                "the kernel does not tell of its sockets (NETLINK_SOCK_DIAG; needs CONFIG_INET_DIAG): {cause}"
            ),
            Self::NotLinux => f.write_str(
                "only Linux tells of its sockets' keepalive timers: on this system there is nothing to ask",
            ),
        }
    }
}

impl std::error::Error for Unavailable {}

/// The TCP sockets of this network namespace that do not listen.
#[derive(Clone, Debug, Default)]
pub struct Table {
    sockets: Vec<Socket>,
    by_ends: HashMap<(SocketAddr, SocketAddr), usize>,
    /// The settings of the system.
    pub defaults: Defaults,
    /// Sockets the kernel told of in a way that could not be read.
    pub unreadable: u64,
    /// Whether sockets came and went while the kernel told of them, each time it was asked: some may be missing.
    pub interrupted: bool,
    /// Whether some processes did not let themselves be looked into, so that they may be owners.
    pub owners_hidden: bool,
}

impl Table {
    /// The table of `sockets`.
    #[must_use]
    pub fn of(sockets: Vec<Socket>, defaults: Defaults) -> Self {
        let ends = |(place, socket): (usize, &Socket)| ((socket.local, socket.peer), place);
        let by_ends = sockets.iter().enumerate().map(ends).collect();
        Self { sockets, by_ends, defaults, ..Self::default() }
    }

    /// Asks the kernel, without the owners, which take longer.
    ///
    /// # Errors
    /// Where the kernel does not answer, or is none that could.
    #[cfg(target_os = "linux")]
    pub fn sample() -> Result<Self, Unavailable> {
        let answer = super::dump::sockets().map_err(Unavailable::Refused)?;
        let mut table = Self::of(answer.sockets, Defaults::read());
        (table.unreadable, table.interrupted) = (answer.unreadable, answer.interrupted);
        Ok(table)
    }

    /// Asks the kernel, without the owners, which take longer.
    ///
    /// # Errors
    /// Always: this is not Linux.
    #[cfg(not(target_os = "linux"))]
    pub fn sample() -> Result<Self, Unavailable> {
        Err(Unavailable::NotLinux)
    }

    /// Looks for the processes that hold the sockets, as far as they may be seen.
    pub fn find_owners(&mut self) {
        #[cfg(target_os = "linux")]
        {
            self.owners_hidden = super::owner::find(&mut self.sockets);
        }
    }

    /// All sockets, in the order the kernel told of them.
    #[must_use]
    pub fn sockets(&self) -> &[Socket] {
        &self.sockets
    }

    /// The socket of the connection `tuple`, from client to server, at its end `side`, where that is on this host.
    #[must_use]
    pub fn lookup(&self, tuple: &Tuple, side: Side) -> Option<&Socket> {
        // What travels in a tunnel ends somewhere else, even where the addresses are ours too.
        if tuple.network != NetworkId::NONE {
            return None;
        }
        let client = SocketAddr::new(ip_addr(tuple.src, tuple.is_ipv6), tuple.src_port);
        let server = SocketAddr::new(ip_addr(tuple.dst, tuple.is_ipv6), tuple.dst_port);
        let ends = match side {
            Side::Client => (client, server),
            Side::Server => (server, client),
        };
        self.sockets.get(*self.by_ends.get(&ends)?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::socket::tests::quiet_socket;
    use super::*;

    fn tuple() -> Tuple {
        let v4 = |last| std::net::Ipv4Addr::new(10, 0, 0, last).to_ipv6_mapped().octets();
        Tuple {
            src: v4(1),
            dst: v4(2),
            src_port: 40_000,
            dst_port: 443,
            is_ipv6: false,
            network: NetworkId::NONE,
        }
    }

    #[test]
    fn a_flow_finds_the_socket_at_its_own_end_only() {
        let table = Table::of(vec![quiet_socket()], Defaults::default());
        assert!(table.lookup(&tuple(), Side::Client).is_some());
        assert_eq!(quiet_socket().tuple(), tuple(), "and the way back");
        assert!(table.lookup(&tuple(), Side::Server).is_none());
        assert!(table.lookup(&Tuple { src_port: 40_001, ..tuple() }, Side::Client).is_none());
        assert!(table.lookup(&Tuple { network: NetworkId::vxlan(7), ..tuple() }, Side::Client).is_none());
    }

    #[test]
    fn a_refusal_is_told_in_one_line() {
        let refused = Unavailable::Refused(std::io::Error::from_raw_os_error(2));
        assert!(refused.to_string().starts_with("the kernel does not tell of its sockets"));
        assert_eq!(Unavailable::NotLinux.to_string().lines().count(), 1);
    }
}
