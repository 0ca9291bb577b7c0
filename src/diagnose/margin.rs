//! Keepalive that comes too late for boxes that forget quiet connections: the margin to each that is known.

use super::Case;
use crate::infer::{Margin, Middlebox};
use crate::report::words::{count, duration};
use crate::report::{Confidence, Finding, Prober, Severity};
use crate::time::Span;

/// How many boxes are named.
const NAMED: usize = 6;

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    for (side, prober) in case.probers() {
        let Some(idle) = idle(prober) else { continue };
        let boxes =
            |margin: Margin| -> Vec<&Middlebox> { case.catalogue.middleboxes_with(margin, idle).collect() };
        let (late, tight, safe) = (boxes(Margin::WillDrop), boxes(Margin::Tight), boxes(Margin::Safe));
        if late.is_empty() && tight.is_empty() {
            continue;
        }
        let mut parts = vec![format!("the {} probes after {} of quiet", side.name(), duration(idle))];
        if !late.is_empty() {
            parts.push(format!("too late by default for {}", named(&late)));
        }
        if !tight.is_empty() {
            parts.push(format!("only just in time for {}", named(&tight)));
        }
        parts.push(format!("in time for {} others that are known", count(safe.len() as u64)));
        let text = parts.join("; ") + "; whether any is on this path the capture does not show";
        found.push(Finding::new(
            "slower-than-middlebox",
            Severity::Info,
            Confidence::Possible,
            Some(side),
            text,
            prober.runs.first().map(|run| run.first_frame),
        ));
    }
}

/// The idle time in question: the likely setting, or what was measured.
fn idle(prober: &Prober) -> Option<Span> {
    let setting = prober.settings.as_ref()?.idle?;
    Some(setting.nearest.unwrap_or(setting.high))
}

fn named(boxes: &[&Middlebox]) -> String {
    let mut names: Vec<String> = boxes.iter().take(NAMED).map(|one| told(one)).collect();
    if boxes.len() > NAMED {
        names.push(format!("{} more", boxes.len() - NAMED));
    }
    names.join(", ")
}

fn told(middlebox: &Middlebox) -> String {
    // In seconds, as their manuals have it.
    format!("{} ({} s)", middlebox.name, middlebox.idle_timeout.low().as_secs_f64())
}
