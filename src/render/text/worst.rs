//! The flows that a reader should hear of first.

use crate::flow::Side;
use crate::report::{Flow, Severity};
use crate::run::Outcome;

/// How many flows are told of.
const MAX_TOLD: usize = 3;

/// How bad `flow` is, the worst first: by its gravest finding, then by what became of its probing.
pub(crate) fn rank(flow: &Flow) -> (u8, usize) {
    let outcome = Side::BOTH.into_iter().filter_map(|side| outcome(flow, side)).map(gravity).min();
    let severity = match flow.gravest() {
        Some(Severity::Problem) => 0,
        Some(Severity::Warning) => 1,
        Some(Severity::Info) | None => 2,
    };
    (severity, outcome.unwrap_or(Outcome::ALL.len()))
}

/// The order of outcomes: what a reader has to do something about comes first.
pub(crate) const fn gravity(outcome: Outcome) -> usize {
    match outcome {
        Outcome::TimedOut => 0,
        Outcome::Reset => 1,
        Outcome::Ignored => 2,
        Outcome::Stopped => 3,
        Outcome::Closed => 4,
        Outcome::Unknown => 5,
        Outcome::Superseded => 6,
        Outcome::Pending => 7,
        Outcome::Recovered => 8,
        Outcome::Answered => 9,
    }
}

/// What became of `side`'s probing, if it probes.
pub(crate) fn outcome(flow: &Flow, side: Side) -> Option<Outcome> {
    let prober = flow.prober(side);
    prober.outcome.filter(|_| prober.probes > 0)
}

/// Whether something is wrong with `flow`.
pub(in crate::render) fn is_bad(flow: &Flow) -> bool {
    let (severity, _) = rank(flow);
    let is_bad = |outcome| matches!(outcome, Outcome::TimedOut | Outcome::Reset | Outcome::Ignored);
    severity <= 1 || Side::BOTH.into_iter().filter_map(|side| outcome(flow, side)).any(is_bad)
}

/// The worst flows so far.
#[derive(Debug, Default)]
pub(in crate::render) struct Worst {
    /// The worst first.
    flows: Vec<Flow>,
    total: u64,
}

impl Worst {
    /// Takes a flow, if something is wrong with it.
    pub(super) fn add(&mut self, flow: &Flow) {
        if !is_bad(flow) {
            return;
        }
        self.total += 1;
        let place = self.flows.partition_point(|other| rank(other) <= rank(flow));
        if place < MAX_TOLD {
            self.flows.truncate(MAX_TOLD - 1);
            self.flows.insert(place, flow.clone());
        }
    }

    /// The worst, the worst first.
    pub(in crate::render) fn flows(&self) -> &[Flow] {
        &self.flows
    }

    /// How many more there are.
    pub(in crate::render) fn more(&self) -> u64 {
        self.total.saturating_sub(self.flows.len() as u64)
    }
}
