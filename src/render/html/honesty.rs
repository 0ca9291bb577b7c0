//! What the figures of a page cannot say, in plain words.

use super::MAX_FLOWS;
use crate::flow::Side;
use crate::render::text::figure::{count, counted};
use crate::report::{Capture, Flow, Status};

/// What limits what can be known.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Limits {
    unobservable: u64,
    one_sided: u64,
    assumed: u64,
    in_doubt: u64,
}

impl Limits {
    /// Takes notice of a flow.
    pub(super) fn add(&mut self, flow: &Flow) {
        let probers = Side::BOTH.map(|side| flow.prober(side));
        let is_unobservable = probers.iter().all(|prober| prober.status == Status::NotObservable);
        let is_in_doubt = probers.iter().any(|prober| prober.runs.iter().any(|run| !run.doubt.is_empty()));
        self.unobservable += u64::from(is_unobservable);
        self.one_sided += u64::from(flow.one_sided);
        self.assumed += u64::from(flow.roles == crate::report::Roles::Assumed);
        self.in_doubt += u64::from(is_in_doubt);
    }

    /// What a reader should know before believing a figure. `listed`: how many flows there are to show.
    pub(super) fn notes(self, capture: &Capture, listed: u64) -> Vec<String> {
        let shown = count(MAX_FLOWS as u64);
        let about = [
            (
                listed.saturating_sub(MAX_FLOWS as u64),
                format!("The table shows the {shown} worst flows; "),
                BEYOND,
            ),
            (self.unobservable, "In ".into(), UNOBSERVABLE),
            (self.one_sided, "Of ".into(), ONE_SIDED),
            (self.assumed, "In ".into(), ASSUMED),
            (self.in_doubt, "In ".into(), IN_DOUBT),
        ];
        let about = about.into_iter().filter(|(flows, ..)| *flows > 0);
        let mut notes: Vec<String> = about
            .map(|(flows, before, after)| format!("{before}{} {after}", counted(flows, "flow")))
            .collect();
        let lost = capture.dropped.map(|dropped| dropped.kernel + dropped.interface);
        match lost {
            None => notes
                .push(format!("The capture does not say whether frames were lost while capturing: {LOST}")),
            Some(0) => {}
            Some(1) => notes.push(format!("1 frame was lost while capturing: {LOST}")),
            Some(frames) => notes.push(format!("{} frames were lost while capturing: {LOST}", count(frames))),
        }
        notes.extend([MEASURED, ALIVE].map(String::from));
        notes
    }
}

const BEYOND: &str = "more are counted in the summary and the distributions only.";

const UNOBSERVABLE: &str = "no probe was seen, and the capture cannot exclude keepalive: an idle time longer than the quiet in it \
                            leaves no trace. Off is said only after 2 h 15 min of quiet.";

const ONE_SIDED: &str = "only one direction was captured: whether probes were answered is not known there.";

const ASSUMED: &str =
    "the handshake was not captured: who is the client is assumed from ports, or from who sent first.";

const IN_DOUBT: &str = "figures may be off, as frames were lost or the capture's clock ran backwards.";

const LOST: &str = "a lost answer looks like an unanswered probe.";

const MEASURED: &str = "Idle and interval are measured at the capture point. What was configured is a range: timers fire late, on \
                        Linux by up to an eighth.";

const ALIVE: &str = "An answer shows that the peer's kernel is alive, not that its application is.";
