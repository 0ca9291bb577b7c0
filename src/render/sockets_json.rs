//! `keepscope sockets --format json`.

use super::schema::Sockets;
use crate::sockets::Listing;
use std::io::{self, Write};

/// Writes `listing` in one document.
///
/// # Errors
/// What `out` reports.
pub fn write(out: &mut impl Write, listing: &Listing) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Sockets::new(listing))?;
    out.write_all(b"\n")
}
