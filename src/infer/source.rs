//! Where an entry of the catalogue comes from, and how far that carries.

use std::borrow::Cow;

/// How an entry came to be known, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Seen on the wire or in the system calls of the program itself.
    Measured,
    /// Read in its source or in a standard.
    SourceCode,
    /// Read in its maker's documentation, or in a published study or trace.
    Documentation,
    /// Said everywhere and checked by nobody here: no verdict rests on it alone.
    GeneralKnowledge,
    /// Given by the user.
    Given,
}

impl Grade {
    /// Its name in listings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::SourceCode => "code or standard",
            Self::Documentation => "documentation",
            Self::GeneralKnowledge => "general knowledge",
            Self::Given => "given",
        }
    }
}

/// Where an entry comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// How it came to be known.
    pub grade: Grade,
    /// The file, document or observation; words of a stranger where the entry was given by the user.
    pub text: Cow<'static, str>,
}

impl Source {
    pub(super) const fn of(grade: Grade, text: &'static str) -> Self {
        Self { grade, text: Cow::Borrowed(text) }
    }
}

/// Whether `name` holds `word`, in capitals or not.
pub(super) fn holds(name: &str, word: &str) -> bool {
    name.to_lowercase().contains(&word.to_lowercase())
}
