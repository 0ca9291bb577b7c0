//! Which end of a flow is asked.

use super::Verdict;
use super::ground::Answer;
use super::wanted::Wanted;
use super::words::exact;
use crate::flow::Side;
use crate::measure::LATENESS;
use crate::report::{Flow, Prober, Status};
use crate::time::Span;

/// Asks `about` every end that probes, or `side` alone, and takes all answers together: each end must be as it should.
///
/// Where nobody probes there is nothing to compare. Keepalive that is off is not as it should be; one that the capture cannot show may be.
pub(super) fn each_prober(
    flow: &Flow,
    side: Option<Side>,
    excluded: Option<Wanted>,
    about: impl Fn(&Prober) -> Answer,
) -> Vec<Answer> {
    let is_asked = |one: &Side| side.is_none_or(|side| side == *one);
    let asked = || Side::BOTH.into_iter().filter(is_asked).map(|side| (side, flow.prober(side)));
    let probing = || asked().filter(|(_, prober)| prober.status == Status::Probing);
    if probing().next().is_some() {
        return probing().map(|(side, prober)| about(prober).of(side)).collect();
    }
    let absent: Vec<Answer> =
        asked().map(|(side, prober)| without_probes(prober, excluded).of(side)).collect();
    // One of the two would be enough: what may be counts, not what cannot be.
    let best = absent.iter().map(|answer| answer.verdict).min().unwrap_or(Verdict::Inconclusive);
    absent.into_iter().filter(|answer| answer.verdict == best).collect()
}

/// What is said of an end that sends no probes, if an idle time is wanted.
fn without_probes(prober: &Prober, idle: Option<Wanted>) -> Answer {
    let quiet = prober.longest_quiet;
    if prober.status == Status::Off {
        return Answer::new(Verdict::Fails, format!("keepalive is off: {}", no_probe_in(quiet)));
    }
    let (late, of) = LATENESS;
    let largest = idle.and_then(Wanted::largest).map(Span);
    let (Some(largest), Some(quiet)) = (largest, quiet) else {
        return Answer::new(Verdict::Inconclusive, no_probe_in(quiet));
    };
    if largest.scale(of + late, of) < quiet {
        let text = format!("{}, in which {} would have shown", no_probe_in(Some(quiet)), exact(largest));
        return Answer::new(Verdict::Fails, text);
    }
    Answer::new(Verdict::Inconclusive, no_probe_in(Some(quiet)))
}

/// How long it was quiet without a probe.
pub(super) fn no_probe_in(quiet: Option<Span>) -> String {
    match quiet {
        Some(quiet) => format!("no probe was captured in up to {} of quiet", exact(quiet)),
        None => "no probe was captured, nor any time in which one would have been".to_owned(),
    }
}
