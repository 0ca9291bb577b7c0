//! What the regimes of waits say of settings: which hold at the end, and which changed before.

use super::evidence::{Cycle, Evidence, Gap};
use super::range::{self, Estimate};
use super::regime::{Regime, regimes};
use super::timer::least_by_lateness;
use super::vantage::{Clockwork, Vantage};
use super::wheel::is_on_wheel;
use crate::frame::FrameNo;
use crate::report::{Changed, Prober, SettingChange};
use crate::run::Run;
use crate::time::{Span, Timestamp};

/// So many waits that agree are needed on either side of a change.
const AGREEING: usize = 2;

/// What holds at the end, and what held before.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) idle: Option<Estimate>,
    pub(super) interval: Option<Estimate>,
    pub(super) changes: Vec<SettingChange>,
}

/// Works it out from the runs of a prober.
pub(super) fn find(prober: &Prober, vantage: Vantage) -> Found {
    let evidence = Evidence::of(prober);
    let clockwork = match Clockwork::of(prober, vantage) {
        Clockwork::WheelOrHalfSeconds if is_on_wheel(prober, vantage) => Clockwork::Wheel,
        clockwork => clockwork,
    };
    let about = About { runs: &prober.runs, clockwork, bias: vantage.bias() };
    let mut found = Found::default();
    about.interval(&evidence, &mut found);
    about.idle(&evidence, &mut found);
    found.changes.sort_by_key(|change| (change.at, change.frame));
    found
}

struct About<'a> {
    runs: &'a [Run],
    clockwork: Clockwork,
    bias: Span,
}

impl About<'_> {
    fn interval(&self, evidence: &Evidence, found: &mut Found) {
        let gaps = &evidence.gaps;
        let regimes = regimes(gaps.iter().map(|gap| (gap.wait, false)), Span::ZERO);
        let Some(last) = regimes.last() else { return };
        if backs_off(gaps) {
            return;
        }
        found.interval = range::interval(&in_regime(gaps, last, |gap| gap.wait), self.clockwork, self.bias);
        for pair in regimes.windows(2) {
            let [before, after] = pair else { continue };
            if before.samples.min(after.samples) >= AGREEING
                && let Some(gap) = gaps.get(after.from)
                && let Some(run) = self.runs.get(gap.run)
            {
                let (frame, at) = probe_of(run, gap.probe);
                let (from, to) = (self.bounds(before, Span::ZERO), self.bounds(after, Span::ZERO));
                found.changes.push(SettingChange { what: Changed::Interval, from, to, frame, at });
            }
        }
    }

    fn idle(&self, evidence: &Evidence, found: &mut Found) {
        let cycles = &evidence.cycles;
        let waits = cycles.iter().map(|cycle| (cycle.idle, !cycle.direct && !cycle.is_first));
        let regimes = regimes(waits, self.bias);
        let Some(last) = regimes.last() else { return };
        let of = |regime: &Regime, interval_at_most| {
            let cycles = in_regime(cycles, regime, |cycle| cycle.idle);
            range::idle(&cycles, interval_at_most, self.clockwork, self.bias)
        };
        // While every probe is answered, the spacing is the longer of idle time and interval (R12): a short wait before long ones may be
        // the idle time before the interval, if nothing shows a shorter interval.
        let shortest = evidence.shortest_spacing();
        let Some(short) = regimes.iter().min_by_key(|regime| regime.shortest) else { return };
        let is_interval = |regime: &&Regime| {
            short.longest < regime.shortest && !self.is_longer_than(cycles, regime, shortest)
        };
        let long = regimes.iter().rfind(is_interval);
        let Some(long) = long else {
            found.idle = of(last, shortest);
            self.idle_changes(cycles, &regimes, found);
            return self.late_start(cycles, &regimes, found);
        };
        let spacings: Vec<Gap> = in_regime(cycles, long, |cycle| cycle.idle)
            .iter()
            .filter_map(|cycle| Some(Gap { wait: cycle.spacing?, is_first: false, run: cycle.run, probe: 0 }))
            .collect();
        let as_interval = range::interval(&spacings, self.clockwork, self.bias);
        let shorter = regimes.iter().filter(|regime| regime.longest < long.shortest);
        let shorter: Vec<Cycle> =
            shorter.flat_map(|regime| in_regime(cycles, regime, |cycle| cycle.idle)).collect();
        let as_idle = range::idle(&shorter, shortest, self.clockwork, self.bias);
        let came_again =
            regimes.iter().any(|regime| regime.from > long.from && regime.longest < long.shortest);
        if found.interval.is_some() || came_again {
            // The gaps between unanswered probes are as long, or the short wait came again: the interval it is.
            found.interval = found.interval.or(as_interval);
            found.idle = as_idle;
            return;
        }
        // Or the idle time was raised: then it is the long one, and the interval anything up to it.
        found.idle = as_idle.zip(of(long, shortest)).map(|(short, long)| Estimate {
            high: long.high,
            samples: short.samples + long.samples,
            ..short
        });
        found.interval = as_interval.map(|interval| Estimate { low: Span::ZERO, ..interval });
    }

    /// Whether the cycles of a regime are longer than any interval can be.
    fn is_longer_than(&self, cycles: &[Cycle], regime: &Regime, shortest: Option<Span>) -> bool {
        let spacings = in_regime(cycles, regime, |cycle| cycle.idle);
        let least = spacings.iter().filter_map(|cycle| cycle.spacing).min();
        match (least, shortest) {
            (Some(least), Some(shortest)) => least_by_lateness(least - self.bias) > shortest,
            _ => false,
        }
    }

    fn idle_changes(&self, cycles: &[Cycle], regimes: &[Regime], found: &mut Found) {
        for pair in regimes.windows(2) {
            let [before, after] = pair else { continue };
            let direct = |regime: &Regime| {
                let cycles = in_regime(cycles, regime, |cycle| cycle.idle);
                cycles.iter().filter(|cycle| cycle.direct).count()
            };
            // A short wait is no accident; long ones may be, unless they agree and nothing but the timer can have caused one of them.
            let is_raised = before.longest < after.shortest;
            let are_timed = before.samples >= AGREEING && direct(before) > 0;
            let is_sure = direct(after) >= AGREEING && (is_raised || are_timed);
            if is_sure && let Some(run) = cycles.get(after.from).and_then(|cycle| self.runs.get(cycle.run)) {
                let (from, to) = (self.bounds(before, self.bias), self.bounds(after, self.bias));
                found.changes.push(SettingChange {
                    what: Changed::Idle,
                    from,
                    to,
                    frame: run.first_frame,
                    at: run.start,
                });
            }
        }
    }

    fn late_start(&self, cycles: &[Cycle], regimes: &[Regime], found: &mut Found) {
        let (Some(first), Some(next)) = (cycles.first(), regimes.first()) else { return };
        if first.is_first
            && next.from > 0
            && next.samples >= AGREEING
            && let Some(run) = self.runs.get(first.run)
        {
            found.changes.push(SettingChange {
                what: Changed::LateStart,
                from: (first.idle - self.bias, first.idle),
                to: self.bounds(next, self.bias),
                frame: run.first_frame,
                at: run.start,
            });
        }
    }

    fn bounds(&self, regime: &Regime, bias: Span) -> (Span, Span) {
        (least_by_lateness(regime.shortest - bias).max(Span::ZERO), regime.shortest)
    }
}

/// The samples of a regime, without the odd ones within.
fn in_regime<T: Copy>(samples: &[T], regime: &Regime, wait: impl Fn(&T) -> Span) -> Vec<T> {
    let within = |sample: &&T| (regime.shortest..=regime.longest).contains(&wait(sample));
    samples.get(regime.from..regime.to).unwrap_or_default().iter().filter(within).copied().collect()
}

/// Whether the gaps grow from one to the next, as retransmissions do (illumos): then there is no interval. A lost frame doubles one of them.
fn backs_off(gaps: &[Gap]) -> bool {
    let doubles = |before: &Gap, after: &Gap| after.wait.is_within_percent_of(before.wait, 160, 240);
    gaps.windows(3).any(|gaps| match gaps {
        [first, second, third] => doubles(first, second) && doubles(second, third),
        _ => false,
    })
}

/// Frame and time of a probe of a run, by its number from 0; where it is not listed, of the last that is.
fn probe_of(run: &Run, number: usize) -> (FrameNo, Timestamp) {
    let at = run.intervals.iter().take(number).fold(run.start, |at, gap| at + *gap);
    (run.probe_frames.get(number).or(run.probe_frames.last()).copied().unwrap_or(run.first_frame), at)
}
