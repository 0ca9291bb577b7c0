//! What an end that probes will do next.

use crate::time::Timestamp;

/// What is expected next of an end that probes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// What it will do.
    pub what: Awaited,
    /// What it waits from: the last sign of life, or its newest probe.
    pub since: Timestamp,
    /// When it is expected, by what was seen so far.
    pub at: Timestamp,
}

/// What an end that probes does when its timer fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// It probes after an idle time.
    FirstProbe,
    /// It probes again, an interval after an unanswered probe; or gives up.
    NextProbe,
}
