//! What time it is in a capture while no frame comes.

use crate::time::{Span, Timestamp};

/// Follows the time of a capture through silence.
///
/// Its time goes on from the last frame as a steady clock does since that frame was read, less a margin for frames that were captured but
/// are still on their way: what it says is never later than a frame that is yet to come, as far as the margin reaches. So the time of frames
/// and the machine's clock are never mixed: a capture of last week that is followed today goes on in last week.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quiet {
    margin: Span,
    anchor: Option<Anchor>,
    /// The latest time that was said, or the last frame's: silence never goes back.
    floor: Timestamp,
}

/// A point of both times.
#[derive(Clone, Copy, Debug)]
struct Anchor {
    /// In the capture.
    ts: Timestamp,
    /// On the steady clock.
    elapsed: Span,
}

impl Quiet {
    /// Before the first frame.
    pub(super) const fn new(margin: Span) -> Self {
        Self { margin, anchor: None, floor: Timestamp(i64::MIN) }
    }

    /// The capture's time was `ts` when the steady clock showed `elapsed`. A frame that came takes the time back where its own is earlier.
    pub(super) const fn anchor(&mut self, ts: Timestamp, elapsed: Span) {
        self.anchor = Some(Anchor { ts, elapsed });
        self.floor = ts;
    }

    /// What time it is when the steady clock shows `elapsed`; `None` before the first [`anchor`](Self::anchor). Never later than
    /// `limit`, as far as that is not before what was said already.
    pub(super) fn at(&mut self, elapsed: Span, limit: Timestamp) -> Option<Timestamp> {
        let anchor = self.anchor?;
        let gone_by = Span((elapsed - anchor.elapsed).0.max(0));
        let now = (anchor.ts + gone_by).min(limit) - self.margin;
        self.floor = self.floor.max(now);
        Some(self.floor)
    }

    /// What was said last, without going on; `None` before the first [`anchor`](Self::anchor).
    pub(super) const fn held(&self) -> Option<Timestamp> {
        match self.anchor {
            Some(_) => Some(self.floor),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOREVER: Timestamp = Timestamp(i64::MAX);

    const fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * 1_000_000_000)
    }

    const fn after(seconds: i64) -> Span {
        Span::from_secs(seconds)
    }

    fn quiet() -> Quiet {
        let mut quiet = Quiet::new(after(1));
        quiet.anchor(at(1_000), after(5));
        quiet
    }

    #[test]
    fn before_the_first_frame_there_is_no_time() {
        assert_eq!(Quiet::new(after(1)).at(after(9), FOREVER), None);
        assert_eq!(Quiet::new(after(1)).held(), None);
    }

    #[test]
    fn time_goes_on_from_the_last_frame_less_the_margin() {
        let mut quiet = quiet();
        assert_eq!(quiet.at(after(15), FOREVER), Some(at(1_009)));
        quiet.anchor(at(1_012), after(17));
        assert_eq!(quiet.at(after(27), FOREVER), Some(at(1_021)));
    }

    #[test]
    fn it_never_goes_back_and_never_before_the_last_frame() {
        let mut quiet = quiet();
        assert_eq!(quiet.at(after(5), FOREVER), Some(at(1_000)));
        assert_eq!(quiet.at(after(20), FOREVER), Some(at(1_014)));
        assert_eq!(quiet.at(after(10), FOREVER), Some(at(1_014)));
        assert_eq!(quiet.held(), Some(at(1_014)));
    }

    #[test]
    fn a_clock_that_was_set_back_stops_it_until_a_frame_comes() {
        let mut quiet = quiet();
        assert_eq!(quiet.at(after(15), at(1_010)), Some(at(1_009)));
        // An hour back: the next frame will be stamped so.
        assert_eq!(quiet.at(after(25), at(1_020 - 3_600)), Some(at(1_009)));
        quiet.anchor(at(1_030 - 3_600), after(35));
        assert_eq!(quiet.at(after(45), at(1_040 - 3_600)), Some(at(1_039 - 3_600)));
    }

    #[test]
    fn a_clock_that_was_set_forward_does_not_take_it_along() {
        let mut quiet = quiet();
        assert_eq!(quiet.at(after(15), at(1_010 + 3_600)), Some(at(1_009)));
    }
}
