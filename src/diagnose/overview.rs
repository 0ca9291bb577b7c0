//! What only shows when all flows are looked at together.

use crate::report::{Conclusions, Flow};

/// Collects, from flow to flow, what conclusions about all of them need.
#[derive(Debug, Default)]
pub struct Overview {}

impl Overview {
    /// Takes the next flow.
    pub fn add(&mut self, _flow: &Flow) {}

    /// What follows from all flows that were taken.
    #[must_use]
    pub fn conclusions(&self) -> Conclusions {
        Conclusions::default()
    }
}
