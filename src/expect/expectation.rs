//! An expectation, as it was written and as it is understood.

use super::check::Check;
use super::parse::parse;
use super::selection::{Selection, Selector};
use super::{Flaw, Judge, Judgement};
use crate::report::Report;
use std::fmt;
use std::str::FromStr;

/// How long an expectation may be, in bytes.
pub const MAX_LENGTH: usize = 4_096;

/// What the connections of a capture should be like. Made by parsing; the language stands in the documentation of the [module](super).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    pub(super) text: String,
    /// Whether one selected flow that is so is enough.
    pub(super) any: bool,
    pub(super) selection: Selection,
    pub(super) checks: Vec<Check>,
}

impl Expectation {
    /// Whether it makes one check only, so that a reason need not say which it is about.
    #[must_use]
    pub fn is_single(&self) -> bool {
        self.checks.len() == 1
    }

    /// Whether an address stands in it, or an id that one could be found by.
    #[must_use]
    pub fn names_an_address(&self) -> bool {
        self.selection.selectors.iter().any(Selector::names_an_address)
    }

    /// Whether `report` is like that.
    #[must_use]
    pub fn judge(&self, report: &Report) -> Judgement {
        let mut judge = Judge::new(self, &report.capture);
        report.flows.iter().for_each(|flow| judge.flow(flow));
        judge.finish(&report.conclusions)
    }
}

impl FromStr for Expectation {
    type Err = Flaw;

    fn from_str(text: &str) -> Result<Self, Flaw> {
        if text.len() > MAX_LENGTH {
            return Err(Flaw::new(text, 0..1, format!("an expectation has at most {MAX_LENGTH} bytes")));
        }
        parse(text)
    }
}

impl fmt::Display for Expectation {
    /// As it was written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
