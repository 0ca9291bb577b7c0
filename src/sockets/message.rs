//! Reading what the kernel answers: datagrams of netlink messages, each with a socket (`struct inet_diag_msg`) and attributes.
//!
//! The fields and their places are those of `include/uapi/linux/inet_diag.h` and `tcp.h`. A newer kernel's `tcp_info` is longer, an older
//! one's shorter: what is not there is not known.

use super::socket::{Quiet, Socket, State, Timer, TimerKind, Traffic};
use crate::time::Span;
use netlink_packet_core::{NLM_F_DUMP_INTR, NetlinkBuffer, NlasIterator, Parseable};
use netlink_packet_sock_diag::inet::InetResponseHeader;
use netlink_packet_sock_diag::{INET_DIAG_INFO, SOCK_DIAG_BY_FAMILY};
use std::net::SocketAddr;

/// `NLMSG_ERROR` and `NLMSG_DONE`.
const ERROR: u16 = 2;
const DONE: u16 = 3;

/// Octets of `struct inet_diag_msg`.
const HEADER: usize = 72;

/// What the kernel has answered so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// The sockets.
    pub(super) sockets: Vec<Socket>,
    /// Messages that could not be read, and are left out.
    pub(super) unreadable: u64,
    /// Whether sockets came and went meanwhile, so that some may be missing.
    pub(super) interrupted: bool,
}

/// Reads a datagram into `answer`. Whether that was the last one.
///
/// # Errors
/// The kernel's error number.
pub(super) fn read(mut datagram: &[u8], answer: &mut Answer) -> Result<bool, i32> {
    while !datagram.is_empty() {
        let Ok(message) = NetlinkBuffer::new_checked(datagram) else {
            answer.unreadable += 1;
            break;
        };
        answer.interrupted |= message.flags() & NLM_F_DUMP_INTR != 0;
        let payload = message.payload();
        match message.message_type() {
            DONE | ERROR => {
                // The end of a dump carries its result as an error does: zero, or a negative number.
                let code = i32_at(payload, 0).unwrap_or(0);
                return if code < 0 { Err(code.saturating_neg()) } else { Ok(true) };
            }
            SOCK_DIAG_BY_FAMILY => match socket(payload) {
                Some(socket) => answer.sockets.push(socket),
                None => answer.unreadable += 1,
            },
            _ => {}
        }
        let length = (message.length() as usize).next_multiple_of(4);
        datagram = datagram.get(length..).unwrap_or_default();
    }
    Ok(false)
}

fn socket(payload: &[u8]) -> Option<Socket> {
    let header = InetResponseHeader::parse(payload).ok()?;
    // The crate leaves out the number of unanswered probes, and when TIME-WAIT ends.
    let (kind, count, expires) = (*payload.get(2)?, *payload.get(3)?, u32_at(payload, 52)?);
    let kind = match kind {
        1 => Some(TimerKind::Retransmission),
        2 => Some(TimerKind::Keepalive),
        3 => Some(TimerKind::TimeWait),
        4 => Some(TimerKind::Persist),
        _ => None,
    };
    let id = &header.socket_id;
    let mut socket = Socket {
        local: SocketAddr::new(id.source_address.to_canonical(), id.source_port),
        peer: SocketAddr::new(id.destination_address.to_canonical(), id.destination_port),
        is_ipv6: id.source_address.is_ipv6(),
        state: State::of(header.state),
        timer: kind.map(|kind| Timer { kind, left: millis(expires), count }),
        quiet: None,
        traffic: None,
        uid: header.uid,
        inode: header.inode,
        cookie: id.cookie,
        owners: Vec::new(),
    };
    // What follows an attribute that is cut off cannot be read; what came before it can.
    for attribute in NlasIterator::new(payload.get(HEADER..)?).map_while(Result::ok) {
        if attribute.kind() == INET_DIAG_INFO {
            let info = attribute.into_inner().get(4..).unwrap_or_default();
            (socket.quiet, socket.traffic) = (quiet(info), traffic(info));
        }
    }
    Some(socket)
}

/// The times of a `struct tcp_info`.
fn quiet(info: &[u8]) -> Option<Quiet> {
    let at = |offset| u32_at(info, offset).map(millis);
    Some(Quiet { data_sent: at(44)?, data_received: at(52)?, ack_received: at(56)? })
}

/// The counters of a `struct tcp_info`.
fn traffic(info: &[u8]) -> Option<Traffic> {
    let octet = |offset: usize| info.get(offset).copied();
    let received = u32_at(info, 152);
    let sent = u32_at(info, 156);
    Some(Traffic {
        retransmits: octet(2)?,
        probes: octet(3)?,
        backoff: octet(4)?,
        unacked: u32_at(info, 24)?,
        rtt: Span(i64::from(u32_at(info, 68)?) * 1_000),
        data_segments: received.zip(sent),
    })
}

const fn millis(ms: u32) -> Span {
    Span::from_millis(ms as i64)
}

fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    let bytes = bytes.get(offset..)?.first_chunk()?;
    Some(u32::from_ne_bytes(*bytes))
}

fn i32_at(bytes: &[u8], offset: usize) -> Option<i32> {
    u32_at(bytes, offset).map(u32::cast_signed)
}

#[cfg(test)]
mod tests;
