//! What only shows when all flows are looked at together: one file for each kind of conclusion.

mod half_open;
mod killed_together;
mod paths;

use crate::infer::Catalogue;
use crate::report::{CaptureFinding, Conclusions, Finding, Flow};
use crate::run::MAX_LISTED_FRAMES;
use half_open::HalfOpen;
use killed_together::Kills;
use paths::Paths;

/// Collects, from flow to flow, what conclusions about all of them need. Of each kind it keeps a bounded number.
#[derive(Debug, Default)]
pub struct Overview {
    paths: Paths,
    kills: Kills,
    half_open: HalfOpen,
}

impl Overview {
    /// Takes the next flow.
    pub fn add(&mut self, flow: &Flow) {
        self.paths.add(flow);
        self.kills.add(flow);
        self.half_open.add(flow);
    }

    /// What follows from all flows that were taken, with the help of known middleboxes.
    #[must_use]
    pub fn conclusions(&self, catalogue: &Catalogue) -> Conclusions {
        let (paths, mut findings) = self.paths.conclusions(catalogue);
        findings.extend(self.kills.findings());
        findings.extend(self.half_open.finding());
        findings.sort_by_key(|across| across.finding.severity);
        Conclusions { paths, findings }
    }
}

/// A finding about these flows.
fn across(finding: Finding, flows: impl IntoIterator<Item = u64>) -> CaptureFinding {
    let mut flows: Vec<u64> = flows.into_iter().collect();
    flows.sort_unstable();
    flows.dedup();
    let flows_total = flows.len() as u64;
    flows.truncate(MAX_LISTED_FRAMES);
    CaptureFinding { finding, flows, flows_total }
}
