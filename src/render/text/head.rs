//! What was read, and how the probing came out.

use super::clock::Dial;
use super::style::{Paint, Tone};
use super::{WIDTH, figure, table, worst};
use crate::decode::Skip;
use crate::render::foreign;
use crate::report::{Capture, Summary};
use crate::run::Outcome;
use crate::time::Span;
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// How many inputs are named.
const MAX_NAMED_SOURCES: usize = 3;

/// How many warnings are told in full.
const MAX_TOLD_WARNINGS: usize = 10;

/// Writes the head.
pub(super) fn write(
    out: &mut impl Write,
    capture: &Capture,
    summary: &Summary,
    dial: &Dial,
    paint: Paint,
) -> io::Result<()> {
    if !capture.sources.is_empty() {
        writeln!(out, "{}", paint.tone(Tone::Title, sources(capture)))?;
    }
    wrapped(out, &frames(capture, summary, dial))?;
    wrapped(out, &losses(capture))?;
    warnings(out, capture, paint)?;
    outcomes(out, summary, paint)
}

/// The names of what was read, as a terminal may show them.
pub(in crate::render) fn sources(capture: &Capture) -> String {
    let name = |i: usize| capture.sources.get(i).map(|piece| foreign::for_terminal(&piece.name).to_string());
    let files = capture.sources.len();
    let shown = if files > MAX_NAMED_SOURCES { 1 } else { files };
    let mut names: Vec<String> = (0..shown).filter_map(name).collect();
    if let Some(last) = name(files.saturating_sub(1)).filter(|_| shown < files) {
        names.push(format!("… {last} ({files} files)"));
    }
    names.join(", ")
}

/// When it was captured, how long, and how much.
pub(in crate::render) fn frames(capture: &Capture, summary: &Summary, dial: &Dial) -> Vec<String> {
    let mut facts: Vec<String> = capture.start.map(|start| dial.tell_start(start)).into_iter().collect();
    let duration = capture.end.zip(capture.start).map(|(end, start)| end.since(start));
    facts.extend(duration.filter(|d| *d > Span::ZERO).map(figure::duration));
    facts.push(figure::counted(capture.frames, "frame"));
    let with_probes = match summary.flows_with_probes {
        0 if summary.flows == 0 => String::new(),
        0 => ", none with probes".into(),
        some => format!(", {} with probes", figure::count(some)),
    };
    facts.push(figure::counted(summary.flows, "TCP flow") + &with_probes);
    facts
}

/// What did not make it into the figures, where there is such.
pub(in crate::render) fn losses(capture: &Capture) -> Vec<String> {
    let mut facts = Vec::new();
    let mut fact = |number: u64, text: fn(u64) -> String| {
        if number > 0 {
            facts.push(text(number));
        }
    };
    fact(capture.duplicates, |n| figure::counted(n, "duplicate"));
    fact(capture.time_steps, |n| format!("time ran backwards {}", figure::counted(n, "time")));
    if let Some(dropped) = capture.dropped {
        fact(dropped.kernel, |n| format!("{} dropped by the kernel", figure::count(n)));
        fact(dropped.interface, |n| format!("{} dropped by the interface", figure::count(n)));
    }
    fact(capture.evicted_flows, |n| format!("{} evicted", figure::counted(n, "flow")));
    let reasons: Vec<String> = Skip::ALL
        .into_iter()
        .zip(capture.skipped)
        .filter(|(_, number)| *number > 0)
        .map(|(reason, number)| format!("{} {}", figure::count(number), skip_words(reason)))
        .collect();
    if !reasons.is_empty() {
        let sum = capture.skipped.iter().sum();
        facts.push(format!("{} without TCP ({})", figure::count(sum), reasons.join(", ")));
    }
    facts
}

fn warnings(out: &mut impl Write, capture: &Capture, paint: Paint) -> io::Result<()> {
    for warning in capture.warnings.iter().take(MAX_TOLD_WARNINGS) {
        let label = paint.tone(Tone::Doubtful, "warning:");
        writeln!(out, "{label} {}", foreign::for_terminal(warning))?;
    }
    match capture.warnings.len().saturating_sub(MAX_TOLD_WARNINGS) {
        0 => Ok(()),
        more => writeln!(out, "{}", figure::counted(more as u64, "more warning")),
    }
}

fn outcomes(out: &mut impl Write, summary: &Summary, paint: Paint) -> io::Result<()> {
    outcome_line(summary, paint).map_or(Ok(()), |line| writeln!(out, "{line}"))
}

/// The answer in one line: `4 probing ends: 1 timed out · 1 reset · 2 answered`; `None` where nothing probes.
pub(in crate::render) fn outcome_words(summary: &Summary) -> Option<String> {
    outcome_line(summary, Paint(false))
}

fn outcome_line(summary: &Summary, paint: Paint) -> Option<String> {
    let mut counted: Vec<(Outcome, u64)> =
        Outcome::ALL.into_iter().zip(summary.outcomes).filter(|(_, number)| *number > 0).collect();
    counted.sort_by_key(|(outcome, _)| worst::gravity(*outcome));
    let ends: u64 = counted.iter().map(|(_, number)| number).sum();
    let parts = counted.into_iter().map(|(outcome, number)| {
        let words = format!("{} {}", figure::count(number), table::words(outcome));
        paint.tone(table::tone(outcome), words)
    });
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| format!("{}: {}", figure::counted(ends, "probing end"), parts.join(" · ")))
}

const fn skip_words(reason: Skip) -> &'static str {
    match reason {
        Skip::Filtered => "filtered out",
        Skip::NotIp => "not IP",
        Skip::NotTcp => "other than TCP",
        Skip::Fragment => "later fragments",
        Skip::Truncated => "cut off too early",
        Skip::Malformed => "malformed",
        Skip::UnsupportedLink => "of an unknown link type",
        Skip::LengthUnknown => "of unknown length",
    }
}

/// Writes `facts` with dots between, as many to a line as fit.
fn wrapped(out: &mut impl Write, facts: &[String]) -> io::Result<()> {
    const DOT: &str = " · ";
    let mut line = String::new();
    for fact in facts {
        if !line.is_empty() && line.width() + DOT.width() + fact.width() > WIDTH {
            writeln!(out, "{line}")?;
            line.clear();
        }
        if !line.is_empty() {
            line += DOT;
        }
        line += fact;
    }
    if line.is_empty() { Ok(()) } else { writeln!(out, "{line}") }
}
