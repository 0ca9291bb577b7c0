//! Whether a prober's timer is the timer wheel of Linux.
//!
//! On the wheel a timer that is armed with the same delay again and again fires at a constant distance: a multiple of the granule of its
//! level, which is mostly no whole number of seconds. Other stacks are exact but for a tick of their clock (FreeBSD, gVisor, smoltcp), or
//! count in half seconds (lwIP, OpenBSD, XNU), so whatever whole number of seconds was configured, they do not show such a distance; and
//! where timers are gathered to save power, it is not constant.

use super::evidence::Evidence;
use super::timer::FREQUENCIES;
use super::vantage::Vantage;
use crate::report::Prober;
use crate::time::Span;

/// So many distances have to agree …
const AGREEING: usize = 3;

/// … within this, with each other and with the grid: the length of an interrupt.
const STEADY: Span = Span::from_millis(2);

/// The ticks of other stacks that are this near to a whole or half second: of Windows' clock, and of FreeBSD's in a virtual machine.
const TICK: Span = Span::from_millis(20);

/// What stacks that do not count in milliseconds count in.
const HALF_SECOND: Span = Span::from_millis(500);

/// Whether nothing but the wheel explains how far the probes of `prober` are apart; false where that cannot be told.
pub(super) fn is_on_wheel(prober: &Prober, vantage: Vantage) -> bool {
    let evidence = Evidence::of(prober);
    let unanswered = evidence.gaps.iter().map(|gap| gap.wait);
    // An exact timer that is armed when the answer arrives is later by the whole way to the peer and back.
    let answered = evidence.cycles.iter().filter(|cycle| cycle.direct).filter_map(|cycle| cycle.spacing);
    let rtt = prober.rtt.as_ref().map(|rtt| rtt.max);
    only_wheel(unanswered, Span::ZERO)
        || rtt.is_some_and(|rtt| only_wheel(answered, rtt.scale(2, 1) + vantage.bias()))
}

/// … if `late` may lengthen each.
fn only_wheel(spacings: impl DoubleEndedIterator<Item = Span>, late: Span) -> bool {
    let mut newest_first = spacings.rev();
    let Some(newest) = newest_first.next() else { return false };
    let agrees = |spacing: &Span| (*spacing - newest).is_within(STEADY);
    // The newest may be the one that does not agree with the others: then nothing is said.
    let others = newest_first.take_while(agrees).count();
    others + 1 >= AGREEING && !is_exact(newest, late) && is_on_grid(newest)
}

/// Whether a timer that keeps whole or half seconds explains `spacing`.
fn is_exact(spacing: Span, late: Span) -> bool {
    let beyond = Span(spacing.0.rem_euclid(HALF_SECOND.0));
    let unsure = TICK + spacing.scale(1, 10_000);
    beyond <= late + unsure || HALF_SECOND - beyond <= unsure
}

fn is_on_grid(spacing: Span) -> bool {
    FREQUENCIES.into_iter().any(|frequency| {
        let level = frequency.level(spacing);
        // The delay is a granule shorter at most, and may belong to the level below.
        let below = frequency.level(spacing - frequency.granule(level));
        // A fine grid has room for every spacing.
        let is_coarse = |level: &u32| frequency.granule(*level) > STEADY.scale(4, 1);
        let mut levels = (below..=level).filter(is_coarse);
        levels
            .any(|level| frequency.off_the_grid(spacing, level).is_within(STEADY + spacing.scale(1, 10_000)))
    })
}

#[cfg(test)]
mod tests {
    use super::only_wheel;
    use crate::time::Span;

    fn of(spacings: &[i64], late_ms: i64) -> bool {
        only_wheel(spacings.iter().map(|ms| Span::from_millis(*ms)), Span::from_millis(late_ms))
    }

    #[test]
    fn steady_multiples_of_a_granule_are_linux() {
        // 250 Hz: 1 s, 3 s, 15 s; 1000 Hz: 2 s; 300 Hz: 30 s; 100 Hz: 60 s.
        for ms in [1_024, 3_072, 15_104, 2_048, 30_720, 61_440] {
            assert!(of(&[ms, ms, ms + 1], 0), "{ms}");
        }
    }

    #[test]
    fn fewer_or_unsteady_ones_are_nobodys() {
        assert!(!of(&[1_024, 1_024], 0));
        assert!(!of(&[1_024, 1_030, 1_024, 1_031], 0));
        assert!(!of(&[1_024, 1_024, 1_024, 1_000], 0));
    }

    #[test]
    fn whole_and_half_seconds_are_anybodys() {
        for ms in [1_000, 2_016, 1_500, 75_505, 60_000, 45_012, 1_990] {
            assert!(!of(&[ms, ms, ms], 0), "{ms}");
        }
    }

    #[test]
    fn what_lies_off_every_grid_is_not_linux() {
        assert!(!of(&[1_100, 1_100, 1_100], 0));
        assert!(!of(&[30_300, 30_300, 30_300], 0));
    }

    #[test]
    fn the_way_there_and_back_explains_as_much() {
        assert!(of(&[2_048, 2_048, 2_048], 10));
        assert!(!of(&[2_048, 2_048, 2_048], 48), "an exact timer of 2 s, and 48 ms to the peer and back");
    }
}
