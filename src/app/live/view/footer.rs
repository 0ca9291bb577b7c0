//! The last line: the keys, or the filter while it is typed.

use super::View;
use super::pen::Pen;
use crate::render::foreign;
use crate::render::text::style::Tone;
use ratatui::layout::Rect;

/// The keys and what they do, the most useful first.
const KEYS: [(&str, &str); 8] = [
    ("q", "quit"),
    ("?", "help"),
    ("↑↓", "select"),
    ("Enter", "panel"),
    ("/", "filter"),
    ("s", "sort"),
    ("r", "reverse"),
    ("p", "pause"),
];

/// Draws it.
pub(super) fn draw(pen: &mut Pen<'_>, area: Rect, view: &View) {
    let [title, faint, plain] = [Tone::Title, Tone::Faint, Tone::Plain].map(|tone| pen.ink.tone(tone));
    if view.types_filter {
        let typed = foreign::for_terminal(&view.wishes.filter).to_string();
        let pieces = [
            ("filter: ".to_owned(), title),
            (format!("{typed}█"), plain),
            ("  Enter keeps it, Esc clears it".to_owned(), faint),
        ];
        pen.pieces(area, 0, &pieces);
        return;
    }
    let keys = KEYS.iter().flat_map(|(key, what)| {
        let what = match *what {
            "pause" if view.frozen.is_some() => "go on",
            other => other,
        };
        [((*key).to_owned(), title), (format!(" {what}  "), plain)]
    });
    pen.pieces(area, 0, &keys.collect::<Vec<_>>());
}
