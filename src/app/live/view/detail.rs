//! The panel of the selected flow: who it is, its probing over time, its settings, and what happened last.

use super::bar::sparkline;
use super::kernel;
use super::moments::{History, Moment};
use super::pen::{Pen, below, cut};
use super::picture::Picture;
use super::rows::Row;
use super::{standing, strip};
use crate::app::live::join::Look;
use crate::flow::Side;
use crate::render::foreign;
use crate::render::text::clock::Dial;
use crate::render::text::style::Tone;
use crate::render::text::timer::Timer;
use crate::render::text::wrap::tight;
use crate::render::text::{about, figure, finding, story, wrap};
use crate::report::{Due, Flow};
use crate::time::{Span, Timestamp};
use ratatui::layout::Rect;

/// How much of the panel is for what happened last.
const EVENTS: (usize, usize) = (1, 3);

/// From this height on there is room to say what the signs mean.
const ROOMY: usize = 16;

/// How many lines a sentence takes at most where there is little room.
const MAX_LINES: usize = 2;

/// How many round trips are drawn.
const MAX_SAMPLES: usize = 24;

/// Lines of the same tone.
type Lines = Vec<(String, Tone)>;

/// Draws it for `row`.
pub(super) fn draw(pen: &mut Pen<'_>, area: Rect, row: Option<&Row<'_>>, picture: &Picture, dial: &Dial) {
    let Some(row) = row else {
        pen.rule(area, &[("no flow selected".into(), Tone::Plain)]);
        return;
    };
    let (from, to) = row.name();
    pen.rule(
        area,
        &[(format!("flow {}", row.flow.index), Tone::Title), (format!("  {from} → {to}"), Tone::Plain)],
    );
    let area = below(area, 1);
    let (width, height) = (usize::from(area.width), usize::from(area.height));
    let now = picture.snapshot.now;
    let history = picture.histories.get(row.flow.index);
    let moments: Vec<&Moment> = history.map_or_else(Vec::new, |history| history.moments().collect());
    let mut lines = vec![(summary(row.flow, now), Tone::Plain)];
    lines.extend(lanes(row, &moments, now, dial, (width, height)));
    let at_end = (height * EVENTS.0 / EVENTS.1).max(2).min(moments.len());
    let room = height.saturating_sub(lines.len() + at_end);
    let look = picture.snapshot.kernel.as_deref().filter(|_| !standing::is_over(row.flow));
    let mut facts = facts(row.flow, history, (now, look), (width, height));
    facts.truncate(room);
    lines.extend(facts);
    let room = height.saturating_sub(lines.len());
    lines.extend(moments.iter().skip(moments.len().saturating_sub(room)).map(|moment| told(moment, dial)));
    for (line, (text, tone)) in (0..area.height).zip(&lines) {
        pen.left(area, line, text, pen.ink.tone(*tone));
    }
}

/// `open · 12 min 3 s · 40 segments · frames 3–1700 · quiet for 5.2 s`.
fn summary(flow: &Flow, now: Timestamp) -> String {
    let mut facts = vec![
        standing::state(flow).to_owned(),
        figure::counted(flow.segments, "segment"),
        format!("frames {}–{}", flow.first_frame, flow.last_frame),
    ];
    if flow.one_sided {
        facts.push("only one direction is captured".into());
    }
    if !standing::is_over(flow) {
        facts.push(format!("quiet for {}", figure::duration(now.since(flow.end).max(Span::ZERO))));
    }
    facts.extend(flow.heartbeat.as_ref().map(about::heartbeat_words));
    facts.extend(flow.http.as_ref().map(about::http_words));
    facts.join(" · ")
}

/// A lane for each end that probes, the time below, and what the signs mean.
fn lanes(
    row: &Row<'_>,
    moments: &[&Moment],
    now: Timestamp,
    dial: &Dial,
    (width, height): (usize, usize),
) -> Lines {
    let over = standing::is_over(row.flow);
    let due = |side: Side| row.flow.prober(side).due.filter(|_| !over).map(|due| due.at);
    let soonest = Side::BOTH.into_iter().filter_map(due).min();
    let name = |side: Side| format!("{} ", side.name());
    let label = "client ".len();
    // Nothing comes after the end.
    let until = if over { now.min(row.flow.end.max(last(moments))) } else { now };
    let Some(window) = strip::Window::of(moments, until, soonest, width.saturating_sub(label)) else {
        return vec![("no probe since it is shown here".into(), Tone::Faint)];
    };
    let mut lines = Lines::new();
    for side in Side::BOTH {
        let of_side = || moments.iter().copied().filter(|moment| moment.prober == side);
        if of_side().next().is_some() {
            let signs = strip::lane(&window, of_side(), due(side));
            lines.push((name(side) + &signs, Tone::Plain));
        }
    }
    let pad = " ".repeat(label);
    lines.push((pad.clone() + &strip::axis(&window, dial), Tone::Faint));
    if height >= ROOMY {
        lines.push((pad + strip::LEGEND, Tone::Faint));
    }
    lines
}

fn last(moments: &[&Moment]) -> Timestamp {
    moments.iter().map(|moment| moment.at).max().unwrap_or_default()
}

/// How it ended, who probes with which settings, what Linux's own tools show of that, and what was found.
fn facts(
    flow: &Flow,
    history: Option<&History>,
    (now, look): (Timestamp, Option<&Look>),
    (width, height): (usize, usize),
) -> Lines {
    let mut lines = Lines::new();
    let most = if height < ROOMY { MAX_LINES } else { usize::MAX };
    let mut say = |text: &str, tone: Tone| {
        let mut told = wrap::lines(text, width, 2);
        if told.len() > most {
            told.truncate(most);
            if let Some(last) = told.last_mut() {
                *last = cut(&format!("{last} …"), width);
            }
        }
        lines.extend(told.into_iter().map(|line| (line, tone)));
    };
    if let Some(ending) = &flow.ending {
        say(&format!("end: {}", story::ending_words(ending)), Tone::Title);
    }
    for side in Side::BOTH {
        let samples = history.map_or_else(Vec::new, |history| history.samples(side));
        let kernel = kernel::of(flow, side, look).and_then(|said| kernel::sentence(said, now));
        for words in settings(flow, side, now, (&samples, kernel)) {
            say(&words, Tone::Plain);
        }
    }
    for found in &flow.findings {
        let (text, doubt) = (foreign::for_terminal(&found.text), finding::doubt(found.confidence));
        say(&format!("{}: {text}{doubt}", found.severity.name()), finding::tone(found.severity));
    }
    lines
}

/// How `side` probes, and what it looks like. Where the `kernel` of that end says how its timer stands, nobody has to guess.
fn settings(
    flow: &Flow,
    side: Side,
    now: Timestamp,
    (samples, kernel): (&[Option<Span>], Option<String>),
) -> Vec<String> {
    let prober = flow.prober(side);
    let kernel = kernel.map(|said| format!("this host's kernel: {said}"));
    if prober.probes == 0 {
        return kernel.map(|said| format!("the {}: {said}", side.name())).into_iter().collect();
    }
    let (answered, probes) = (figure::count(prober.answered), figure::counted(prober.probes, "probe"));
    let rtt = prober.rtt.as_ref().map_or_else(String::new, |rtt| {
        let newest = samples.get(samples.len().saturating_sub(MAX_SAMPLES)..).unwrap_or_default();
        format!(" in {} {}", tight(&figure::duration(rtt.median)), sparkline(newest, MAX_SAMPLES))
    });
    let probing = format!("{}; {answered} of {probes} answered{rtt}", story::settings_words(flow, side));
    let stack = prober.settings.as_ref().map(|settings| settings.stack.join(", ")).unwrap_or_default();
    let timer = prober.due.filter(|_| !standing::is_over(flow) && may_be_linux(&stack));
    let unanswered = prober.open_run.as_ref().map_or(0, |run| run.probes);
    let guessed = || timer.and_then(|due| kernel_timer(&due, unanswered, now));
    let mut looks: Vec<String> = kernel.or_else(guessed).into_iter().collect();
    if !stack.is_empty() {
        looks.push(format!("its probes look like {stack}"));
    }
    let mut said = vec![probing];
    if !looks.is_empty() {
        said.push(format!("the {}: {}", side.name(), looks.join(" · ")));
    }
    said
}

/// `ss -o` is Linux's: nothing of it where the prober is known to be something else.
fn may_be_linux(stack: &str) -> bool {
    stack.is_empty() || stack.contains("linux")
}

/// About what `ss -o` shows of the prober's timer.
fn kernel_timer(due: &Due, unanswered: u64, now: Timestamp) -> Option<String> {
    let left = due.at.since(now);
    (left > Span::ZERO).then(|| format!("ss -o ≈ {}", Timer { left, unanswered }.ss()))
}

/// `0:00:12  #397  client  probe 1 after 2.02 s of quiet`.
fn told(moment: &Moment, dial: &Dial) -> (String, Tone) {
    let frame = moment.frame.map_or_else(String::new, |frame| format!("#{frame}"));
    let (at, side) = (dial.tell_briefly(moment.at), moment.side.name());
    (format!("{at:>8}  {frame:>7}  {side}  {}", moment.words), moment.tone)
}
