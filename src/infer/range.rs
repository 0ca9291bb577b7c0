//! From waits that one value explains to the range in which that value must lie.

use super::evidence::{Cycle, Gap};
use super::timer::{FREQUENCIES, Frequency, least_by_granule, least_by_lateness, slack};
use super::vantage::Clockwork;
use crate::time::{NANOS_PER_SECOND, Span};

/// Spacings are steady when they differ by no more than this: a busy machine serves its timers that late.
const STEADY: Span = Span::from_millis(10);

/// What a steady spacing may be off its grid: the length of an interrupt or two.
const OFF_GRID: Span = Span::from_millis(4);

/// No timer is more exact than this: not even those of stacks without a wheel.
const FINEST: Span = Span::from_millis(20);

/// How much of the way to the prober and back may come and go: an eighth.
const JITTER: (i64, i64) = (1, 8);

/// The range of one configured time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Estimate {
    pub(super) low: Span,
    pub(super) high: Span,
    /// The part in which it is likely to lie: where only the upper end is sure, and where stacks differ.
    pub(super) likely: (Span, Span),
    pub(super) samples: u64,
}

/// Equal spacings of probes: the last ones that agree.
#[derive(Clone, Copy, Debug)]
struct Steady {
    spacing: Span,
    tolerance: Span,
}

impl Steady {
    /// `None` with fewer than two.
    fn of(spacings: impl DoubleEndedIterator<Item = Span>) -> Option<Self> {
        let mut newest_first = spacings.rev();
        let newest = newest_first.next()?;
        let agrees = |spacing: &Span| (*spacing - newest).is_within(STEADY + newest.scale(1, 10_000));
        let (mut shortest, mut longest, mut others) = (newest, newest, 0);
        for spacing in newest_first.take_while(agrees) {
            (shortest, longest, others) = (shortest.min(spacing), longest.max(spacing), others + 1);
        }
        (others > 0).then(|| Self {
            spacing: shortest,
            tolerance: OFF_GRID + (longest - shortest).scale(2, 1) + shortest.scale(1, 10_000),
        })
    }

    fn is_on_grid(&self, frequency: Frequency, level: u32) -> bool {
        frequency.off_the_grid(self.spacing, level).is_within(self.tolerance)
    }

    /// The granules that this spacing may be a multiple of, if a timer with about this delay caused it.
    fn granules(&self) -> impl Iterator<Item = (Frequency, Span)> + '_ {
        FREQUENCIES.into_iter().flat_map(move |frequency| {
            let top = frequency.level(self.spacing);
            let bottom = frequency.level(self.spacing - frequency.granule(top));
            let levels = (bottom..=top).filter(move |level| self.is_on_grid(frequency, *level));
            levels.map(move |level| (frequency, frequency.granule(level)))
        })
    }
}

/// The interval's range, from waits between unanswered probes. They carry no bias, but for what the way to the prober comes and goes.
pub(super) fn interval(gaps: &[Gap], clockwork: Clockwork, bias: Span) -> Option<Estimate> {
    let shortest = gaps.iter().map(|gap| gap.wait).min()?;
    let jitter = bias.scale(JITTER.0, JITTER.1);
    let mut low = least_by_granule(shortest - jitter);
    let in_phase = gaps.iter().filter(|gap| !gap.is_first).map(|gap| gap.wait);
    if let Some(steady) = Steady::of(in_phase) {
        let least = |(_, granule): (Frequency, Span)| steady.spacing - granule - slack(shortest) - jitter;
        if let Some(least) = steady.granules().map(least).min() {
            low = low.max(least);
        }
    }
    Some(finish(low, low, shortest, clockwork, jitter, gaps.len()))
}

/// The idle time's range, from cycles that one value explains. `interval_at_most`: no interval is longer, in the whole flow.
///
/// A cycle that ended an interval after the probe before it may have ended because of the interval, and then says nothing of the least.
pub(super) fn idle(
    cycles: &[Cycle],
    interval_at_most: Option<Span>,
    clockwork: Clockwork,
    bias: Span,
) -> Option<Estimate> {
    let high = cycles.iter().map(|cycle| cycle.idle).min()?;
    let is_free = |cycle: &&Cycle| match (cycle.spacing, interval_at_most) {
        (Some(spacing), Some(most)) => least_by_lateness(spacing) > most,
        _ => cycle.is_first,
    };
    let jitter = bias.scale(JITTER.0, JITTER.1);
    let free = cycles.iter().filter(is_free).map(|cycle| cycle.idle).min();
    let direct = || cycles.iter().filter(|cycle| cycle.direct);
    let is_timed_by_interval = direct().any(|cycle| !is_free(&cycle));
    let steady = Steady::of(direct().filter_map(|cycle| cycle.spacing));
    let in_steady = direct().map(|cycle| cycle.idle).min();
    let least_free = free.map(|free| least_by_granule(free - bias));

    let likely = least_by_granule(high - bias);
    let least = match (steady, in_steady) {
        (Some(steady), Some(measured)) => {
            // The last arming was for the rest of the idle time, of which the level is not known: any granule up to that of the whole.
            let by_rest = FREQUENCIES.into_iter().flat_map(|frequency| {
                let levels = 0..=frequency.level(high);
                levels.filter(move |level| steady.is_on_grid(frequency, *level)).map(move |level| {
                    let by_granule = measured - frequency.granule(level).max(FINEST);
                    let of_free = free.map(|free| free - frequency.granule(frequency.level(high)));
                    (of_free.map_or(by_granule, |free| free.max(by_granule))) - bias - slack(high)
                })
            });
            let by_rest = by_rest.filter(|least| *least <= high).min();
            let by_interval = match free {
                _ if !is_timed_by_interval => None,
                Some(free) => steady
                    .granules()
                    .map(|(frequency, _)| {
                        free - frequency.granule(frequency.level(high)) - bias - slack(high)
                    })
                    .min(),
                None => Some(Span::ZERO),
            };
            by_rest.into_iter().chain(by_interval).min().max(least_free)
        }
        _ => least_free,
    };
    Some(finish(least.unwrap_or_default().min(high), likely, high, clockwork, jitter + bias, cycles.len()))
}

/// Adds what other stacks' timers allow, and what no measurement is sharper than.
fn finish(
    low: Span,
    likely: Span,
    high: Span,
    clockwork: Clockwork,
    unsure: Span,
    samples: usize,
) -> Estimate {
    let (mut low, mut most) = (low, high);
    let mut likely = (likely.max(low).min(high), high);
    if let Some((early, late)) = clockwork.others() {
        let by_others = high - unsure - late - slack(high);
        let is_bound = low > Span::ZERO;
        if !clockwork.may_be_wheel() {
            likely = (by_others, high + early);
            low = if is_bound { by_others } else { low };
        }
        low = low.min(by_others);
        most = high + early;
    }
    // Settings are whole seconds nearly everywhere, and no clock tells the last few milliseconds.
    let whole = |most: Span| {
        let above = Span::from_secs((most.0 / NANOS_PER_SECOND).saturating_add(1));
        if (above - most).is_within(slack(most)) { above } else { most }
    };
    (likely.1, most) = (whole(likely.1), whole(most));
    Estimate { low: low.max(Span::ZERO), high: most, likely, samples: samples as u64 }
}
