//! The clock of sources that run along with time. The only place below `source` that reads one.

use crate::time::{Span, Timestamp};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Time as a running source sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    opened: Instant,
}

impl Clock {
    /// A clock that starts now.
    #[expect(clippy::disallowed_methods, reason = "a live source tells the analysis what time it is")]
    pub(super) fn start() -> Self {
        Self { opened: Instant::now() }
    }

    /// How long it runs: steady, whatever is done to the machine's clock.
    pub(super) fn elapsed(&self) -> Span {
        Span(i64::try_from(self.opened.elapsed().as_nanos()).unwrap_or(i64::MAX))
    }

    /// What the machine's clock shows, which also stamps frames.
    #[expect(clippy::disallowed_methods, reason = "a live source tells the analysis what time it is")]
    pub(super) fn wall() -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since_epoch.as_nanos()).unwrap_or(i64::MAX))
    }
}
