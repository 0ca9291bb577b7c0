//! Data in flight when the peer vanished: the timer of retransmission decides then, and keepalive has no say.

use super::Case;
use crate::flow::Side;
use crate::report::words::{counted, duration};
use crate::report::{Confidence, Finding, LadderEnd, Severity};
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
        let (us, peer) = (side.name(), (!side).name());
        let quotes = case.flow.quotes.iter().filter(|quote| quote.of == side && quote.is_unreachable());
        let unreachable: Vec<_> = quotes.map(|quote| quote.frame).collect();
        let errno = if unreachable.is_empty() { "ETIMEDOUT" } else { "EHOSTUNREACH" };
        let has_ended = case.flow.ending.is_some();
        let end = if has_ended {
            format!("and then gave up ({errno})")
        } else {
            format!("and has not given up when the capture ends (it will see {errno})")
        };
        let text = format!(
            "data was in flight when the {peer} vanished: the {us} sent it again {} over {} ({}), {end}; while data is in \
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
            if has_ended { Confidence::Likely } else { Confidence::Possible },
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
