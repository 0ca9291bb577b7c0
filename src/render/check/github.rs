//! … as annotations of GitHub Actions
//! (<https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>): one for each expectation that does not hold.

use super::lines;
use crate::expect::{Suite, Verdict};
use crate::render::foreign::{for_annotation, for_annotation_property};
use crate::report::words::counted;
use std::io::{self, Write};

/// Writes it.
///
/// # Errors
/// What `out` reports.
pub fn write(out: &mut impl Write, suite: &Suite) -> io::Result<()> {
    for checked in &suite.checked {
        let judgements = match &checked.result {
            Ok((_, judgements)) => judgements,
            Err(why) => {
                annotate(
                    out,
                    "error",
                    &format!("{}: cannot be read", checked.name),
                    std::slice::from_ref(why),
                )?;
                continue;
            }
        };
        for (rule, judgement) in suite.judgements(judgements) {
            let (level, verdict) = match judgement.verdict {
                Verdict::Holds => continue,
                Verdict::Inconclusive if rule.allow_inconclusive => ("warning", "inconclusive"),
                Verdict::Inconclusive => ("error", "inconclusive"),
                Verdict::Fails => ("error", "fails"),
            };
            let mut text = lines(judgement);
            if rule.is_named() && !rule.expectation.is_single() {
                text.insert(0, judgement.expectation.clone());
            }
            annotate(out, level, &format!("{}: {verdict}: {}", checked.name, rule.name), &text)?;
        }
    }
    let totals = suite.totals();
    let checks = totals.holds + totals.fails + totals.inconclusive;
    writeln!(
        out,
        "{}: {} held, {} failed, {} inconclusive",
        counted(checks, "expectation"),
        totals.holds,
        totals.fails,
        totals.inconclusive
    )
}

fn annotate(out: &mut impl Write, level: &str, title: &str, lines: &[String]) -> io::Result<()> {
    write!(out, "::{level} title={}::", for_annotation_property(title))?;
    for (place, line) in lines.iter().enumerate() {
        let before = if place == 0 { "" } else { "%0A" };
        write!(out, "{before}{}", for_annotation(line))?;
    }
    writeln!(out)
}
