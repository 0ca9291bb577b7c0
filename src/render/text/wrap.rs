//! Sentences broken into lines.

use super::WIDTH;
use super::style::{Paint, Tone};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// A space at which no line is broken (U+00A0); written as a plain one.
const GLUE: char = '\u{a0}';

/// `text` as one word: a number stays with its unit.
pub(crate) fn tight(text: &str) -> String {
    text.replace(' ', GLUE.encode_utf8(&mut [0; 2]))
}

/// The beginning of a paragraph, which may be coloured, and so is longer than it is wide.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lead<'a> {
    pub(super) text: &'a str,
    pub(super) width: usize,
}

/// Writes `lead` and then `text`, broken at spaces so that no line is too wide; later lines are indented.
pub(super) fn paragraph(out: &mut impl Write, lead: Lead<'_>, text: &str, indent: usize) -> io::Result<()> {
    paragraph_within(out, WIDTH, lead, text, indent)
}

/// `text` in lines of at most `width` columns, broken at spaces; later lines are indented.
pub(crate) fn lines(text: &str, width: usize, indent: usize) -> Vec<String> {
    let mut lines = Vec::new();
    // Nothing is written that could fail.
    let _ = paragraph_within(&mut lines, width, Lead { text: "", width: 0 }, text, indent);
    String::from_utf8_lossy(&lines).lines().map(str::to_owned).filter(|line| !line.is_empty()).collect()
}

fn paragraph_within(
    out: &mut impl Write,
    width: usize,
    lead: Lead<'_>,
    text: &str,
    indent: usize,
) -> io::Result<()> {
    write!(out, "{}", lead.text)?;
    let mut column = lead.width;
    // A lead may bring its space with it; one that does not gets it only where a word follows.
    let mut space = usize::from(!lead.text.is_empty() && !lead.text.ends_with(' '));
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let word = word.replace(GLUE, " ");
        if column + space + word.width() <= width {
            write!(out, "{}{word}", " ".repeat(space))?;
            column += space + word.width();
        } else {
            column = on_new_lines(out, width, &word, indent)?;
        }
        space = 1;
    }
    writeln!(out)
}

/// Writes `text` in one colour, broken at spaces.
pub(super) fn toned(out: &mut impl Write, paint: Paint, tone: Tone, text: &str) -> io::Result<()> {
    let mut lines = Vec::new();
    paragraph(&mut lines, Lead { text: "", width: 0 }, text, 0)?;
    String::from_utf8_lossy(&lines).lines().try_for_each(|line| writeln!(out, "{}", paint.tone(tone, line)))
}

/// Writes a word at the beginning of a line, and of more lines where it is too long for one; tells the column after it.
fn on_new_lines(out: &mut impl Write, width: usize, word: &str, indent: usize) -> io::Result<usize> {
    let mut column = width;
    for c in word.chars() {
        let mut buffer = [0; 4];
        let c: &str = c.encode_utf8(&mut buffer);
        if column + c.width() > width {
            write!(out, "\n{}", " ".repeat(indent))?;
            column = indent;
        }
        write!(out, "{c}")?;
        column += c.width();
    }
    Ok(column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(lead: &str, text: &str) -> String {
        let mut out = Vec::new();
        paragraph(&mut out, Lead { text: lead, width: lead.width() }, text, 4).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lines_break_at_spaces_and_later_ones_are_indented() {
        let text = format!("{} {} end", "a".repeat(60), "b".repeat(60));
        assert_eq!(wrapped("lead ", &text), format!("lead {}\n    {} end\n", "a".repeat(60), "b".repeat(60)));
        assert_eq!(wrapped("lead ", "a b"), "lead a b\n");
        assert_eq!(wrapped("lead:", "a b"), "lead: a b\n");
        assert_eq!(wrapped("lead:", &"a".repeat(95)), format!("lead:\n    {}\n", "a".repeat(95)));
    }

    #[test]
    fn a_number_stays_with_its_unit() {
        let text = format!("{} {}", "a".repeat(92), tight("11 min 15 s"));
        assert_eq!(wrapped(" ", &text), format!(" {}\n    11 min 15 s\n", "a".repeat(92)));
    }

    #[test]
    fn lines_may_be_narrower_than_a_report() {
        assert_eq!(lines("one two three", 8, 2), ["one two", "  three"]);
        assert_eq!(lines("abcdefgh", 4, 0), ["abcd", "efgh"]);
        assert!(lines("", 8, 2).is_empty());
    }

    #[test]
    fn a_word_that_is_too_long_is_cut() {
        let lines = wrapped("", &"x".repeat(250));
        assert!(lines.lines().all(|line| line.width() <= WIDTH) && lines.matches('x').count() == 250);
    }
}
