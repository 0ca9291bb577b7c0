//! What is said of each frame: its labels, the ends of runs, and the findings it shows.

use crate::explain::Trail;
use crate::frame::FrameNo;
use crate::render::foreign::for_terminal;
use crate::report::{Finding, Flow, words};
use crate::run::{AnsweredBy, Event, EventKind, Run};
use std::collections::BTreeMap;

/// How many characters of a comment are written: options of a block have 16 bits of length.
const MAX_COMMENT: usize = 4096;

/// The comments of frames.
#[derive(Clone, Debug, Default)]
pub struct Comments(BTreeMap<FrameNo, Vec<String>>);

impl Comments {
    /// What was decided about the frames of a trail.
    #[must_use]
    pub fn of(trail: &Trail) -> Self {
        let mut comments = Self::default();
        for event in trail.decisions().0 {
            comments.add(event.frame, label(event));
        }
        comments
    }

    /// Adds what was concluded of a flow.
    pub fn conclude(&mut self, flow: &Flow) {
        for finding in &flow.findings {
            self.find(finding, &format!("flow {}", flow.index));
        }
    }

    /// Adds what was concluded of several flows.
    pub fn find(&mut self, finding: &Finding, of: &str) {
        let words = found(finding, of);
        for frame in &finding.frames {
            self.add(*frame, words.clone());
        }
    }

    /// What is said of `frame`, in the order it was decided.
    #[must_use]
    pub fn on(&self, frame: FrameNo) -> &[String] {
        self.0.get(&frame).map(Vec::as_slice).unwrap_or_default()
    }

    fn add(&mut self, frame: FrameNo, words: String) {
        self.0.entry(frame).or_default().push(comment(&words));
    }
}

/// `words` as they may stand in a comment: who reads them has a terminal or a window, and neither is to obey.
pub(super) fn comment(words: &str) -> String {
    for_terminal(words).to_string().chars().take(MAX_COMMENT).collect()
}

/// A finding, and what it is `of`, in one line that begins with its severity.
pub(super) fn found(finding: &Finding, of: &str) -> String {
    let Finding { id, severity, confidence, text, .. } = finding;
    format!("{}: {id} ({of}, {}): {text}", severity.name(), confidence.name())
}

/// A label and what belongs to it, in one line that begins with the label's name.
pub(super) fn label(event: &Event) -> String {
    let Event { index, side, .. } = event;
    let of = format!("{}: flow {index}, {}", event.kind.name(), side.name());
    match &event.kind {
        EventKind::Probe { run, number, idle, interval, rule, .. } => {
            let wait = idle.map(|idle| format!(", idle {}", words::duration(idle)));
            let wait = wait.or(interval.map(|interval| format!(", interval {}", words::duration(interval))));
            format!("{of}, run {run}, number {number}{}, rule {rule}", wait.unwrap_or_default())
        }
        EventKind::Answer { probe_frame, rtt, by } => {
            let by = match by {
                AnsweredBy::Ack => "",
                AnsweredBy::Data => ", by data",
                AnsweredBy::Fin => ", by FIN",
            };
            let rtt = rtt.map_or_else(String::new, |rtt| format!(", after {}", words::duration(rtt)));
            format!("{of}, of frame {probe_frame}{rtt}{by}")
        }
        EventKind::IcmpError { icmp_type, icmp_code, from } => {
            format!("{of}: type {icmp_type} code {icmp_code} from {from}")
        }
        EventKind::RunEnd(run) => format!("{of}{}", end_of(run)),
        EventKind::WindowProbe { .. }
        | EventKind::KeepaliveOrWindowProbe { .. }
        | EventKind::KeepaliveOrRetransmission { .. }
        | EventKind::OneByteRetransmission { .. } => of,
    }
}

fn end_of(run: &Run) -> String {
    let outcome = run.outcome.map_or("open", |outcome| outcome.name());
    let quiet = run
        .detected_after
        .map_or_else(String::new, |span| format!(", {} after the last sign of life", words::duration(span)));
    format!(", run {}: {outcome} after {}{quiet}", run.number, words::counted(run.probes, "probe"))
}
