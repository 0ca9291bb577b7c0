//! How late timers fire: the timer wheel of Linux, and the clocks of others.
//!
//! Since 4.8 Linux keeps timers in a wheel of levels (`kernel/time/timer.c`): a level is 64 buckets, eight times as coarse as the one before,
//! and an expiry is rounded **up** to the next granule of its level, strictly. So a timer is late by up to a granule, never early, and fires
//! at multiples of the granule in absolute jiffies. How coarse the granule is depends on the delay in jiffies alone, at worst 8 in 63.

use crate::measure::LATENESS;
use crate::time::{NANOS_PER_SECOND, Span};

/// The timer frequencies a Linux kernel is built with (`kernel/Kconfig.hz`).
pub const FREQUENCIES: [Frequency; 4] = [Frequency(100), Frequency(250), Frequency(300), Frequency(1000)];

/// A level of the wheel holds delays of less than this many jiffies, times 8 for each level before it (`LVL_START`).
const LEVEL_JIFFIES: i64 = 63;

/// One level is this much coarser than the one before (`LVL_CLK_DIV`).
const COARSER: i64 = 8;

/// The last level: longer delays are cut (`WHEEL_TIMEOUT_MAX`), which takes longer than 32,767 s, the longest keepalive setting.
const LAST_LEVEL: u32 = 8;

/// A jiffy of the slowest clock: what elapsed is counted in jiffies, so that much is never sure.
pub const JIFFY: Span = Span::from_millis(10);

/// How many parts of a span two clocks may differ by: 100 parts in a million, twice what a quartz does.
const DRIFT: (i64, i64) = (1, 10_000);

/// HZ: how many jiffies there are in a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frequency(i64);

impl Frequency {
    /// The level of the wheel that a timer with this delay is put into.
    #[must_use]
    pub fn level(self, delay: Span) -> u32 {
        let jiffies = i128::from(delay.0) * i128::from(self.0) / i128::from(NANOS_PER_SECOND);
        let holds = |level: &u32| jiffies < i128::from(LEVEL_JIFFIES * COARSER.pow(*level));
        (0..LAST_LEVEL).find(holds).unwrap_or(LAST_LEVEL)
    }

    /// The granule of a level.
    #[must_use]
    pub const fn granule(self, level: u32) -> Span {
        Span(NANOS_PER_SECOND).scale(COARSER.pow(level), self.0)
    }

    /// How far a span is from the nearest multiple of a level's granule. Reckoned in 128 bits: a granule is no whole number of nanoseconds
    /// at 300 Hz.
    #[must_use]
    pub const fn off_the_grid(self, span: Span, level: u32) -> Span {
        let (granule, hz) = (NANOS_PER_SECOND as i128 * COARSER.pow(level) as i128, self.0 as i128);
        let beyond = (span.0 as i128 * hz).rem_euclid(granule);
        let off = if beyond * 2 > granule { granule - beyond } else { beyond };
        Span((off / hz) as i64)
    }
}

/// The least that can be configured where a timer fired after `measured`, whatever the frequency: the wheel is late by 8 in 63 at worst.
#[must_use]
pub fn least_by_lateness(measured: Span) -> Span {
    let (late, of) = LATENESS;
    (measured - slack(measured)).scale(of, of + late) - JIFFY - JIFFY
}

/// … and where it is one of [`FREQUENCIES`]: by the coarsest of their granules.
#[must_use]
pub fn least_by_granule(measured: Span) -> Span {
    let granule = |hz: Frequency| hz.granule(hz.level(measured));
    let coarsest = FREQUENCIES.into_iter().map(granule).max().unwrap_or(measured);
    (measured - coarsest - slack(measured)).max(least_by_lateness(measured))
}

/// What no measurement of a timer is sharper than: a jiffy, and the difference of two clocks.
#[must_use]
pub fn slack(measured: Span) -> Span {
    JIFFY + measured.scale(DRIFT.0, DRIFT.1)
}

#[cfg(test)]
mod tests {
    use super::{FREQUENCIES, Frequency, LAST_LEVEL, least_by_granule, least_by_lateness};
    use crate::time::Span;

    /// The first multiple of the granule that lies beyond `from + delay`, as `calc_index` finds it, in jiffies.
    fn fires(from: i64, delay: i64, level: u32) -> i64 {
        let granule = 8_i64.pow(level);
        ((from + delay) / granule + 1) * granule
    }

    #[test]
    fn the_granules_are_those_of_the_kernel() {
        let seconds = |hz: i64, delay: i64| {
            let frequency = Frequency(hz);
            frequency.granule(frequency.level(Span::from_secs(delay))).as_secs_f64()
        };
        assert_eq!([1, 2, 3, 17, 200].map(|s| seconds(250, s)), [0.032, 0.032, 0.256, 2.048, 16.384]);
        assert_eq!([1, 10, 100, 7200].map(|s| seconds(1000, s)), [0.064, 0.512, 4.096, 262.144]);
        assert_eq!([1, 10, 100, 7200].map(|s| seconds(100, s)), [0.080, 0.640, 5.120, 327.680]);
        assert!((seconds(300, 60) - 1.706_667).abs() < 1e-6);
    }

    #[test]
    fn lateness_is_a_granule_at_most_and_bounded_by_the_delay() {
        for Frequency(hz) in FREQUENCIES {
            for delay in (1..=7200).map(|s| s * hz) {
                let frequency = Frequency(hz);
                let level = frequency.level(Span::from_secs(delay / hz));
                for phase in [0, 1, 7, 63, 511, 4095, 12_345] {
                    let late = fires(phase, delay, level) - phase - delay;
                    assert!(late > 0 && late <= 8_i64.pow(level), "{hz} {delay}");
                    let measured = Span::from_secs(1).scale(delay + late, hz);
                    assert!(least_by_lateness(measured) <= Span::from_secs(delay / hz), "{hz} {delay}");
                    assert!(least_by_granule(measured) <= Span::from_secs(delay / hz), "{hz} {delay}");
                }
            }
        }
    }

    #[test]
    fn a_steady_spacing_lies_on_the_grid_and_a_round_one_does_not() {
        let hz = Frequency(300);
        // 30 s at 300 Hz: 18 granules of 512 jiffies.
        assert_eq!(hz.off_the_grid(Span::from_millis(30_720), 3), Span::ZERO);
        assert!(hz.off_the_grid(Span::from_secs(30), 3) > Span::from_millis(700));
        assert!(LAST_LEVEL > Frequency(1000).level(Span::from_secs(32_767)));
    }
}
