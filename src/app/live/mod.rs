//! Watching an interface: the loop, and what it shows.

#[allow(dead_code, unused_imports, reason = "the loop that draws it is not there yet")]
mod view;
