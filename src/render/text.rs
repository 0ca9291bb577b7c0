//! `--format text`: for a person's eyes, in 100 columns, the answer on the first screen.
//!
//! A head about the capture, a table of the ends that probe, the worst first, a line about everything else, and
//! where it is about one flow only, the timeline of its probes.

mod clock;
mod figure;
mod head;
pub mod profiles;
mod style;
mod table;
mod timeline;

pub use clock::Clock;

use crate::report::{Capture, Conclusions, Flow, Status, Summary};
use crate::time::Span;
use clock::Dial;
use std::io::{self, Write};
use style::{Paint, Tone};
use table::Table;

/// How wide a report is. Fixed, so that a report reads the same in every terminal, file and ticket.
const WIDTH: usize = 100;

/// What a reader wishes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Whether flows without probes get rows too, instead of being counted.
    pub all_flows: bool,
    /// How points in time are told.
    pub clock: Clock,
    /// Whether escape sequences colour it.
    pub color: bool,
    /// Whether every flow with probes gets its timeline, and nothing in it is left out.
    pub verbose: bool,
}

/// A report that is being collected.
#[derive(Debug)]
pub struct Report {
    options: Options,
    table: Table,
    others: Others,
    /// Flows whose story is told.
    to_tell: Vec<Flow>,
    relevant: u64,
}

impl Report {
    /// A report without flows so far.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, table: Table::default(), others: Others::default(), to_tell: Vec::new(), relevant: 0 }
    }

    /// Adds a flow.
    pub fn add(&mut self, flow: Flow) {
        if flow.is_relevant() {
            self.relevant += 1;
            self.table.add_prober_rows(&flow);
            // Kept in case it stays the only one: what the reader asks about then is its story.
            if self.options.verbose || self.relevant == 1 {
                self.to_tell.push(flow);
            }
        } else if self.options.all_flows {
            self.table.add_quiet_row(&flow);
        } else {
            self.others.add(&flow);
        }
    }

    /// Writes it, with what was read and what is said of all flows.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn write(
        self,
        out: &mut impl Write,
        capture: &Capture,
        _conclusions: &Conclusions,
        summary: &Summary,
    ) -> io::Result<()> {
        let Self { options, table, others, to_tell, relevant } = self;
        let paint = Paint(options.color);
        let dial = Dial::new(options.clock, capture.start);
        head::write(out, capture, summary, &dial, paint)?;
        table.write(out, paint)?;
        others.write(out, relevant > 0, paint)?;
        if options.verbose || relevant == 1 {
            for flow in &to_tell {
                timeline::write(out, flow, &dial, paint, options.verbose)?;
            }
        }
        Ok(())
    }
}

/// The flows that get no row: how many, and what the capture can say of their keepalive.
#[derive(Debug, Default)]
struct Others {
    flows: u64,
    off: u64,
    longest_quiet: Option<Span>,
}

impl Others {
    fn add(&mut self, flow: &Flow) {
        self.flows += 1;
        self.off += u64::from(flow.client.status == Status::Off && flow.server.status == Status::Off);
        self.longest_quiet = self.longest_quiet.max(flow.client.longest_quiet).max(flow.server.longest_quiet);
    }

    fn write(&self, out: &mut impl Write, after_rows: bool, paint: Paint) -> io::Result<()> {
        if self.flows == 0 {
            return Ok(());
        }
        let other = if after_rows { "other " } else { "" };
        let mut line = format!("{} without probes", figure::counted(self.flows, &format!("{other}flow")));
        let undecided = self.flows - self.off;
        if self.off > 0 {
            line += &format!(": keepalive is off in {}", figure::count(self.off));
        }
        if let Some(quiet) = self.longest_quiet.filter(|_| undecided > 0) {
            let quiet = figure::duration(quiet);
            line += &format!(" (longest quiet {quiet}: an idle time above that cannot be excluded)");
        }
        writeln!(out, "\n{}", paint.tone(Tone::Faint, line))
    }
}
