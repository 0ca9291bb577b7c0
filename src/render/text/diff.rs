//! `keepscope diff`, for people: a paragraph per service, a line per change.

use super::figure;
use super::style::{Paint, Tone};
use crate::diff::{Change, Shown, What};
use crate::render::foreign;
use crate::report::{Count, SettingRange};
use std::io::{self, Write};

/// How wide the column of what changed is.
const WHAT: usize = 16;

/// Writes it; `names` are those of the two inputs.
///
/// # Errors
/// What `out` reports.
pub fn write(out: &mut impl Write, names: &[String; 2], changes: &[Change], color: bool) -> io::Result<()> {
    let paint = Paint(color);
    let [before, after] = names.each_ref().map(|name| foreign::for_terminal(name));
    writeln!(out, "{}", paint.tone(Tone::Title, format!("{before} → {after}")))?;
    if changes.is_empty() {
        return writeln!(out, "\n{}", paint.tone(Tone::Good, "nothing changed"));
    }
    let mut services = 0_u64;
    let mut last = None;
    for change in changes {
        if last != Some(change.service) {
            writeln!(out, "\n{}", paint.tone(Tone::Title, change.service))?;
            services += 1;
            last = Some(change.service);
        }
        let of = change.side.map_or_else(String::new, |side| format!("{} ", side.name()));
        let what = format!("{of}{}", change.what.name());
        writeln!(out, "  {what:WHAT$}  {}", words(change, paint))?;
    }
    let changed = figure::counted(changes.len() as u64, "change");
    writeln!(out, "\n{changed} in {}", figure::counted(services, "service"))
}

fn words(change: &Change, paint: Paint) -> String {
    match change.what {
        What::Service if change.after.is_empty() => paint.tone(Tone::Bad, "is gone"),
        What::Service => paint.tone(Tone::Doubtful, "is new"),
        What::Idle | What::Interval | What::Count | What::Status => {
            format!("{} → {}", all(&change.before), paint.tone(Tone::Doubtful, all(&change.after)))
        }
        What::Outcomes | What::Endings | What::Findings => set(change, paint),
    }
}

/// What came and what went, as a unified diff marks it.
fn set(change: &Change, paint: Paint) -> String {
    let only = |one: &[Shown], other: &[Shown], mark: &str| {
        let there = one.iter().filter(|shown| !other.contains(shown));
        there.map(|shown| format!("{mark}{}", word(shown))).collect::<Vec<_>>()
    };
    let came =
        only(&change.after, &change.before, "+").into_iter().map(|text| paint.tone(Tone::Doubtful, text));
    let went = only(&change.before, &change.after, "−").into_iter().map(|text| paint.tone(Tone::Faint, text));
    came.chain(went).collect::<Vec<_>>().join("  ")
}

fn all(shown: &[Shown]) -> String {
    if shown.is_empty() {
        return figure::UNKNOWN.into();
    }
    shown.iter().map(word).collect::<Vec<_>>().join(", ")
}

fn word(shown: &Shown) -> String {
    match shown {
        Shown::Name(name) => foreign::for_terminal(name).to_string().replace('_', " "),
        Shown::Range(range) => range_words(range),
        Shown::Count(Count::Exact(n)) => figure::count(*n),
        Shown::Count(Count::AtLeast(n)) => format!("≥ {}", figure::count(*n)),
        Shown::Count(Count::ExactOrUserTimeout(n)) => format!("{} (or a user timeout)", figure::count(*n)),
    }
}

fn range_words(range: &SettingRange) -> String {
    let (low, high) = (figure::compact(range.low), figure::compact(range.high));
    match range.nearest {
        Some(nearest) => format!("{} ({low}–{high})", figure::duration(nearest)),
        None => format!("{low}–{high}"),
    }
}
