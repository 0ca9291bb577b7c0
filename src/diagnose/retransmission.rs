//! Data in flight when the peer vanished: the timer of retransmission decides then, and keepalive has no say.

use super::Case;
use crate::flow::Side;
use crate::report::words::{counted, duration};
use crate::report::{Confidence, Finding, LadderEnd, Severity, Timer};
use crate::time::{Span, Timestamp};

/// Shorter outages repair themselves unnoticed.
const LONG: Span = Span::from_secs(3);

/// Fewer retransmissions than this are a lost segment.
const LEAST: u64 = 3;

/// How many steps of a ladder are told; the first eight are listed without a gap.
const TOLD: usize = 8;

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    for side in Side::BOTH {
        let Some(ladder) = case.flow.ladder(side) else { continue };
        if ladder.total < LEAST || ladder.duration < LONG {
            continue;
        }
        let reset = case.flow.reset.as_ref();
        // Who answers with RST has not vanished; that the RST does not arrive is another matter. Of RSTs after both ends have closed, nothing
        // else is noted than that something came.
        let peer_spoke_since = case.flow.view(!side).last_sent.is_some_and(|at| at > ladder.first.at);
        let has_refused = match reset {
            Some(reset) => reset.from != side && reset.at <= ladder.last.at,
            None => peer_spoke_since,
        };
        if has_refused {
            continue;
        }
        let (us, peer) = (side.name(), (!side).name());
        let quotes = case.flow.quotes.iter().filter(|quote| quote.of == side && quote.is_unreachable());
        let unreachable: Vec<_> = quotes.map(|quote| quote.frame).collect();
        // Once it has sent FIN, the application may have gone.
        let has_closed = case.flow.view(side).has_sent_fin;
        let errno = match (has_closed, unreachable.is_empty()) {
            (true, _) => "",
            (false, true) => "ETIMEDOUT",
            (false, false) => "EHOSTUNREACH",
        };
        let told = |before: &str| {
            if errno.is_empty() { String::new() } else { format!(" ({before}{errno})") }
        };
        let has_given_up = case.flow.ending.is_some_and(|ending| ending.timer == Some(Timer::Retransmission));
        let end = match (has_given_up, reset) {
            (true, _) => format!("and then gave up{}", told("")),
            (false, Some(reset)) if reset.from == side => "and then reset the connection".into(),
            (false, Some(_)) => format!("until a RST in the {peer}'s name answered"),
            (false, None) => format!("and has not given up when the capture ends{}", told("it will see ")),
        };
        let what = if has_closed { "data or a FIN" } else { "data" };
        let text = format!(
            "{what} was in flight when the {peer} vanished: the {us} sent it again {} over {} ({}), {end}; while data is in \
             flight its retransmission timer decides, not keepalive",
            counted(ladder.total, "time"),
            duration(ladder.duration),
            steps(ladder),
        );
        let original = ladder.original.map(|rung| rung.frame);
        let frames =
            original.into_iter().chain(ladder.rungs.iter().map(|rung| rung.frame)).chain(unreachable);
        found.push(Finding::new(
            "retransmission-timeout",
            Severity::Problem,
            if has_given_up { Confidence::Likely } else { Confidence::Possible },
            Some(side),
            text,
            frames,
        ));
    }
}

/// The waits between its steps: `after 208 ms, 424 ms, 832 ms`.
fn steps(ladder: &LadderEnd) -> String {
    let original = ladder.original.iter();
    let times: Vec<Timestamp> = original.chain(&ladder.rungs).map(|rung| rung.at).collect();
    let listed = ladder.rungs.len() as u64;
    let waits = times.iter().zip(times.iter().skip(1)).map(|(from, to)| to.since(*from));
    let told: Vec<String> = waits.take(TOLD).map(duration).collect();
    let more = if listed > TOLD as u64 || ladder.total > listed { ", …" } else { "" };
    format!("after {}{more}", told.join(", "))
}
