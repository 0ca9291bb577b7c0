//! For terminals whose locale is not UTF-8: every sign by one of ASCII's.

use ratatui::buffer::Buffer;

/// Replaces what is not ASCII.
pub(super) fn translate(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if !cell.symbol().is_ascii() {
            let sign = cell.symbol().chars().next().map_or('?', plain);
            cell.set_char(sign);
        }
    }
}

/// What stands for `sign`.
const fn plain(sign: char) -> char {
    match sign {
        '→' | '≥' | '▶' => '>',
        '─' | '–' | '—' => '-',
        '│' => '|',
        '┌' | '┐' | '└' | '┘' => '+',
        '·' | '…' | '▁' => '.',
        '▂' | '▃' => ':',
        '▄' | '▅' => '+',
        '▆' | '▇' => '*',
        '█' | '▉' | '▊' | '▋' | '▌' => '#',
        '▍' | '▎' | '▏' => '=',
        '≈' => '~',
        'µ' => 'u',
        '●' => '+',
        '○' => 'o',
        '✕' | '×' => 'X',
        '◇' | '↑' => '^',
        '↓' => 'v',
        _ => '?',
    }
}

/// Whether a terminal is to be sent UTF-8, by the variables `LC_ALL`, `LC_CTYPE` and `LANG` in this order: the first that is set decides.
pub(super) fn is_utf8<'a>(locale: impl IntoIterator<Item = Option<&'a str>>) -> bool {
    let decisive = locale.into_iter().flatten().find(|value| !value.is_empty());
    decisive.is_some_and(|value| {
        let value = value.to_ascii_lowercase();
        value.contains("utf-8") || value.contains("utf8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_is_set_decides() {
        assert!(is_utf8([None, None, Some("de_DE.UTF-8")]));
        assert!(is_utf8([Some(""), Some("C.utf8"), Some("C")]));
        assert!(!is_utf8([Some("C"), None, Some("de_DE.UTF-8")]));
        assert!(!is_utf8([None, None, None]));
    }

    #[test]
    fn a_screen_becomes_ascii_and_keeps_its_places() {
        let mut buffer = Buffer::with_lines(["a → b █▌ ●✕ µ日"]);
        translate(&mut buffer);
        let text: String = buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect();
        assert_eq!(text, "a > b ## +X u? ");
    }
}
