//! Texts that need no analysis.

use super::cli::SchemaOf;
use super::{Error, Exit};
use crate::render::schema;
use std::io::{self, Write};

/// Prints `text` to standard output.
pub(super) fn print(text: &str) -> Result<Exit, Error> {
    print_bytes(text.as_bytes())
}

/// Prints `text` to standard output.
pub(super) fn print_bytes(text: &[u8]) -> Result<Exit, Error> {
    let mut out = io::stdout().lock();
    out.write_all(text).and_then(|()| out.flush()).map_err(|e| Error::io("cannot write", e))?;
    Ok(Exit::Done)
}

/// Prints the JSON Schema of a machine format.
pub(super) fn print_schema(of: SchemaOf) -> Result<Exit, Error> {
    let schema = match of {
        SchemaOf::Report => schema::report_schema(),
        SchemaOf::Event => schema::event_schema(),
        SchemaOf::Check => schema::check_schema(),
        SchemaOf::Diff => schema::diff_schema(),
        SchemaOf::Profiles => schema::profiles_schema(),
        SchemaOf::Sockets => schema::sockets_schema(),
    };
    let text = serde_json::to_string_pretty(&schema).map_err(|e| Error::io("cannot write", e.into()))?;
    print(&(text + "\n"))
}
