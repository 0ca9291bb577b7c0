//! What Linux's own tools show of a keepalive timer.

use crate::time::{NANOS_PER_SECOND, Span};

/// A running keepalive timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timer {
    /// Until it fires.
    pub(crate) left: Span,
    /// How many probes are unanswered.
    pub(crate) unanswered: u64,
}

impl Timer {
    /// As `ss -o` shows it (iproute2, misc/ss.c, `tcp_timer_print` and `print_ms_timer`): `timer:(keepalive,18sec,0)`.
    pub(crate) fn ss(self) -> String {
        format!("timer:(keepalive,{},{})", ss_time(self.left), self.unanswered)
    }

    /// As `netstat -o` shows it (net-tools, netstat.c, `tcp_do_one`): `keepalive (18.00/0/0)`. The number in the middle counts
    /// retransmissions, of which there are none while a keepalive timer runs.
    pub(crate) fn netstat(self) -> String {
        // The kernel tells ticks of a hundredth of a second (USER_HZ).
        let ticks = self.left.0 / (NANOS_PER_SECOND / 100);
        format!("keepalive ({}.{:02}/0/{})", ticks / 100, ticks % 100, self.unanswered)
    }
}

/// Milliseconds only below ten seconds, seconds only below ten minutes, and no "sec" where milliseconds follow: so it is written there.
fn ss_time(left: Span) -> String {
    let ms = left.0 / 1_000_000;
    let (minutes, seconds, ms) = (ms / 60_000, ms / 1000 % 60, ms % 1000);
    let ms = if minutes > 0 || seconds > 9 { 0 } else { ms };
    let seconds = if minutes > 9 { 0 } else { seconds };
    let mut text = String::new();
    if minutes > 0 {
        text += &format!("{minutes}min");
    }
    if seconds > 0 {
        text += &format!("{seconds}{}", if ms > 0 { "." } else { "sec" });
    }
    if ms > 0 {
        text += &format!("{ms:03}ms");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values: what both tools' C code prints for these times.
    #[test]
    fn both_tools_are_copied_to_the_letter() {
        for (ms, unanswered, ss, netstat) in [
            (18_000, 0, "timer:(keepalive,18sec,0)", "keepalive (18.00/0/0)"),
            (148, 3, "timer:(keepalive,148ms,3)", "keepalive (0.14/0/3)"),
            (2_016, 1, "timer:(keepalive,2.016ms,1)", "keepalive (2.01/0/1)"),
            (9_000, 0, "timer:(keepalive,9sec,0)", "keepalive (9.00/0/0)"),
            (10_240, 0, "timer:(keepalive,10sec,0)", "keepalive (10.24/0/0)"),
            (60_000, 0, "timer:(keepalive,1min,0)", "keepalive (60.00/0/0)"),
            (90_500, 0, "timer:(keepalive,1min30sec,0)", "keepalive (90.50/0/0)"),
            (7_195_000, 0, "timer:(keepalive,119min,0)", "keepalive (7195.00/0/0)"),
        ] {
            let timer = Timer { left: Span::from_millis(ms), unanswered };
            assert_eq!((timer.ss(), timer.netstat()), (ss.into(), netstat.into()), "{ms} ms");
        }
    }
}
