//! What the tests of traces and fixtures share: run an analysis, and hold a text trace to what it says of itself.

pub(crate) mod analysis;
mod expectation;
mod facts;
pub(crate) mod findings;
mod trace_check;

pub(crate) use trace_check::verdict_on_trace;
