//! A row per end that probes, the worst first.

use super::style::{Paint, Tone};
use super::{WIDTH, figure, finding, worst};
use crate::decode::ip_addr;
use crate::flow::Side;
use crate::report::{Count, Flow, Prober, Severity, Status};
use crate::run::Outcome;
use std::io::{self, Write};
use std::net::SocketAddr;
use unicode_width::UnicodeWidthStr;

/// The columns of figures, between the names and the outcome.
const FIGURES: [&str; 5] = ["IDLE", "INTVL", "COUNT", "ANSWERS", "RTT"];

const GAP: usize = 2;

/// Marks a count that a user timeout may have cut short.
const DOUBTFUL: &str = " ?";

/// What [`DOUBTFUL`] means.
pub(in crate::render) const LEGEND: &str =
    "? gave up after this many probes, by its count or by a user timeout";

const MARKS: &str = "!! has a problem, ! has a warning";

/// The rows collected so far.
#[derive(Debug, Default)]
pub(in crate::render) struct Table(Vec<Row>);

/// An end that probes, or a flow in which neither does.
#[derive(Debug)]
pub(in crate::render) struct Row {
    gravity: (u8, usize),
    /// The flow's number.
    pub(in crate::render) index: u64,
    /// How grave its gravest finding is.
    pub(in crate::render) severity: Option<Severity>,
    /// Both ends, the prober first.
    pub(in crate::render) name: String,
    /// Who probes.
    pub(in crate::render) side: &'static str,
    /// What is known of it.
    pub(in crate::render) body: Body,
}

/// What a row tells.
#[derive(Debug)]
pub(in crate::render) enum Body {
    /// An end that probes.
    Figures([String; FIGURES.len()], Option<Outcome>),
    /// An end with nothing to measure: a sentence instead.
    Words(String),
}

impl Table {
    /// Adds the ends of `flow` that probe, or may; one row where neither does.
    pub(super) fn add_relevant_rows(&mut self, flow: &Flow) {
        let (severity, _) = worst::rank(flow);
        if !Side::BOTH.into_iter().any(|side| flow.prober(side).is_relevant()) {
            self.add_quiet_row(flow);
        }
        for side in Side::BOTH {
            let prober = flow.prober(side);
            if prober.is_relevant() {
                let outcome = worst::outcome(flow, side).map_or(Outcome::ALL.len(), worst::gravity);
                self.0.push(Row {
                    gravity: (severity, outcome),
                    index: flow.index,
                    severity: flow.gravest(),
                    name: format!("{} → {}", end(flow, side), end(flow, !side)),
                    side: side.name(),
                    body: if prober.probes > 0 { figures(prober) } else { Body::Words(look_alikes(prober)) },
                });
            }
        }
    }

    /// Adds a flow in which neither end probes.
    pub(super) fn add_quiet_row(&mut self, flow: &Flow) {
        let (severity, _) = worst::rank(flow);
        self.0.push(Row {
            gravity: (severity, Outcome::ALL.len() + 1),
            index: flow.index,
            severity: flow.gravest(),
            name: format!("{} → {}", end(flow, Side::Client), end(flow, Side::Server)),
            side: "both",
            body: Body::Words(quiet_words(flow)),
        });
    }

    /// The rows, the worst first, else in the order of the capture.
    pub(in crate::render) fn sorted(mut self) -> Vec<Row> {
        self.0.sort_by_key(|row| row.gravity);
        self.0
    }

    /// Writes the rows, the worst first, else in the order of the capture.
    pub(super) fn write(self, out: &mut impl Write, paint: Paint) -> io::Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let rows = self.sorted();
        let layout = Layout::of(&rows);
        let titles = layout.figures(&FIGURES.map(String::from));
        let title = layout.line("#", "", "PROBER → PEER", "SIDE", &format!("{titles}OUTCOME"));
        writeln!(out, "\n{}", paint.tone(Tone::Title, title))?;
        rows.iter().try_for_each(|row| row.write(out, &layout, paint))?;
        if rows.iter().any(Row::has_doubtful_count) {
            writeln!(out, "{}", paint.tone(Tone::Faint, LEGEND))?;
        }
        if layout.mark > 0 {
            writeln!(out, "{}", paint.tone(Tone::Faint, MARKS))?;
        }
        Ok(())
    }
}

impl Row {
    /// Whether its count needs the [`LEGEND`].
    pub(in crate::render) fn has_doubtful_count(&self) -> bool {
        matches!(&self.body, Body::Figures([_, _, count, ..], _) if count.ends_with(DOUBTFUL))
    }

    fn write(&self, out: &mut impl Write, layout: &Layout, paint: Paint) -> io::Result<()> {
        let index = self.index.to_string();
        let body = match &self.body {
            Body::Figures(figures, outcome) => {
                let outcome = outcome.unwrap_or(Outcome::Pending);
                layout.figures(figures) + &paint.tone(tone(outcome), words(outcome))
            }
            Body::Words(words) => paint.tone(Tone::Faint, words),
        };
        // Addresses are what one searches for, so a pair that is too long is not cut: it gets a line of its own.
        if self.name.width() > layout.name {
            let mark = layout.mark(finding::mark(self.severity));
            writeln!(out, "{}{mark}{}", pad_left(&index, layout.index), spaced(&self.name))?;
            return writeln!(out, "{}", layout.line("", "", "", self.side, &body));
        }
        writeln!(out, "{}", layout.line(&index, finding::mark(self.severity), &self.name, self.side, &body))
    }
}

/// The widths of the columns.
#[derive(Debug)]
struct Layout {
    index: usize,
    /// 0 where no row has one.
    mark: usize,
    name: usize,
    side: usize,
    figures: [usize; FIGURES.len()],
}

impl Layout {
    fn of(rows: &[Row]) -> Self {
        let index = rows.iter().map(|row| row.index.to_string().len()).max().unwrap_or(1);
        let side = Side::BOTH.map(|side| side.name().len()).into_iter().max().unwrap_or(0);
        let mark = rows.iter().map(|row| finding::mark(row.severity).len()).max().unwrap_or(0);
        let mark = if mark > 0 { mark + 1 } else { 0 };
        let mut figures = FIGURES.map(UnicodeWidthStr::width);
        let mut outcome_width = "OUTCOME".len();
        let mut words_width = 0;
        for row in rows {
            match &row.body {
                Body::Figures(cells, outcome) => {
                    for (width, cell) in figures.iter_mut().zip(cells) {
                        *width = cell.width().max(*width);
                    }
                    outcome_width = outcome_width.max(outcome.map_or(0, |outcome| words(outcome).len()));
                }
                Body::Words(words) => words_width = words_width.max(words.width()),
            }
        }
        let body = (figures.iter().map(|width| width + GAP).sum::<usize>() + outcome_width).max(words_width);
        let room = WIDTH.saturating_sub(index + mark + GAP + GAP + side + GAP + body);
        let fits = |width: &usize| *width <= room;
        let name = rows.iter().map(|row| row.name.width()).filter(fits).max().unwrap_or(0);
        Self { index, mark, name: name.max("PROBER → PEER".width()), side, figures }
    }

    /// The mark in its column, a space before it; nothing where no row has one.
    fn mark(&self, mark: &str) -> String {
        if self.mark == 0 { String::new() } else { pad_right(&format!(" {mark}"), self.mark) }
    }

    fn line(&self, index: &str, mark: &str, name: &str, side: &str, body: &str) -> String {
        let (index, mark) = (pad_left(index, self.index), self.mark(mark));
        let (name, side) = (pad_right(name, self.name), pad_right(side, self.side));
        format!("{index}{mark}{}{}{}", spaced(&name), spaced(&side), spaced(body))
    }

    /// Figures to the right of their columns, so that units stand below units.
    fn figures(&self, cells: &[String; FIGURES.len()]) -> String {
        cells.iter().zip(self.figures).map(|(cell, width)| pad_left(cell, width) + "  ").collect()
    }
}

/// Whether an outcome is what keepalive is there for.
pub(crate) const fn tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::TimedOut | Outcome::Reset | Outcome::Ignored => Tone::Bad,
        Outcome::Stopped | Outcome::Closed | Outcome::Unknown | Outcome::Recovered => Tone::Doubtful,
        Outcome::Superseded | Outcome::Pending => Tone::Plain,
        Outcome::Answered => Tone::Good,
    }
}

/// An outcome's name for people.
pub(crate) const fn words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::TimedOut => "timed out",
        other => other.name(),
    }
}

/// Address and port of an end.
pub(crate) fn end(flow: &Flow, side: Side) -> SocketAddr {
    let tuple = &flow.tuple;
    let (addr, port) = match side {
        Side::Client => (tuple.src, tuple.src_port),
        Side::Server => (tuple.dst, tuple.dst_port),
    };
    SocketAddr::new(ip_addr(addr, tuple.is_ipv6), port)
}

fn figures(prober: &Prober) -> Body {
    Body::Figures(cells(prober), prober.outcome)
}

/// The figures of an end that probes: idle, interval, count, answers and round trip.
pub(in crate::render) fn cells(prober: &Prober) -> [String; FIGURES.len()] {
    let settings = prober.settings.as_ref();
    let count = settings.and_then(|settings| settings.count).map_or(figure::UNKNOWN.into(), count_words);
    let answered = format!("{}/{}", figure::count(prober.answered), figure::count(prober.probes));
    [
        figure::about(prober.idle.as_ref()),
        figure::about(prober.interval.as_ref()),
        count,
        answered,
        figure::median(prober.rtt.as_ref()),
    ]
}

/// What is known of the probe count.
pub(crate) fn count_words(count: Count) -> String {
    match count {
        Count::Exact(n) => figure::count(n),
        Count::AtLeast(n) => format!("≥ {}", figure::count(n)),
        Count::ExactOrUserTimeout(n) => figure::count(n) + DOUBTFUL,
    }
}

/// What there is to say of a flow in which neither end probes.
pub(in crate::render) fn quiet_words(flow: &Flow) -> String {
    let (client, server) = (&flow.client, &flow.server);
    let quiet = client.longest_quiet.max(server.longest_quiet).map(figure::duration);
    let both_off = client.status == Status::Off && server.status == Status::Off;
    match (&flow.heartbeat, quiet) {
        (Some(heartbeat), _) => format!("no probe, data every {}", figure::duration(heartbeat.period.median)),
        (None, Some(quiet)) if both_off => format!("off: no probe in {quiet} of quiet"),
        (None, Some(quiet)) => format!("no probe in {quiet} of quiet"),
        (None, None) => "no probe, never quiet".into(),
    }
}

/// What an end without a certain probe sent that may be one, or is none.
pub(crate) fn look_alikes(prober: &Prober) -> String {
    let mut parts = Vec::new();
    if prober.window_probes > 0 {
        parts.push(figure::counted(prober.window_probes, "zero-window probe"));
    }
    if prober.ambiguous_probes > 0 {
        parts.push(match prober.ambiguous_probes {
            1 => "1 segment that may be a probe".into(),
            more => format!("{} segments that may be probes", figure::count(more)),
        });
    }
    parts.join(", ")
}

fn spaced(text: &str) -> String {
    format!("  {text}")
}

fn pad_left(text: &str, width: usize) -> String {
    " ".repeat(width.saturating_sub(text.width())) + text
}

fn pad_right(text: &str, width: usize) -> String {
    text.to_owned() + &" ".repeat(width.saturating_sub(text.width()))
}
