//! … as TAP (<https://testanything.org/tap-version-14-specification.html>): a line for each capture and expectation.
//!
//! What is written is TAP 14 in all but the number: that says 13, as Perl's `prove` refuses later ones.

use super::lines;
use crate::expect::{Suite, Verdict};
use crate::render::foreign::{for_tap, for_terminal};
use std::io::{self, Write};

/// Writes it.
///
/// # Errors
/// What `out` reports.
pub fn write(out: &mut impl Write, suite: &Suite) -> io::Result<()> {
    writeln!(out, "TAP version 13\n1..{}", suite.checked.len() * suite.rules.len())?;
    let mut number = 0_u64;
    for checked in &suite.checked {
        for (place, rule) in suite.rules.iter().enumerate() {
            number += 1;
            let name = format!("{}: {}", checked.name, rule.name);
            let point = |ok: &str, directive: &str| format!("{ok} {number} - {}{directive}", for_tap(&name));
            let judgement = match &checked.result {
                Ok((_, judgements)) => judgements.get(place),
                Err(why) => {
                    writeln!(out, "{}", point("not ok", ""))?;
                    diagnose(out, "unreadable", std::slice::from_ref(why))?;
                    continue;
                }
            };
            let Some(judgement) = judgement else { continue };
            let (ok, directive) = match judgement.verdict {
                Verdict::Holds => ("ok", ""),
                Verdict::Inconclusive if rule.allow_inconclusive => ("ok", " # SKIP inconclusive"),
                Verdict::Inconclusive | Verdict::Fails => ("not ok", ""),
            };
            writeln!(out, "{}", point(ok, directive))?;
            diagnose(out, judgement.verdict.name(), &lines(judgement))?;
        }
    }
    Ok(())
}

/// A YAML block beneath a test point. Its text is a literal, a line for each reason, which needs no quoting once no line end is left in it.
fn diagnose(out: &mut impl Write, verdict: &str, lines: &[String]) -> io::Result<()> {
    writeln!(out, "  ---\n  verdict: {verdict}\n  reasons: |")?;
    for line in lines {
        writeln!(out, "    {}", for_terminal(line.trim_start()))?;
    }
    writeln!(out, "  ...")
}
