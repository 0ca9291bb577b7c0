//! Live capture of real kernels: hosts in network namespaces that the test makes and removes, real sockets with known options, and the
//! program itself between them. Needs root, iproute2 and tcpdump; skipped loudly where that is impossible.
//!
//! | file | |
//! | --- | --- |
//! | `play` | one evening of seven connections, watched by five programs at once; the other files judge what they told |
//! | `stories` | what each connection was, and that it was told in time |
//! | `same` | the report at the end is that of the recorded frames |
//! | `figures` | metrics, snapshots and statistics are those of the report |
//! | `faults` | frames that are lost, interfaces that go |
//! | `limits` | `-c`, `--duration` |
//! | `load` | what a hundred thousand connections cost; not run by default |
#![cfg(all(feature = "libpcap", target_os = "linux"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed step is a failed test")]

mod faults;
mod figures;
mod lab;
mod limits;
mod load;
#[path = "../support/ns.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod ns;
mod play;
mod program;
mod same;
mod stories;
mod story;
