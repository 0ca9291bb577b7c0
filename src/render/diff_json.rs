//! `keepscope diff --format json`: one document.

use super::schema::Diff;
use crate::diff::Change;
use std::io::{self, Write};

/// Writes it; `names` are those of the two inputs.
///
/// # Errors
/// What `out` reports.
pub fn write(out: &mut impl Write, names: &[String; 2], changes: &[Change]) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Diff::new(names, changes))?;
    out.write_all(b"\n")
}
