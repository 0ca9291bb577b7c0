//! What a single look at the timer says of a socket's settings.

use super::socket::{Keepalive, Socket};
use super::timing::{Certainty, Inferred, JIFFY, SHORTEST, Setting};
use crate::report::{Count, SettingRange};
use crate::time::{NANOS_PER_SECOND, Span};

/// What `socket` by itself shows.
///
/// Where nothing arrived since the timer was armed, it is due the idle time after the last arrival, to the jiffy, and idle times are whole
/// seconds; anything else gives a whole number only by chance, one time in fifty, or because traffic recurs after whole seconds. Where
/// the last arrival may have been the answer of a probe, it can be the interval as well.
pub(super) fn read(socket: &Socket) -> Inferred {
    let (Keepalive::On { left, unanswered }, Some(quiet)) = (socket.keepalive(), socket.quiet) else {
        return Inferred::default();
    };
    if unanswered > 0 {
        return Inferred { count: Some(Count::AtLeast(u64::from(unanswered))), ..Inferred::default() };
    }
    let Some(whole) = whole_seconds(left + quiet.elapsed()).filter(|_| left > Span::ZERO) else {
        return Inferred::default();
    };
    let range = SettingRange { low: whole - JIFFY, high: whole + JIFFY, nearest: Some(whole), samples: 1 };
    let setting = Some(Setting { range, certainty: Certainty::Read });
    let rtt = socket.traffic.map_or(Span::ZERO, |traffic| traffic.rtt);
    if quiet.ends_with_data(rtt) {
        Inferred { idle: setting, ..Inferred::default() }
    } else {
        Inferred { idle_or_interval: setting, ..Inferred::default() }
    }
}

/// The whole seconds that `span` is, give or take a jiffy: between two readings one may pass, and an application that switches keepalive
/// on often hears from its peer in the same moment.
fn whole_seconds(span: Span) -> Option<Span> {
    let whole = Span::from_secs((span + JIFFY).0 / NANOS_PER_SECOND);
    (whole >= SHORTEST && (span - whole).is_within(JIFFY)).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::super::socket::tests::quiet_socket;
    use super::super::{Quiet, Timer, TimerKind, Traffic};
    use super::*;

    fn look(left_ms: i64, data_ms: i64, ack_ms: i64, unanswered: u8) -> Inferred {
        let left = Span::from_millis(left_ms);
        let quiet = Quiet {
            data_received: Span::from_millis(data_ms),
            ack_received: Span::from_millis(ack_ms),
            data_sent: Span::from_secs(500),
        };
        let timer = Some(Timer { kind: TimerKind::Keepalive, left, count: unanswered });
        read(&crate::sockets::Socket { timer, quiet: Some(quiet), ..quiet_socket() })
    }

    fn nearest(setting: Option<Setting>) -> Option<i64> {
        setting?.range.nearest.map(|nearest| nearest.0 / NANOS_PER_SECOND)
    }

    #[test]
    fn the_last_data_and_the_time_left_make_the_idle_time() {
        assert_eq!(nearest(look(41_500, 18_500, 30_000, 0).idle), Some(60));
        assert_eq!(nearest(look(41_500, 18_504, 18_504, 0).idle), Some(60), "between two jiffies");
        assert_eq!(nearest(look(41_500, 18_496, 18_496, 0).idle), Some(60), "the peer's first words");
        assert_eq!(look(41_500, 18_300, 18_300, 0), Inferred::default(), "armed before the last arrival");
        assert_eq!(look(0, 60_004, 60_004, 0), Inferred::default(), "overdue");
    }

    #[test]
    fn after_what_may_be_the_answer_of_a_probe_it_may_be_the_interval() {
        let read = look(41_500, 300_000, 18_500, 0);
        assert_eq!((read.idle, nearest(read.idle_or_interval)), (None, Some(60)));
    }

    #[test]
    fn the_ack_of_data_is_no_answer_of_a_probe() {
        let timer = Some(Timer { kind: TimerKind::Keepalive, left: Span::from_secs(40), count: 0 });
        let quiet = Quiet {
            data_received: Span::from_secs(300),
            ack_received: Span::from_secs(20),
            data_sent: Span::from_millis(20_048),
        };
        let traffic = Some(Traffic { rtt: Span::from_millis(48), ..Traffic::default() });
        let socket = crate::sockets::Socket { timer, quiet: Some(quiet), traffic, ..quiet_socket() };
        assert_eq!(nearest(read(&socket).idle), Some(60));
    }

    #[test]
    fn unanswered_probes_are_counted_and_no_more() {
        let read = look(1_000, 9_000, 9_000, 3);
        assert_eq!(read, Inferred { count: Some(Count::AtLeast(3)), ..Inferred::default() });
    }
}
