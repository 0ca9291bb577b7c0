//! A catalogue, with what is looked up in it for every end that probes.

use super::{Catalogue, Plausible};
use crate::time::Span;

/// What is known beforehand, ready for use.
#[derive(Clone, Debug)]
pub struct Knowledge {
    /// Profiles and middleboxes.
    pub catalogue: Catalogue,
    idle: Vec<Span>,
    interval: Vec<Span>,
}

impl From<Catalogue> for Knowledge {
    fn from(catalogue: Catalogue) -> Self {
        let forever = Span(i64::MAX);
        let idle = catalogue.idle_values(Span::ZERO, forever);
        let interval = catalogue.interval_values(Span::ZERO, forever);
        Self { catalogue, idle, interval }
    }
}

impl Knowledge {
    /// The values that profiles set.
    #[must_use]
    pub fn plausible(&self) -> Plausible<'_> {
        Plausible { idle: &self.idle, interval: &self.interval }
    }
}
