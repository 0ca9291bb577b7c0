//! Which frames belong to chosen flows, and what was decided about them: what it takes to cut a capture down to its evidence.

use super::Selector;
use crate::decode::Tuple;
use crate::frame::FrameNo;
use crate::run::Event;
use std::collections::BTreeSet;

/// How many decisions are kept; what comes later is counted.
pub const MAX_DECISIONS: usize = 1 << 20;

/// Which flows a trail follows.
#[derive(Clone, Debug)]
pub enum Chosen {
    /// Those that a user singled out.
    By(Selector),
    /// These, by their numbers in the capture.
    Indexes(BTreeSet<u64>),
}

/// The frames of the chosen flows, and the decisions about them.
#[derive(Clone, Debug)]
pub struct Trail {
    chosen: Chosen,
    flows: BTreeSet<u64>,
    frames: FrameSet,
    decisions: Vec<Event>,
    left_out: u64,
}

impl Trail {
    /// Nothing so far.
    #[must_use]
    pub const fn new(chosen: Chosen) -> Self {
        Self {
            chosen,
            flows: BTreeSet::new(),
            frames: FrameSet(Vec::new()),
            decisions: Vec::new(),
            left_out: 0,
        }
    }

    /// A flow begins: its number in the capture, and its tuple.
    pub fn begin(&mut self, index: u64, tuple: &Tuple) {
        let is_chosen = match &self.chosen {
            Chosen::By(selector) => selector.chooses(index, tuple),
            Chosen::Indexes(indexes) => indexes.contains(&index),
        };
        if is_chosen {
            self.flows.insert(index);
        }
    }

    /// `frame` belongs to the flow `index`: a segment of it, a second copy of one, or an ICMP error about one.
    pub fn frame(&mut self, index: u64, frame: FrameNo) {
        if self.flows.contains(&index) {
            self.frames.insert(frame);
        }
    }

    /// Something was decided.
    pub fn note(&mut self, event: &Event) {
        if !self.flows.contains(&event.index) {
            return;
        }
        if self.decisions.len() < MAX_DECISIONS {
            self.decisions.push(event.clone());
        } else {
            self.left_out += 1;
        }
    }

    /// The flows that were chosen, by number.
    #[must_use]
    pub const fn flows(&self) -> &BTreeSet<u64> {
        &self.flows
    }

    /// Whether `frame` is one of theirs.
    #[must_use]
    pub fn has(&self, frame: FrameNo) -> bool {
        self.frames.contains(frame)
    }

    /// How many frames are theirs.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.frames.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// What was decided about them, in the order of the decisions, and how much more there was.
    #[must_use]
    pub fn decisions(&self) -> (&[Event], u64) {
        (&self.decisions, self.left_out)
    }
}

/// A set of frames: a bit for each, as there may be as many as the capture has.
#[derive(Clone, Debug, Default)]
struct FrameSet(Vec<u64>);

impl FrameSet {
    fn insert(&mut self, frame: FrameNo) {
        let (word, bit) = Self::place(frame);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    fn contains(&self, frame: FrameNo) -> bool {
        let (word, bit) = Self::place(frame);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    const fn place(frame: FrameNo) -> (usize, u64) {
        let number = frame.get();
        ((number / 64) as usize, 1 << (number % 64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_the_frames_put_in_and_no_other() {
        let mut set = FrameSet::default();
        let frames = [1, 63, 64, 65, 1_000_000].map(|n| FrameNo::new(n).unwrap());
        frames.iter().for_each(|frame| set.insert(*frame));
        assert!(frames.iter().all(|frame| set.contains(*frame)));
        for other in [2, 62, 66, 999_999, 2_000_000] {
            assert!(!set.contains(FrameNo::new(other).unwrap()), "{other}");
        }
    }
}
