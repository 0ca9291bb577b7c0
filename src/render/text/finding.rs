//! Findings, a line each.

use super::figure;
use super::style::{Paint, Tone};
use super::wrap::{Lead, paragraph, tight};
use crate::render::foreign;
use crate::report::{CaptureFinding, Confidence, Finding, Severity};
use std::io::{self, Write};

/// How many frames, or flows, of a finding are named.
const MAX_NAMED: usize = 6;

/// Before a finding.
const INDENT: &str = "    ";

/// How wide the longest name of a severity is.
const SEVERITY_WIDTH: usize = "problem".len();

/// How a severity is coloured.
pub(crate) const fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Problem => Tone::Bad,
        Severity::Warning => Tone::Doubtful,
        Severity::Info => Tone::Faint,
    }
}

/// What marks a row whose flow has such a finding.
pub(crate) const fn mark(severity: Option<Severity>) -> &'static str {
    match severity {
        Some(Severity::Problem) => "!!",
        Some(Severity::Warning) => "!",
        Some(Severity::Info) | None => "",
    }
}

/// Writes the findings of a flow.
pub(super) fn write(out: &mut impl Write, findings: &[Finding], paint: Paint) -> io::Result<()> {
    findings.iter().try_for_each(|finding| line(out, finding, "", paint))
}

/// The findings of the flow `index` that belong on a first screen, and how many others there are that are merely worth knowing. Those that
/// are told of several flows at once, among them this one, are told there.
pub(in crate::render) fn gravest<'a>(
    index: u64,
    findings: &'a [Finding],
    across: &[CaptureFinding],
) -> (Vec<&'a Finding>, u64) {
    let is_told_there = |finding: &Finding| {
        across.iter().any(|across| across.finding.id.starts_with(finding.id) && across.flows.contains(&index))
    };
    let (mut told, remarks): (Vec<_>, Vec<_>) =
        findings.iter().partition(|finding| finding.severity < Severity::Info);
    told.retain(|finding| !is_told_there(finding));
    (told, remarks.len() as u64)
}

/// Writes those findings.
pub(super) fn write_gravest(
    out: &mut impl Write,
    index: u64,
    findings: &[Finding],
    across: &[CaptureFinding],
    paint: Paint,
) -> io::Result<()> {
    let (told, remarks) = gravest(index, findings, across);
    told.into_iter().try_for_each(|finding| line(out, finding, "", paint))?;
    if remarks > 0 {
        let words = format!("+ {}, see -v", figure::counted(remarks, "remark"));
        writeln!(out, "{INDENT}{}", paint.tone(Tone::Faint, words))?;
    }
    Ok(())
}

/// Writes a finding that spans flows.
pub(super) fn write_across(out: &mut impl Write, across: &CaptureFinding, paint: Paint) -> io::Result<()> {
    let flows = named(across.flows.iter().map(ToString::to_string), across.flows_total);
    let flows = if flows.is_empty() { flows } else { format!(" {}{flows}", tight("· flows ")) };
    line(out, &across.finding, &flows, paint)
}

fn line(out: &mut impl Write, finding: &Finding, flows: &str, paint: Paint) -> io::Result<()> {
    let severity = finding.severity;
    let padding = " ".repeat(SEVERITY_WIDTH.saturating_sub(severity.name().len()));
    let lead = format!("{INDENT}{}{padding}  ", paint.tone(tone(severity), severity.name()));
    let width = INDENT.len() + SEVERITY_WIDTH + 2;
    let doubt = doubt(finding.confidence);
    let frames = named(finding.frames.iter().map(|frame| format!("#{frame}")), finding.frames_total);
    let word = if finding.frames_total == 1 { "frame" } else { "frames" };
    let text = format!(
        "{}{doubt}{flows} {}{frames}",
        foreign::for_terminal(&finding.text),
        tight(&format!("· {word} "))
    );
    paragraph(out, Lead { text: &lead, width }, &text, width)
}

/// What is said of a conclusion that is not certain.
pub(crate) fn doubt(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Certain => "",
        Confidence::Likely => " (likely)",
        Confidence::Possible => " (possible)",
    }
}

/// The first few, and how many more there are.
pub(in crate::render) fn named(names: impl Iterator<Item = String>, total: u64) -> String {
    let names: Vec<String> = names.take(MAX_NAMED).collect();
    let more = total.saturating_sub(names.len() as u64);
    let more =
        if more > 0 { format!(" {}", tight(&format!("+ {}", figure::count(more)))) } else { String::new() };
    names.join(" ") + &more
}
