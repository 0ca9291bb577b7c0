//! What others than the frames tell of flows: findings from outside, and what their finder has to know of the analysis.
//!
//! A finding that is handed in is kept with its flow until that is final. It changes nothing of what the frames lead to, and an analysis that
//! nobody hands anything gives the same for the same frames.

use super::{Analyzer, FlowRef, Output};
use crate::decode::Tuple;
use crate::flow::FlowRecord;
use crate::report::{Finding, Flow, Told};
use crate::time::Timestamp;
use ahash::RandomState;
use std::collections::HashMap;

/// How many findings of a flow are kept. There are few kinds, each about an end at most: nobody comes here who tells each once.
const MAX_FINDINGS: usize = 8;

/// What follows from no probe being seen, which is nothing where somebody knows of probes that are not to be seen.
const REFUTED: [&str; 2] = ["keepalive-not-observed", "keepalive-off"];

/// Findings from outside, by the numbers of their flows: of no more flows than the table holds.
#[derive(Debug, Default)]
pub(super) struct Outside(HashMap<u32, Vec<Finding>, RandomState>);

impl Outside {
    /// Whether of the flow of `record` more is known than its record: what was noted, or what was told.
    pub(super) fn is_notable(&self, record: &FlowRecord) -> bool {
        record.annex().is_some() || !self.0.is_empty() && self.0.contains_key(&record.index())
    }

    /// `found`, with what was told of `flow`: the gravest first, and among equals what was told, as it explains the others. What it refutes is
    /// left out.
    pub(super) fn join(&self, flow: FlowRef, found: Vec<Finding>) -> Vec<Finding> {
        let Some(told) = self.0.get(&flow.index) else { return found };
        let stands = |finding: &Finding| !REFUTED.contains(&finding.id);
        let mut all: Vec<Finding> = told.iter().cloned().chain(found.into_iter().filter(stands)).collect();
        all.sort_by_key(|finding| finding.severity);
        all
    }

    /// Forgets a flow that is final.
    pub(super) fn forget(&mut self, flow: FlowRef) {
        self.0.remove(&flow.index);
    }

    /// Keeps `finding`; answers whether it is new. One that is not takes the place of what was told before.
    fn keep(&mut self, index: u32, finding: Finding) -> bool {
        let told = self.0.entry(index).or_default();
        if let Some(told) = told.iter_mut().find(|told| (told.id, told.side) == (finding.id, finding.side)) {
            *told = finding;
            return false;
        }
        let has_room = told.len() < MAX_FINDINGS;
        if has_room {
            told.push(finding);
        }
        has_room
    }
}

impl Analyzer {
    /// Takes a finding about the open flow with this number and `tuple`, to which the frames do not lead. It becomes one of the flow's findings,
    /// and a streaming analysis hands it out at once ([`Output::Told`]), but only the first of a kind and side: a later one brings it up to
    /// date. Of a flow that is not there, or is final, nothing is kept.
    pub fn handle_finding(&mut self, index: u64, tuple: &Tuple, finding: Finding) {
        let Some(flow) = self.flow_of(tuple) else { return };
        let Some(record) = self.record(flow).filter(|record| u64::from(record.index()) == index) else {
            return;
        };
        let (time, frame, tuple) = (record.end(), record.last_frame(), record.tuple());
        if self.outside.keep(flow.index, finding.clone()) && self.config.stream {
            self.outbox.push_at_once(Output::Told(Told { at: self.now, time, frame, tuple, index, finding }));
        }
    }

    /// The open flow between the ends of `tuple`, in whichever direction, as [`open_flows`](Self::open_flows) shows it. To be had cheaply,
    /// however many flows there are.
    #[must_use]
    pub fn open_flow(&self, tuple: &Tuple) -> Option<Flow> {
        self.flow_report(self.flow_of(tuple)?)
    }

    /// Whether there is an open flow between the ends of `tuple`.
    #[must_use]
    pub fn has_flow(&self, tuple: &Tuple) -> bool {
        self.flow_of(tuple).is_some()
    }

    /// Whether a frame between these moments may have been lost while capturing, as far as the source [told](Self::handle_notes).
    #[must_use]
    pub fn may_have_lost(&self, from: Timestamp, to: Timestamp) -> bool {
        self.losses.touch(from, to)
    }

    fn flow_of(&self, tuple: &Tuple) -> Option<FlowRef> {
        let (partition, lookup) = self.hasher.lookup(tuple);
        let at = partition % self.partitions.len().max(1);
        let (id, _) = self.partitions.get(at)?.table.find_quoted(&lookup)?;
        Some(self.flow_ref(at as u8, id))
    }
}
