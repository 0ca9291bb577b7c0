//! The tables: ends that probe, and paths.

use super::{code, cut, text};
use crate::render::text::across;
use crate::render::text::table::{Body, LEGEND, Row, words};
use crate::report::{Path, Severity};
use crate::run::Outcome;
use std::io::{self, Write};

/// How many rows there are at most: a ticket takes some 65,000 characters.
const MAX_ROWS: usize = 200;

/// Above the ends that probe, and how the columns are aligned.
const ENDS: &str =
    "| Flow | Prober → peer | Side | Idle | Interval | Count | Answers | RTT | Outcome | Finding |
| ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | --- | --- |";

const PATHS: &str = "| Clients → server | Survived | Died | Time-out | May be |
| --- | ---: | ---: | ---: | --- |";

/// Writes the ends that probe, the worst first.
pub(super) fn write_ends(out: &mut impl Write, rows: Vec<Row>) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n## Probing ends\n\n{ENDS}")?;
    let shown = rows.get(..MAX_ROWS).unwrap_or(&rows);
    for Row { index, severity, name, side, body, .. } in shown {
        let (figures, outcome) = match body {
            Body::Figures(figures, outcome) => {
                (figures.join(" | "), words(outcome.unwrap_or(Outcome::Pending)).to_owned())
            }
            Body::Words(words) => ([""; 5].join(" | "), text(words)),
        };
        let severity = severity.filter(|severity| *severity < Severity::Info).map_or("", Severity::name);
        writeln!(out, "| {index} | {} | {side} | {figures} | {outcome} | {severity} |", code(name))?;
    }
    if shown.iter().any(Row::has_doubtful_count) {
        writeln!(out, "\n{LEGEND}")?;
    }
    cut(shown.len(), rows.len(), "rows").map_or(Ok(()), |words| writeln!(out, "\n{words}"))
}

/// Writes the paths, and what a quiet connection survived on them, and died of.
pub(super) fn write_paths(out: &mut impl Write, paths: &[&Path]) -> io::Result<()> {
    if paths.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{PATHS}")?;
    paths.iter().take(across::MAX_TOLD).map(|path| across::Row::of(path)).try_for_each(|row| {
        let across::Row { name, figures, candidates } = row;
        writeln!(out, "| {} | {} | {} |", code(&name), figures.join(" | "), text(&candidates))
    })
}
