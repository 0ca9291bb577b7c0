//! `keepscope profiles --format json`.

use super::schema::Listing;
use crate::infer::Catalogue;
use std::io::{self, Write};

/// Writes what of the catalogue has `word` in its name, in one document. False, and nothing is written, if that is nothing.
///
/// # Errors
/// What `out` reports.
pub fn write(out: &mut impl Write, catalogue: &Catalogue, word: &str) -> io::Result<bool> {
    let listing = Listing::new(catalogue, word);
    if listing.is_empty() {
        return Ok(false);
    }
    serde_json::to_writer_pretty(&mut *out, &listing)?;
    out.write_all(b"\n")?;
    Ok(true)
}
