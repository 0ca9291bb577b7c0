//! The wish that a source that never ends by itself should end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A flag that many may hold and any may set, once and for all: from then on the source it was given to answers
/// [`Next::End`](super::Next::End), after what had come before, within a fraction of a second.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks to stop. Safe to call from a signal's thread, and more than once.
    pub fn set(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether somebody asked.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// The flag itself, for what sets flags by itself (signal handlers do).
    #[must_use]
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }
}
