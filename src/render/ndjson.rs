//! `--format ndjson`: a line per event, per flow, and one for the whole.

use super::Pieces;
use super::schema::Record;
use crate::analyzer::Output;
use crate::report::{Capture, Conclusions, Flow, Summary};
use std::io::{self, Write};

/// Writes the line of what a streaming analysis handed out.
///
/// # Errors
/// What `out` reports.
pub fn write(out: &mut impl Write, output: &Output, pieces: Pieces<'_>) -> io::Result<()> {
    match output {
        Output::Event(event) => line(out, &Record::event(event, pieces)),
        Output::Flow { flow, decided, reason } => {
            line(out, &Record::flow(flow, *decided, Some(*reason), pieces))
        }
        Output::Notice(notice) => line(out, &Record::notice(notice, pieces)),
        Output::Loss(loss) => line(out, &Record::loss(loss)),
        Output::Told(told) => line(out, &Record::told(told, pieces)),
    }
}

/// Writes the line of a flow that is not final, as it is now ([`open_flows`](crate::analyzer::Analyzer::open_flows)).
///
/// # Errors
/// What `out` reports.
pub fn write_open(out: &mut impl Write, flow: &Flow, pieces: Pieces<'_>) -> io::Result<()> {
    line(out, &Record::flow(flow, None, None, pieces))
}

/// Writes the last line.
///
/// # Errors
/// What `out` reports.
pub fn write_summary(
    out: &mut impl Write,
    capture: &Capture,
    conclusions: &Conclusions,
    summary: &Summary,
    pieces: Pieces<'_>,
) -> io::Result<()> {
    line(out, &Record::summary(capture, conclusions, summary, pieces))
}

fn line(out: &mut impl Write, record: &Record<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, record)?;
    out.write_all(b"\n")
}
