//! All that an analysis found, in one value.

use super::{Capture, Conclusions, Flow, Summary};

/// All that an analysis found.
///
/// It holds every flow at once: what only passes flows on takes them one at a time from
/// [`Analyzer::report`](crate::analyzer::Analyzer::report) instead.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What was read.
    pub capture: Capture,
    /// The connections, in the order of their first frames.
    pub flows: Vec<Flow>,
    /// What is said of all of them together.
    pub conclusions: Conclusions,
    /// Sums over them.
    pub summary: Summary,
}
