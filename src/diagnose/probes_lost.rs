//! Probes that were lost although the peer lives: how often, and how likely that ends a healthy connection.

use super::Case;
use super::case::frames;
use crate::report::words::count;
use crate::report::{Confidence, Count, Finding, Prober, Severity};
use crate::run::{Outcome, Run};

/// The probe count of most systems, where none is known.
const USUAL_COUNT: u64 = 9;

pub(super) fn findings(case: &Case<'_>, found: &mut Vec<Finding>) {
    for (side, prober) in case.probers() {
        let recovered: Vec<&Run> =
            prober.runs.iter().filter(|run| run.outcome == Some(Outcome::Recovered)).collect();
        if recovered.is_empty() {
            continue;
        }
        let lost: u64 = recovered.iter().map(|run| run.probes.saturating_sub(1)).sum();
        let settled = prober.answered + lost;
        let rate = lost as f64 / settled.max(1) as f64;
        let (limit, assumed) = limit(prober);
        let text = format!(
            "{} lost on the way, of {} that the {} lived to answer ({:.1} %); at that rate {} in a row, which {assumed}, are lost once in \
             {}",
            if lost == 1 {
                "1 probe or its answer was".into()
            } else {
                format!("{} probes or their answers were", count(lost))
            },
            count(settled),
            (!side).name(),
            rate * 100.0,
            count(limit),
            odds(rate, limit),
        );
        found.push(Finding::new(
            "probes-lost",
            Severity::Warning,
            // Where the capture lost frames, an answer may be among them.
            if recovered.iter().all(|run| run.doubt.is_empty()) {
                Confidence::Certain
            } else {
                Confidence::Possible
            },
            Some(side),
            text,
            recovered.into_iter().flat_map(frames),
        ));
    }
}

/// How many lost probes in a row end the connection.
fn limit(prober: &Prober) -> (u64, &'static str) {
    match prober.settings.as_ref().and_then(|settings| settings.count) {
        Some(Count::Exact(n) | Count::ExactOrUserTimeout(n)) => (n, "end the connection"),
        Some(Count::AtLeast(n)) if n >= USUAL_COUNT => (n, "the connection outlives"),
        _ => (USUAL_COUNT, "end it where the count is the usual one"),
    }
}

/// One in how many rounds of probes ends a healthy connection, if losses were independent.
fn odds(rate: f64, limit: u64) -> String {
    let rounds = rate.powi(-(limit.min(64) as i32));
    if rounds < 1e6 {
        format!("{} runs", count(rounds.round() as u64))
    } else {
        "more than a million runs".into()
    }
}
