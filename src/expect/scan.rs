//! The words, numbers and signs of an expectation.

use super::Flaw;
use super::wanted::Operator;
use std::ops::Range;

/// The signs of comparison. The longer of two that begin alike stands first.
const OPERATORS: [(&str, Operator); 9] = [
    ("<=", Operator::AtMost),
    ("≤", Operator::AtMost),
    (">=", Operator::AtLeast),
    ("≥", Operator::AtLeast),
    ("!=", Operator::NotEqual),
    ("≠", Operator::NotEqual),
    ("=", Operator::Equal),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

/// How long a quotation in a message may be, in characters.
const MAX_QUOTED: usize = 40;

/// A place in an expectation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

/// What was read, and where.
#[derive(Clone, Debug)]
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    pub(super) span: Range<usize>,
}

impl<'a> Scanner<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Whether nothing is left.
    pub(super) fn is_at_end(&mut self) -> bool {
        self.skip_space();
        self.rest().is_empty()
    }

    /// Where the next piece begins.
    pub(super) fn place(&mut self) -> usize {
        self.skip_space();
        self.at
    }

    /// What was read since `start`.
    pub(super) fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default().trim_end()
    }

    /// A word: letters, and then also digits, `_` and `-`.
    pub(super) fn word(&mut self) -> Option<Piece<'a>> {
        self.skip_space();
        if !self.rest().starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        Some(self.take_while(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-'))
    }

    /// A word, if it is `wanted`.
    pub(super) fn keyword(&mut self, wanted: &str) -> Option<Piece<'a>> {
        let before = self.at;
        let word = self.word().filter(|word| word.text == wanted);
        if word.is_none() {
            self.at = before;
        }
        word
    }

    /// Everything up to the next space.
    pub(super) fn raw(&mut self) -> Option<Piece<'a>> {
        self.skip_space();
        Some(self.take_while(|c| !c.is_whitespace())).filter(|piece| !piece.text.is_empty())
    }

    /// Digits, with a point and more digits where `fraction` allows it.
    pub(super) fn number(&mut self, fraction: bool) -> Option<Piece<'a>> {
        self.skip_space();
        let start = self.at;
        self.take_while(|c| c.is_ascii_digit());
        if self.at == start {
            return None;
        }
        let whole = self.at;
        if fraction && self.sign(".").is_some() && self.take_while(|c| c.is_ascii_digit()).text.is_empty() {
            self.at = whole;
        }
        Some(self.piece(start))
    }

    /// `sign`, if it comes next.
    pub(super) fn sign(&mut self, sign: &str) -> Option<Piece<'a>> {
        if !self.rest().starts_with(sign) {
            return None;
        }
        let start = self.at;
        self.at += sign.len();
        Some(self.piece(start))
    }

    /// A unit: letters, right behind a number or after a space.
    pub(super) fn unit(&mut self) -> Piece<'a> {
        self.skip_space();
        self.take_while(char::is_alphabetic)
    }

    /// A comparison.
    pub(super) fn operator(&mut self) -> Option<(Operator, Piece<'a>)> {
        self.skip_space();
        let (sign, operator) = OPERATORS.iter().find(|(sign, _)| self.rest().starts_with(sign))?;
        Some((*operator, self.sign(sign)?))
    }

    /// What is wrong here: something else was `expected`.
    pub(super) fn expected(&mut self, expected: &str) -> Flaw {
        self.skip_space();
        let mut ahead = *self;
        let found = ahead.word().or_else(|| ahead.raw());
        match found {
            Some(piece) => self.flaw(piece.span, format!("expected {expected}, not '{}'", cut(piece.text))),
            None => self.flaw(self.at..self.at, format!("expected {expected}, and nothing more comes")),
        }
    }

    /// What is wrong there.
    pub(super) fn flaw(&self, span: Range<usize>, text: impl Into<String>) -> Flaw {
        Flaw::new(self.text, span, text)
    }

    fn skip_space(&mut self) {
        self.take_while(char::is_whitespace);
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> Piece<'a> {
        let (start, rest) = (self.at, self.rest());
        self.at += rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.piece(start)
    }

    fn piece(&self, start: usize) -> Piece<'a> {
        Piece { text: self.text.get(start..self.at).unwrap_or_default(), span: start..self.at }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }
}

/// The beginning of `text`, where it is too long to be quoted.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_QUOTED) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}
