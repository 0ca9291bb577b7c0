//! Text from outside on its way to a terminal: file names, warnings, whatever a stranger may have chosen.
//!
//! A terminal obeys control characters and reorders bidirectional text, so neither gets through: they are shown, not sent.
//! JSON needs nothing of this, as its serializer escapes by itself.

use std::fmt::{self, Write};

/// `text` as it may stand in one line on a terminal: `ESC` becomes `\x1b`, U+202E becomes `\u{202e}`.
#[must_use]
pub const fn for_terminal(text: &str) -> ForTerminal<'_> {
    ForTerminal(text)
}

/// Displays text from outside so that a terminal only prints it.
#[derive(Clone, Copy, Debug)]
pub struct ForTerminal<'a>(&'a str);

impl fmt::Display for ForTerminal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            if c.is_ascii_control() {
                write!(f, "\\x{:02x}", u32::from(c))?;
            } else if is_unprintable(c) {
                write!(f, "\\u{{{:x}}}", u32::from(c))?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}

/// Whether a terminal may do something else with `c` than print it where it stands: C1 controls, line and paragraph
/// separators, and format characters (Unicode category Cf), which hide, join and reorder.
const fn is_unprintable(c: char) -> bool {
    matches!(c as u32,
        0x80..=0x9F | 0xAD
        | 0x0600..=0x0605 | 0x061C | 0x06DD | 0x070F | 0x0890..=0x0891 | 0x08E2
        | 0x180E | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F
        | 0xFEFF | 0xFFF9..=0xFFFB
        | 0x110BD | 0x110CD | 0x13430..=0x1343F | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF)
}

#[cfg(test)]
mod tests {
    use super::for_terminal;

    #[test]
    fn what_a_terminal_would_obey_is_shown_instead() {
        for (foreign, shown) in [
            ("trace.pcap", "trace.pcap"),
            ("naïve 日本.pcap", "naïve 日本.pcap"),
            ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
            ("a\nb\r\tc\x7f", r"a\x0ab\x0d\x09c\x7f"),
            ("\u{9b}31m", r"\u{9b}31m"),
            ("gnp.\u{202e}pacp", r"gnp.\u{202e}pacp"),
            ("zero\u{200b}width\u{feff}", r"zero\u{200b}width\u{feff}"),
            ("line\u{2028}break", r"line\u{2028}break"),
            ("tag\u{e0041}", r"tag\u{e0041}"),
        ] {
            assert_eq!(for_terminal(foreign).to_string(), shown);
        }
    }
}
