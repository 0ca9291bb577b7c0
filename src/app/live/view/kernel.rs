//! What this host's kernel says of a connection's timer, in words.

use super::bar::running;
use super::rows::Row;
use crate::app::live::join::Look;
use crate::flow::Side;
use crate::render::text::style::Tone;
use crate::report::Flow;
use crate::sockets::{Keepalive, TimerKind};
use crate::time::{Span, Timestamp};

/// What the kernel said of `side` of `flow` last; `None`: that end is not on this host, or there is nothing to say of it.
pub(super) fn of(flow: &Flow, side: Side, look: Option<&Look>) -> Option<(Keepalive, Timestamp)> {
    let look = look?;
    let keepalive = look.table.lookup(&flow.tuple, side)?.keepalive();
    (keepalive != Keepalive::Over).then_some((keepalive, look.at))
}

/// The same in a sentence, as at `now`: a timer runs on after it was looked at.
pub(super) fn sentence((keepalive, at): (Keepalive, Timestamp), now: Timestamp) -> Option<String> {
    Some(match keepalive {
        Keepalive::On { left, unanswered } => {
            let left = match left_at(left, at, now) {
                Span::ZERO => "due now".to_owned(),
                left => format!("{} left", running(left)),
            };
            format!("keepalive {left}, {unanswered} unanswered")
        }
        Keepalive::Off => "no keepalive asked for".to_owned(),
        Keepalive::Hidden(kind) => format!("keepalive hidden behind {}", behind(kind)),
        Keepalive::Over => return None,
    })
}

/// The same for a cell of the table: the time left with the unanswered probes, `off`, or what hides it.
pub(super) fn cell(row: &Row<'_>, look: Option<&Look>, now: Timestamp) -> Option<(String, Tone)> {
    let sides = row.side.map_or([Side::Client, Side::Server], |side| [side; 2]);
    let (keepalive, at) = sides.into_iter().find_map(|side| of(row.flow, side, look))?;
    Some(match keepalive {
        Keepalive::On { left, unanswered } => {
            let left = match left_at(left, at, now) {
                Span::ZERO => "now".to_owned(),
                left => running(left),
            };
            match unanswered {
                0 => (left, Tone::Plain),
                some => (format!("{left}, {some} unans"), Tone::Doubtful),
            }
        }
        Keepalive::Off => ("off".into(), Tone::Faint),
        Keepalive::Hidden(TimerKind::Persist) => ("window 0".into(), Tone::Doubtful),
        Keepalive::Hidden(_) => ("resending".into(), Tone::Doubtful),
        Keepalive::Over => return None,
    })
}

/// How wide a [`cell`] is: room for `12.3s, 14 unans`.
pub(super) const WIDTH: u16 = 15;

fn left_at(left: Span, at: Timestamp, now: Timestamp) -> Span {
    (left - now.since(at).max(Span::ZERO)).max(Span::ZERO)
}

const fn behind(kind: TimerKind) -> &'static str {
    match kind {
        TimerKind::Persist => "zero-window probes",
        TimerKind::Retransmission | TimerKind::Keepalive | TimerKind::TimeWait => "retransmission",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_runs_on_after_it_was_looked_at() {
        let on = |unanswered| Keepalive::On { left: Span::from_millis(6_200), unanswered };
        let at = Timestamp(0) + Span::from_secs(100);
        let says = |keepalive, ms| sentence((keepalive, at), at + Span::from_millis(ms)).unwrap();
        assert_eq!(says(on(0), 2_000), "keepalive 4.2s left, 0 unanswered");
        assert_eq!(says(on(3), -50), "keepalive 6.2s left, 3 unanswered", "frames lag behind the clock");
        assert_eq!(says(on(0), 7_000), "keepalive due now, 0 unanswered");
        assert_eq!(says(Keepalive::Off, 0), "no keepalive asked for");
        assert_eq!(
            says(Keepalive::Hidden(TimerKind::Persist), 0),
            "keepalive hidden behind zero-window probes"
        );
        assert_eq!(sentence((Keepalive::Over, at), at), None);
    }
}
