//! What came of an expectation.

use super::{Ground, Verdict};
use std::fmt;

/// Whether an expectation holds, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The expectation as it was written.
    pub expectation: String,
    /// Whether it holds.
    pub verdict: Verdict,
    /// How many flows it was asked of.
    pub selected: u64,
    /// Why: at most [`MAX_GROUNDS`](super::MAX_GROUNDS), all with that verdict. Never empty.
    pub grounds: Vec<Ground>,
    /// How many grounds there are.
    pub grounds_total: u64,
}

impl Judgement {
    /// Whether it holds; what cannot be decided does not.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.verdict == Verdict::Holds
    }

    /// For tests.
    ///
    /// # Panics
    /// With the reasons, unless the expectation holds.
    #[track_caller]
    pub fn assert_holds(&self) {
        assert!(self.holds(), "{self}");
    }
}

impl fmt::Display for Judgement {
    /// The verdict, and a line for each reason.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.verdict.name(), self.expectation)?;
        for ground in &self.grounds {
            write!(f, "\n  ")?;
            if let Some(flow) = ground.flow {
                write!(f, "flow {}: ", flow.index)?;
            }
            if !ground.check.is_empty() {
                write!(f, "{}: ", ground.check)?;
            }
            if let Some(side) = ground.side {
                write!(f, "{}: ", side.name())?;
            }
            write!(f, "{}", ground.text)?;
            for (place, frame) in ground.frames.iter().enumerate() {
                write!(f, "{}#{frame}", if place == 0 { " · frames " } else { " " })?;
            }
        }
        Ok(())
    }
}
