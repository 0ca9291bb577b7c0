//! Bounds of the configured values that follow from the measurements.
//!
//! A wait bounds the configured value from above, since timers fire late, never early; how late they may be bounds it from below. What is
//! assumed: that keepalive was on for as long as the connection had been quiet, unless later waits are shorter, and that no probe was lost
//! before the capture point, unless other waits tell.

use super::change::{Found, find};
use super::count::count;
use super::evidence::Evidence;
use super::nearest::nearest;
use super::range::Estimate;
use super::timer::{least_by_lateness, slack};
use super::vantage::{Clockwork, Vantage};
use crate::measure::LATENESS;
use crate::report::{Count, Prober, SettingChange, SettingRange, Settings};
use crate::time::Span;

/// Values that known programs set.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plausible<'a> {
    /// TCP_KEEPIDLE.
    pub idle: &'a [Span],
    /// TCP_KEEPINTVL.
    pub interval: &'a [Span],
}

/// The bounds of what is in force at the end, `None` where nothing follows, and the settings that were others before, in the order of the
/// capture.
#[must_use]
pub fn settings(
    prober: &Prober,
    vantage: Vantage,
    plausible: &Plausible<'_>,
) -> (Option<Settings>, Vec<SettingChange>) {
    if prober.probes == 0 {
        return (None, Vec::new());
    }
    let Found { idle, interval, changes } = find(prober, vantage);
    let (count, user_timeout) = count(&prober.runs, vantage);
    let range = |estimate: Estimate, plausible: &[Span]| SettingRange {
        low: estimate.low,
        high: estimate.high,
        nearest: nearest(estimate.likely.0, estimate.likely.1, plausible)
            .or_else(|| nearest(estimate.low, estimate.high, plausible)),
        samples: estimate.samples,
    };
    let idle = idle.map(|idle| range(idle, plausible.idle));
    let interval = interval.map(|interval| range(interval, plausible.interval));
    // With a user timeout instead of the count it takes as long: the timeout is looked at when a probe is due. After an answered probe the
    // first is due no sooner than after an interval. Timers are late once more.
    let detection_time = match (&idle, &interval, count) {
        (Some(idle), Some(interval), Some(Count::Exact(n) | Count::ExactOrUserTimeout(n))) => {
            let total = |first: Span, interval: Span| first + interval.scale(n as i64, 1);
            let (late, of) = LATENESS;
            let latest = total(idle.high.max(interval.high), interval.high).scale(of + late, of);
            Some((total(idle.low, interval.low), latest))
        }
        _ => None,
    };
    let settings = Settings { idle, interval, count, user_timeout, detection_time, ..Settings::default() };
    (Some(settings), changes)
}

/// The time from the answer of one probe to the next probe, from the least that can be configured for it to the most: the idle time, or on
/// Linux the longer of idle time and interval. `None` where no probe was answered before another.
#[must_use]
pub fn cycle(prober: &Prober, vantage: Vantage) -> Option<(Span, Span)> {
    let evidence = Evidence::of(prober);
    let waits = || evidence.cycles.iter().filter(|cycle| cycle.direct).map(|cycle| cycle.idle);
    let (shortest, longest) = (waits().min()?, waits().max()?);
    let (early, late) = Clockwork::of(prober, vantage).others().unwrap_or_default();
    let least = least_by_lateness(shortest - vantage.bias()).min(shortest - vantage.bias() - late);
    Some((least.max(Span::ZERO), longest + early.max(slack(longest))))
}
