//! Settings that were changed while the connection was open.

use super::Case;
use crate::report::words::duration;
use crate::report::{Changed, Confidence, Finding, SettingChange, Severity};
use crate::time::Span;

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    for (side, prober) in case.probers() {
        for change in &prober.changes {
            let text = format!(
                "{}; the settings told here are those in force at the end",
                told(change, side.name())
            );
            let last = prober.runs.last().map(|run| run.first_frame);
            found.push(Finding::new(
                "setting-changed",
                Severity::Info,
                Confidence::Likely,
                Some(side),
                text,
                [change.frame].into_iter().chain(last),
            ));
        }
    }
}

fn told(change: &SettingChange, us: &str) -> String {
    let range = |(low, high): (Span, Span)| {
        if low == high { duration(high) } else { format!("{} to {}", duration(low), duration(high)) }
    };
    let (from, to) = (range(change.from), range(change.to));
    match change.what {
        Changed::Idle => {
            format!("the {us}'s idle time was changed while the connection was open, from {from} to {to}")
        }
        Changed::Interval => {
            format!("the {us}'s interval was changed while the connection was open, from {from} to {to}")
        }
        Changed::LateStart => format!(
            "the {us}'s first probe came after {from}, later than its idle time of {to}: keepalive was switched on late, or the idle time \
             lowered"
        ),
    }
}
