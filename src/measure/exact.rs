//! Samples one by one.

use super::Stat;
use crate::time::Span;

/// By how many samples, or by what part of those there are, the list grows. Doubling would leave half of it empty, for each of many flows.
const STEP: (usize, usize) = (8, 4);

/// All samples, in no order that means anything. Those of one path, or of a timer of seconds, lie within two seconds of the first,
/// and four bytes hold one.
#[derive(Clone, Debug)]
pub(super) enum Exact {
    /// How far each is from `first`, in nanoseconds.
    Near {
        first: Span,
        distances: Vec<i32>,
    },
    Far(Vec<Span>),
}

impl Default for Exact {
    fn default() -> Self {
        Self::Near { first: Span::ZERO, distances: Vec::new() }
    }
}

impl Exact {
    pub(super) const fn len(&self) -> usize {
        match self {
            Self::Near { distances, .. } => distances.len(),
            Self::Far(all) => all.len(),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Span> {
        let (first, near, far): (_, &[i32], &[Span]) = match self {
            Self::Near { first, distances } => (*first, distances, &[]),
            Self::Far(all) => (Span::ZERO, &[], all),
        };
        near.iter().map(move |distance| first + Span(i64::from(*distance))).chain(far.iter().copied())
    }

    pub(super) fn push(&mut self, sample: Span) {
        if let Self::Near { first, distances } = self {
            if distances.is_empty() {
                *first = sample;
            }
            match i32::try_from((sample - *first).0) {
                Ok(distance) => return push(distances, distance),
                Err(_) => *self = Self::Far(self.iter().collect()),
            }
        }
        if let Self::Far(all) = self {
            push(all, sample);
        }
    }

    /// Takes back one sample of this value, if there is one.
    pub(super) fn remove(&mut self, sample: Span) {
        let Some(place) = self.iter().position(|kept| kept == sample) else { return };
        match self {
            Self::Near { distances, .. } => _ = distances.swap_remove(place),
            Self::Far(all) => _ = all.swap_remove(place),
        }
    }

    /// The summary: `None` without samples.
    pub(super) fn stat(&self) -> Option<Stat> {
        match self {
            Self::Near { first, distances } => {
                let mut sorted = distances.clone();
                sorted.sort_unstable();
                summary(sorted.len(), |place| Some(*first + Span(i64::from(*sorted.get(place)?))))
            }
            Self::Far(all) => {
                let mut sorted = all.clone();
                sorted.sort_unstable();
                summary(sorted.len(), |place| sorted.get(place).copied())
            }
        }
    }
}

fn push<T>(list: &mut Vec<T>, item: T) {
    if list.len() == list.capacity() {
        let (least, part) = STEP;
        list.reserve_exact(least.max(list.len() / part));
    }
    list.push(item);
}

/// The summary of `len` samples, of which `at` gives the one at a place in their order.
fn summary(len: usize, at: impl Fn(usize) -> Option<Span>) -> Option<Stat> {
    let last = len.checked_sub(1)?;
    // Linear between neighbours (Hyndman and Fan's type 7), in whole nanoseconds.
    let quantile = |percent: usize| {
        let (below, part) = (last * percent / 100, last * percent % 100);
        let (low, high) = (at(below)?, at((below + 1).min(last))?);
        Some(low + (high - low).scale(part as i64, 100))
    };
    Some(Stat {
        min: at(0)?,
        median: quantile(50)?,
        p95: quantile(95)?,
        p99: quantile(99)?,
        max: at(last)?,
        samples: len as u64,
        approximate: false,
    })
}

#[cfg(test)]
mod tests {
    use super::Exact;
    use crate::time::Span;
    use proptest::prelude::*;

    proptest! {
        /// Whatever the samples are, near each other or not.
        #[test]
        fn gives_back_what_it_took(
            samples in proptest::collection::vec(
                prop_oneof![0..5_000_000_000_i64, Just(0), 0..i64::MAX], 0..40),
            taken_back in proptest::collection::vec(any::<prop::sample::Index>(), 0..9),
        ) {
            let (mut exact, mut model) = (Exact::default(), samples.clone());
            samples.iter().for_each(|sample| exact.push(Span(*sample)));
            for place in taken_back {
                if !model.is_empty() {
                    exact.remove(Span(model.swap_remove(place.index(model.len()))));
                }
            }
            exact.remove(Span(-1));
            let mut all: Vec<i64> = exact.iter().map(|sample| sample.0).collect();
            all.sort_unstable();
            model.sort_unstable();
            prop_assert_eq!(exact.len(), model.len());
            prop_assert_eq!(all, model);
        }
    }

    #[test]
    fn takes_four_bytes_a_sample_as_long_as_they_lie_near_each_other() {
        let mut exact = Exact::default();
        (0..1024).for_each(|n| exact.push(Span::from_secs(7_200) + Span::from_millis(n)));
        assert!(matches!(&exact, Exact::Near { distances, .. } if distances.capacity() <= 1024 * 5 / 4));
        exact.push(Span::from_secs(7_203));
        assert!(matches!(exact, Exact::Far(_)));
    }
}
