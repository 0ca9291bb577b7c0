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
    let (confidence, whose) = match origin(reset, case.flow.view(peer).rtt) {
        Origin::Middlebox { .. } => return,
        Origin::End => (Confidence::Likely, format!("by its TTL the {} itself", peer.name())),
        Origin::Unknown => (Confidence::Possible, "the peer, or a box on the way that forgot it".to_owned()),
    };
    let text = format!(
        "{asked} was answered with RST: there is no such connection any more at the far end ({whose}): rebooted, or its process gone; the \
         {} sees ECONNRESET",
        (!peer).name()
    );
    let frames = asking_frames(case, !peer).into_iter().chain([reset.frame]);
    found.push(Finding::new("peer-state-gone", Severity::Problem, confidence, Some(peer), text, frames));
}

/// The RST of a host that knows no such connection, and what it answers.
fn answer<'a>(case: &Case<'a>) -> Option<(&'a crate::notes::Reset, String)> {
    let flow = case.flow;
    let reset = flow.reset.as_ref()?;
    let asker = !reset.from;
    let run = flow.prober(asker).runs.last();
    let run = run.filter(|run| run.outcome == Some(Outcome::Reset) && run.end_frame == Some(reset.frame));
    if run.is_some() && !reset.has_ack {
        return Some((reset, format!("a probe of the {}", asker.name())));
    }
    let death = flow.death.filter(|death| death.frame == reset.frame && death.asked_by == asker)?;
    let is_refusal = !reset.has_ack && reset.is_at_acknowledged != Some(false);
    is_refusal.then(|| {
        (reset, format!("what the {} sent after {} of quiet", asker.name(), duration(death.gap.quiet)))
    })
}

/// The frames of what was answered.
fn asking_frames(case: &Case<'_>, asker: Side) -> Vec<crate::frame::FrameNo> {
    let run = case.flow.prober(asker).runs.last().filter(|run| run.outcome == Some(Outcome::Reset));
    match (run, case.flow.death) {
        (Some(run), _) => run.probe_frames.to_vec(),
        (None, Some(death)) => vec![death.gap.after],
        (None, None) => Vec::new(),
    }
}
