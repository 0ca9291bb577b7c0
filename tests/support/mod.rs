//! What the tests of traces and fixtures share: run an analysis, and hold a text trace to what it says of itself.

mod analysis;
mod expectation;
mod facts;
mod trace_check;

pub(crate) use analysis::Analysis;
pub(crate) use trace_check::verdict_on_trace;
