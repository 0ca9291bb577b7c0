//! Frames that were lost while capturing: said when it happens, and not at every single one.

use crate::source::Dropped;
use std::time::Duration;

/// How long nothing is said of losses after something was.
const SILENCE: Duration = Duration::from_secs(10);

/// What was said of losses.
#[derive(Debug, Default)]
pub(super) struct Losses {
    said: Dropped,
    at: Option<Duration>,
}

impl Losses {
    /// The line to say, where more was lost than was said, `elapsed` after the start.
    pub(super) fn warning(&mut self, dropped: Option<Dropped>, elapsed: Duration) -> Option<String> {
        let dropped = dropped?;
        let more = |now: u64, said: u64| now.saturating_sub(said);
        let kernel = more(dropped.kernel, self.said.kernel);
        let interface = more(dropped.interface, self.said.interface);
        let is_too_soon = self.at.is_some_and(|at| elapsed.saturating_sub(at) < SILENCE);
        if kernel == 0 && interface == 0 || is_too_soon {
            return None;
        }
        (self.said, self.at) = (dropped, Some(elapsed));
        let (by, help) = match (kernel, interface) {
            (kernel, 0) => {
                (format!("{kernel} frames by the kernel"), "a larger buffer (-B) or a filter (-f) helps")
            }
            (0, interface) => {
                (format!("{interface} frames by the interface"), "see its counters (ip -s link)")
            }
            _ => (
                format!("{kernel} frames by the kernel and {interface} by the interface"),
                "a larger buffer (-B) or a filter (-f) helps",
            ),
        };
        Some(format!("frames are being lost: {by}; what looks unanswered may have been answered; {help}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_are_said_when_they_grow_and_not_too_often() {
        let mut losses = Losses::default();
        let lost = |kernel, interface| Some(Dropped { kernel, interface });
        let s = Duration::from_secs;
        assert_eq!(losses.warning(None, s(0)), None);
        assert_eq!(losses.warning(lost(0, 0), s(0)), None);
        let first = losses.warning(lost(5, 0), s(1)).unwrap();
        assert!(first.contains("lost: 5 frames by the kernel;"), "{first}");
        assert_eq!(losses.warning(lost(9, 0), s(5)), None, "too soon");
        assert_eq!(losses.warning(lost(5, 0), s(20)), None, "no more than was said");
        let next = losses.warning(lost(9, 2), s(20)).unwrap();
        assert!(next.contains("lost: 4 frames by the kernel and 2 by the interface;"), "{next}");
    }
}
