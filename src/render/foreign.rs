//! Text from outside on its way out: file names, warnings, whatever a stranger may have chosen. One escaper per output.
//!
//! A terminal obeys control characters and reorders bidirectional text, so neither gets through: they are shown, not sent.
//! A spreadsheet calculates what begins like a formula. JSON needs nothing of this, as its serializer escapes by itself;
//! where JSON stands in a page, what the browser would take for markup is escaped in it as well.

mod ci;
mod markdown;

pub use ci::{for_annotation, for_annotation_property, for_tap, for_xml};
pub use markdown::{ForMarkdown, for_markdown};

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

/// `text` as it may stand in HTML, between tags and in quoted attributes: markup is shown, not obeyed, and so are control characters and
/// what reorders text.
#[must_use]
pub const fn for_html(text: &str) -> ForHtml<'_> {
    ForHtml(text)
}

/// Displays text from outside so that a browser only prints it.
#[derive(Clone, Copy, Debug)]
pub struct ForHtml<'a>(&'a str);

impl fmt::Display for ForHtml<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                c => for_terminal(c.encode_utf8(&mut [0; 4])).fmt(f)?,
            }
        }
        Ok(())
    }
}

/// `json`, a JSON text, as it may stand in a `<script>` element: nothing in it ends the element or begins a comment, and it is the same
/// JSON. The characters that are escaped stand in strings only.
#[must_use]
pub const fn for_script(json: &str) -> ForScript<'_> {
    ForScript(json)
}

/// Displays JSON so that a browser reads it as data only.
#[derive(Clone, Copy, Debug)]
pub struct ForScript<'a>(&'a str);

impl fmt::Display for ForScript<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(['<', '>', '&', '\u{2028}', '\u{2029}']) {
            let (before, after) = rest.split_at(at);
            f.write_str(before)?;
            let mut after = after.chars();
            if let Some(c) = after.next() {
                write!(f, "\\u{:04x}", u32::from(c))?;
            }
            rest = after.as_str();
        }
        f.write_str(rest)
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
    use super::{for_csv, for_html, for_script, for_terminal};

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

    #[test]
    fn what_a_browser_would_obey_is_shown_instead() {
        for (foreign, shown) in [
            ("trace.pcap", "trace.pcap"),
            ("</title><script>alert(1)</script>", "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("\" onload='x'", "&quot; onload=&#39;x&#39;"),
            ("a & b &lt;", "a &amp; b &amp;lt;"),
            ("gnp.\u{202e}pacp", r"gnp.\u{202e}pacp"),
            ("a\nb\0", r"a\x0ab\x00"),
            ("naïve 日本", "naïve 日本"),
        ] {
            assert_eq!(for_html(foreign).to_string(), shown);
        }
    }

    #[test]
    fn json_in_a_script_stays_json_and_ends_nothing() {
        let names = ["</script>", "<!--", "]]>", "&amp;", "\u{2028}\u{2029}", "\\u003c", "\u{202e}", "日本"];
        let json = serde_json::to_string(&names).unwrap();
        let embedded = for_script(&json).to_string();
        assert!(!embedded.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{embedded}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&embedded).unwrap(), names);
    }
}
