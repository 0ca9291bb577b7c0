//! Where a flow is kept.

use std::num::NonZeroU32;

/// A flow's place in its partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowId(NonZeroU32);

impl FlowId {
    /// The id of a place. One more than the place is kept, so that an optional id takes no more room.
    pub(crate) const fn new(place: u32) -> Self {
        Self(NonZeroU32::MIN.saturating_add(place))
    }

    /// Its place, from 0.
    pub(super) const fn place(self) -> usize {
        self.0.get() as usize - 1
    }
}
