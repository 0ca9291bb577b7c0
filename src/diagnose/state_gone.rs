//! A far end that knows nothing of the connection any more.

use super::Case;
use crate::flow::Side;
use crate::infer::{Origin, origin};
use crate::report::words::duration;
use crate::report::{Confidence, Finding, Severity};
use crate::run::Outcome;

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    let Some((reset, asked)) = answer(case) else { return };
    let peer = reset.from;
    let us = (!peer).name();
    let has_closed = case.flow.view(peer).has_sent_fin;
    let (id, confidence, why) = match origin(reset, case.flow.view(peer).rtt) {
        Origin::Middlebox { .. } => return,
        Origin::End => {
            let cause = if has_closed { "which it had closed" } else { "rebooted, or its process gone" };
            let why = format!(
                "there is no such connection any more at the {} ({cause}), whose TTL it has",
                peer.name()
            );
            ("peer-state-gone", Confidence::Likely, why)
        }
        Origin::Unknown => {
            let why = format!(
                "the {} knows no such connection any more, or a box on the way forgot it: nothing that surely came from it was captured to \
                 compare with",
                peer.name()
            );
            ("reset-by-peer-or-middlebox", Confidence::Possible, why)
        }
    };
    let told = if has_closed { String::new() } else { format!("; the {us} sees ECONNRESET") };
    let text = format!("{asked} was answered with RST: {why}{told}");
    let frames = asking_frames(case, !peer).into_iter().chain([reset.frame]);
    found.push(Finding::new(id, Severity::Problem, confidence, Some(peer), text, frames));
}

/// The RST of a host that knows no such connection, and what it answers.
fn answer<'a>(case: &Case<'a>) -> Option<(&'a crate::notes::Reset, String)> {
    let flow = case.flow;
    let reset = flow.reset.as_ref().filter(|_| flow.is_established())?;
    let asker = !reset.from;
    let run = flow.prober(asker).runs.last();
    let run = run.filter(|run| run.outcome == Some(Outcome::Reset) && run.end_frame == Some(reset.frame));
    if run.is_some() && !reset.has_ack {
        return Some((reset, format!("a probe of the {}", asker.name())));
    }
    // An application that closes while data is on its way to it refuses that data: nothing went wrong.
    let is_refusal = !reset.has_ack
        && reset.is_at_acknowledged != Some(false)
        && flow.ending.is_some()
        && !flow.view(reset.from).has_sent_fin;
    let death = flow.death.filter(|death| death.frame == reset.frame && death.asked_by == asker);
    let quiet =
        death.map_or(String::new(), |death| format!(" after {} of quiet", duration(death.gap.length)));
    is_refusal.then(|| (reset, format!("what the {} sent{quiet}", asker.name())))
}

/// The frames of what was answered.
fn asking_frames(case: &Case<'_>, asker: Side) -> Vec<crate::frame::FrameNo> {
    let run = case.flow.prober(asker).runs.last().filter(|run| run.outcome == Some(Outcome::Reset));
    match (run, case.flow.death) {
        (Some(run), _) => run.probe_frames.to_vec(),
        (None, Some(death)) => vec![death.gap.to],
        (None, None) => Vec::new(),
    }
}
