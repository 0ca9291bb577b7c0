//! How idle times, intervals and round trips are spread over all flows.

use crate::flow::Side;
use crate::measure::Stat;
use crate::report::Flow;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many bars stand between a value and its tenfold.
const PER_DECADE: f64 = 10.0;

/// The bars of one figure.
#[derive(Debug, Default, Serialize)]
pub(super) struct Spread {
    /// How many ends have the figure.
    ends: u64,
    /// The bar of values from `10^(n/10)` s on, by `n`, and how many ends have their median there.
    bars: BTreeMap<i32, u64>,
}

/// A value for each end that probes: its median.
#[derive(Debug, Default, Serialize)]
pub(super) struct Spreads {
    idle_s: Spread,
    interval_s: Spread,
    rtt_s: Spread,
}

impl Spreads {
    /// Counts the ends of a flow.
    pub(super) fn add(&mut self, flow: &Flow) {
        for prober in Side::BOTH.map(|side| flow.prober(side)) {
            self.idle_s.add(prober.idle.as_ref());
            self.interval_s.add(prober.interval.as_ref());
            self.rtt_s.add(prober.rtt.as_ref());
        }
    }
}

impl Spread {
    fn add(&mut self, stat: Option<&Stat>) {
        let Some(seconds) = stat.map(|stat| stat.median.as_secs_f64()).filter(|seconds| *seconds > 0.0)
        else {
            return;
        };
        // A hair more, so that 1 s is not put below 1 s by the logarithm.
        let bar = (seconds.log10() * PER_DECADE + 1e-9).floor() as i32;
        self.ends += 1;
        *self.bars.entry(bar).or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;

    #[test]
    fn a_value_falls_into_the_bar_that_begins_at_or_below_it() {
        let mut spread = Spread::default();
        for nanos in [1_000_000_000, 1_200_000_000, 1_260_000_000, 10_000_000_000, 310_000, 0] {
            let at = Span(nanos);
            let stat =
                Stat { min: at, median: at, p95: at, p99: at, max: at, samples: 1, approximate: false };
            spread.add(Some(&stat));
        }
        spread.add(None);
        assert_eq!(spread.ends, 5, "neither none nor zero");
        assert_eq!(spread.bars, BTreeMap::from([(-36, 1), (0, 2), (1, 1), (10, 1)]));
    }
}
