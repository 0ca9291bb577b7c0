//! `rtt`: how fast probes were answered, at the point of capture.

use super::Verdict;
use super::ground::Answer;
use super::sides::each_prober;
use super::wanted::Wanted;
use super::words::{exact, last_few};
use crate::flow::Side;
use crate::measure::Stat;
use crate::report::Flow;
use crate::report::words::counted;
use crate::run::Outcome;
use crate::time::Span;

/// A figure of a statistic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantile {
    Min,
    Median,
    P95,
    P99,
    Max,
}

impl Quantile {
    pub(super) const ALL: [Self; 5] = [Self::Min, Self::Median, Self::P95, Self::P99, Self::Max];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Min => "min",
            Self::Median => "median",
            Self::P95 => "p95",
            Self::P99 => "p99",
            Self::Max => "max",
        }
    }

    const fn of(self, stat: &Stat) -> Span {
        match self {
            Self::Min => stat.min,
            Self::Median => stat.median,
            Self::P95 => stat.p95,
            Self::P99 => stat.p99,
            Self::Max => stat.max,
        }
    }
}

pub(super) fn rtt(flow: &Flow, side: Option<Side>, quantile: Quantile, wanted: Wanted) -> Vec<Answer> {
    each_prober(flow, side, None, |prober| {
        let Some(stat) = &prober.rtt else {
            return Answer::new(Verdict::Inconclusive, "no probe was answered while it alone was open");
        };
        let value = quantile.of(stat);
        let text = format!("{} of {} is {}", quantile.name(), counted(stat.samples, "answer"), exact(value));
        let answered = prober.runs.iter().filter(|run| run.outcome == Some(Outcome::Answered));
        let frames = last_few(answered.filter_map(|run| run.end_frame));
        Answer::new(wanted.is_met_by(value.0), text).shown_by(frames)
    })
}
