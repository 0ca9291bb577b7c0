//! Findings, an item of a list each.

use super::text;
use crate::render::text::figure::counted;
use crate::render::text::finding::{doubt, gravest, named};
use crate::report::{CaptureFinding, Conclusions, Finding, Flow};
use std::io::{self, Write};

/// Writes the findings of `flow`: all, or those that a reader should hear of first.
pub(super) fn write(
    out: &mut impl Write,
    flow: &Flow,
    conclusions: &Conclusions,
    all: bool,
) -> io::Result<()> {
    let (told, remarks) = if all {
        (flow.findings.iter().collect(), 0)
    } else {
        gravest(flow.index, &flow.findings, &conclusions.findings)
    };
    if !told.is_empty() || remarks > 0 {
        writeln!(out)?;
    }
    told.into_iter().try_for_each(|finding| item(out, finding, ""))?;
    if remarks > 0 {
        writeln!(out, "- {}", counted(remarks, "remark"))?;
    }
    Ok(())
}

/// Writes a finding that spans flows.
pub(super) fn write_across(out: &mut impl Write, across: &CaptureFinding) -> io::Result<()> {
    let flows = named(across.flows.iter().map(ToString::to_string), across.flows_total);
    let flows = if flows.is_empty() { flows } else { format!(" · flows {flows}") };
    item(out, &across.finding, &flows)
}

/// Frames are told without `#`, which is for tickets.
fn item(out: &mut impl Write, finding: &Finding, flows: &str) -> io::Result<()> {
    let frames = named(finding.frames.iter().map(ToString::to_string), finding.frames_total);
    let word = if finding.frames_total == 1 { "frame" } else { "frames" };
    let frames = if frames.is_empty() { frames } else { format!(" · {word} {frames}") };
    let words = format!("{}{}{flows}{frames}", finding.text, doubt(finding.confidence));
    writeln!(out, "- **{}**: {}", finding.severity.name(), text(&words))
}
