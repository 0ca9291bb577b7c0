//! The outputs of `keepscope check` that machines read: XML, TAP, annotations.

use super::for_terminal;
use std::fmt::{self, Write};

/// `text` as XML 1.0 may hold it in one line (<https://www.w3.org/TR/xml/#charsets>): what it must not hold, or a reader would obey, is
/// shown instead. Its markup (`<`, `&`, `]]>`) is escaped by whoever writes the document.
#[must_use]
pub const fn for_xml(text: &str) -> Foreign<'_> {
    Foreign { text, to: Output::Xml }
}

/// `text` as the description of a test point of TAP: `#` would begin a directive, and a line end the next test point.
#[must_use]
pub const fn for_tap(text: &str) -> Foreign<'_> {
    Foreign { text, to: Output::Tap }
}

/// `text` as a line of the message of an annotation of GitHub Actions
/// (<https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts>, `escapeData`): a line end would begin another command.
#[must_use]
pub const fn for_annotation(text: &str) -> Foreign<'_> {
    Foreign { text, to: Output::Annotation }
}

/// `text` as a property of an annotation of GitHub Actions (`escapeProperty`), which `:` and `,` would end.
#[must_use]
pub const fn for_annotation_property(text: &str) -> Foreign<'_> {
    Foreign { text, to: Output::AnnotationProperty }
}

/// Displays text from outside so that its reader only shows it.
#[derive(Clone, Copy, Debug)]
pub struct Foreign<'a> {
    text: &'a str,
    to: Output,
}

#[derive(Clone, Copy, Debug)]
enum Output {
    Xml,
    Tap,
    Annotation,
    AnnotationProperty,
}

impl fmt::Display for Foreign<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // All of it ends on somebody's screen.
        write!(Escaping { to: self.to, out: f }, "{}", for_terminal(self.text))
    }
}

/// Escapes what is written to it.
struct Escaping<'a, 'f> {
    to: Output,
    out: &'a mut fmt::Formatter<'f>,
}

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|c| self.write_char(c))
    }

    fn write_char(&mut self, c: char) -> fmt::Result {
        match (self.to, c) {
            (Output::Xml, '\u{FFFE}' | '\u{FFFF}') => write!(self.out, "\\u{{{:x}}}", u32::from(c)),
            (Output::Tap, '#' | '\\') => write!(self.out, "\\{c}"),
            (Output::Annotation | Output::AnnotationProperty, '%' | '\r' | '\n')
            | (Output::AnnotationProperty, ':' | ',') => write!(self.out, "%{:02X}", u32::from(c)),
            _ => self.out.write_char(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str =
        "a\nok 9 - b # SKIP\\ ]]><x a='&'> 100%\u{202e}\u{1b}[0m\u{FFFE}::error title=x,y::z\r\u{85}";

    #[test]
    fn xml_holds_no_character_that_it_must_not() {
        assert_eq!(
            for_xml(HOSTILE).to_string(),
            r"a\x0aok 9 - b # SKIP\ ]]><x a='&'> 100%\u{202e}\x1b[0m\u{fffe}::error title=x,y::z\x0d\u{85}"
        );
    }

    #[test]
    fn tap_stays_one_line_and_no_directive() {
        assert_eq!(for_tap("a\nok 9 - b # SKIP\\\u{202e}").to_string(), r"a\\x0aok 9 - b \# SKIP\\\\u{202e}");
    }

    #[test]
    fn an_annotation_stays_one_command() {
        assert_eq!(for_annotation("100%\r\n::error::x").to_string(), r"100%25\x0d\x0a::error::x");
        assert_eq!(for_annotation_property("a,b::c%").to_string(), "a%2Cb%3A%3Ac%25");
    }
}
