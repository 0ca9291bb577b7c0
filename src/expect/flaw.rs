//! What is wrong with an expectation, and where.

use std::fmt;
use std::ops::Range;

/// What is wrong with an expectation, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Which bytes of the expectation: never empty, and at most one behind its end.
    pub span: Range<usize>,
    /// The first of them as a column: characters, from 1.
    pub column: usize,
    /// What was expected there, and what stands there instead. One line, but for what it quotes.
    pub text: String,
}

impl Flaw {
    pub(super) fn new(expression: &str, span: Range<usize>, text: impl Into<String>) -> Self {
        let before = expression.get(..span.start).unwrap_or(expression);
        let span = span.start..span.end.max(span.start + 1);
        Self { span, column: before.chars().count() + 1, text: text.into() }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {}", self.column, self.text)
    }
}

impl std::error::Error for Flaw {}
