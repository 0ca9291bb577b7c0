//! One flow in a sentence or two: who probes with which settings and whom they fit, when it was last answered, what happened then, who
//! ended it, and what that says of the path.

mod ending;
mod probing;
mod suspicion;

pub(crate) use ending::words as ending_words;
pub(crate) use probing::settings as settings_words;

use super::clock::Dial;
use super::style::{Paint, Tone};
use super::table::end;
use super::wrap::{Lead, paragraph, tight};
use super::{WIDTH, figure, finding, worst};
use crate::flow::Side;
use crate::report::{Conclusions, Flow, Status};
use crate::run::Outcome;
use crate::time::Span;
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// Before all lines of a story but its first.
const INDENT: usize = 4;

/// What a story is told with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Teller<'a> {
    pub(super) dial: &'a Dial,
    pub(super) paint: Paint,
    pub(super) conclusions: &'a Conclusions,
    /// Whether all findings are told, also those that are merely worth knowing.
    pub(super) all_findings: bool,
}

impl Teller<'_> {
    /// Writes the story of `flow`, and its findings.
    pub(super) fn write(&self, out: &mut impl Write, flow: &Flow) -> io::Result<()> {
        let side = hero(flow);
        let (from, to) = (end(flow, side), end(flow, !side));
        let mut name = format!("flow {}  {from} → {to}:", flow.index);
        if name.width() > WIDTH {
            let from = format!("flow {}  {from} →", flow.index);
            writeln!(out, "{}", self.paint.tone(Tone::Title, from))?;
            name = format!("{}{to}:", " ".repeat(INDENT));
        }
        let lead = Lead { text: &self.paint.tone(Tone::Title, &name), width: name.width() };
        paragraph(out, lead, &sentence(flow, side, self.dial, self.conclusions), INDENT)?;
        if self.all_findings {
            return finding::write(out, &flow.findings, self.paint);
        }
        finding::write_gravest(out, flow.index, &flow.findings, &self.conclusions.findings, self.paint)
    }
}

/// The story of `flow`, told of `side`. Spaces that stay within a line are U+00A0.
pub(in crate::render) fn sentence(flow: &Flow, side: Side, dial: &Dial, conclusions: &Conclusions) -> String {
    let mut words = if flow.prober(side).probes > 0 {
        let mut words = probing::settings(flow, side) + &probing::outcome(flow, side, dial);
        if flow.prober(!side).probes > 0 {
            words += "; ";
            words += &probing::other_side(flow, !side);
        }
        words
    } else {
        without_probes(flow, side)
    };
    if let Some(ending) = ending::clause(flow, side) {
        words += &format!("; {ending}");
    }
    if let Some(suspicion) = suspicion::clause(flow, &conclusions.paths) {
        words += &format!("; {suspicion}");
    }
    words + "."
}

/// The end that the story is about: the prober that fared worse.
pub(in crate::render) fn hero(flow: &Flow) -> Side {
    let gravity = |side: &Side| {
        let prober = flow.prober(*side);
        let outcome = worst::outcome(flow, *side).map(worst::gravity);
        (outcome.unwrap_or(Outcome::ALL.len()), !prober.is_relevant())
    };
    Side::BOTH.into_iter().min_by_key(gravity).unwrap_or(Side::Client)
}

fn without_probes(flow: &Flow, side: Side) -> String {
    let prober = flow.prober(side);
    if prober.window_probes > 0 {
        let probes = figure::counted(prober.window_probes, "zero-window probe");
        return format!(
            "{} from the {}, whose peer's window is closed, and no keepalive",
            tight(&probes),
            side.name()
        );
    }
    if prober.ambiguous_probes > 0 {
        return format!(
            "the {} sends what may be probes ({}): the capture cannot tell",
            side.name(),
            figure::count(prober.ambiguous_probes)
        );
    }
    let both_off = Side::BOTH.into_iter().all(|side| flow.prober(side).status == Status::Off);
    let quiet = flow.client.longest_quiet.max(flow.server.longest_quiet);
    match quiet {
        Some(quiet) if both_off => format!("keepalive is off: no probe in {} of quiet", span(quiet)),
        Some(quiet) => format!("no probe in {} of quiet", span(quiet)),
        None => "no probe, and never quiet".into(),
    }
}

/// A duration that stays in one line.
fn span(span: Span) -> String {
    tight(&figure::duration(span))
}
