//! `--format json`: one document, whose flows are written one at a time.

use super::{Pieces, schema};
use crate::report::{Capture, Conclusions, Flow, Summary};
use serde::Serialize;
use std::io::{self, Write};

/// A document that is being written: the members of [`schema::Report`], each flow on a line of its own.
#[derive(Debug)]
pub struct Document<'a, W> {
    out: &'a mut W,
    pieces: Pieces<'a>,
    /// A flow is a hundred small writes: into memory they cost half of what they cost through a writer.
    line: Vec<u8>,
    separator: &'static [u8],
}

impl<'a, W: Write> Document<'a, W> {
    /// Begins with what was read. `several_files` is whether the capture was given as several files, one of which may have been unusable.
    ///
    /// # Errors
    /// What `out` reports, here as below.
    pub fn begin(out: &'a mut W, capture: &'a Capture, several_files: bool) -> io::Result<Self> {
        let pieces = if several_files { Pieces::several(&capture.sources) } else { Pieces::SINGLE };
        member(out, "{", "schema", &schema::ReportSchema::V1)?;
        member(out, ",", "generator", &schema::Generator::THIS)?;
        member(out, ",\n", "capture", &schema::Capture::from(capture))?;
        out.write_all(b",\n\"flows\":[")?;
        Ok(Self { out, pieces, line: Vec::new(), separator: b"\n" })
    }

    /// Adds a flow.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn flow(&mut self, flow: &Flow) -> io::Result<()> {
        self.line.clear();
        self.line.extend_from_slice(self.separator);
        serde_json::to_writer(&mut self.line, &schema::Flow::new(flow, self.pieces))?;
        self.separator = b",\n";
        self.out.write_all(&self.line)
    }

    /// Ends with what is said of all flows.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn end(self, conclusions: &Conclusions, summary: &Summary) -> io::Result<()> {
        let Self { out, pieces, .. } = self;
        let paths: Vec<_> = conclusions.paths.iter().map(|path| schema::Path::new(path, pieces)).collect();
        let findings: Vec<_> =
            conclusions.findings.iter().map(|across| schema::CaptureFinding::new(across, pieces)).collect();
        out.write_all(b"]")?;
        member(out, ",\n", "paths", &paths)?;
        member(out, ",\n", "findings", &findings)?;
        member(out, ",\n", "summary", &schema::Summary::from(summary))?;
        out.write_all(b"}\n")
    }
}

fn member(out: &mut impl Write, before: &str, name: &str, value: &impl Serialize) -> io::Result<()> {
    write!(out, "{before}\"{name}\":")?;
    Ok(serde_json::to_writer(out, value)?)
}
