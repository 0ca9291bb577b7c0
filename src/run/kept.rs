//! A run that is over, in little room.

use super::outcome::{Outcome, Run};
use crate::frame::FrameNo;
use crate::time::{Span, Timestamp};
use smallvec::smallvec;
use std::borrow::Cow;

/// A run as it is kept: nearly all are one probe that was answered, and say little.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    /// What is told of a plain run; of any other, of no account.
    plain: Plain,
    /// The run itself, where there is more to say.
    whole: Option<Box<Run>>,
}

/// One probe and its answer, and nothing that is worth a word.
#[derive(Clone, Copy, Debug)]
struct Plain {
    number: u32,
    start: Timestamp,
    end: Timestamp,
    quiet_since: Option<Timestamp>,
    idle: Option<Span>,
    first_frame: FrameNo,
    end_frame: Option<FrameNo>,
}

/// Small, as there are up to 32 of them for each end of a flow.
const _: () = assert!(size_of::<Kept>() <= 80);

impl Plain {
    fn run(&self) -> Run {
        Run {
            end: self.end,
            end_frame: self.end_frame,
            probe_frames: smallvec![self.first_frame],
            probes: 1,
            outcome: Some(Outcome::Answered),
            ..Run::begun(self.number, (self.first_frame, self.start), self.quiet_since, self.idle)
        }
    }
}

impl From<Run> for Kept {
    fn from(run: Run) -> Self {
        let plain = Plain {
            number: run.number,
            start: run.start,
            end: run.end,
            quiet_since: run.quiet_since,
            idle: run.idle,
            first_frame: run.first_frame,
            end_frame: run.end_frame,
        };
        Self { plain, whole: (plain.run() != run).then(|| Box::new(run)) }
    }
}

impl Kept {
    /// The run.
    pub(super) fn get(&self) -> Cow<'_, Run> {
        self.whole.as_deref().map_or_else(|| Cow::Owned(self.plain.run()), Cow::Borrowed)
    }

    /// The run, to be added to.
    pub(super) fn get_mut(&mut self) -> &mut Run {
        let Self { plain, whole } = self;
        whole.get_or_insert_with(|| Box::new(plain.run()))
    }
}

#[cfg(test)]
pub(super) mod testing {
    use super::*;

    /// One probe, answered at once.
    pub(in crate::run) fn answered() -> Run {
        let (start, quiet_since) = (Timestamp(60_000_000_000), Timestamp(0));
        Run {
            end: Timestamp(60_010_000_000),
            end_frame: FrameNo::new(2),
            probe_frames: smallvec![FrameNo::FIRST],
            probes: 1,
            outcome: Some(Outcome::Answered),
            ..Run::begun(3, (FrameNo::FIRST, start), Some(quiet_since), Some(Span::from_secs(60)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::outcome::Doubt;
    use super::testing::answered;
    use super::*;

    #[test]
    fn a_plain_run_takes_little_room_and_comes_back_as_it_was() {
        for run in [answered(), Run { idle: None, quiet_since: None, ..answered() }] {
            let mut kept = Kept::from(run.clone());
            assert!(kept.whole.is_none());
            assert_eq!(*kept.get(), run);
            kept.get_mut().answer_lost = Some(Span::from_secs(1));
            assert_eq!(*kept.get(), Run { answer_lost: Some(Span::from_secs(1)), ..run });
        }
    }

    #[test]
    fn any_other_run_is_kept_whole() {
        let other = [
            Run { outcome: Some(Outcome::Recovered), probes: 2, ..answered() },
            Run { intervals: vec![Span::from_secs(1)], ..answered() },
            Run { doubt: vec![Doubt::Drops], ..answered() },
            Run { counts_on: true, ..answered() },
            Run { probe_frames: smallvec![], ..answered() },
        ];
        for run in other {
            let kept = Kept::from(run.clone());
            assert!(kept.whole.is_some());
            assert_eq!(*kept.get(), run);
        }
    }
}
