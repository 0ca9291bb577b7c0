//! Text on a screen that never leaves its place.

use super::ink::Ink;
use crate::render::text::style::Tone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What stands for what had no room.
const CUT: char = '…';

/// Writes on a screen.
#[derive(Debug)]
pub(super) struct Pen<'a> {
    pub(super) buffer: &'a mut Buffer,
    pub(super) ink: Ink,
}

impl Pen<'_> {
    /// Writes `text` at the left of the line `line` of `area`, cut where there is no room; tells how wide it became.
    pub(super) fn left(&mut self, area: Rect, line: u16, text: &str, style: Style) -> u16 {
        let area = area.intersection(self.buffer.area);
        if line >= area.height {
            return 0;
        }
        let text = cut(text, area.width.into());
        let (x, y) = (area.x, area.y + line);
        let (end, _) = self.buffer.set_stringn(x, y, text, area.width.into(), style);
        end.saturating_sub(x)
    }

    /// The same, at the right.
    pub(super) fn right(&mut self, area: Rect, line: u16, text: &str, style: Style) {
        let room = usize::from(area.width).saturating_sub(text.width()) as u16;
        self.left(from(area, room), line, text, style);
    }

    /// Writes pieces one after another, as far as there is room.
    pub(super) fn pieces(&mut self, area: Rect, line: u16, pieces: &[(String, Style)]) {
        let mut at = 0;
        for (text, style) in pieces {
            at += self.left(from(area, at), line, text, *style);
        }
    }

    /// A line across `area`, with a heading.
    pub(super) fn rule(&mut self, area: Rect, heading: &[(String, Tone)]) {
        let faint = self.ink.tone(Tone::Faint);
        self.left(area, 0, &"─".repeat(area.width.into()), faint);
        if heading.is_empty() {
            return;
        }
        let mut pieces = vec![(" ".to_owned(), faint)];
        pieces.extend(heading.iter().map(|(text, tone)| (text.clone(), self.ink.tone(*tone))));
        pieces.push((" ".to_owned(), faint));
        self.pieces(from(area, 1), 0, &pieces);
    }
}

/// `area` without its first `columns`.
pub(super) fn from(area: Rect, columns: u16) -> Rect {
    let columns = columns.min(area.width);
    Rect { x: area.x + columns, width: area.width - columns, ..area }
}

/// `area` without its first `lines`.
pub(super) fn below(area: Rect, lines: u16) -> Rect {
    let lines = lines.min(area.height);
    Rect { y: area.y + lines, height: area.height - lines, ..area }
}

/// `text` in `width` columns: its end is left out where there is no room for it.
pub(super) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = beginning(text, width.saturating_sub(1));
    if width > 0 {
        kept.push(CUT);
    }
    kept
}

/// `text` in `width` columns: its middle is left out where there is no room for it.
pub(super) fn cut_middle(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(1);
    let backwards: String = text.chars().rev().collect();
    let tail: String = beginning(&backwards, room.div_ceil(2)).chars().rev().collect();
    let mut kept = beginning(text, room - tail.width());
    if width > 0 {
        kept.push(CUT);
    }
    kept + &tail
}

/// As many characters from the first on as fit.
fn beginning(text: &str, width: usize) -> String {
    let mut taken = 0;
    let fits = |c: &char| {
        taken += c.width().unwrap_or(0);
        taken <= width
    };
    text.chars().take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_room_is_cut_and_marked() {
        assert_eq!(cut("timed out", 9), "timed out");
        assert_eq!(cut("timed out", 8), "timed o…");
        assert_eq!(cut("日本語", 4), "日…");
        assert_eq!((cut("x", 0), cut_middle("xyz", 0)), (String::new(), String::new()));
        assert_eq!(cut_middle("[2001:db8::1]:443", 9), "[200…:443");
    }

    #[test]
    fn nothing_is_written_outside() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 1));
        let mut pen = Pen { buffer: &mut buffer, ink: Ink(false) };
        pen.left(Rect::new(2, 0, 9, 9), 0, "abcdef", Style::new());
        pen.left(Rect::new(2, 0, 9, 9), 5, "no such line", Style::new());
        pen.right(Rect::new(0, 0, 2, 1), 0, "z", Style::new());
        assert_eq!(buffer, Buffer::with_lines([" za…"]));
    }
}
