//! From samples to statistics.

use crate::time::Span;
use std::collections::BTreeMap;

/// The largest lateness of a timer, as a part of its value: Linux's fire up to 8/63 late, a granule of its timer wheel
/// (`kernel/time/timer.c`), and never early; others are late by less.
pub const LATENESS: (i64, i64) = (8, 63);

/// How many samples are kept one by one; beyond, a histogram within 0.1 % takes over.
pub const EXACT_SAMPLES: usize = 1024;

/// Binary digits that a bucket of the histogram keeps: eleven, so that it is at most a two-thousandth wide.
const BUCKET_DIGITS: u32 = 11;

/// Samples of one quantity, in bounded memory. Order does not matter.
#[derive(Clone, Debug, Default)]
pub struct Samples(Kept);

#[derive(Clone, Debug)]
enum Kept {
    Exact(Vec<Span>),
    /// Only the buckets that were hit: samples of a timer lie close together, and there is a histogram for each of many flows.
    Histogram {
        counts: BTreeMap<i64, u64>,
        samples: u64,
        min: Span,
        max: Span,
    },
}

impl Default for Kept {
    fn default() -> Self {
        Self::Exact(Vec::new())
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
                if let Some(histogram) = histogram_of(all) {
                    self.0 = histogram;
                    self.push(sample);
                }
            }
            Kept::Histogram { counts, samples, min, max } => {
                *counts.entry(bucket(sample)).or_default() += 1;
                *samples += 1;
                *min = sample.min(*min);
                *max = sample.max(*max);
            }
        }
    }

    /// Takes back one sample of this value, while all are kept one by one.
    pub fn remove(&mut self, sample: Span) {
        if let Kept::Exact(all) = &mut self.0
            && let Some(place) = all.iter().position(|kept| *kept == sample)
        {
            all.swap_remove(place);
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(&self.0, Kept::Exact(all) if all.is_empty())
    }

    /// How many samples lie in `low..=high`; of a histogram, the buckets that begin there.
    #[must_use]
    pub fn within(&self, low: Span, high: Span) -> u64 {
        match &self.0 {
            Kept::Exact(all) => all.iter().filter(|sample| (low..=high).contains(sample)).count() as u64,
            Kept::Histogram { counts, .. } if low <= high => {
                counts.range(low.0..=high.0).map(|(_, n)| n).sum()
            }
            Kept::Histogram { .. } => 0,
        }
    }

    /// The summary: `None` without samples.
    #[must_use]
    pub fn stat(&self) -> Option<Stat> {
        match &self.0 {
            Kept::Exact(all) => {
                let mut sorted = all.clone();
                sorted.sort_unstable();
                Some(Stat {
                    min: *sorted.first()?,
                    median: quantile(&sorted, 50),
                    p95: quantile(&sorted, 95),
                    p99: quantile(&sorted, 99),
                    max: *sorted.last()?,
                    samples: sorted.len() as u64,
                    approximate: false,
                })
            }
            Kept::Histogram { counts, samples, min, max } => {
                let at = |percent| quantile_of(counts, *samples, percent).clamp(*min, *max);
                Some(Stat {
                    min: *min,
                    median: at(50),
                    p95: at(95),
                    p99: at(99),
                    max: *max,
                    samples: *samples,
                    approximate: true,
                })
            }
        }
    }
}

/// The histogram of samples that have become too many.
fn histogram_of(all: &[Span]) -> Option<Kept> {
    let mut counts = BTreeMap::new();
    all.iter().for_each(|sample| *counts.entry(bucket(*sample)).or_default() += 1);
    Some(Kept::Histogram {
        counts,
        samples: all.len() as u64,
        min: *all.iter().min()?,
        max: *all.iter().max()?,
    })
}

/// The lower end of the bucket a sample falls into: its first binary digits.
const fn bucket(sample: Span) -> i64 {
    let cut = (i64::BITS - sample.0.leading_zeros()).saturating_sub(BUCKET_DIGITS);
    sample.0 >> cut << cut
}

/// The lower end of the bucket that `percent` of the samples lie at or below.
fn quantile_of(counts: &BTreeMap<i64, u64>, samples: u64, percent: u64) -> Span {
    let rank = (samples * percent).div_ceil(100);
    let mut below = 0;
    let reached = counts.iter().find(|(_, count)| {
        below += **count;
        below >= rank
    });
    Span(reached.map_or(0, |(bucket, _)| *bucket))
}

/// The quantile at `percent`, linear between neighbours (Hyndman and Fan's type 7), in whole nanoseconds.
fn quantile(sorted: &[Span], percent: usize) -> Span {
    let Some(last) = sorted.len().checked_sub(1) else { return Span::ZERO };
    let (below, part) = (last * percent / 100, last * percent % 100);
    let at = |i: usize| sorted.get(i.min(last)).copied().unwrap_or_default();
    let (low, high) = (at(below), at(below + 1));
    low + (high - low).scale(part as i64, 100)
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
