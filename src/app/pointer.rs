//! A line of text, and a caret beneath the place that is meant.

use crate::render::foreign::for_terminal;
use std::fmt;
use std::ops::Range;
use unicode_width::UnicodeWidthStr;

/// How far both lines are indented.
const INDENT: usize = 4;

/// How much is shown before and behind the place, in characters.
const AROUND: usize = 60;

/// A place in a text, ready to be shown.
#[derive(Debug)]
pub(super) struct Pointer {
    before: String,
    marked: String,
    behind: String,
}

impl Pointer {
    /// To these bytes of `text`.
    pub(super) fn to(place: &Range<usize>, text: &str) -> Self {
        let part = |range: Range<usize>| text.get(range).unwrap_or_default();
        let end = place.end.min(text.len());
        let before: Vec<char> = part(0..place.start).chars().collect();
        let skipped = before.len().saturating_sub(AROUND);
        let mut shown: String = before.into_iter().skip(skipped).collect();
        if skipped > 0 {
            shown.insert(0, '…');
        }
        let cut = |text: &str| match text.char_indices().nth(AROUND) {
            Some((at, _)) => format!("{}…", part_of(text, at)),
            None => text.to_owned(),
        };
        let escape = |text: String| for_terminal(&text).to_string();
        Self {
            before: escape(shown),
            marked: escape(cut(part(place.start..end))),
            behind: escape(cut(part(end..text.len()))),
        }
    }
}

fn part_of(text: &str, until: usize) -> &str {
    text.get(..until).unwrap_or_default()
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { before, marked, behind } = self;
        let carets = "^".repeat(marked.width().max(1));
        writeln!(f, "{:INDENT$}{before}{marked}{behind}", "")?;
        write!(f, "{:1$}{carets}", "", INDENT + before.width())
    }
}

#[cfg(test)]
mod tests {
    use super::Pointer;

    #[test]
    fn the_caret_stands_beneath_the_place_whatever_is_before_it() {
        assert_eq!(Pointer::to(&(2..5), "a bcd e").to_string(), "    a bcd e\n      ^^^");
        assert_eq!(Pointer::to(&(1..2), "a").to_string(), "    a\n     ^");
        assert_eq!(Pointer::to(&(4..5), "日\n!").to_string(), "    日\\x0a!\n          ^");
        let long = "x".repeat(200);
        let shown = Pointer::to(&(100..101), &long).to_string();
        assert_eq!(shown.lines().nth(1).unwrap().len(), 4 + 1 + 60 + 1);
    }
}
