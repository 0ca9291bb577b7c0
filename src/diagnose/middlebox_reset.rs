//! A RST that the end it claims to come from did not send.

use super::Case;
use crate::infer::{Origin, origin};
use crate::report::words::duration;
use crate::report::{Confidence, Finding, Severity};

/// The identifications of two packets of one host that follow each other are not further apart.
const MAX_ID_STEP: u16 = 1024;

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    let flow = case.flow;
    let Some(reset) = &flow.reset else { return };
    let rtt = flow.view(reset.from).rtt;
    let Origin::Middlebox { by_ttl } = origin(reset, rtt) else { return };
    // An end that had closed answers what comes late with RST: no small difference makes that a box's.
    if !flow.is_established() || (flow.view(reset.from).has_sent_fin && !by_ttl) {
        return;
    }
    let who = reset.from.name();
    let mut evidence = Vec::new();
    if let Some(own) = reset.sender_ttl.filter(|own| *own != reset.ttl) {
        evidence.push(format!("TTL {} where the {who}'s packets have {own}", reset.ttl));
    }
    if let (Some(after), Some(rtt)) = (reset.after_other, rtt)
        && after.scale(2, 1) < rtt
        && !reset.has_ack
    {
        evidence.push(format!("within {} where the {who} needs {}", duration(after), duration(rtt)));
    }
    // Linux sends RSTs of its own with identification 0 as well.
    if let (Some(id), Some(own)) = (reset.ip_id.filter(|id| *id != 0), reset.sender_ip_id)
        && id.wrapping_sub(own) > MAX_ID_STEP
    {
        evidence.push(format!("IP identification {id} where the {who}'s was {own}"));
    }
    let quiet = flow
        .ending
        .and_then(|ending| ending.quiet_before)
        .map_or(String::new(), |quiet| format!(", after {} of quiet", duration(quiet)));
    let text =
        format!("a box on the way reset the connection in the {who}'s name{quiet}: {}", evidence.join(", "));
    let confidence = match (by_ttl, evidence.len()) {
        (true, 2..) => Confidence::Certain,
        (true, _) | (false, 2..) => Confidence::Likely,
        (false, _) => Confidence::Possible,
    };
    let provoking = flow.prober(!reset.from).runs.last().filter(|run| run.end_frame == Some(reset.frame));
    let before = provoking.into_iter().flat_map(|run| run.probe_frames.iter().copied());
    found.push(Finding::new(
        "reset-by-middlebox",
        Severity::Problem,
        confidence,
        Some(reset.from),
        text,
        before.chain([reset.frame]),
    ));
}
