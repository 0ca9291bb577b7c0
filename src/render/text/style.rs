//! Colours. Nothing is told by them alone.

use std::fmt::Display;

/// Whether to colour at all.
#[derive(Clone, Copy, Debug)]
pub(in crate::render) struct Paint(pub(super) bool);

/// What a piece of text means to a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing in particular.
    Plain,
    /// A heading.
    Title,
    /// Not what one looks for.
    Faint,
    /// As it should be.
    Good,
    /// Not as it should be, or not known.
    Doubtful,
    /// Broken.
    Bad,
}

impl Paint {
    /// `text` in the colour of `tone`.
    pub(super) fn tone(self, tone: Tone, text: impl Display) -> String {
        // The eight colours every terminal theme defines (ECMA-48 §8.3.117).
        let code = match tone {
            Tone::Plain => return text.to_string(),
            Tone::Title => "1",
            Tone::Faint => "2",
            Tone::Good => "32",
            Tone::Doubtful => "33",
            Tone::Bad => "1;31",
        };
        if self.0 { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
    }
}
