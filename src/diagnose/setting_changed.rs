//! Settings that were changed while the connection was open.

use super::Case;
use crate::report::words::duration;
use crate::report::{Changed, Confidence, Finding, SettingChange, Severity};
use crate::time::Span;

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    for (side, prober) in case.probers() {
        for change in &prober.changes {
            // A probe that was lost before the capture point looks like a late start.
            let confidence =
                if change.what == Changed::LateStart { Confidence::Possible } else { Confidence::Likely };
            let text = format!(
                "{}; the settings told here are those in force at the end",
                told(change, side.name())
            );
            let last = prober.runs.last().map(|run| run.first_frame);
            found.push(Finding::new(
                "setting-changed",
                Severity::Info,
                confidence,
                Some(side),
                text,
                [change.frame].into_iter().chain(last),
            ));
        }
    }
}

fn told(change: &SettingChange, us: &str) -> String {
    let range = |(low, high): (Span, Span)| {
        let (low, high) = (duration(low), duration(high));
        if low == high { high } else { format!("{low} – {high}") }
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
            "the {us}'s first probe came after {from}, later than its idle time of {to}: keepalive was switched on late, the idle time \
             lowered, or an earlier probe not captured"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::told;
    use crate::frame::FrameNo;
    use crate::report::{Changed, SettingChange};
    use crate::time::{Span, Timestamp};

    #[test]
    fn a_range_that_reads_as_one_value_is_one() {
        let ms = Span::from_millis;
        let mut change = SettingChange {
            what: Changed::Idle,
            from: (ms(2_016), ms(2_017)),
            to: (ms(4_550), ms(5_120)),
            frame: FrameNo::FIRST,
            at: Timestamp(0),
        };
        assert!(told(&change, "client").ends_with("from 2.02 s to 4.55 s – 5.12 s"));
        change.to = (ms(5_120), ms(5_121));
        assert!(told(&change, "client").ends_with("from 2.02 s to 5.12 s"));
    }
}
