//! A timer as other tools write it, so that it is found again in their output.

use super::socket::{Timer, TimerKind};
use crate::time::Span;

/// As `ss -o`: `timer:(keepalive,1min12sec,0)`. Empty where no timer runs, as there.
///
/// The manner is that of `ss` (`print_ms_timer`) to the letter: seconds only below ten minutes, milliseconds only below ten seconds, and
/// then written like `4.128ms` for 4.128 s.
#[must_use]
pub fn like_ss(timer: Option<Timer>) -> String {
    let Some(timer) = timer else { return String::new() };
    let name = match timer.kind {
        TimerKind::Retransmission => "on",
        TimerKind::Persist => "persist",
        TimerKind::Keepalive => "keepalive",
        TimerKind::TimeWait => "timewait",
    };
    format!("timer:({name},{},{})", left_like_ss(timer.left), timer.count)
}

fn left_like_ss(left: Span) -> String {
    let ms = left.0 / 1_000_000;
    let (minutes, mut seconds, mut ms) = (ms / 60_000, ms / 1_000 % 60, ms % 1_000);
    let mut text = String::new();
    if minutes > 0 {
        ms = 0;
        text += &format!("{minutes}min");
        if minutes > 9 {
            seconds = 0;
        }
    }
    if seconds > 0 {
        if seconds > 9 {
            ms = 0;
        }
        text += &format!("{seconds}{}", if ms > 0 { "." } else { "sec" });
    }
    if ms > 0 {
        text += &format!("{ms:03}ms");
    }
    text
}

/// As `netstat -o`: `keepalive (72.30/0/0)`: seconds left, retransmissions, probes.
#[must_use]
pub fn like_netstat(timer: Option<Timer>) -> String {
    let Some(Timer { kind, left, count }) = timer else { return "off (0.00/0/0)".to_owned() };
    let (name, retransmissions, probes) = match kind {
        TimerKind::Retransmission => ("on", count, 0),
        TimerKind::Persist => ("probe", 0, count),
        TimerKind::Keepalive => ("keepalive", 0, count),
        TimerKind::TimeWait => ("timewait", 0, 0),
    };
    // Cut, not rounded, as there: the kernel's clock of hundredths is.
    let hundredths = left.0.max(0) / 10_000_000;
    format!("{name} ({}.{:02}/{retransmissions}/{probes})", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timer(kind: TimerKind, ms: i64, count: u8) -> Option<Timer> {
        Some(Timer { kind, left: Span::from_millis(ms), count })
    }

    /// What iproute2 6.1 and net-tools 2.10 printed of such timers.
    #[test]
    fn timers_read_as_other_tools_write_them() {
        use TimerKind::{Keepalive, Persist, Retransmission, TimeWait};
        for (timer, ss, netstat) in [
            (None, "", "off (0.00/0/0)"),
            (timer(Keepalive, 4_128, 0), "timer:(keepalive,4.128ms,0)", "keepalive (4.12/0/0)"),
            (timer(Keepalive, 72_300, 0), "timer:(keepalive,1min12sec,0)", "keepalive (72.30/0/0)"),
            (timer(Keepalive, 59_128, 2), "timer:(keepalive,59sec,2)", "keepalive (59.12/0/2)"),
            (timer(Keepalive, 7_197_610, 0), "timer:(keepalive,119min,0)", "keepalive (7197.61/0/0)"),
            (timer(Keepalive, 9_000, 0), "timer:(keepalive,9sec,0)", "keepalive (9.00/0/0)"),
            (timer(Keepalive, 0, 1), "timer:(keepalive,,1)", "keepalive (0.00/0/1)"),
            (timer(Retransmission, 200, 3), "timer:(on,200ms,3)", "on (0.20/3/0)"),
            (timer(Persist, 1_016, 4), "timer:(persist,1.016ms,4)", "probe (1.01/0/4)"),
            (timer(TimeWait, 60_000, 0), "timer:(timewait,1min,0)", "timewait (60.00/0/0)"),
        ] {
            assert_eq!((like_ss(timer).as_str(), like_netstat(timer).as_str()), (ss, netstat));
        }
    }
}
