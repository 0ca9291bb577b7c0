//! The answer in one sentence.

use crate::render::text::calm_words;
use crate::render::text::figure::{count, counted};
use crate::render::text::style::Tone;
use crate::report::{Flow, Severity, Summary};
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

/// How many flows fared how.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    problems: u64,
    warnings: u64,
}

impl Tally {
    /// Counts a flow by its gravest finding.
    pub(super) fn add(&mut self, flow: &Flow) {
        match flow.gravest() {
            Some(Severity::Problem) => self.problems += 1,
            Some(Severity::Warning) => self.warnings += 1,
            Some(Severity::Info) | None => {}
        }
    }

    /// What is to be said of all flows.
    pub(super) fn headline(self, summary: &Summary) -> Headline {
        let Self { problems, warnings } = self;
        let [all_problems, all_warnings, _] = summary.findings;
        let flows = counted(summary.flows, "connection");
        let have = |some: u64| if some == 1 { "has" } else { "have" };
        let (words, shade) = if summary.flows == 0 {
            ("There is no TCP connection in this capture".into(), Shade::Plain)
        } else if problems > 0 {
            let mut words = format!("{} of {flows} {} a problem", count(problems), have(problems));
            if warnings > 0 {
                words += &format!(", {} more a warning", count(warnings));
            }
            (words, Shade::Bad)
        } else if all_problems > 0 {
            (format!("{} across {flows}", counted(all_problems, "problem")), Shade::Bad)
        } else if warnings > 0 {
            (
                format!("No problem, but {} of {flows} {} a warning", count(warnings), have(warnings)),
                Shade::Doubtful,
            )
        } else if all_warnings > 0 {
            (format!("No problem, but {} across {flows}", counted(all_warnings, "warning")), Shade::Doubtful)
        } else {
            calm_words(summary)
                .map_or_else(|| (flows, Shade::Plain), |(words, tone)| (capitalised(&words), tone.into()))
        };
        Headline { words, shade }
    }
}

/// `text` with a capital at its beginning.
fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(problems: u64, warnings: u64, findings: [u64; 3], probes: u64) -> String {
        let summary = Summary { flows: 52, probes, answered: probes, findings, ..Summary::default() };
        Tally { problems, warnings }.headline(&summary).words
    }

    #[test]
    fn the_headline_counts_connections() {
        assert_eq!(words(3, 2, [4, 2, 0], 9), "3 of 52 connections have a problem, 2 more a warning");
        assert_eq!(words(1, 0, [1, 0, 0], 9), "1 of 52 connections has a problem");
        assert_eq!(words(0, 1, [0, 1, 0], 9), "No problem, but 1 of 52 connections has a warning");
        assert_eq!(words(0, 0, [1, 0, 0], 9), "1 problem across 52 connections");
        assert_eq!(words(0, 0, [0, 0, 7], 9), "No problem found: every probe was answered (9)");
        assert_eq!(
            Tally::default().headline(&Summary::default()).words,
            "There is no TCP connection in this capture"
        );
    }
}
