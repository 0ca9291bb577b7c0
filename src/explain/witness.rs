//! Those who watch an analysis and write down what it does; it decides nothing by them.

use super::{Explainer, Owners, Sketches, Trail};
use crate::classify::Class;
use crate::decode::{Segment, Tuple};
use crate::flow::{Observation, Side};
use crate::frame::FrameNo;
use crate::run::Event;

/// Those who watch.
#[derive(Debug, Default)]
pub struct Witness {
    /// Explains chosen flows, segment by segment.
    pub explainer: Option<Explainer>,
    /// Follows chosen flows, frame by frame.
    pub trail: Option<Trail>,
    /// Tells which flow each frame belongs to.
    pub owners: Option<Owners>,
    /// Draws flows.
    pub sketches: Option<Sketches>,
}

// An ordinary analysis has no witness: what one is shown is kept out of its way.
impl Witness {
    /// A flow begins: its number in the capture, and its tuple.
    #[cold]
    pub fn begin(&mut self, index: u64, tuple: &Tuple) {
        if let Some(explainer) = &mut self.explainer {
            explainer.begin(index, tuple);
        }
        if let Some(trail) = &mut self.trail {
            trail.begin(index, tuple);
        }
        if let Some(owners) = &mut self.owners {
            owners.begin(index, tuple);
        }
    }

    /// The flow `index` has a further segment, of this class; `is_notable`: there is more to remember of the flow than its record.
    #[cold]
    pub fn segment(&mut self, index: u64, class: Class, is_notable: bool, o: &Observation<'_>) {
        if let Some(explainer) = &mut self.explainer {
            explainer.segment(index, o);
        }
        if let Some(trail) = &mut self.trail {
            trail.frame(index, o.seg.frame);
        }
        if let Some(owners) = &mut self.owners {
            owners.frame(index, o.seg.frame, is_notable);
        }
        if let Some(sketches) = &mut self.sketches {
            sketches.segment(index, class, is_notable, o);
        }
    }

    /// A second copy of a segment of the flow `index` was found.
    #[cold]
    pub fn copy(&mut self, index: u64, side: Side, seg: &Segment) {
        if let Some(explainer) = &mut self.explainer {
            explainer.copy(index, side, seg);
        }
        if let Some(trail) = &mut self.trail {
            trail.frame(index, seg.frame);
        }
        if let Some(owners) = &mut self.owners {
            owners.frame(index, seg.frame, false);
        }
    }

    /// An ICMP error in `frame` quotes a segment of the flow `index`.
    #[cold]
    pub fn quoted(&mut self, index: u64, frame: FrameNo) {
        if let Some(trail) = &mut self.trail {
            trail.frame(index, frame);
        }
        if let Some(owners) = &mut self.owners {
            owners.frame(index, frame, true);
        }
    }

    /// Something was decided.
    #[cold]
    pub fn note(&mut self, event: &Event) {
        if let Some(explainer) = &mut self.explainer {
            explainer.note(event);
        }
        if let Some(trail) = &mut self.trail {
            trail.note(event);
        }
        if let Some(sketches) = &mut self.sketches {
            sketches.note(event);
        }
    }
}
