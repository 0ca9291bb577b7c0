//! `--format json`: one document, whose flows are written one at a time.

use super::{Pieces, schema};
use crate::report::{Capture, Flow, Summary};
use serde::Serialize;
use std::io::{self, Write};

/// Writes the document: the members of [`schema::Report`], each flow on a line of its own.
///
/// `several_files` is whether the capture was given as several files, one of which may have been unusable.
///
/// # Errors
/// What `out` reports.
pub fn write(
    out: &mut impl Write,
    capture: &Capture,
    flows: impl Iterator<Item = Flow>,
    summary: &Summary,
    several_files: bool,
) -> io::Result<()> {
    let pieces = if several_files { Pieces::several(&capture.sources) } else { Pieces::SINGLE };

    member(out, "{", "schema", &schema::ReportSchema::V1)?;
    member(out, ",", "generator", &schema::Generator::THIS)?;
    member(out, ",\n", "capture", &schema::Capture::from(capture))?;
    out.write_all(b",\n\"flows\":[")?;
    // A flow is a hundred small writes: into memory they cost half of what they cost through a writer.
    let mut line = Vec::new();
    let mut separator: &[u8] = b"\n";
    for flow in flows {
        line.clear();
        line.extend_from_slice(separator);
        serde_json::to_writer(&mut line, &schema::Flow::new(&flow, pieces))?;
        out.write_all(&line)?;
        separator = b",\n";
    }
    out.write_all(b"]")?;
    member(out, ",\n", "paths", &NONE_YET)?;
    member(out, ",\n", "findings", &NONE_YET)?;
    member(out, ",\n", "summary", &schema::Summary::from(summary))?;
    out.write_all(b"}\n")
}

const NONE_YET: [(); 0] = [];

fn member(out: &mut impl Write, before: &str, name: &str, value: &impl Serialize) -> io::Result<()> {
    write!(out, "{before}\"{name}\":")?;
    Ok(serde_json::to_writer(out, value)?)
}
