//! Text from outside on its way out: file names, warnings, whatever a stranger may have chosen. One escaper per output.
//!
//! A terminal obeys control characters and reorders bidirectional text, so neither gets through: they are shown, not sent.
//! A spreadsheet calculates what begins like a formula. JSON needs nothing of this, as its serializer escapes by itself.

mod ci;

pub use ci::{for_annotation, for_annotation_property, for_tap, for_xml};

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

/// `text` as it may stand in a cell of a spreadsheet: what begins like a formula gets an apostrophe before it, and what a terminal would
/// obey is shown as on a terminal (<https://owasp.org/www-community/attacks/CSV_Injection>). Quoting is for the writer of the table.
#[must_use]
pub const fn for_csv(text: &str) -> ForCsv<'_> {
    ForCsv(text)
}

/// Displays text from outside so that a spreadsheet only shows it.
#[derive(Clone, Copy, Debug)]
pub struct ForCsv<'a>(&'a str);

impl fmt::Display for ForCsv<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Some programs take the wide forms for the narrow ones, and some look past leading space.
        let begins_formula = |c: char| {
            matches!(
                c,
                '=' | '+'
                    | '-'
                    | '@'
                    | '\t'
                    | '\r'
                    | '\n'
                    | '\u{ff1d}'
                    | '\u{ff0b}'
                    | '\u{ff0d}'
                    | '\u{ff20}'
            )
        };
        if self.0.starts_with(begins_formula) || self.0.trim_start().starts_with(begins_formula) {
            f.write_char('\'')?;
        }
        for_terminal(self.0).fmt(f)
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
    use super::{for_csv, for_terminal};

    #[test]
    fn what_a_spreadsheet_would_calculate_is_text() {
        for (foreign, shown) in [
            ("linux", "linux"),
            ("=1+1", "'=1+1"),
            ("  @SUM(A1)", "'  @SUM(A1)"),
            ("-2", "'-2"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("\t=1", r"'\x09=1"),
            ("a=1", "a=1"),
        ] {
            assert_eq!(for_csv(foreign).to_string(), shown);
        }
    }

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
