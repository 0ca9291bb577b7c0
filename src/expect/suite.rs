//! Many expectations, and many captures.

use super::{Expectation, Judgement, Verdict};
use crate::report::Capture;

/// An expectation and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name; where nobody gave one, the expectation itself. Text from outside.
    pub name: String,
    /// What is expected.
    pub expectation: Expectation,
    /// Whether a capture that cannot show it passes too.
    pub allow_inconclusive: bool,
}

impl Rule {
    /// An expectation without a name.
    #[must_use]
    pub fn unnamed(expectation: Expectation, allow_inconclusive: bool) -> Self {
        Self { name: expectation.to_string(), expectation, allow_inconclusive }
    }

    /// Whether it has a name of its own.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.name != self.expectation.text
    }

    /// Whether a capture that was judged so passes.
    #[must_use]
    pub fn passes(&self, verdict: Verdict) -> bool {
        match verdict {
            Verdict::Holds => true,
            Verdict::Inconclusive => self.allow_inconclusive,
            Verdict::Fails => false,
        }
    }
}

/// A capture that was checked.
#[derive(Clone, Debug)]
pub struct Checked {
    /// How it was given: one name, or several for a capture in pieces. Text from outside.
    pub name: String,
    /// What was read, and for each rule how it was judged; or, in one line, why it could not be read.
    pub result: Result<(Capture, Vec<Judgement>), String>,
}

/// What came of rules and captures.
#[derive(Clone, Debug, Default)]
pub struct Suite {
    /// The rules, in the order they were given.
    pub rules: Vec<Rule>,
    /// The captures, in the order they were given.
    pub checked: Vec<Checked>,
}

/// How many captures and judgements there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Captures.
    pub captures: u64,
    /// Of them those that could not be read.
    pub unreadable: u64,
    /// Judgements that an expectation holds.
    pub holds: u64,
    /// … that it fails.
    pub fails: u64,
    /// … that cannot be decided.
    pub inconclusive: u64,
    /// Of them those that pass nevertheless.
    pub allowed: u64,
}

impl Suite {
    /// How a readable capture was judged: each rule and its judgement.
    pub fn judgements<'a>(
        &'a self,
        judgements: &'a [Judgement],
    ) -> impl Iterator<Item = (&'a Rule, &'a Judgement)> {
        self.rules.iter().zip(judgements)
    }

    /// The sums.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut totals = Totals { captures: self.checked.len() as u64, ..Totals::default() };
        for checked in &self.checked {
            let Ok((_, judgements)) = &checked.result else {
                totals.unreadable += 1;
                continue;
            };
            for (rule, judgement) in self.judgements(judgements) {
                match judgement.verdict {
                    Verdict::Holds => totals.holds += 1,
                    Verdict::Fails => totals.fails += 1,
                    Verdict::Inconclusive => {
                        totals.inconclusive += 1;
                        totals.allowed += u64::from(rule.allow_inconclusive);
                    }
                }
            }
        }
        totals
    }
}

impl Totals {
    /// Whether everything is as expected, and everything could be read.
    #[must_use]
    pub const fn passed(&self) -> bool {
        self.unreadable == 0 && self.fails == 0 && self.inconclusive == self.allowed
    }
}
