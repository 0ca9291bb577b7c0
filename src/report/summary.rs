//! What is said of all flows.

use super::{CaptureFinding, Finding, Flow, Path, Severity};
use crate::flow::Side;
use crate::run::Outcome;

/// What was concluded from all flows together.
#[derive(Clone, Debug, Default)]
pub struct Conclusions {
    /// What the network between clients and servers does to quiet connections.
    pub paths: Vec<Path>,
    /// Findings that span flows, the gravest first.
    pub findings: Vec<CaptureFinding>,
}

/// Sums over all flows.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// All flows.
    pub flows: u64,
    /// Flows in which either end probed.
    pub flows_with_probes: u64,
    /// All probes.
    pub probes: u64,
    /// Of them answered.
    pub answered: u64,
    /// The last runs' outcomes of all probing ends, in the order of [`Outcome::ALL`].
    pub outcomes: [u64; Outcome::ALL.len()],
    /// Findings, those that span flows included, in the order of [`Severity::ALL`].
    pub findings: [u64; Severity::ALL.len()],
}

impl Summary {
    /// Counts a flow that is final.
    pub fn add(&mut self, flow: &Flow) {
        self.flows += 1;
        let mut probes = 0;
        for prober in Side::BOTH.map(|side| flow.prober(side)) {
            probes += prober.probes;
            self.answered += prober.answered;
            let last = prober.outcome.and_then(|outcome| Outcome::ALL.iter().position(|o| *o == outcome));
            if let Some(count) = last.and_then(|i| self.outcomes.get_mut(i)) {
                *count += 1;
            }
        }
        self.probes += probes;
        self.flows_with_probes += u64::from(probes > 0);
        self.count_findings(&flow.findings);
    }

    /// Counts a flow without probes, on which there are so many remarks and nothing graver.
    pub fn add_plain(&mut self, remarks: u64) {
        self.flows += 1;
        let [.., infos] = &mut self.findings;
        *infos += remarks;
    }

    /// Counts findings by their severity.
    pub fn count_findings<'a>(&mut self, findings: impl IntoIterator<Item = &'a Finding>) {
        for finding in findings {
            let severity = Severity::ALL.iter().position(|severity| *severity == finding.severity);
            if let Some(count) = severity.and_then(|i| self.findings.get_mut(i)) {
                *count += 1;
            }
        }
    }
}
