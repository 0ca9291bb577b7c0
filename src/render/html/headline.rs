//! The answer in one sentence, and its colour.

use crate::render::text::headline::Tally;
use crate::render::text::style::Tone;
use crate::report::Summary;
use serde::Serialize;

/// How a page colours a word. Nothing is told by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Shade {
    /// As it should be.
    Good,
    /// Not as it should be, or not known.
    Doubtful,
    /// Broken.
    Bad,
    /// Nothing in particular.
    Plain,
}

impl From<Tone> for Shade {
    fn from(tone: Tone) -> Self {
        match tone {
            Tone::Good => Self::Good,
            Tone::Doubtful => Self::Doubtful,
            Tone::Bad => Self::Bad,
            Tone::Plain | Tone::Title | Tone::Faint => Self::Plain,
        }
    }
}

/// The sentence a page begins with.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Headline {
    /// The sentence.
    pub(super) words: String,
    /// What it means.
    pub(super) shade: Shade,
}

impl Headline {
    /// What is to be said of the flows of `tally`.
    pub(super) fn of(tally: Tally, summary: &Summary) -> Self {
        let (words, tone) = tally.headline(summary);
        Self { words, shade: tone.into() }
    }
}
