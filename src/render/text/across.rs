//! What is said of several flows, and of the paths they took.

use super::style::{Paint, Tone};
use super::{figure, finding};
use crate::decode::{Tuple, ip_addr};
use crate::render::foreign;
use crate::report::{CaptureFinding, Conclusions, Path, Severity};
use crate::time::Span;
use std::io::{self, Write};
use std::net::SocketAddr;
use unicode_width::UnicodeWidthStr;

/// How many findings, and how many paths, are told, unless everything is asked for.
pub(in crate::render) const MAX_TOLD: usize = 10;

/// How wide the column of names becomes.
const MAX_NAME: usize = 40;

/// The columns of figures, between the names and the candidates.
const FIGURES: [&str; 3] = ["SURVIVED", "DIED", "TIME-OUT"];

/// Writes it; all of it where `verbose`.
pub(super) fn write(
    out: &mut impl Write,
    conclusions: &Conclusions,
    paint: Paint,
    verbose: bool,
) -> io::Result<()> {
    let told = if verbose { usize::MAX } else { MAX_TOLD };
    let (findings, paths) = telling(conclusions, verbose);
    if findings.is_empty() && paths.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", paint.tone(Tone::Title, "across connections"))?;
    findings.iter().take(told).try_for_each(|across| finding::write_across(out, across, paint))?;
    more(out, findings.len().saturating_sub(told), "finding", paint)?;
    if !paths.is_empty() {
        table(out, paths.iter().take(told).copied(), paint)?;
        more(out, paths.len().saturating_sub(told), "path", paint)?;
    }
    Ok(())
}

/// The findings and paths that are worth telling; all of them where `verbose`.
pub(in crate::render) fn telling(
    conclusions: &Conclusions,
    verbose: bool,
) -> (Vec<&CaptureFinding>, Vec<&Path>) {
    let matters = |severity| verbose || severity < Severity::Info;
    let findings: Vec<_> = conclusions.findings.iter().filter(|a| matters(a.finding.severity)).collect();
    // Below a finding about them paths are its evidence; else one is worth a row that a box with a name would explain.
    let is_subject = findings.iter().any(|across| across.finding.id == "path-idle-timeout");
    let is_telling =
        |path: &&Path| verbose || path.idle_timeout.is_some() && (is_subject || !path.candidates.is_empty());
    (findings, conclusions.paths.iter().filter(is_telling).collect())
}

fn more(out: &mut impl Write, number: usize, thing: &str, paint: Paint) -> io::Result<()> {
    match number {
        0 => Ok(()),
        n => {
            let words = format!("    … {}, see -v", figure::counted(n as u64, &format!("more {thing}")));
            writeln!(out, "{}", paint.tone(Tone::Faint, words))
        }
    }
}

/// A row for each path: what a quiet connection survived on it, and what killed one.
fn table<'a>(out: &mut impl Write, paths: impl Iterator<Item = &'a Path>, paint: Paint) -> io::Result<()> {
    let rows: Vec<Row> = paths.map(Row::of).collect();
    let names = rows.iter().map(|row| row.name.width()).filter(|width| *width <= MAX_NAME);
    let name = names.max().unwrap_or(0).max("CLIENTS → SERVER".width());
    let mut figures = FIGURES.map(UnicodeWidthStr::width);
    for row in &rows {
        for (width, cell) in figures.iter_mut().zip(&row.figures) {
            *width = cell.width().max(*width);
        }
    }
    let line = |row: &Row| {
        let cells = row.figures.iter().zip(figures);
        let cells =
            cells.map(|(cell, width)| format!("  {}{cell}", " ".repeat(width.saturating_sub(cell.width()))));
        let cells: String = cells.collect();
        // A name that is too long gets a line of its own: addresses are what one searches for.
        let (own_line, short) = if row.name.width() > name {
            (format!("    {}\n", row.name), "")
        } else {
            (String::new(), row.name.as_str())
        };
        let pad = " ".repeat(name.saturating_sub(short.width()));
        format!("{own_line}    {short}{pad}{cells}  {}", row.candidates).trim_end().to_owned()
    };
    let titles = Row {
        name: "CLIENTS → SERVER".into(),
        figures: FIGURES.map(String::from),
        candidates: "MAY BE".into(),
    };
    writeln!(out, "{}", paint.tone(Tone::Title, line(&titles)))?;
    rows.iter().try_for_each(|row| writeln!(out, "{}", line(row)))
}

/// What is told of a path.
pub(in crate::render) struct Row {
    /// The clients' network and the server.
    pub(in crate::render) name: String,
    /// The longest quiet that was survived, the shortest that was died of, and what lies between.
    pub(in crate::render) figures: [String; FIGURES.len()],
    /// Boxes that would do this.
    pub(in crate::render) candidates: String,
}

impl Row {
    pub(in crate::render) fn of(path: &Path) -> Self {
        let Tuple { src, dst, dst_port, is_ipv6, .. } = path.tuple;
        let server = SocketAddr::new(ip_addr(dst, is_ipv6), dst_port);
        let length = |length: Option<Span>| length.map_or_else(|| figure::UNKNOWN.into(), figure::compact);
        let timeout = path.idle_timeout.map_or_else(
            || figure::UNKNOWN.into(),
            |(low, high)| format!("{}–{}", figure::compact(low), figure::compact(high)),
        );
        let candidates: Vec<String> =
            path.candidates.iter().map(|id| foreign::for_terminal(id).to_string()).collect();
        Self {
            name: format!("{}/{} → {server}", ip_addr(src, is_ipv6), path.prefix),
            figures: [
                length(path.survived.map(|(gap, _)| gap.length)),
                length(path.died.map(|(gap, _)| gap.length)),
                timeout,
            ],
            candidates: shortened(&candidates),
        }
    }
}

/// As many candidates as there is room for.
fn shortened(candidates: &[String]) -> String {
    const ROOM: usize = 24;
    let mut text = String::new();
    for (place, candidate) in candidates.iter().enumerate() {
        let comma = if place == 0 { "" } else { ", " };
        if place > 0 && text.width() + comma.len() + candidate.width() > ROOM {
            return format!("{text} + {}", candidates.len() - place);
        }
        text += comma;
        text += candidate;
    }
    text
}
