//! `keepscope profiles`: the catalogue as tables.

use super::WIDTH;
use super::style::{Paint, Tone};
use crate::infer::Catalogue;
use crate::infer::fingerprint::{STACKS, Spacing, Stack};
use crate::infer::middleboxes::{Configurable, IdleTimeout, Middlebox, OnExpiry};
use crate::infer::profiles::{Profile, Value};
use crate::render::foreign::for_terminal;
use Align::{Left, Right};
use std::io::{self, Write};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

const GAP: &str = "  ";

/// Before the line that tells where a row comes from.
const INDENT: &str = "    ";

/// The last column of every table.
const KNOWN_BY: (&str, usize, Align) = ("KNOWN BY", 17, Left);

/// What stands where the source does not tell.
const UNKNOWN: &str = "?";

/// Writes what of the catalogue has `word` in its name. False, and nothing is written, if that is nothing.
///
/// # Errors
/// What `out` reports.
pub fn write(out: &mut impl Write, catalogue: &Catalogue, word: &str, color: bool) -> io::Result<bool> {
    let tables = [
        Table {
            heading: "How TCP implementations probe",
            columns: &[
                ("STACK", 15, Left),
                ("NAME", 29, Left),
                ("OCTETS", 6, Right),
                ("TIMESTAMPS", 10, Left),
                ("SPACING", 8, Left),
                ("TTL", 3, Right),
                KNOWN_BY,
            ],
            rows: STACKS.iter().filter(|stack| stack.is_called(word)).map(stack_row).collect(),
        },
        Table {
            heading: "Default settings: seconds, seconds, probes (os: what the system has)",
            columns: &[
                ("NAME", 48, Left),
                ("IDLE", 6, Right),
                ("INTVL", 7, Right),
                ("COUNT", 5, Right),
                ("SIDE", 6, Left),
                KNOWN_BY,
            ],
            rows: catalogue.profiles().filter(|p| p.is_called(word)).map(profile_row).collect(),
        },
        Table {
            heading: "When middleboxes forget an established connection: seconds of quiet",
            columns: &[
                ("MIDDLEBOX", 48, Left),
                ("IDLE", 8, Right),
                ("SETTABLE", 9, Left),
                ("THEN", 6, Left),
                KNOWN_BY,
            ],
            rows: catalogue.middleboxes().filter(|m| m.is_called(word)).map(middlebox_row).collect(),
        },
    ];
    let mut shown = false;
    for table in tables.iter().filter(|table| !table.rows.is_empty()) {
        if shown {
            writeln!(out)?;
        }
        table.write(out, Paint(color))?;
        shown = true;
    }
    Ok(shown)
}

#[derive(Clone, Copy, PartialEq)]
enum Align {
    Left,
    Right,
}

/// A table in which each row has a line below it that tells where it comes from.
struct Table {
    heading: &'static str,
    /// Title, width and alignment.
    columns: &'static [(&'static str, usize, Align)],
    rows: Vec<Row>,
}

struct Row {
    cells: Vec<String>,
    source: String,
}

impl Table {
    fn write(&self, out: &mut impl Write, paint: Paint) -> io::Result<()> {
        writeln!(out, "{}\n", paint.tone(Tone::Title, self.heading))?;
        let titles: Vec<String> = self.columns.iter().map(|(title, ..)| (*title).to_owned()).collect();
        for line in self.lines(&titles) {
            writeln!(out, "{}", paint.tone(Tone::Title, line))?;
        }
        for row in &self.rows {
            for line in self.lines(&row.cells) {
                writeln!(out, "{line}")?;
            }
            for line in wrap(&row.source, WIDTH - INDENT.len()) {
                writeln!(out, "{}", paint.tone(Tone::Faint, format!("{INDENT}{line}")))?;
            }
        }
        Ok(())
    }

    /// The lines of a row: several where a cell is too long for its column.
    fn lines(&self, cells: &[String]) -> Vec<String> {
        let cells: Vec<Vec<String>> =
            cells.iter().zip(self.columns).map(|(cell, (_, width, _))| wrap(cell, *width)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        let line = |at: usize| {
            let mut line = String::new();
            for (cell, (_, width, align)) in cells.iter().zip(self.columns) {
                let part = cell.get(at).map_or("", String::as_str);
                let padding = " ".repeat(width.saturating_sub(part.width()));
                line += &if *align == Right { padding + part } else { part.to_owned() + &padding };
                line += GAP;
            }
            line.trim_end().to_owned()
        };
        (0..height).map(line).collect()
    }
}

fn stack_row(stack: &Stack) -> Row {
    let yes_or_no = |known: Option<bool>, yes: &str, no: &str| match known {
        Some(true) => yes.to_owned(),
        Some(false) => no.to_owned(),
        None => UNKNOWN.to_owned(),
    };
    let spacing = match stack.spacing {
        Some(Spacing::Constant) => "constant",
        Some(Spacing::Doubling) => "doubling",
        None => UNKNOWN,
    };
    let cells = vec![
        stack.name.to_owned(),
        stack.title.to_owned(),
        yes_or_no(stack.one_byte, "1", "0"),
        yes_or_no(stack.timestamps, "kept", "dropped"),
        spacing.to_owned(),
        stack.ttl.map_or(UNKNOWN.into(), |ttl| ttl.to_string()),
        stack.grade.name().to_owned(),
    ];
    Row { cells, source: stack.source.to_owned() }
}

fn profile_row(profile: &Profile) -> Row {
    let cells = vec![
        for_terminal(&profile.name).to_string(),
        value(profile.idle),
        value(profile.interval),
        value(profile.count),
        profile.side.name().to_owned(),
        profile.source.grade.name().to_owned(),
    ];
    let source = for_terminal(&profile.source.text);
    let source = match profile.user_timeout {
        Some(seconds) => format!("{source}; user timeout {seconds} s"),
        None => source.to_string(),
    };
    Row { cells, source }
}

fn value(value: Value) -> String {
    match value {
        Value::Fixed(value) => value.to_string(),
        Value::MultipleOf(unit) => format!("n × {unit}"),
        Value::OsDefault => "os".into(),
        Value::Any => "any".into(),
        Value::Doubling => "doubles".into(),
        Value::Off => "none".into(),
        Value::Unknown => UNKNOWN.into(),
    }
}

fn middlebox_row(middlebox: &Middlebox) -> Row {
    let cells = vec![
        for_terminal(&middlebox.name).to_string(),
        match middlebox.idle_timeout {
            IdleTimeout::Fixed(seconds) => seconds.to_string(),
            IdleTimeout::Between(low, high) => format!("{low}–{high}"),
            IdleTimeout::AtLeast(low) => format!("≥ {low}"),
        },
        match middlebox.configurable {
            Configurable::No => "no".into(),
            Configurable::Yes => "yes".into(),
            Configurable::Within(low, high) => format!("{low}–{high}"),
            Configurable::Unknown => UNKNOWN.into(),
        },
        match middlebox.on_expiry {
            OnExpiry::Unknown => UNKNOWN.into(),
            known => known.name().to_owned(),
        },
        middlebox.source.grade.name().to_owned(),
    ];
    let source = format!("{}; {}", for_terminal(&middlebox.id), for_terminal(&middlebox.source.text));
    Row { cells, source }
}

/// `text` in lines of at most `width` columns, broken between words, or within one that is longer.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            if !line.is_empty() && line.width() + 1 + word.width() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            for c in word.chars() {
                if line.width() + c.width().unwrap_or(0) > width {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(c);
            }
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::{Grade, Source};

    #[test]
    fn lines_break_between_words_or_within_long_ones() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("a abcdefghij", 4), ["a", "abcd", "efgh", "ij"]);
        assert_eq!(wrap("名前 x", 4), ["名前", "x"]);
        assert_eq!(wrap("", 4), [""]);
    }

    #[test]
    fn everything_fits_into_its_columns_even_what_a_stranger_wrote() {
        let name = "\x1b[31mevil\u{202e}".to_owned() + &"名".repeat(50);
        let mut catalogue = Catalogue::default();
        let mut given = catalogue.profiles().next().unwrap().clone();
        given.name = name.clone().into();
        given.source = Source { grade: Grade::Given, text: name.clone().into() };
        let mut middlebox = catalogue.middleboxes().next().unwrap().clone();
        (middlebox.id, middlebox.name) = (name.clone().into(), name.into());
        catalogue = Catalogue::with(vec![given], vec![middlebox]);
        let mut out = Vec::new();
        assert!(write(&mut out, &catalogue, "", false).unwrap());
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains('\x1b') && !text.contains('\u{202e}'), "{text}");
        for line in text.lines() {
            assert!(line.width() <= WIDTH && line == line.trim_end(), "{line}");
        }
    }
}
