//! What the measurements say of the configured values.

use crate::time::Span;

/// A configured time: the range it must lie in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettingRange {
    /// Not below. Zero where only the upper end is sure: then `nearest` stands for the likelier reading.
    pub low: Span,
    /// Not above.
    pub high: Span,
    /// The nearest plausible value in whole seconds, where one is known.
    pub nearest: Option<Span>,
    /// From how many samples.
    pub samples: u64,
}

/// What is known of the probe count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// The prober gave up after this many.
    Exact(u64),
    /// It sent this many and did not give up.
    AtLeast(u64),
    /// It gave up after this many, by its count or by a user timeout.
    ExactOrUserTimeout(u64),
}

/// What the measurements say of the configured values.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// TCP_KEEPIDLE.
    pub idle: Option<SettingRange>,
    /// TCP_KEEPINTVL.
    pub interval: Option<SettingRange>,
    /// TCP_KEEPCNT.
    pub count: Option<Count>,
    /// TCP_USER_TIMEOUT, where it may have been what ended the probing.
    pub user_timeout: Option<(Span, Span)>,
    /// From the last sign of life until the prober gives up: no sooner, and, timers being late, no later.
    pub detection_time: Option<(Span, Span)>,
    /// TCP implementations whose probes look so, the most specific first.
    pub stack: Vec<&'static str>,
    /// Systems and programs whose defaults these are, the most specific first. Some names may be a stranger's words.
    pub profiles: Vec<String>,
}
