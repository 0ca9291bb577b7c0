//! What a socket gets that asks for keepalive and sets nothing itself: the system's settings, of this network namespace.

use crate::time::Span;
#[cfg(target_os = "linux")]
use std::path::Path;

/// The settings of the system (`/proc/sys/net/ipv4`, IPv6 has the same); `None` where one cannot be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Defaults {
    /// `tcp_keepalive_time`.
    pub idle: Option<Span>,
    /// `tcp_keepalive_intvl`.
    pub interval: Option<Span>,
    /// `tcp_keepalive_probes`.
    pub probes: Option<u32>,
    /// `tcp_retries2`: after how many retransmissions a connection is given up.
    pub retries: Option<u32>,
    /// `tcp_orphan_retries`: the same for sockets that no process holds any more; zero means 8.
    pub orphan_retries: Option<u32>,
}

impl Defaults {
    /// Those in force for this process.
    #[cfg(target_os = "linux")]
    #[must_use]
    pub fn read() -> Self {
        Self::read_from(Path::new("/proc/sys/net/ipv4"))
    }

    #[cfg(target_os = "linux")]
    fn read_from(directory: &Path) -> Self {
        let number =
            |name| -> Option<u32> { std::fs::read_to_string(directory.join(name)).ok()?.trim().parse().ok() };
        let seconds = |name| number(name).map(|seconds| Span::from_secs(i64::from(seconds)));
        Self {
            idle: seconds("tcp_keepalive_time"),
            interval: seconds("tcp_keepalive_intvl"),
            probes: number("tcp_keepalive_probes"),
            retries: number("tcp_retries2"),
            orphan_retries: number("tcp_orphan_retries"),
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_not_known() {
        let directory = tempfile::tempdir().unwrap();
        for (name, content) in
            [("tcp_keepalive_time", "600\n"), ("tcp_keepalive_probes", "9\n"), ("tcp_retries2", "much\n")]
        {
            std::fs::write(directory.path().join(name), content).unwrap();
        }
        let read = Defaults::read_from(directory.path());
        let wanted = Defaults { idle: Some(Span::from_secs(600)), probes: Some(9), ..Defaults::default() };
        assert_eq!(read, wanted);
    }
}
