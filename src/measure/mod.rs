//! From samples to statistics.

mod exact;
mod histogram;

use crate::time::Span;
use exact::Exact;
use histogram::Histogram;

/// The largest lateness of a timer, as a part of its value: Linux's fire up to 8/63 late, a granule of its timer wheel
/// (`kernel/time/timer.c`), and never early; others are late by less.
pub const LATENESS: (i64, i64) = (8, 63);

/// No keepalive timer is as short: what comes sooner after a probe was held up on its way together with it, for want of the neighbour's
/// address or of a link, and let go at once. Its spacing says nothing of the prober.
pub const SHORTEST_WAIT: Span = Span::from_millis(10);

/// How many samples are kept one by one; beyond, a histogram within 0.1 % takes over.
pub const EXACT_SAMPLES: usize = 1024;

/// Samples of one quantity, in bounded memory. Order does not matter.
#[derive(Clone, Debug, Default)]
pub struct Samples(Kept);

#[derive(Clone, Debug)]
enum Kept {
    Exact(Exact),
    Histogram(Box<Histogram>),
}

impl Default for Kept {
    fn default() -> Self {
        Self::Exact(Exact::default())
    }
}

/// A summary of samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// The smallest.
    pub min: Span,
    /// The middle one.
    pub median: Span,
    /// 95 % lie at or below.
    pub p95: Span,
    /// 99 % lie at or below.
    pub p99: Span,
    /// The largest.
    pub max: Span,
    /// How many there were.
    pub samples: u64,
    /// Whether the quantiles come from a histogram (within 0.1 %).
    pub approximate: bool,
}

impl Samples {
    /// Takes one more sample; it must not be negative.
    pub fn push(&mut self, sample: Span) {
        match &mut self.0 {
            Kept::Exact(all) if all.len() < EXACT_SAMPLES => all.push(sample),
            Kept::Exact(all) => {
                let mut histogram = Box::<Histogram>::default();
                all.iter().chain([sample]).for_each(|sample| histogram.push(sample));
                self.0 = Kept::Histogram(histogram);
            }
            Kept::Histogram(histogram) => histogram.push(sample),
        }
    }

    /// Takes back one sample of this value, while all are kept one by one.
    pub fn remove(&mut self, sample: Span) {
        if let Kept::Exact(all) = &mut self.0 {
            all.remove(sample);
        }
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        matches!(&self.0, Kept::Exact(all) if all.len() == 0)
    }

    /// How many samples lie in `low..=high`; of a histogram, the buckets that begin there.
    #[must_use]
    pub fn within(&self, low: Span, high: Span) -> u64 {
        match &self.0 {
            Kept::Exact(all) => all.iter().filter(|sample| (low..=high).contains(sample)).count() as u64,
            Kept::Histogram(histogram) => histogram.within(low, high),
        }
    }

    /// The summary: `None` without samples.
    #[must_use]
    pub fn stat(&self) -> Option<Stat> {
        match &self.0 {
            Kept::Exact(all) => all.stat(),
            Kept::Histogram(histogram) => Some(histogram.stat()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{EXACT_SAMPLES, Samples};
    use crate::time::Span;

    fn of(samples: impl IntoIterator<Item = i64>) -> Samples {
        let mut all = Samples::default();
        samples.into_iter().for_each(|ms| all.push(Span::from_millis(ms)));
        all
    }

    #[test]
    fn few_samples_are_exact_in_any_order() {
        let stat = of([4, 1, 3, 2]).stat().unwrap();
        assert_eq!((stat.min, stat.max, stat.samples), (Span::from_millis(1), Span::from_millis(4), 4));
        assert_eq!(stat.median, Span(2_500_000));
        assert_eq!(Some(stat), of([1, 2, 3, 4]).stat());
        assert_eq!(of([]).stat(), None);
        let five = of([5, 1, 4, 2, 3]);
        assert_eq!(five.within(Span::from_millis(2), Span::from_millis(4)), 3);
        assert_eq!(five.within(Span::from_millis(4), Span::from_millis(2)), 0);
    }

    #[test]
    fn many_samples_stay_within_a_thousandth() {
        let n = EXACT_SAMPLES as i64 * 3;
        let stat = of(1..=n).stat().unwrap();
        assert!(stat.approximate);
        assert_eq!(
            (stat.min, stat.max, stat.samples),
            (Span::from_millis(1), Span::from_millis(n), n as u64)
        );
        assert!((stat.median.as_secs_f64() / (n as f64 / 2e3) - 1.0).abs() < 0.002, "{stat:?}");
        let half = of(1..=n).within(Span::ZERO, stat.median) as f64 / n as f64;
        assert!((half - 0.5).abs() < 0.002, "{half}");
        assert_eq!(of(1..=n).within(stat.max, stat.min), 0);
    }
}
