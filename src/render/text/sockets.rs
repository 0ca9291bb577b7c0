//! `keepscope sockets`: a table for each thing that can be said of a socket's keepalive.

use super::figure::{UNKNOWN, compact, counted, duration};
use super::setting::{Known, known};
use super::style::{Paint, Tone};
use super::wrap;
use crate::render::foreign::for_terminal;
use crate::report::Count;
use crate::sockets::{Certainty, Counts, Defaults, Keepalive, Listing, Row, Setting, TimerKind};
use crate::sockets::{like_netstat, like_ss};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// Wide enough for any IPv4 address with its port.
const END: usize = 21;

/// `FIN-WAIT-1`.
const STATE: usize = 10;

/// Where the columns after the state begin.
const AFTER_STATE: usize = 2 * (END + GAP.len()) + STATE + GAP.len();

const GAP: &str = "  ";

/// Before the second line of a row.
const INDENT: &str = "    ";

/// Marks a setting that one look suggests.
const READ: &str = "?";

/// Writes `listing`.
///
/// # Errors
/// What `out` reports.
pub fn write(out: &mut impl Write, listing: &Listing, color: bool) -> io::Result<()> {
    let paint = Paint(color);
    let watched = listing.watched.map(|watched| format!(", watched for {}", duration(watched)));
    let summary = summary(&listing.counts) + &watched.unwrap_or_default();
    wrap::toned(out, paint, Tone::Title, &summary)?;
    wrap::toned(out, paint, Tone::Faint, &defaults(&listing.defaults))?;
    for warning in &listing.warnings {
        wrap::toned(out, paint, Tone::Doubtful, &format!("warning: {warning}"))?;
    }
    let writer = Writer { paint };
    for group in GROUPS {
        let rows: Vec<&Row> = listing.rows.iter().filter(|row| (group.holds)(row)).collect();
        if !rows.is_empty() {
            writer.group(out, group, &rows)?;
        }
    }
    notes(out, listing, paint)
}

/// `12 sockets: 3 keepalive, 7 none, 2 hidden behind retransmission`
fn summary(counts: &Counts) -> String {
    let parts = [
        (counts.keepalive, "keepalive"),
        (counts.none, "none"),
        (counts.behind_retransmission, "hidden behind retransmission"),
        (counts.behind_persist, "hidden behind zero-window probes"),
        (counts.over, "closed or not open yet"),
        (counts.gone, "gone while watched"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    let sockets = counted(counts.sockets, "socket");
    if parts.is_empty() { sockets } else { format!("{sockets}: {}", parts.join(", ")) }
}

fn defaults(defaults: &Defaults) -> String {
    let number = |value: Option<u32>| value.map_or(UNKNOWN.to_owned(), |value| value.to_string());
    let time = |span: Option<crate::time::Span>| {
        span.map_or(UNKNOWN.to_owned(), |span| wrap::tight(&format!("{} s", span.as_secs_f64())))
    };
    format!(
        "system defaults: idle {}, interval {}, {} probes; unacknowledged data is given up after {} retransmissions (tcp_retries2)",
        time(defaults.idle),
        time(defaults.interval),
        number(defaults.probes),
        number(defaults.retries)
    )
}

/// Rows of one kind, and what is told of them.
struct Group {
    heading: &'static str,
    holds: fn(&Row) -> bool,
    /// The titles and widths of the columns after the state. The last may be longer.
    columns: &'static [(&'static str, usize)],
    cells: fn(&Row) -> Vec<String>,
    /// What stands in a line of its own.
    second: fn(&Row) -> Option<String>,
}

const GROUPS: &[Group] = &[
    Group {
        heading: "No keepalive: nobody asked for it",
        holds: |row| !row.is_gone && row.socket.keepalive() == Keepalive::Off,
        columns: &[("QUIET", 7), ("PROCESS", 31)],
        cells: |row| vec![quiet(row), processes(row)],
        second: |_| None,
    },
    Group {
        heading: "Keepalive",
        holds: |row| !row.is_gone && matches!(row.socket.keepalive(), Keepalive::On { .. }),
        columns: KEEPALIVE,
        cells: keepalive_cells,
        second: |row| Some(shapes(row)),
    },
    Group {
        heading: "Hidden: while another timer runs, the kernel does not tell whether keepalive is on, and it waits",
        holds: |row| !row.is_gone && matches!(row.socket.keepalive(), Keepalive::Hidden(_)),
        columns: &[("BEHIND", 14), ("LEFT", 7), ("COUNT", 5)],
        cells: timer_cells,
        second: |row| Some(shapes(row)),
    },
    Group {
        heading: "Closed, or not open yet",
        holds: |row| !row.is_gone && row.socket.keepalive() == Keepalive::Over,
        columns: &[("TIMER", 14), ("LEFT", 7), ("COUNT", 5)],
        cells: timer_cells,
        second: |_| None,
    },
    Group {
        heading: "Gone while watched, as last seen",
        holds: |row| row.is_gone,
        columns: KEEPALIVE,
        cells: keepalive_cells,
        second: |row| Some(shapes(row)),
    },
];

const KEEPALIVE: &[(&str, usize)] = &[("LEFT", 6), ("UNANS", 5), ("IDLE", 9), ("INTVL", 9), ("COUNT", 5)];

/// Writes tables.
struct Writer {
    paint: Paint,
}

impl Writer {
    fn group(&self, out: &mut impl Write, group: &Group, rows: &[&Row]) -> io::Result<()> {
        writeln!(out)?;
        wrap::toned(out, self.paint, Tone::Title, &format!("{} ({})", group.heading, rows.len()))?;
        writeln!(out)?;
        let titles: Vec<String> = group.columns.iter().map(|(title, _)| (*title).to_owned()).collect();
        let (local, peer, state) = ("LOCAL", "PEER", "STATE");
        let head =
            format!("{local:END$}{GAP}{peer:END$}{GAP}{state:STATE$}{GAP}{}", cells(&titles, group.columns));
        writeln!(out, "{}", self.paint.tone(Tone::Title, head.trim_end()))?;
        for row in rows {
            self.row(out, group, row)?;
        }
        Ok(())
    }

    fn row(&self, out: &mut impl Write, group: &Group, row: &Row) -> io::Result<()> {
        let (local, peer) = (row.socket.local.to_string(), row.socket.peer.to_string());
        let state = row.socket.state.name();
        let rest = cells(&(group.cells)(row), group.columns);
        if local.width() > END || peer.width() > END {
            // Long addresses have a line of their own.
            writeln!(out, "{local}{GAP}{peer}")?;
            let indent = AFTER_STATE - STATE - GAP.len();
            let line = format!("{:indent$}{state:STATE$}{GAP}{rest}", "");
            writeln!(out, "{}", line.trim_end())?;
        } else {
            let line = format!("{local:END$}{GAP}{peer:END$}{GAP}{state:STATE$}{GAP}{rest}");
            let is_in_trouble = matches!(row.socket.keepalive(), Keepalive::On { unanswered: 1.., .. });
            let tone = if is_in_trouble { Tone::Doubtful } else { Tone::Plain };
            writeln!(out, "{}", self.paint.tone(tone, line.trim_end()))?;
        }
        match (group.second)(row) {
            Some(second) => wrap::toned(out, self.paint, Tone::Faint, &format!("{INDENT}{second}")),
            None => Ok(()),
        }
    }
}

fn cells(cells: &[String], columns: &[(&str, usize)]) -> String {
    let mut line = String::new();
    for (cell, (_, width)) in cells.iter().zip(columns) {
        line += cell;
        line += &" ".repeat(width.saturating_sub(cell.width()));
        line += GAP;
    }
    line
}

fn keepalive_cells(row: &Row) -> Vec<String> {
    let (left, unanswered) = match row.socket.keepalive() {
        Keepalive::On { left, unanswered } => (compact(left), unanswered.to_string()),
        _ => (UNKNOWN.into(), UNKNOWN.into()),
    };
    let inferred = &row.inferred;
    let count = match inferred.count {
        Some(Count::Exact(n) | Count::ExactOrUserTimeout(n)) => n.to_string(),
        Some(Count::AtLeast(n)) => format!("≥{n}"),
        None => UNKNOWN.into(),
    };
    let [idle, interval] = match inferred.idle_or_interval {
        Some(_) if inferred.idle.is_none() && inferred.interval.is_none() => {
            let either = setting(inferred.idle_or_interval);
            [either.clone() + " or", either]
        }
        _ => [setting(inferred.idle), setting(inferred.interval)],
    };
    vec![left, unanswered, idle, interval, count]
}

/// `60s`, `55–61s`, `≤61s`, `60s?`.
fn setting(setting: Option<Setting>) -> String {
    let Some(Setting { range, certainty }) = setting else { return UNKNOWN.into() };
    match (known(&range), certainty) {
        (Known::Sure(value), Certainty::Read) => format!("{value}s{READ}"),
        (Known::Sure(value), Certainty::Seen) => format!("{value}s"),
        (Known::Likely(value, _), _) => format!("~{value}s"),
        (Known::Range, _) if range.low.0 <= 0 => format!("≤{}", compact(range.high)),
        (Known::Range, _) => format!("~{}", compact(range.high)),
    }
}

fn timer_cells(row: &Row) -> Vec<String> {
    let Some(timer) = row.socket.timer else { return vec![UNKNOWN.into(), UNKNOWN.into(), UNKNOWN.into()] };
    let kind = match timer.kind {
        TimerKind::Retransmission => "retransmission",
        TimerKind::Persist => "zero window",
        TimerKind::Keepalive => "fin-wait",
        TimerKind::TimeWait => "time-wait",
    };
    vec![kind.into(), compact(timer.left), timer.count.to_string()]
}

fn quiet(row: &Row) -> String {
    row.socket.elapsed().map_or(UNKNOWN.into(), compact)
}

/// The process, and the timer as other tools write it.
fn shapes(row: &Row) -> String {
    let timer = row.socket.timer;
    let shapes = [like_ss(timer), like_netstat(timer)].map(|shape| wrap::tight(&shape));
    // The indentation is glued to what follows.
    wrap::tight(&format!("{INDENT}{}", processes(row))) + " · " + &shapes.join(" · ")
}

/// `nginx[12]`, or the first of several: `nginx[12] +3`.
fn processes(row: &Row) -> String {
    match row.socket.owners.as_slice() {
        [] if row.socket.inode == 0 => "no process".into(),
        [] => UNKNOWN.into(),
        [first, rest @ ..] => {
            let name = for_terminal(&first.name);
            let more = if rest.is_empty() { String::new() } else { format!(" +{}", rest.len()) };
            format!("{name}[{}]{more}", first.pid)
        }
    }
}

/// What a reader needs to know to read the tables, each once, and only where it applies.
fn notes(out: &mut impl Write, listing: &Listing, paint: Paint) -> io::Result<()> {
    let mut notes = Vec::new();
    let settings = || {
        let all = |row: &Row| [row.inferred.idle, row.inferred.interval, row.inferred.idle_or_interval];
        listing.rows.iter().flat_map(all).flatten()
    };
    if settings().any(|setting| setting.certainty == Certainty::Read) {
        let surer = if listing.watched.is_none() { "; --watch SECONDS tells more" } else { "" };
        notes.push(format!("{READ}: as one look at the timer suggests{surer}"));
    }
    let unseen = listing.counts.owners_unseen;
    if unseen > 0 {
        let why = if listing.owners_hidden {
            "only root sees other users' processes"
        } else {
            "the kernel's own, or of a process in another PID namespace"
        };
        notes.push(format!("{} without a process that can be seen: {why}", counted(unseen, "socket")));
    }
    if !notes.is_empty() {
        writeln!(out)?;
    }
    notes.iter().try_for_each(|note| wrap::toned(out, paint, Tone::Faint, note))
}
