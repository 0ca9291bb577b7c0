//! The help: what the keys do, and what the columns show.

use super::pen::{Pen, below, from};
use crate::render::text::style::Tone;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

/// Keys, or a column; and what is said of it.
const TEXT: [(&str, &str); 20] = [
    ("↑ ↓  j k", "select a flow; PgUp PgDn by ten, Home End"),
    ("Enter  Tab", "open or close the selected flow's panel"),
    ("/", "filter: address, port, outcome, state, finding; Esc clears it"),
    ("s", "sort by: worst, next due, RTT, idle, address"),
    ("r", "reverse the order"),
    ("p  Space", "pause: the picture stays, the capture goes on"),
    ("?  h", "this help; any key closes it"),
    ("q  Ctrl-C", "quit, with the final report (Ctrl-Z suspends)"),
    ("", ""),
    ("!!  !", "the flow has a problem, a warning"),
    ("IDLE", "quiet before a probe, as measured"),
    ("INTVL", "from one unanswered probe to the next"),
    ("COUNT", "probes until the prober gives up"),
    ("ANSWERS", "answered of all probes"),
    ("NEXT", "until a probe is due: █ what is left of the wait;"),
    ("", "late: overdue by more than timers ever are"),
    ("KERNEL", "the timer as this host's kernel has it: time left, unanswered"),
    ("LAST RTTS", "from zero up; × a probe without an answer"),
    ("~  ≥  ?", "about; at least; or a user timeout"),
    ("TIMELINE", super::strip::LEGEND),
];

/// How wide the left column is.
const LEFT: u16 = 12;

/// Draws it in the middle of `area`.
pub(super) fn draw(pen: &mut Pen<'_>, area: Rect) {
    let widest = TEXT.iter().map(|(_, text)| text.width()).max().unwrap_or(0) as u16;
    let width = (LEFT + widest + 4).min(area.width);
    let height = (TEXT.len() as u16 + 2).min(area.height);
    let x = area.x + (area.width - width) / 2;
    let y = area.y + (area.height - height) / 2;
    let overlay = Rect { x, y, width, height };
    blank(pen, overlay);
    frame(pen, overlay);
    let inner = Rect {
        x: x + 2.min(width),
        y: y + 1.min(height),
        width: width.saturating_sub(4),
        height: height.saturating_sub(2),
    };
    let (title, plain) = (pen.ink.tone(Tone::Title), pen.ink.tone(Tone::Plain));
    for (line, (key, text)) in (0..inner.height).zip(TEXT) {
        pen.left(Rect { width: LEFT.min(inner.width), ..inner }, line, key, title);
        pen.left(from(inner, LEFT), line, text, plain);
    }
}

/// What is below does not shine through.
fn blank(pen: &mut Pen<'_>, area: Rect) {
    for position in area.intersection(pen.buffer.area).positions() {
        if let Some(cell) = pen.buffer.cell_mut(position) {
            cell.reset();
        }
    }
}

fn frame(pen: &mut Pen<'_>, area: Rect) {
    let style = pen.ink.tone(Tone::Plain);
    let inside = "─".repeat(usize::from(area.width).saturating_sub(2));
    pen.left(area, 0, &format!("┌{inside}┐"), style);
    pen.left(
        Rect { x: area.x + 2.min(area.width), width: area.width.saturating_sub(2), ..area },
        0,
        " help ",
        pen.ink.tone(Tone::Title),
    );
    for line in 1..area.height.saturating_sub(1) {
        pen.left(area, line, "│", style);
        pen.right(area, line, "│", style);
    }
    if let Some(bottom) = area.height.checked_sub(1) {
        pen.left(below(area, bottom), 0, &format!("└{inside}┘"), style);
    }
}
