//! Which flow each frame belongs to, told at once: of a running capture nothing can be read again.

use super::Selector;
use crate::decode::Tuple;
use crate::frame::FrameNo;
use std::collections::BTreeSet;

/// A frame and the flow it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owned {
    /// The frame.
    pub frame: FrameNo,
    /// The flow's number in the capture.
    pub flow: u64,
    /// Whether there is more to remember of the flow than its record, or it was singled out.
    pub is_notable: bool,
}

/// The owners of the frames since they were last asked for.
#[derive(Debug, Default)]
pub struct Owners {
    only: Option<Selector>,
    singled_out: BTreeSet<u64>,
    frames: Vec<Owned>,
}

impl Owners {
    /// Of all frames; or of those of the flows that `only` chooses.
    #[must_use]
    pub fn new(only: Option<Selector>) -> Self {
        Self { only, ..Self::default() }
    }

    /// A flow begins: its number in the capture, and its tuple in either direction.
    pub fn begin(&mut self, index: u64, tuple: &Tuple) {
        if self.only.is_some_and(|only| only.chooses(index, tuple)) {
            self.singled_out.insert(index);
        }
    }

    /// `frame` belongs to the flow `index`: a segment of it, a second copy of one, or an ICMP error about one.
    pub fn frame(&mut self, index: u64, frame: FrameNo, is_notable: bool) {
        let is_singled_out = self.singled_out.contains(&index);
        if self.only.is_none() || is_singled_out {
            self.frames.push(Owned { frame, flow: index, is_notable: is_notable || is_singled_out });
        }
    }

    /// Hands them out in the order of the frames, and forgets them.
    pub fn drain(&mut self) -> impl Iterator<Item = Owned> + '_ {
        self.frames.drain(..)
    }
}
