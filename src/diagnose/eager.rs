//! Probing so often that it costs more than it tells.

use super::Case;
use crate::report::words::{count, counted, duration};
use crate::report::{Confidence, Finding, Prober, Severity};
use crate::time::{NANOS_PER_SECOND, Span};

/// Idle times below this are eager: no box on the way forgets a connection within ten seconds, and no reader acts on it.
const EAGER: Span = Span::from_secs(10);

/// Fewer probes than this may be an exception.
const MANY: u64 = 4;

/// What to compare with: short enough for every box that is known.
const ENOUGH: Span = Span::from_secs(60);

/// Octets of a probe or an answer on an Ethernet: headers of Ethernet, IPv4 and TCP with time stamps.
const FRAME_BYTES: u64 = 66;

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    for (side, prober) in case.probers() {
        let Some(idle) = prober.idle.as_ref().map(|idle| idle.median).filter(|idle| *idle < EAGER) else {
            continue;
        };
        if prober.answered < MANY || idle <= Span::ZERO {
            continue;
        }
        let (now, then) = (frames_per_hour(idle), frames_per_hour(ENOUGH));
        let text = format!(
            "the {} probes after {} of quiet: {} and {} an hour while nothing happens; an idle time of {} would save {:.0} % of that",
            side.name(),
            duration(idle),
            counted(now, "frame"),
            counted(now * FRAME_BYTES, "byte"),
            duration(ENOUGH),
            (1.0 - then as f64 / now.max(1) as f64) * 100.0
        );
        let share = prober.probes + prober.answered;
        let text = format!("{text} ({} of {} segments here)", count(share), count(case.flow.segments));
        found.push(Finding::new(
            "eager-probing",
            Severity::Info,
            Confidence::Certain,
            Some(side),
            text,
            witnesses(prober),
        ));
    }
}

/// Probes and answers in an hour of nothing else.
fn frames_per_hour(idle: Span) -> u64 {
    const HOUR: i64 = 3600 * NANOS_PER_SECOND;
    2 * (HOUR / idle.0.max(1)) as u64
}

fn witnesses(prober: &Prober) -> impl Iterator<Item = crate::frame::FrameNo> + '_ {
    prober.runs.iter().take(8).map(|run| run.first_frame)
}
