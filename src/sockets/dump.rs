//! Asking the kernel for its sockets (NETLINK_SOCK_DIAG, `man 7 sock_diag`), as `ss` does. Needs no privileges.

use super::message::{Answer, read};
use netlink_packet_core::{NLM_F_DUMP, NLM_F_REQUEST, NetlinkHeader, NetlinkMessage};
use netlink_packet_sock_diag::inet::{ExtensionFlags, InetRequest, SocketId, StateFlags};
use netlink_packet_sock_diag::{AF_INET, AF_INET6, IPPROTO_TCP, SockDiagMessage, TCP_LISTEN};
use netlink_sys::protocols::NETLINK_SOCK_DIAG;
use netlink_sys::{Socket as Netlink, SocketAddr};
use std::io;

/// The kernel sends no longer datagrams in a dump (`netlink_dump`: 32 KiB).
const DATAGRAM: usize = 1 << 16;

/// How often a dump is begun anew because sockets came and went.
const TRIES: usize = 5;

/// `ENOENT`: no handler for this family, in a kernel without IPv6.
const NO_SUCH_FAMILY: i32 = 2;

/// All TCP sockets that do not listen.
///
/// # Errors
/// What the kernel reports.
pub(super) fn sockets() -> io::Result<Answer> {
    let mut netlink = Netlink::new(NETLINK_SOCK_DIAG)?;
    netlink.bind_auto()?;
    netlink.connect(&SocketAddr::new(0, 0))?;
    let mut all = whole(&netlink, AF_INET)?;
    let v6 = whole(&netlink, AF_INET6)?;
    all.sockets.extend(v6.sockets);
    all.unreadable += v6.unreadable;
    all.interrupted |= v6.interrupted;
    Ok(all)
}

/// The sockets of a family, asked for again where they changed meanwhile. The last answer is taken as it is.
fn whole(netlink: &Netlink, family: u8) -> io::Result<Answer> {
    let mut answer = dump(netlink, family)?;
    for _ in 1..TRIES {
        if !answer.interrupted {
            break;
        }
        answer = dump(netlink, family)?;
    }
    Ok(answer)
}

fn dump(netlink: &Netlink, family: u8) -> io::Result<Answer> {
    netlink.send(&request(family), 0)?;
    let mut buffer = vec![0; DATAGRAM];
    let mut answer = Answer::default();
    loop {
        let length = match netlink.recv(&mut buffer.as_mut_slice(), 0) {
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        match read(buffer.get(..length).unwrap_or_default(), &mut answer) {
            Ok(true) => return Ok(answer),
            Ok(false) => {}
            Err(NO_SUCH_FAMILY) if family == AF_INET6 => return Ok(Answer::default()),
            Err(code) => return Err(io::Error::from_raw_os_error(code)),
        }
    }
}

fn request(family: u8) -> Vec<u8> {
    let mut header = NetlinkHeader::default();
    header.flags = NLM_F_REQUEST | NLM_F_DUMP;
    let socket_id = if family == AF_INET { SocketId::new_v4() } else { SocketId::new_v6() };
    let request = InetRequest {
        family,
        protocol: IPPROTO_TCP,
        extensions: ExtensionFlags::INFO,
        // Also the states the crate has no name for: requests that are no sockets yet.
        states: StateFlags::from_bits_retain(!(1 << TCP_LISTEN)),
        socket_id,
    };
    let mut message = NetlinkMessage::new(header, SockDiagMessage::InetRequest(request).into());
    message.finalize();
    let mut bytes = vec![0; message.buffer_len()];
    message.serialize(&mut bytes);
    bytes
}
