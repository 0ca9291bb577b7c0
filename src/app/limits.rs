//! How long to go on: `-c` and `--duration`.

use crate::frame::{Fault, FrameBatch};
use crate::time::{Span, Timestamp};
use std::time::Duration;

/// What is still wanted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Limits {
    /// How many frames that match the filter.
    frames: Option<u64>,
    duration: Option<Duration>,
    /// Of the capture.
    start: Option<Timestamp>,
    is_reached: bool,
}

impl Limits {
    /// So many frames, and so long.
    pub(super) const fn new(frames: Option<u64>, duration: Option<Duration>) -> Self {
        Self { frames, duration, start: None, is_reached: false }
    }

    /// Cuts off what is not wanted any more of the frames that came.
    pub(super) fn cut(&mut self, batch: &mut FrameBatch) {
        if let Some(duration) = self.duration {
            self.cut_time(batch, duration);
        }
        if let Some(left) = &mut self.frames {
            let mut matching =
                batch.frames.iter().enumerate().filter(|(_, frame)| frame.fault != Some(Fault::Filtered));
            let enough = left.checked_sub(1).and_then(|before| matching.nth(usize::try_from(before).ok()?));
            match enough {
                Some((last, _)) => {
                    batch.frames.truncate(last + 1);
                    self.is_reached = true;
                }
                None => {
                    let came =
                        batch.frames.iter().filter(|frame| frame.fault != Some(Fault::Filtered)).count();
                    *left = left.saturating_sub(came as u64);
                }
            }
        }
    }

    fn cut_time(&mut self, batch: &mut FrameBatch, duration: Duration) {
        let wanted = Span(i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX));
        let stamped = || batch.frames.iter().filter(|frame| frame.fault != Some(Fault::Malformed));
        let Some(start) = self.start.or_else(|| stamped().map(|frame| frame.ts).next()) else { return };
        self.start = Some(start);
        let is_late = |frame: &crate::frame::FrameMeta| {
            frame.fault != Some(Fault::Malformed) && frame.ts.since(start) > wanted
        };
        if let Some(late) = batch.frames.iter().position(is_late) {
            batch.frames.truncate(late);
            self.is_reached = true;
        }
    }

    /// Whether nothing more is wanted.
    pub(super) const fn is_reached(&self) -> bool {
        self.is_reached
    }

    /// Whether `elapsed`, by the clock of the program, is as long as was wanted.
    pub(super) fn is_over(&self, elapsed: Duration) -> bool {
        self.duration.is_some_and(|duration| elapsed >= duration)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{FrameMeta, FrameNo, InterfaceNo, LinkType};

    fn batch(seconds: &[i64]) -> FrameBatch {
        let frames = seconds.iter().map(|s| FrameMeta {
            no: FrameNo::FIRST,
            ts: Timestamp(s * 1_000_000_000),
            link: LinkType(1),
            wire_len: 0,
            offset: 0,
            cap_len: 0,
            interface: InterfaceNo::default(),
            fault: None,
        });
        FrameBatch { bytes: Vec::new(), frames: frames.collect() }
    }

    #[test]
    fn the_last_frame_wanted_is_the_last() {
        let mut limits = Limits::new(Some(5), None);
        let mut first = batch(&[1, 2, 3]);
        first.frames[1].fault = Some(Fault::Filtered);
        limits.cut(&mut first);
        assert_eq!((first.frames.len(), limits.is_reached()), (3, false));
        let mut second = batch(&[4, 5, 6, 7]);
        second.frames[0].fault = Some(Fault::Filtered);
        limits.cut(&mut second);
        assert_eq!(
            (second.frames.len(), limits.is_reached()),
            (4, true),
            "two of the five were there before"
        );
        let mut exact = Limits::new(Some(2), None);
        exact.cut(&mut batch(&[1, 2]));
        assert!(exact.is_reached());
    }

    #[test]
    fn time_is_that_of_the_capture_and_that_of_the_clock() {
        let mut limits = Limits::new(None, Some(Duration::from_secs(10)));
        let mut frames = batch(&[100, 105, 110, 111]);
        limits.cut(&mut frames);
        assert_eq!((frames.frames.len(), limits.is_reached()), (3, true));
        assert!(!limits.is_over(Duration::from_secs(9)) && limits.is_over(Duration::from_secs(10)));
        assert!(!Limits::default().is_over(Duration::MAX));
    }
}
