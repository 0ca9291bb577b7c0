//! Three hosts, a – r – b, and connections through the router, each to an address of its own, so that what happens to one happens to no other.

use super::ns::Namespace;
use nix::sys::socket::{setsockopt, sockopt};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener, TcpStream};
use std::process::Command;

/// The hosts; a 10.0.1.1, r .254 on both sides, b 10.0.2.1 to 10.0.2.20.
pub(crate) struct Lab {
    pub(crate) a: Namespace,
    pub(crate) r: Namespace,
    b: Namespace,
}

/// Keepalive options of a socket, in seconds; `None`: off.
pub(crate) type Keepalive = Option<(u32, u32, u32)>;

/// A connection from a to b. Its client was greeted.
pub(crate) struct Connection {
    pub(crate) client: SocketAddrV4,
    pub(crate) server: SocketAddrV4,
    ends: (TcpStream, TcpStream),
    listener: TcpListener,
}

impl Lab {
    /// New hosts. `None`, and said, where there can be none.
    pub(crate) fn open() -> Option<Self> {
        for tool in ["tcpdump", "ip"] {
            if Command::new(tool).arg("--version").output().is_err() {
                eprintln!("skipped: no {tool}");
                return None;
            }
        }
        let lab = Self { a: Namespace::new()?, r: Namespace::new()?, b: Namespace::new()? };
        for (host, net, device) in [(&lab.a, 1, "to-a"), (&lab.b, 2, "to-b")] {
            host.ip(&format!("link add eth0 type veth peer name {device} netns {}", lab.r.name()));
            host.ip(&format!("addr add 10.0.{net}.1/24 dev eth0"));
            host.ip("link set eth0 up");
            lab.r.ip(&format!("addr add 10.0.{net}.254/24 dev {device}"));
            lab.r.ip(&format!("link set {device} up"));
            host.ip(&format!("route add default via 10.0.{net}.254"));
        }
        for last in 2..=20 {
            lab.b.ip(&format!("addr add {}/24 dev eth0", address(last)));
        }
        lab.r.sysctl("net.ipv4.ip_forward", "1");
        // Every probe is to be answered, not only some a second.
        lab.r.sysctl("net.ipv4.icmp_ratelimit", "0");
        Some(lab)
    }

    /// Connects to address `last` of b, says hello, and is quiet from then on.
    pub(crate) fn connect(&self, last: u8, keepalive: Keepalive) -> Connection {
        let server = SocketAddrV4::new(address(last), 443);
        let listener = self.b.within(|| TcpListener::bind(server).unwrap());
        let mut client = self.a.within(|| TcpStream::connect(server).unwrap());
        let (mut accepted, _) = listener.accept().unwrap();
        if let Some((idle, interval, count)) = keepalive {
            setsockopt(&client, sockopt::TcpKeepIdle, &idle).unwrap();
            setsockopt(&client, sockopt::TcpKeepInterval, &interval).unwrap();
            setsockopt(&client, sockopt::TcpKeepCount, &count).unwrap();
            setsockopt(&client, sockopt::KeepAlive, &true).unwrap();
        }
        client.write_all(b"hello").unwrap();
        accepted.read_exact(&mut [0; 5]).unwrap();
        let Ok(SocketAddr::V4(from)) = client.local_addr() else { panic!("no IPv4") };
        Connection { client: from, server, ends: (client, accepted), listener }
    }

    /// What goes to this address is lost on the way, from now on.
    pub(crate) fn lose(&self, connection: &Connection) {
        self.r.ip(&format!("route replace blackhole {}/32", connection.server.ip()));
    }

    /// The router answers that this address cannot be reached.
    pub(crate) fn refuse(&self, connection: &Connection) {
        self.r.ip(&format!("route replace unreachable {}/32", connection.server.ip()));
    }

    /// The way to this address is as it was.
    pub(crate) fn heal(&self, connection: &Connection) {
        self.r.ip(&format!("route del {}/32", connection.server.ip()));
    }

    /// Nothing leaves a for this address any more, as if a had lost its power.
    pub(crate) fn mute(&self, connection: &Connection) {
        self.a.ip(&format!("route replace blackhole {}/32", connection.server.ip()));
    }

    /// The server forgets the connection without a word, and nobody listens there any more: as after a reboot.
    pub(crate) fn reboot(&self, connection: Connection) -> TcpStream {
        let rule = format!("from {} blackhole", connection.server.ip());
        self.b.ip(&format!("rule add {rule}"));
        let (client, accepted) = connection.ends;
        let at_once = nix::libc::linger { l_onoff: 1, l_linger: 0 };
        setsockopt(&accepted, sockopt::Linger, &at_once).unwrap();
        drop((accepted, connection.listener));
        self.b.ip(&format!("rule del {rule}"));
        client
    }
}

fn address(last: u8) -> Ipv4Addr {
    Ipv4Addr::new(10, 0, 2, last)
}
