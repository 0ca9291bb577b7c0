//! Findings of all flows, gathered by their kind.

use crate::report::{Flow, Severity};
use serde::Serialize;
use std::collections::BTreeMap;

/// How many flows are named beside a kind.
const MAX_NAMED: usize = 24;

/// A kind of finding, and where it was made.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    id: &'static str,
    severity: &'static str,
    /// How it was said of the first flow.
    text: String,
    /// The first flows, by number.
    flows: Vec<u64>,
    flows_total: u64,
}

/// All kinds.
#[derive(Debug, Default)]
pub(super) struct Groups(BTreeMap<(Severity, &'static str), Group>);

impl Groups {
    /// Takes the findings of a flow.
    pub(super) fn add(&mut self, flow: &Flow) {
        for finding in &flow.findings {
            let group = self.0.entry((finding.severity, finding.id)).or_insert_with(|| Group {
                id: finding.id,
                severity: finding.severity.name(),
                text: finding.text.clone(),
                flows: Vec::new(),
                flows_total: 0,
            });
            // An end and its peer may have the same finding.
            if group.flows.last() != Some(&flow.index) {
                group.flows_total += 1;
                if group.flows.len() < MAX_NAMED {
                    group.flows.push(flow.index);
                }
            }
        }
    }

    /// The kinds, the gravest first.
    pub(super) fn list(&self) -> Vec<&Group> {
        self.0.values().collect()
    }
}
