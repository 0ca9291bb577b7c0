//! The table of flows.

use super::bar::{bar, countdown, sparkline};
use super::columns::{Columns, MARK, Needs};
use super::ink::SELECTED;
use super::kernel;
use super::pen::{Pen, below, cut_middle, from};
use super::picture::Picture;
use super::rows::Row;
use super::standing::Words;
use super::{View, standing};
use crate::flow::Side;
use crate::render::foreign;
use crate::render::text::style::Tone;
use crate::render::text::{figure, finding, table};
use crate::report::{Due, Prober};
use crate::time::Timestamp;
use ratatui::layout::Rect;
use std::net::SocketAddr;
use unicode_width::UnicodeWidthStr;

const ARROW: &str = " → ";

/// Draws the rows, of `all` there are without the filter, around the one at `place`.
pub(super) fn draw(pen: &mut Pen<'_>, area: Rect, view: &View, rows: &[Row<'_>], all: usize, place: usize) {
    pen.rule(area, &heading(view, rows.len(), all));
    let Some(height) = area.height.checked_sub(2).filter(|height| *height > 0) else { return };
    let now = view.picture().snapshot.now;
    if rows.is_empty() {
        let words = if all > 0 { FILTERED.to_owned() } else { nothing(view.picture()) };
        pen.left(below(area, 1), 0, &words, pen.ink.tone(Tone::Faint));
        return;
    }
    // The selection stays in the middle, as far as there are rows on both sides.
    let height = usize::from(height);
    let first = place.saturating_sub(height / 2).min(rows.len().saturating_sub(height));
    let shown: Vec<Line<'_>> =
        rows.iter().skip(first).take(height).map(|row| Line::of(*row, view.picture(), now)).collect();
    let columns = Columns::of(area.width, needs(&shown));
    titles(pen, below(area, 1), &columns);
    for (at, line) in shown.iter().enumerate() {
        let area = below(area, at as u16 + 2);
        line.draw(pen, area, &columns);
        if first + at == place {
            pen.buffer.set_style(Rect { height: 1, ..area }.intersection(pen.buffer.area), SELECTED);
        }
    }
}

const FILTERED: &str = "no flow has all words of the filter (Esc clears it)";

/// Why there is nothing to show, and what to wait for.
fn nothing(picture: &Picture) -> String {
    let snapshot = &picture.snapshot;
    let flows = snapshot.counts.in_table();
    if snapshot.capture.frames == 0 {
        "waiting for the first frame …".into()
    } else if flows == 0 {
        format!("no TCP in {} so far", figure::counted(snapshot.capture.frames, "frame"))
    } else {
        let flows = figure::counted(flows, "flow");
        format!("no probe in {flows} so far: by default keepalive waits for two hours of quiet")
    }
}

fn heading(view: &View, shown: usize, all: usize) -> Vec<(String, Tone)> {
    let mut words = vec![("flows".to_owned(), Tone::Title)];
    let wishes = &view.wishes;
    let reversed = if wishes.reversed { ", reversed" } else { "" };
    words.push((format!(" · {}{reversed}", wishes.order.name()), Tone::Plain));
    if wishes.filter.trim().is_empty() {
        words.push((format!(" · {}", figure::counted(all as u64, "row")), Tone::Plain));
    } else {
        let filter = foreign::for_terminal(wishes.filter.trim()).to_string();
        let (shown, all) = (figure::count(shown as u64), figure::count(all as u64));
        words.push((format!(" · with \"{filter}\": {shown} of {all}"), Tone::Title));
    }
    let left_out = view.picture().left_out();
    if left_out > 0 {
        let more = figure::counted(left_out, "milder flow");
        words.push((format!(" · {more} not shown"), Tone::Doubtful));
    }
    words
}

fn needs(lines: &[Line<'_>]) -> Needs {
    let widest = |width: fn(&Line<'_>) -> usize| lines.iter().map(width).max().unwrap_or(0) as u16;
    Needs {
        index: widest(|line| line.row.flow.index.to_string().len()),
        name: widest(|line| joined(line.row.name()).width()),
        outcome: widest(|line| line.outcome.long.width()),
        kernel: if lines.iter().any(|line| line.kernel.is_some()) { kernel::WIDTH } else { 0 },
    }
}

fn titles(pen: &mut Pen<'_>, area: Rect, columns: &Columns) {
    let style = pen.ink.tone(Tone::Title);
    let mut cells = Cells { area: from(area, MARK), gap: columns.gap };
    let mut title = |width: u16, text: &str, is_right: bool| {
        if let Some(area) = cells.next(width) {
            if is_right { pen.right(area, 0, text, style) } else { _ = pen.left(area, 0, text, style) }
        }
    };
    title(columns.index, "#", true);
    title(columns.name, "PROBER → PEER", false);
    title(columns.state, "STATE", false);
    title(columns.idle, "IDLE", true);
    title(columns.interval, "INTVL", true);
    title(columns.count, "COUNT", true);
    title(columns.answers, "ANSWERS", true);
    title(columns.bar, if columns.bar < 11 { "" } else { "NEXT PROBE" }, false);
    title(columns.next, "NEXT", true);
    title(columns.kernel, "KERNEL", true);
    title(columns.rtt, "RTT", true);
    title(columns.spark, "LAST RTTS", false);
    title(columns.outcome, "OUTCOME", false);
}

/// What a row shows.
struct Line<'a> {
    row: Row<'a>,
    outcome: Words,
    due: Option<Due>,
    /// What the kernel says of the timer.
    kernel: Option<(String, Tone)>,
    samples: Vec<Option<crate::time::Span>>,
    now: Timestamp,
}

impl<'a> Line<'a> {
    fn of(row: Row<'a>, picture: &Picture, now: Timestamp) -> Self {
        let history = picture.histories.get(row.flow.index);
        let samples = history.zip(row.side).map_or_else(Vec::new, |(history, side)| history.samples(side));
        let due = row.prober().and_then(|prober| prober.due).filter(|_| !standing::is_over(row.flow));
        let look = picture.snapshot.kernel.as_deref().filter(|_| !standing::is_over(row.flow));
        let kernel = kernel::cell(&row, look, now);
        Self { row, kernel, outcome: standing::words(row.flow, row.side, now), due, samples, now }
    }

    fn draw(&self, pen: &mut Pen<'_>, area: Rect, columns: &Columns) {
        let plain = pen.ink.tone(Tone::Plain);
        let faint = pen.ink.tone(Tone::Faint);
        let gravest = self.row.flow.gravest();
        let mark = gravest.map_or(plain, |severity| pen.ink.tone(finding::tone(severity)));
        pen.left(Rect { width: MARK.min(area.width), ..area }, 0, finding::mark(gravest), mark);
        let mut cells = Cells { area: from(area, MARK), gap: columns.gap };
        if let Some(area) = cells.next(columns.index) {
            pen.right(area, 0, &self.row.flow.index.to_string(), faint);
        }
        if let Some(area) = cells.next(columns.name) {
            pen.left(area, 0, &name(&self.row, area.width.into()), plain);
        }
        if let Some(area) = cells.next(columns.state) {
            let over = if standing::is_over(self.row.flow) { Tone::Title } else { Tone::Plain };
            pen.left(area, 0, standing::state(self.row.flow), pen.ink.tone(over));
        }
        let figures = self.row.prober().map(figures).unwrap_or_default();
        let [idle, interval, count, answers, rtt] = &figures;
        for (width, text) in [
            (columns.idle, idle),
            (columns.interval, interval),
            (columns.count, count),
            (columns.answers, answers),
        ] {
            if let Some(area) = cells.next(width) {
                pen.right(area, 0, text, plain);
            }
        }
        self.next(pen, &mut cells, columns);
        if let Some(area) = cells.next(columns.kernel)
            && let Some((text, tone)) = &self.kernel
        {
            pen.right(area, 0, text, pen.ink.tone(*tone));
        }
        if let Some(area) = cells.next(columns.rtt) {
            pen.right(area, 0, rtt, plain);
        }
        if let Some(area) = cells.next(columns.spark) {
            pen.left(area, 0, &sparkline(&self.samples, area.width.into()), plain);
        }
        if let Some(area) = cells.next(columns.outcome) {
            let Words { short, long, tone } = &self.outcome;
            let text = if long.width() > area.width.into() { short } else { long };
            pen.left(area, 0, text, pen.ink.tone(*tone));
        }
    }

    /// The time to the next probe; of a connection that is over, how.
    fn next(&self, pen: &mut Pen<'_>, cells: &mut Cells, columns: &Columns) {
        let (bar_area, next_area) = (cells.next(columns.bar), cells.next(columns.next));
        match &self.due {
            Some(due) => {
                let (text, tone) = countdown(due, self.now);
                if let Some(area) = bar_area {
                    pen.left(area, 0, &bar(due, self.now, area.width.into()), pen.ink.tone(Tone::Plain));
                }
                if let Some(area) = next_area {
                    pen.right(area, 0, &text, pen.ink.tone(tone));
                }
            }
            None => {
                let is_over = standing::is_over(self.row.flow);
                let text = if is_over { standing::state(self.row.flow) } else { figure::UNKNOWN };
                if let Some(area) = next_area {
                    pen.right(area, 0, text, pen.ink.tone(Tone::Faint));
                }
            }
        }
    }
}

fn joined((from, to): (String, String)) -> String {
    from + ARROW + &to
}

/// Both addresses in `width` columns. Where there is no room, first the client's port is left out, which tells least; then middles are.
fn name(row: &Row<'_>, width: usize) -> String {
    let full = joined(row.name());
    if full.width() <= width {
        return full;
    }
    let without_port = |side: Side| {
        let end: SocketAddr = table::end(row.flow, side);
        if side == Side::Client { end.ip().to_string() } else { end.to_string() }
    };
    let prober = row.side.unwrap_or(Side::Client);
    let (from, to) = (without_port(prober), without_port(!prober));
    let room = width.saturating_sub(ARROW.width());
    let half = room / 2;
    let (left, right) = match (from.width(), to.width()) {
        (left, right) if left + right <= room => (left, right),
        (short, _) if short <= half => (short, room - short),
        (_, short) if short <= half => (room - short, short),
        _ => (room - half, half),
    };
    format!("{}{ARROW}{}", cut_middle(&from, left), cut_middle(&to, right))
}

/// Idle, interval, count, answers and round trip.
fn figures(prober: &Prober) -> [String; 5] {
    if prober.probes == 0 {
        return Default::default();
    }
    let count = prober.settings.as_ref().and_then(|settings| settings.count);
    [
        figure::about(prober.idle.as_ref()),
        figure::about(prober.interval.as_ref()),
        count.map_or_else(|| figure::UNKNOWN.into(), table::count_words),
        format!("{}/{}", figure::count(prober.answered), figure::count(prober.probes)),
        figure::median(prober.rtt.as_ref()),
    ]
}

/// Takes cells from a line, one after another.
struct Cells {
    area: Rect,
    gap: u16,
}

impl Cells {
    /// The next cell; `None` where its column has no room.
    fn next(&mut self, width: u16) -> Option<Rect> {
        if width == 0 {
            return None;
        }
        self.area = from(self.area, self.gap);
        let cell = Rect { width: width.min(self.area.width), ..self.area };
        self.area = from(self.area, width);
        Some(cell)
    }
}
