//! From samples to statistics.

use crate::time::Span;

/// What is known of a measured or configured quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Not below this; `None` where nothing is known.
    pub low: Option<Span>,
    /// Not above this; `None` where nothing is known.
    pub high: Option<Span>,
}

/// A summary of samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// The smallest.
    pub min: Span,
    /// The middle one.
    pub median: Span,
    /// 95 % lie at or below.
    pub p95: Span,
    /// 99 % lie at or below.
    pub p99: Span,
    /// The largest.
    pub max: Span,
    /// How many there were.
    pub samples: u64,
    /// Whether the quantiles come from a histogram (within 0.1 %).
    pub approximate: bool,
}
