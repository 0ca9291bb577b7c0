//! `outcome`: how a run of probes ended.

use super::Verdict;
use super::ground::Answer;
use super::sides::each_prober;
use super::words::{exact, last_few};
use crate::flow::Side;
use crate::report::words::counted;
use crate::report::{Flow, Prober};
use crate::run::{Doubt, Outcome, Run};
use crate::time::Span;

/// An outcome, and how soon after the last sign of life it must have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ending {
    pub(super) outcome: Outcome,
    pub(super) within: Option<Span>,
    /// Whether no run may have ended so.
    pub(super) is_not: bool,
}

impl Ending {
    /// Whether a connection is over with such a run: only then is it known how long that took.
    pub(super) const fn ends_connections(outcome: Outcome) -> bool {
        matches!(outcome, Outcome::TimedOut | Outcome::Reset | Outcome::Closed)
    }
}

/// Whether any run of any end ended so.
pub(super) fn outcome(flow: &Flow, side: Option<Side>, wanted: Ending) -> Vec<Answer> {
    let answers = each_prober(flow, side, None, |prober| some_run(prober, wanted));
    let best = answers.iter().map(|answer| answer.verdict).min();
    let decisive = answers.into_iter().filter(|answer| Some(answer.verdict) == best);
    // That nobody probes is no reason to call the contrary true, nor the other way round.
    let negates = |answer: &Answer| wanted.is_not && flow_probes(flow, answer.side);
    decisive.map(|answer| if negates(&answer) { answer.negated_if(true) } else { answer }).collect()
}

fn flow_probes(flow: &Flow, side: Option<Side>) -> bool {
    side.is_some_and(|side| flow.prober(side).probes > 0)
}

fn some_run(prober: &Prober, wanted: Ending) -> Answer {
    let best =
        prober.runs.iter().filter(|run| run.outcome == Some(wanted.outcome)).map(|run| one_run(run, wanted));
    if let Some(best) = best.min_by_key(|answer| answer.verdict) {
        return best;
    }
    let name = wanted.outcome.name();
    let is_open = |run: &&Run| matches!(run.outcome, None | Some(Outcome::Pending | Outcome::Unknown));
    if let Some(open) = prober.runs.iter().rfind(is_open) {
        let text = match open.outcome {
            Some(Outcome::Unknown) => "the direction of the answers was not captured".to_owned(),
            _ => format!("the capture ends before a run of {} does", counted(open.probes, "probe")),
        };
        return Answer::new(Verdict::Inconclusive, text)
            .shown_by(last_few(open.probe_frames.iter().copied()));
    }
    if prober.runs_total > prober.runs.len() as u64 && wanted.outcome != Outcome::Answered {
        let text = format!("of {} runs only {} are known one by one", prober.runs_total, prober.runs.len());
        return Answer::new(Verdict::Inconclusive, text);
    }
    let last = prober.outcome.map_or("open", Outcome::name);
    let text =
        format!("none of its {} ended as {name}; the last one: {last}", counted(prober.runs_total, "run"));
    Answer::new(Verdict::Fails, text).shown_by(last_few(prober.runs.iter().map(|run| run.first_frame)))
}

/// What a run that ended so says of the time it took.
fn one_run(run: &Run, wanted: Ending) -> Answer {
    let name = wanted.outcome.name();
    let frames = last_few(run.probe_frames.iter().copied().chain(run.end_frame));
    let after = run.detected_after.map(|after| format!(" {} after the last sign of life", exact(after)));
    let probes = counted(run.probes, "probe");
    let mut text = format!("a run of {probes} ended as {name}{}", after.unwrap_or_default());
    let verdict = match (wanted.within, run.detected_after) {
        (None, _) => Verdict::Holds,
        (Some(_), None) => {
            text += ", but the last sign of life before it was not captured";
            Verdict::Inconclusive
        }
        (Some(_), Some(_)) if run.doubt.contains(&Doubt::TimeStep) => {
            text += ", but the capture's clock jumped meanwhile";
            Verdict::Inconclusive
        }
        (Some(within), Some(after)) => Verdict::of(after <= within),
    };
    Answer::new(verdict, text).shown_by(frames)
}
