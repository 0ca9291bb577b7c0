//! `keepscope check`, for people: a line for each expectation, and beneath it why.

use super::style::{Paint, Tone};
use super::wrap::{Lead, paragraph};
use crate::expect::{Ground, Judgement, Rule, Suite, Totals, Verdict};
use crate::render::check::{frames, place};
use crate::render::foreign::for_terminal;
use crate::report::words::counted;
use std::io::{self, Write};

/// How far reasons are indented, and their later lines.
const INDENT: (usize, usize) = (6, 10);

/// Writes it.
///
/// # Errors
/// What `out` reports.
pub fn write(out: &mut impl Write, suite: &Suite, color: bool) -> io::Result<()> {
    let paint = Paint(color);
    for checked in &suite.checked {
        writeln!(out, "{}", paint.tone(Tone::Title, for_terminal(&checked.name)))?;
        match &checked.result {
            Err(why) => {
                writeln!(out, "  {} {}", paint.tone(Tone::Bad, "! cannot be read:"), for_terminal(why))?;
            }
            Ok((_, judgements)) => {
                for (rule, judgement) in suite.judgements(judgements) {
                    write_one(out, rule, judgement, paint)?;
                }
            }
        }
        writeln!(out)?;
    }
    summary(out, suite.totals(), paint)
}

fn write_one(out: &mut impl Write, rule: &Rule, judgement: &Judgement, paint: Paint) -> io::Result<()> {
    let (mark, tone) = match judgement.verdict {
        Verdict::Holds => ("✓", Tone::Good),
        Verdict::Fails => ("✗", Tone::Bad),
        Verdict::Inconclusive => ("?", Tone::Doubtful),
    };
    let name = for_terminal(&rule.name);
    let expression =
        if rule.is_named() { format!(": {}", for_terminal(&judgement.expectation)) } else { String::new() };
    let verdict = match judgement.verdict {
        Verdict::Holds => String::new(),
        Verdict::Fails => " – fails".into(),
        Verdict::Inconclusive if rule.allow_inconclusive => " – inconclusive (allowed)".into(),
        Verdict::Inconclusive => " – inconclusive".into(),
    };
    writeln!(out, "  {} {name}{expression}{}", paint.tone(tone, mark), paint.tone(tone, verdict))?;
    for ground in &judgement.grounds {
        reason(out, rule, ground)?;
    }
    let more = judgement.grounds_total - judgement.grounds.len() as u64;
    if more > 0 {
        writeln!(out, "{:1$}… and {more} more", "", INDENT.0)?;
    }
    Ok(())
}

fn reason(out: &mut impl Write, rule: &Rule, ground: &Ground) -> io::Result<()> {
    let check = if rule.expectation.is_single() { "" } else { ground.check.as_str() };
    let parts = [check, &place(ground), &ground.text];
    let shown: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let frames = frames(ground);
    let frames = if frames.is_empty() { frames } else { format!(" · {frames}") };
    let text = format!("{}{frames}", shown.join(": "));
    let lead = " ".repeat(INDENT.0);
    paragraph(out, Lead { text: &lead, width: INDENT.0 }, &for_terminal(&text).to_string(), INDENT.1)
}

fn summary(out: &mut impl Write, totals: Totals, paint: Paint) -> io::Result<()> {
    let mut parts = Vec::new();
    let mut part = |number: u64, words: String, tone| {
        if number > 0 {
            parts.push(paint.tone(tone, words));
        }
    };
    part(totals.fails, format!("{} failed", totals.fails), Tone::Bad);
    let allowed = if totals.allowed > 0 { format!(" ({} allowed)", totals.allowed) } else { String::new() };
    part(totals.inconclusive, format!("{} inconclusive{allowed}", totals.inconclusive), Tone::Doubtful);
    part(totals.unreadable, format!("{} cannot be read", counted(totals.unreadable, "capture")), Tone::Bad);
    part(totals.holds, format!("{} held", totals.holds), Tone::Good);
    let checks = totals.holds + totals.fails + totals.inconclusive;
    let of = format!("{}, {}", counted(totals.captures, "capture"), counted(checks, "expectation"));
    writeln!(out, "{of}: {}", parts.join(", "))
}
