//! The same analysis on a running interface.

#[allow(dead_code, unused_imports, reason = "the loop that calls it comes with the live capture")]
mod metrics;
