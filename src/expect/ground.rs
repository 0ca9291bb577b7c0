//! Why a verdict is what it is.

use super::Verdict;
use crate::decode::Tuple;
use crate::flow::Side;
use crate::frame::FrameNo;

/// How many grounds a judgement gives at most.
pub const MAX_GROUNDS: usize = 16;

/// Why a check holds, fails, or cannot be decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// Which of these.
    pub verdict: Verdict,
    /// The check as it was written; empty where it is about the selection.
    pub check: String,
    /// The flow; `None`: all that were selected.
    pub flow: Option<Named>,
    /// The end, where it is about one.
    pub side: Option<Side>,
    /// What was found, in words. Some may be a stranger's.
    pub text: String,
    /// The frames that show it, in order; a few of them where there are many.
    pub frames: Vec<FrameNo>,
}

/// A flow by its number and its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its number in the capture, from 0.
    pub index: u64,
    /// Both ends, from client to server.
    pub tuple: Tuple,
}

/// What a check finds of one end or of both, before anybody says which flow that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) verdict: Verdict,
    pub(super) side: Option<Side>,
    pub(super) text: String,
    pub(super) frames: Vec<FrameNo>,
}

impl Answer {
    pub(super) fn new(verdict: Verdict, text: impl Into<String>) -> Self {
        Self { verdict, side: None, text: text.into(), frames: Vec::new() }
    }

    pub(super) fn shown_by(mut self, frames: Vec<FrameNo>) -> Self {
        self.frames = frames;
        self.frames.sort_unstable();
        self.frames.dedup();
        self
    }

    pub(super) fn of(mut self, side: Side) -> Self {
        self.side = Some(side);
        self
    }

    pub(super) fn negated_if(mut self, is_negated: bool) -> Self {
        self.verdict = self.verdict.negated_if(is_negated);
        self
    }

    pub(super) fn into_ground(self, check: String, flow: Option<Named>) -> Ground {
        let Self { verdict, side, text, frames } = self;
        Ground { verdict, check, flow, side, text, frames }
    }
}
