//! … as one JSON document.

use crate::expect::Suite;
use crate::render::schema::Check;
use std::io::{self, Write};

/// Writes it.
///
/// # Errors
/// What `out` reports.
pub fn write(out: &mut impl Write, suite: &Suite) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Check::new(suite))?;
    out.write_all(b"\n")
}
