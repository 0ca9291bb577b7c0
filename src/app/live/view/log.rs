//! The panel of findings, as they came.

use super::logbook::{Entry, Logbook, Topic};
use super::pen::{Pen, below};
use crate::render::foreign;
use crate::render::text::clock::Dial;
use crate::render::text::style::Tone;
use crate::render::text::{figure, finding, wrap};
use crate::report::Severity;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

/// How many lines an entry takes at most where not all of all has room.
const MAX_LINES: usize = 3;

/// How many a finding takes where not all of them have room; what is no finding takes one then.
const FEW_LINES: usize = 2;

/// From this height on there is room for the longest.
const ROOMY: usize = 12;

/// Draws it: the newest at the bottom.
pub(super) fn draw(pen: &mut Pen<'_>, area: Rect, log: &Logbook, dial: &Dial) {
    let mut heading = vec![("findings".to_owned(), Tone::Title)];
    for (severity, count) in Severity::ALL.into_iter().zip(log.counts()) {
        if count > 0 {
            let name = if severity == Severity::Info { "remark" } else { severity.name() };
            heading.push((format!(" · {}", figure::counted(count, name)), finding::tone(severity)));
        }
    }
    pen.rule(area, &heading);
    let area = below(area, 1);
    let height = usize::from(area.height);
    let width = usize::from(area.width);
    let in_full = |_: &Entry| usize::MAX;
    let in_part = |_: &Entry| MAX_LINES;
    let in_short = |entry: &Entry| match entry.severity {
        Some(Severity::Problem | Severity::Warning) => FEW_LINES,
        Some(Severity::Info) | None => 1,
    };
    let (mut lines, mut is_all) = from_below(log, dial, (width, height), in_full);
    if !is_all {
        (lines, is_all) = from_below(log, dial, (width, height), in_part);
    }
    if !is_all && height < ROOMY {
        (lines, _) = from_below(log, dial, (width, height), in_short);
    }
    if lines.is_empty() {
        pen.left(area, 0, "nothing found so far", pen.ink.tone(Tone::Faint));
    }
    for (line, (text, tone)) in (0..).zip(lines.iter().rev()) {
        pen.left(area, line, text, pen.ink.tone(*tone));
    }
}

/// The lines of the newest entries, the newest line first, and whether these are all entries.
fn from_below(
    log: &Logbook,
    dial: &Dial,
    (width, height): (usize, usize),
    most: impl Fn(&Entry) -> usize,
) -> (Vec<(String, Tone)>, bool) {
    let mut lines: Vec<(String, Tone)> = Vec::new();
    for entry in log.entries().rev() {
        let told = told(entry, dial, width, most(entry));
        if lines.len() + told.len() > height {
            if lines.is_empty() {
                // The beginning of a sentence, if no more of it has room.
                lines.extend(told.into_iter().take(height).rev());
            }
            return (lines, false);
        }
        lines.extend(told.into_iter().rev());
    }
    (lines, true)
}

fn told(entry: &Entry, dial: &Dial, width: usize, most: usize) -> Vec<(String, Tone)> {
    let flow = match (entry.index, entry.topic) {
        (Some(index), _) => format!("flow {index}: "),
        (None, Topic::Across(..)) => "several flows: ".into(),
        (None, _) => String::new(),
    };
    let text = foreign::for_terminal(&entry.text);
    let lead = format!("{}  {:<7}  ", dial.tell_briefly(entry.at), entry.label());
    let indent = lead.width();
    let room = width.saturating_sub(indent);
    let mut lines = wrap::lines(&format!("{flow}{text}"), room, 0);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = super::pen::cut(&format!("{last} …"), room);
        }
    }
    let told = lines.into_iter().enumerate().map(|(at, line)| {
        let before = if at == 0 { lead.clone() } else { " ".repeat(indent) };
        (before + &line, entry.tone())
    });
    told.collect()
}
