//! The newest page, in a slot.

use std::sync::{Arc, Mutex, PoisonError};

/// The newest page of metrics. A clone is the same slot; it is held only for as long as it takes to copy a pointer.
#[derive(Clone, Debug)]
pub(super) struct Page(Arc<Mutex<Arc<str>>>);

impl Page {
    /// A slot that holds `page`.
    pub(super) fn new(page: String) -> Self {
        Self(Arc::new(Mutex::new(page.into())))
    }

    /// Replaces the page.
    pub(super) fn put(&self, page: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = page.into();
    }

    /// The newest page.
    pub(super) fn get(&self) -> Arc<str> {
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
