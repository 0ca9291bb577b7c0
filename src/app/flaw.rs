//! What is wrong with a file that the user wrote, and where.

use serde::de::DeserializeOwned;
use std::fmt;

/// What is wrong, and where: line and column, from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) text: String,
}

impl Flaw {
    /// At this byte.
    pub(super) fn at(bytes: &[u8], offset: usize, text: impl Into<String>) -> Self {
        let before = String::from_utf8_lossy(bytes.get(..offset).unwrap_or(bytes));
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        Self { line, column, text: text.into() }
    }

    /// The document that `bytes` are, in TOML.
    pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Self> {
        let text = std::str::from_utf8(bytes)
            .map_err(|e| Self::at(bytes, e.valid_up_to(), "this is not UTF-8, as TOML must be"))?;
        toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            Self::at(bytes, at, error.message().trim().replace('\n', "; "))
        })
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.text)
    }
}
