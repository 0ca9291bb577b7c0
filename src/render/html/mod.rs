//! `--format html`: one page that a team looks at together, with all that it needs in it.
//!
//! What the page shows is embedded as JSON, by the names of the contract ([`schema`](super::schema)), and drawn by its script. Small and
//! large reports are the same page: the table draws only the rows in view, and what there is to tell of a flow is read when it is opened.

mod detail;
mod document;
mod finding;
mod headline;
mod honesty;
mod overview;
mod packed;
mod row;
mod spread;
mod timeline;
mod way;

use super::Pieces;
use super::text::clock::Dial;
use super::text::headline::Tally;
use super::text::{Clock, worst};
use crate::explain::Sketches;
use crate::infer::Catalogue;
use crate::report::{Capture, Conclusions, Flow, Others, Summary};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// How many flows a page shows at most, the worst first; the others are counted.
pub const MAX_FLOWS: usize = 10_000;

/// What a page is made of beside its flows.
#[derive(Clone, Copy, Debug)]
pub struct Background<'a> {
    /// What was read.
    pub capture: &'a Capture,
    /// What is said of all flows.
    pub conclusions: &'a Conclusions,
    /// Sums over all flows.
    pub summary: &'a Summary,
    /// What was drawn of the flows.
    pub sketches: &'a Sketches,
    /// The known boxes, whose time-outs are drawn beside the paths.
    pub catalogue: &'a Catalogue,
    /// Whether the capture was given as several files.
    pub several_files: bool,
}

/// A page that is being collected.
#[derive(Debug, Default)]
pub struct Report {
    /// The worst flows so far, the worst first.
    flows: BTreeMap<Place, Flow>,
    /// How many flows are listed, or would be if there were room.
    listed: u64,
    others: Others,
    tally: Tally,
    spreads: spread::Spreads,
    findings: finding::Groups,
    limits: honesty::Limits,
}

/// Where a flow stands: by its gravest finding, what became of its probing, and its number.
type Place = ((u8, usize), u64);

/// What all parts of a page are told with.
#[derive(Clone, Copy, Debug)]
struct Teller<'a> {
    background: Background<'a>,
    dial: &'a Dial,
    pieces: Pieces<'a>,
}

impl Report {
    /// A page without flows so far.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a flow.
    pub fn add(&mut self, flow: Flow) {
        self.listed += 1;
        self.tally.add(&flow);
        self.spreads.add(&flow);
        self.findings.add(&flow);
        self.limits.add(&flow);
        self.flows.insert((worst::rank(&flow), flow.index), flow);
        if self.flows.len() > MAX_FLOWS {
            self.flows.pop_last();
        }
    }

    /// Counts a flow of which nothing is shown.
    pub fn count_one(&mut self, flow: &Flow) {
        self.others.add(flow);
    }

    /// Counts flows of which nothing is shown.
    pub fn count(&mut self, others: &Others) {
        self.others.join(others);
    }

    /// Writes it.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn write(self, out: &mut impl Write, background: Background<'_>) -> io::Result<()> {
        let Background { capture, several_files, .. } = background;
        let pieces = if several_files { Pieces::several(&capture.sources) } else { Pieces::SINGLE };
        let dial = Dial::new(Clock::Relative, capture.start);
        let teller = Teller { background, dial: &dial, pieces };
        let flows: Vec<&Flow> = self.flows.values().collect();
        let headline = headline::Headline::of(self.tally, background.summary);
        let overview = overview::Overview::of(&self, &flows, &headline, teller);
        let rows: Vec<row::Row> =
            flows.iter().enumerate().flat_map(|(place, flow)| row::rows(place, flow)).collect();
        let details = detail::pack(&flows, teller)?;
        document::write(out, capture, &headline, &overview, &rows, &details)
    }
}
