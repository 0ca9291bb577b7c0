//! `keepscope sockets`: settings told from timers, kernel and capture compared, and real sockets of this machine's kernel.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed step is a failed test")]

mod compare;
mod document;
#[cfg(all(target_os = "linux", feature = "libpcap"))]
mod joined;
mod kernel;
#[cfg(target_os = "linux")]
mod real;
mod watch;

use keepscope::sockets::{Quiet, Socket, State, Timer, TimerKind, Traffic};
use keepscope::time::Span;

/// A socket of 10.0.0.1:40000 to 10.0.0.2:443 whose keepalive timer has `left_ms` to run, `unanswered` probes, and nothing arrived for
/// `quiet_ms`.
fn keepalive_socket(left_ms: i64, unanswered: u8, quiet_ms: i64) -> Socket {
    let quiet = Span::from_millis(quiet_ms);
    Socket {
        local: "10.0.0.1:40000".parse().unwrap(),
        peer: "10.0.0.2:443".parse().unwrap(),
        is_ipv6: false,
        state: State::Established,
        timer: Some(Timer {
            kind: TimerKind::Keepalive,
            left: Span::from_millis(left_ms),
            count: unanswered,
        }),
        quiet: Some(Quiet { data_received: quiet, ack_received: quiet, data_sent: quiet }),
        traffic: Some(Traffic { data_segments: Some((0, 0)), ..Traffic::default() }),
        uid: 1000,
        inode: 4711,
        cookie: [1; 8],
        owners: Vec::new(),
    }
}
