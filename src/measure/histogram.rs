//! Samples that have become too many to keep one by one.

use super::Stat;
use crate::time::Span;

/// Binary digits that a bucket keeps: eleven, so that it is at most a thousandth wide.
const DIGITS: u32 = 11;

/// Buckets to each power of two.
const PER_OCTAVE: i64 = 1 << (DIGITS - 1);

/// How many samples there were in each bucket. Only those that were hit are there: samples of a timer lie close together, and there is a
/// histogram for each of many flows.
#[derive(Clone, Debug, Default)]
pub(super) struct Histogram {
    /// In order.
    buckets: Vec<Bucket>,
    /// As many as there are buckets.
    counts: Vec<u32>,
    samples: u64,
    min: Span,
    max: Span,
}

/// The first binary digits of a sample, and how many follow. Ordered as the samples are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Bucket(u16);

impl Bucket {
    const fn of(sample: Span) -> Self {
        let cut = (i64::BITS - sample.0.leading_zeros()).saturating_sub(DIGITS);
        Self((cut as i64 * PER_OCTAVE + (sample.0 >> cut)) as u16)
    }

    /// The smallest sample in it.
    fn start(self) -> Span {
        let number = self.0 as i64;
        let cut = (number / PER_OCTAVE - 1).max(0);
        Span((number - cut * PER_OCTAVE) << cut)
    }
}

impl Histogram {
    /// Takes one more sample; it must not be negative.
    pub(super) fn push(&mut self, sample: Span) {
        let bucket = Bucket::of(sample);
        match self.buckets.binary_search(&bucket) {
            Ok(place) => {
                if let Some(count) = self.counts.get_mut(place) {
                    *count = count.saturating_add(1);
                }
            }
            Err(place) => {
                self.buckets.insert(place, bucket);
                self.counts.insert(place, 1);
            }
        }
        self.min = if self.samples == 0 { sample } else { self.min.min(sample) };
        self.max = self.max.max(sample);
        self.samples += 1;
    }

    fn iter(&self) -> impl Iterator<Item = (Span, u64)> {
        self.buckets.iter().zip(&self.counts).map(|(bucket, count)| (bucket.start(), u64::from(*count)))
    }

    /// How many samples lie in the buckets that begin in `low..=high`.
    pub(super) fn within(&self, low: Span, high: Span) -> u64 {
        self.iter().filter(|(start, _)| (low..=high).contains(start)).map(|(_, count)| count).sum()
    }

    /// The summary.
    pub(super) fn stat(&self) -> Stat {
        let at = |percent| self.quantile(percent).clamp(self.min, self.max);
        Stat {
            min: self.min,
            median: at(50),
            p95: at(95),
            p99: at(99),
            max: self.max,
            samples: self.samples,
            approximate: true,
        }
    }

    /// The start of the bucket that `percent` of the samples lie at or below.
    fn quantile(&self, percent: u64) -> Span {
        let rank = (self.samples * percent).div_ceil(100);
        let mut below = 0;
        let reached = self.iter().find(|(_, count)| {
            below += count;
            below >= rank
        });
        // Counts that are at their limit may add up to less.
        reached.map_or(self.max, |(start, _)| start)
    }
}

#[cfg(test)]
mod tests {
    use super::Bucket;
    use crate::time::Span;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_bucket_begins_at_most_a_thousandth_below_what_falls_into_it(
            sample in prop_oneof![0..5_000_i64, 0..i64::MAX, Just(i64::MAX)],
            other in 0..i64::MAX,
        ) {
            let start = Bucket::of(Span(sample)).start();
            prop_assert!(start.0 <= sample && sample - start.0 <= sample / 1_000, "{} {}", start.0, sample);
            prop_assert_eq!(Bucket::of(start), Bucket::of(Span(sample)));
            prop_assert!((Bucket::of(Span(sample)) <= Bucket::of(Span(other))) || other < sample);
        }
    }
}
