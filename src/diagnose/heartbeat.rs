//! Data that recurs, and what it means for keepalive.

use super::Case;
use crate::report::words::{counted, duration};
use crate::report::{Confidence, Finding, Heartbeat, HeartbeatFrom, Severity};

/// Probes between beats are wasted where the period is no longer than so many idle times.
const NEAR: i64 = 3;

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    let Some(beat) = &case.flow.heartbeat else { return };
    let mut push = |id: &'static str, confidence: Confidence, text: String| {
        let frames = [beat.first_frame, beat.last_frame];
        found.push(Finding::new(id, Severity::Info, confidence, None, text, frames));
    };
    let told = words(beat);
    if beat.masks_keepalive {
        push(
            "heartbeat-masks-keepalive",
            Confidence::Likely,
            format!(
                "{told}: keepalive with a longer idle time never gets to probe while this goes on, so the heartbeat decides when a dead \
                 peer is found out (by the retransmission timer, if nothing else)"
            ),
        );
    }
    for (side, prober) in case.probers() {
        let Some(idle) = prober.idle.as_ref().map(|idle| idle.median) else { continue };
        if idle < beat.period.median && beat.period.median < idle.scale(NEAR, 1) {
            push(
                "heartbeat-and-keepalive",
                Confidence::Likely,
                format!(
                    "{told}, and the {}'s keepalive probes after {} of quiet, before each of them: both tell the same; one is enough",
                    side.name(),
                    duration(idle)
                ),
            );
        }
    }
}

fn words(beat: &Heartbeat) -> String {
    let from = match beat.from {
        HeartbeatFrom::Client => "the client sends",
        HeartbeatFrom::Server => "the server sends",
        HeartbeatFrom::Both => "both ends send",
    };
    let reply = match beat.reply_bytes {
        0 => String::new(),
        bytes => format!(", answered by {}", counted(bytes, "byte")),
    };
    format!(
        "{from} {} every {}{reply} ({})",
        counted(beat.request_bytes, "byte"),
        duration(beat.period.median),
        counted(beat.count, "time")
    )
}
