//! `--format markdown`: a report to paste into a ticket, GitHub Flavored.
//!
//! It tells what the text report tells, in its words: the verdict, the stories of the flows that fared worst, what is said of several flows,
//! a table of the ends that probe, and of a single flow what is known of it and the lines to copy. Its length is bounded, as that of a ticket is.

mod finding;
mod table;

use super::CommunityId;
use super::foreign::for_markdown;
use super::schema::{Generator, WiresharkFilter};
use super::text::clock::Dial;
use super::text::figure::{count, counted};
use super::text::gathered::{Gathered, Wish};
use super::text::headline::capitalised;
use super::text::table::end;
use super::text::{Clock, MAX_SINGLED_OUT, about, across, head, others_words, ready, story};
use crate::flow::Side;
use crate::report::{Capture, Conclusions, Flow, Others, Summary};
use std::fmt::Display;
use std::io::{self, Write};

/// How many warnings are told in full.
const MAX_TOLD_WARNINGS: usize = 10;

/// A space that holds two words together; written as a plain one.
const GLUE: char = '\u{a0}';

/// What a reader wishes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Whether flows without probes get rows too, instead of being counted.
    pub all_flows: bool,
    /// How points in time are told.
    pub clock: Clock,
    /// Whether only single flows are asked for, which are told in full.
    pub singled_out: bool,
}

/// A report that is being collected.
#[derive(Debug)]
pub struct Report {
    options: Options,
    gathered: Gathered,
}

impl Report {
    /// A report without flows so far.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, gathered: Gathered::default() }
    }

    /// Adds a flow.
    pub fn add(&mut self, flow: Flow) {
        let Options { all_flows, singled_out, .. } = self.options;
        self.gathered.add(flow, Wish { all_flows, verbose: false, singled_out });
    }

    /// Counts flows of which nothing is shown.
    pub fn count(&mut self, others: &Others) {
        self.gathered.others.join(others);
    }

    /// Writes it, with what was read and what is said of all flows.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn write(
        self,
        out: &mut impl Write,
        capture: &Capture,
        conclusions: &Conclusions,
        summary: &Summary,
    ) -> io::Result<()> {
        let Self { options, gathered } = self;
        let Gathered { table, others, worst, to_tell, relevant, tally } = gathered;
        let dial = Dial::new(options.clock, capture.start);
        let is_full = relevant == 1 || options.singled_out;
        let teller = Teller { dial: &dial, conclusions, is_full };

        write_head(out, capture, summary, &dial)?;
        if !options.singled_out {
            let (headline, _) = tally.headline(summary);
            writeln!(out, "\n**{}**", text(&headline))?;
            if let Some(outcomes) = head::outcome_words(summary) {
                writeln!(out, "\n{}", text(&outcomes))?;
            }
        }
        let told = if is_full { &to_tell } else { worst.flows() };
        if !told.is_empty() {
            writeln!(out, "\n## What happened")?;
        }
        told.iter().take(MAX_SINGLED_OUT).try_for_each(|flow| teller.write(out, flow))?;
        if !is_full && worst.more() > 0 {
            let more = counted(worst.more(), "more flow");
            writeln!(out, "\n… and {more} with problems or warnings: see the table")?;
        }
        if !options.singled_out {
            write_across(out, conclusions)?;
        }
        table::write_ends(out, table.sorted())?;
        if let Some(others) = others_words(&others, relevant > 0) {
            writeln!(out, "\n{}", text(&others))?;
        }
        if is_full {
            for flow in to_tell.iter().take(MAX_SINGLED_OUT) {
                write_about(out, flow, &dial)?;
                write_ready(out, flow, capture)?;
            }
        }
        let Generator { name, version } = Generator::THIS;
        writeln!(out, "\n{name} {version}")
    }
}

/// What a flow is told with.
#[derive(Clone, Copy, Debug)]
struct Teller<'a> {
    dial: &'a Dial,
    conclusions: &'a Conclusions,
    /// Whether all that is known of it is told.
    is_full: bool,
}

impl Teller<'_> {
    fn write(&self, out: &mut impl Write, flow: &Flow) -> io::Result<()> {
        let side = story::hero(flow);
        let words = capitalised(&story::sentence(flow, side, self.dial, self.conclusions));
        let name = format!("{} → {}", end(flow, side), end(flow, !side));
        writeln!(out, "\n**Flow {}**, {}: {}", flow.index, code(name), text(&words))?;
        finding::write(out, flow, self.conclusions, self.is_full)
    }
}

fn write_head(out: &mut impl Write, capture: &Capture, summary: &Summary, dial: &Dial) -> io::Result<()> {
    let sources = if capture.sources.is_empty() { "a capture".into() } else { head::sources(capture) };
    writeln!(out, "# TCP keepalive in {}", text(&sources))?;
    let mut facts = head::frames(capture, summary, dial);
    facts.extend(head::losses(capture));
    writeln!(out, "\n{}", text(&facts.join(" · ")))?;
    let warnings = capture.warnings.iter().take(MAX_TOLD_WARNINGS);
    let mut quoted: Vec<String> =
        warnings.map(|warning| format!("> **warning:** {}", text(warning))).collect();
    match capture.warnings.len().saturating_sub(MAX_TOLD_WARNINGS) {
        0 => {}
        more => quoted.push(format!("> {}", counted(more as u64, "more warning"))),
    }
    if quoted.is_empty() { Ok(()) } else { writeln!(out, "\n{}", quoted.join("\n>\n")) }
}

fn write_across(out: &mut impl Write, conclusions: &Conclusions) -> io::Result<()> {
    let (findings, paths) = across::telling(conclusions, false);
    if findings.is_empty() && paths.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n## Across connections\n")?;
    findings.iter().take(across::MAX_TOLD).try_for_each(|across| finding::write_across(out, across))?;
    more(out, findings.len().saturating_sub(across::MAX_TOLD), "finding")?;
    table::write_paths(out, &paths)?;
    more(out, paths.len().saturating_sub(across::MAX_TOLD), "path")
}

/// Says how many more things there are.
fn more(out: &mut impl Write, number: usize, thing: &str) -> io::Result<()> {
    match number {
        0 => Ok(()),
        more => writeln!(out, "\n… and {}", counted(more as u64, &format!("more {thing}"))),
    }
}

/// What is known of a flow, and what finds it elsewhere.
fn write_about(out: &mut impl Write, flow: &Flow, dial: &Dial) -> io::Result<()> {
    let (id, filter) = (CommunityId::of(&flow.tuple), WiresharkFilter::of(&flow.tuple));
    writeln!(out, "\n## About flow {}\n\n- {}", flow.index, text(&about::facts(flow).join(" · ")))?;
    about::history(flow, dial).iter().try_for_each(|line| writeln!(out, "- {}", text(line)))?;
    writeln!(out, "- Community ID: {}\n- in Wireshark: {}", code(id), code(filter))
}

/// Lines that give a socket the same settings, in blocks that forges let a reader copy.
fn write_ready(out: &mut impl Write, flow: &Flow, capture: &Capture) -> io::Result<()> {
    for side in Side::BOTH {
        let blocks = ready::blocks(flow, side, capture.end)?;
        if !blocks.is_empty() {
            writeln!(out, "\n## To configure a socket like the {}'s", side.name())?;
        }
        for (name, lines) in blocks {
            let language = if name == "setsockopt" { "c" } else { "sh" };
            writeln!(out, "\n```{language}\n{lines}\n```")?;
        }
    }
    Ok(())
}

/// A sentence as text, whatever words from outside are in it.
fn text(words: &str) -> String {
    for_markdown(&words.replace(GLUE, " ")).to_string()
}

/// Addresses, ports and arrows, in which nothing is markup: as they are, and as nothing else.
fn code(plain: impl Display) -> String {
    format!("`{plain}`")
}

/// How many of something are shown, where not all are.
fn cut(shown: usize, all: usize, things: &str) -> Option<String> {
    (shown < all).then(|| format!("The {} worst of {} {things}.", count(shown as u64), count(all as u64)))
}
