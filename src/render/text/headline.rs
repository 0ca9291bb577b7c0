//! The answer in one sentence.

use super::calm_words;
use super::figure::{count, counted};
use super::style::Tone;
use crate::report::{Flow, Severity, Summary};

/// How many flows fared how.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::render) struct Tally {
    problems: u64,
    warnings: u64,
}

impl Tally {
    /// Counts a flow by its gravest finding.
    pub(in crate::render) fn add(&mut self, flow: &Flow) {
        match flow.gravest() {
            Some(Severity::Problem) => self.problems += 1,
            Some(Severity::Warning) => self.warnings += 1,
            Some(Severity::Info) | None => {}
        }
    }

    /// What is to be said of all flows, and what it means.
    pub(in crate::render) fn headline(self, summary: &Summary) -> (String, Tone) {
        let Self { problems, warnings } = self;
        let [all_problems, all_warnings, _] = summary.findings;
        let flows = counted(summary.flows, "connection");
        let have = |some: u64| if some == 1 { "has" } else { "have" };
        if summary.flows == 0 {
            ("There is no TCP connection in this capture".into(), Tone::Plain)
        } else if problems > 0 {
            let mut words = format!("{} of {flows} {} a problem", count(problems), have(problems));
            if warnings > 0 {
                words += &format!(", {} more a warning", count(warnings));
            }
            (words, Tone::Bad)
        } else if all_problems > 0 {
            (format!("{} across {flows}", counted(all_problems, "problem")), Tone::Bad)
        } else if warnings > 0 {
            (
                format!("No problem, but {} of {flows} {} a warning", count(warnings), have(warnings)),
                Tone::Doubtful,
            )
        } else if all_warnings > 0 {
            (format!("No problem, but {} across {flows}", counted(all_warnings, "warning")), Tone::Doubtful)
        } else {
            calm_words(summary)
                .map_or_else(|| (flows, Tone::Plain), |(words, tone)| (capitalised(&words), tone))
        }
    }
}

/// `text` with a capital at its beginning.
pub(in crate::render) fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(problems: u64, warnings: u64, findings: [u64; 3], probes: u64) -> String {
        let summary = Summary { flows: 52, probes, answered: probes, findings, ..Summary::default() };
        Tally { problems, warnings }.headline(&summary).0
    }

    #[test]
    fn the_headline_counts_connections() {
        assert_eq!(words(3, 2, [4, 2, 0], 9), "3 of 52 connections have a problem, 2 more a warning");
        assert_eq!(words(1, 0, [1, 0, 0], 9), "1 of 52 connections has a problem");
        assert_eq!(words(0, 1, [0, 1, 0], 9), "No problem, but 1 of 52 connections has a warning");
        assert_eq!(words(0, 0, [1, 0, 0], 9), "1 problem across 52 connections");
        assert_eq!(words(0, 0, [0, 0, 7], 9), "No problem found: every probe was answered (9)");
        assert_eq!(
            Tally::default().headline(&Summary::default()).0,
            "There is no TCP connection in this capture"
        );
    }
}
