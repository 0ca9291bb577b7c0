//! How many connections were left half-open: what a server would count as leaked.

use super::across;
use crate::diagnose::half_open::ID;
use crate::frame::FrameNo;
use crate::report::words::counted;
use crate::report::{CaptureFinding, Confidence, Finding, Flow, Severity};
use crate::run::MAX_LISTED_FRAMES;

/// One is told with its flow.
const SEVERAL: u64 = 2;

#[derive(Debug, Default)]
pub(super) struct HalfOpen {
    flows: Vec<u64>,
    frames: Vec<FrameNo>,
    total: u64,
}

impl HalfOpen {
    pub(super) fn add(&mut self, flow: &Flow) {
        if let Some(finding) = flow.findings.iter().find(|finding| finding.id == ID) {
            self.total += 1;
            if self.flows.len() < MAX_LISTED_FRAMES {
                self.flows.push(flow.index);
                self.frames.extend(finding.frames.first());
            }
        }
    }

    pub(super) fn finding(&self) -> Option<CaptureFinding> {
        if self.total < SEVERAL {
            return None;
        }
        let text = format!(
            "{} may be half-open: one end has gone, and the other sends no probes and waits; a server that is left so leaks a socket for each",
            counted(self.total, "connection")
        );
        let frames = self.frames.iter().copied();
        let finding =
            Finding::new("half-open-inventory", Severity::Warning, Confidence::Possible, None, text, frames);
        let mut across = across(finding, self.flows.iter().copied());
        across.flows_total = self.total;
        Some(across)
    }
}
