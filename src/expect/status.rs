//! `status=probing`, `status=off`.

use super::Verdict;
use super::ground::Answer;
use super::sides::no_probe_in;
use super::words::last_few;
use crate::flow::Side;
use crate::report::words::counted;
use crate::report::{Flow, Prober, Status};

/// Probing is a flow in which either end does; keepalive is off where it is off at both.
pub(super) fn status(flow: &Flow, side: Option<Side>, wanted: Status, is_not: bool) -> Vec<Answer> {
    let is_asked = |one: &Side| side.is_none_or(|side| side == *one);
    let of = |side: Side| of_one(flow.prober(side), wanted).of(side);
    let answers: Vec<Answer> = Side::BOTH.into_iter().filter(is_asked).map(of).collect();
    let verdicts = || answers.iter().map(|answer| answer.verdict);
    let verdict = if wanted == Status::Off { verdicts().max() } else { verdicts().min() };
    let decisive = answers.iter().filter(|answer| Some(answer.verdict) == verdict).cloned();
    decisive.map(|answer| answer.negated_if(is_not)).collect()
}

fn of_one(prober: &Prober, wanted: Status) -> Answer {
    let quiet = prober.longest_quiet;
    match prober.status {
        Status::Probing => {
            let text = format!("it sent {}", counted(prober.probes, "probe"));
            let frames = last_few(prober.runs.iter().map(|run| run.first_frame));
            Answer::new(Verdict::of(wanted == Status::Probing), text).shown_by(frames)
        }
        Status::Off => Answer::new(Verdict::of(wanted == Status::Off), no_probe_in(quiet)),
        Status::NotObservable if prober.is_relevant() => {
            let text = "what may be keepalive probes may as well be something else";
            Answer::new(Verdict::Inconclusive, text)
        }
        Status::NotObservable => {
            let text = format!("{}; that keepalive is off shows only beyond 2 h 15 min", no_probe_in(quiet));
            Answer::new(Verdict::Inconclusive, text)
        }
    }
}
