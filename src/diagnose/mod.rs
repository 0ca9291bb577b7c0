//! Conclusions: one file for each, with its id, its text, and the frames that show it.

mod overview;

pub use overview::Overview;
