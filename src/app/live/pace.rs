//! The clock of a run, which only ever goes forward, and what is due by it.

use std::time::Duration;

/// Tells the time since the start.
pub(super) type Elapsed = Box<dyn Fn() -> Duration>;

/// A clock that starts now.
#[expect(clippy::disallowed_methods, reason = "a run is also paced by real time; the analysis never sees it")]
pub(super) fn start() -> Elapsed {
    let start = std::time::Instant::now();
    Box::new(move || start.elapsed())
}

/// Something that is due again and again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pulse {
    every: Duration,
    next: Duration,
}

impl Pulse {
    /// Every `every`, first one such time after the start.
    pub(super) const fn new(every: Duration) -> Self {
        Self { every, next: every }
    }

    /// Whether it is due at `elapsed`. What was missed is not made up for.
    pub(super) fn is_due(&mut self, elapsed: Duration) -> bool {
        if elapsed < self.next {
            return false;
        }
        self.next += self.every;
        if self.next <= elapsed {
            self.next = elapsed + self.every;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pulse_keeps_its_rhythm_and_makes_up_for_nothing() {
        let s = Duration::from_secs;
        let mut pulse = Pulse::new(s(10));
        let due: Vec<u64> =
            [0, 9, 11, 19, 20, 21, 55, 56, 64, 65].into_iter().filter(|at| pulse.is_due(s(*at))).collect();
        assert_eq!(due, [11, 20, 55, 65]);
    }
}
