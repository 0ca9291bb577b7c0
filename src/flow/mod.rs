//! Connections: who they are, and what both ends were known to be before each segment.

mod side;

pub use side::Side;
