//! Metrics: their text, their figures, and what is made to go with them: a dashboard, a unit, a page of the manual.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that goes out of bounds is to fail")]

#[path = "../support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "shared with the tests of fixtures, of which these use a part")]
mod support;

mod cardinality;
mod dashboard;
mod exposition;
mod figures;
mod manual;
mod unit;
