//! The language of expectations, and what it says of captures.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed step is a failed test")]

mod grammar;
mod keys;
mod less;
mod lossy;
mod reports;
mod truth;
