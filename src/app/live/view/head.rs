//! The head: what is watched, for how long, how much of it, and what was lost.

use super::pen::Pen;
use super::picture::Picture;
use crate::render::foreign;
use crate::render::text::figure;
use crate::render::text::style::Tone;
use crate::report::Severity;
use crate::time::Span;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

const DOT: &str = " · ";

/// Draws it at the top of `area`; tells how many lines it takes.
pub(super) fn draw(pen: &mut Pen<'_>, area: Rect, picture: &Picture, is_paused: bool) -> u16 {
    let [title, faint, plain, loud] =
        [Tone::Title, Tone::Faint, Tone::Plain, Tone::Bad].map(|tone| pen.ink.tone(tone));
    let source = foreign::for_terminal(&picture.snapshot.source).to_string();
    let mut first: Vec<(String, Style)> = vec![("keepscope ".into(), title), (source, title)];
    if is_paused {
        first.push((" ".into(), plain));
        first.push((" PAUSED ".into(), pen.ink.loud()));
    }
    let mut facts: Vec<(String, Style)> = traffic(picture).into_iter().map(|fact| (fact, plain)).collect();
    facts.extend(findings(picture).map(|(words, tone)| (words, pen.ink.tone(tone))));
    let mut lines = vec![first];
    for fact in facts {
        let width: usize = lines.last().map_or(0, |line| line.iter().map(|(text, _)| text.width()).sum());
        if width + DOT.width() + fact.0.width() > area.width.into() {
            lines.push(vec![fact]);
        } else if let Some(line) = lines.last_mut() {
            line.push((DOT.into(), faint));
            line.push(fact);
        }
    }
    // A low screen is for the flows.
    lines.truncate(if area.height < 12 { 1 } else { 3 });
    let loss = losses(picture);
    let taken = lines.len() as u16;
    for (line, pieces) in (0..).zip(&lines) {
        pen.pieces(area, line, pieces);
    }
    if loss.is_empty() {
        return taken;
    }
    let pieces =
        [(format!(" {} ", loss.join(DOT)), pen.ink.loud()), (" unanswered may be wrong".into(), loud)];
    pen.pieces(area, taken, &pieces);
    taken + 1
}

fn traffic(picture: &Picture) -> Vec<String> {
    let snapshot = &picture.snapshot;
    let capture = &snapshot.capture;
    let duration = capture.start.map(|start| snapshot.now.since(start)).filter(|span| *span > Span::ZERO);
    let mut facts: Vec<String> = duration.map(whole_seconds).into_iter().collect();
    facts.extend(picture.frames_per_second().map(|rate| format!("{}/s", figure::counted(rate, "frame"))));
    facts.push(figure::counted(capture.segments, "segment"));
    let counts = &snapshot.counts;
    let (open, probing) = (counts.open + counts.half_closed, figure::count(counts.probing));
    let waiting = match counts.waiting {
        0 => String::new(),
        waiting => format!(", {} waiting", figure::count(waiting)),
    };
    facts.push(format!("{} open, {probing} probing{waiting}", figure::counted(open, "flow")));
    facts
}

/// A duration that runs: not more exact than it can be read.
fn whole_seconds(span: Span) -> String {
    let second = Span::from_secs(1).0;
    let whole = span.0 / second;
    if whole < 120 { format!("{whole} s") } else { figure::duration(Span(whole * second)) }
}

fn findings(picture: &Picture) -> impl Iterator<Item = (String, Tone)> {
    let counts = Severity::ALL.into_iter().zip(picture.log.counts());
    counts.filter(|(severity, count)| *severity < Severity::Info && *count > 0).map(|(severity, count)| {
        let tone = if severity == Severity::Problem { Tone::Bad } else { Tone::Doubtful };
        (figure::counted(count, severity.name()), tone)
    })
}

/// What the capture missed.
fn losses(picture: &Picture) -> Vec<String> {
    let capture = &picture.snapshot.capture;
    let dropped = capture.dropped.unwrap_or_default();
    [
        (dropped.kernel, "frame", "DROPPED by the kernel"),
        (dropped.interface, "frame", "DROPPED by the interface"),
        (capture.evicted_flows, "flow", "EVICTED"),
    ]
    .into_iter()
    .filter(|(number, ..)| *number > 0)
    .map(|(number, thing, what)| format!("{} {what}", figure::counted(number, thing)))
    .collect()
}
