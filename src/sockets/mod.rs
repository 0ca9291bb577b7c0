//! The Linux kernel's own view of local TCP sockets: which have keepalive on, when the timer is due, how many probes are unanswered.
//!
//! `dump` asks the kernel (NETLINK_SOCK_DIAG, as `ss` does), `message` reads its answers, `owner` finds the processes, [`Defaults`] the
//! settings of the system. What follows from that needs no kernel: [`Watch`] tells a socket's settings from its timer alone, and
//! [`compare`] finds where the kernel and a capture disagree. Nothing here reads a clock.

mod compare;
mod defaults;
#[cfg(target_os = "linux")]
mod dump;
mod listing;
#[cfg(target_os = "linux")]
mod message;
#[cfg(target_os = "linux")]
mod owner;
mod population;
mod reading;
mod shape;
mod socket;
mod table;
mod timing;
mod watch;

pub use compare::{Disagreement, compare};
pub use defaults::Defaults;
pub use listing::{Counts, Listing, Row, Selection};
pub use population::population;
pub use shape::{like_netstat, like_ss};
pub use socket::{Keepalive, Owner, Quiet, Socket, State, Timer, TimerKind, Traffic};
pub use table::{Table, Unavailable};
pub use timing::{Certainty, Inferred, Setting};
pub use watch::Watch;
