//! For chosen flows: every segment, what was known before it, which rule judged it, and the labels it got.
//!
//! An ordinary analysis has no [`Witness`]; one that has it keeps a bounded [`Transcript`] of each flow to be explained, the [`Trail`]
//! of those whose frames are wanted, the [`Owners`] of the frames at hand, or a [`Sketch`] of flows that are to be drawn, beside the flow
//! table, and decides nothing by it.

mod owners;
mod selector;
mod sketch;
mod trail;
mod transcript;
mod witness;

pub use owners::{Owned, Owners};
pub use selector::{NotAFlow, Selector};
pub use sketch::{Burst, Mark, MarkKind, Sketch, Sketches};
pub use trail::{Chosen, MAX_DECISIONS, Trail};
pub use transcript::{FIRST_STEPS, LAST_STEPS, Label, Ruling, Step, Transcript};
pub use witness::Witness;

use crate::classify::classify_by_rule;
use crate::decode::{Segment, Tuple};
use crate::flow::{Observation, Side};
use crate::run::Event;
use std::collections::BTreeMap;

/// How many flows are explained at most: an id that was used for thousands of connections chooses them all.
pub const MAX_FLOWS: usize = 16;

/// Writes down what happens to the chosen flows.
#[derive(Debug)]
pub struct Explainer {
    selector: Selector,
    transcripts: BTreeMap<u64, Transcript>,
    chosen: u64,
}

impl Explainer {
    /// For the flows that `selector` chooses.
    #[must_use]
    pub const fn new(selector: Selector) -> Self {
        Self { selector, transcripts: BTreeMap::new(), chosen: 0 }
    }

    /// A flow begins: its number in the capture, and its tuple in either direction.
    pub fn begin(&mut self, index: u64, tuple: &Tuple) {
        if self.selector.chooses(index, tuple) {
            self.chosen += 1;
            if self.transcripts.len() < MAX_FLOWS {
                self.transcripts.insert(index, Transcript::new(index));
            }
        }
    }

    /// How many flows were chosen, explained or not.
    #[must_use]
    pub const fn chosen(&self) -> u64 {
        self.chosen
    }

    /// The flow `index` has a further segment.
    pub fn segment(&mut self, index: u64, o: &Observation<'_>) {
        let Some(transcript) = self.transcripts.get_mut(&index) else { return };
        let (rule, class) = classify_by_rule(o);
        let Observation { flow, side, seg, before, sender, receiver } = *o;
        let ruling = Ruling { flow, before, sender: *sender, receiver: *receiver, rule, class };
        transcript.segment(side, seg, Some(ruling));
    }

    /// A second copy of a segment of the flow `index` was found.
    pub fn copy(&mut self, index: u64, side: Side, seg: &Segment) {
        if let Some(transcript) = self.transcripts.get_mut(&index) {
            transcript.segment(side, seg, None);
        }
    }

    /// Something was decided.
    pub fn note(&mut self, event: &Event) {
        if let Some(transcript) = self.transcripts.get_mut(&event.index) {
            transcript.note(event);
        }
    }

    /// What was written down, in the order of the flows' first frames.
    #[must_use]
    pub fn take_transcripts(&mut self) -> Vec<Transcript> {
        std::mem::take(&mut self.transcripts).into_values().collect()
    }
}
