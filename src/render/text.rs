//! `--format text`: for a person's eyes, in 100 columns, the answer on the first screen.
//!
//! A head about the capture; the stories of the flows that fared worst, and what is said of several flows; a table of the ends that probe,
//! the worst first; a line about everything else; and where it is about one flow only, the timeline of its probes, and the lines that make
//! a socket do the same.

pub(crate) mod about;
pub(super) mod across;
pub mod check;
pub(crate) mod clock;
pub mod diff;
pub(crate) mod event_line;
mod explained;
pub(crate) mod figure;
pub(crate) mod finding;
pub(super) mod gathered;
pub(super) mod head;
pub(super) mod headline;
pub mod profiles;
pub(super) mod ready;
mod setting;
pub mod sockets;
pub(crate) mod story;
pub(crate) mod style;
pub(crate) mod table;
mod timeline;
pub(crate) mod timer;
pub(crate) mod worst;
pub(crate) mod wrap;

pub use clock::Clock;
pub use event_line::{Telling, event_line};

use crate::explain::Transcript;
use crate::report::{Capture, Conclusions, Flow, Others, Summary};
use clock::Dial;
use gathered::{Gathered, Wish};
use std::io::{self, Write};
use story::Teller;
use style::{Paint, Tone};

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
    gathered: Gathered,
    /// What happened to the flows that alone are wanted, frame by frame; `None` where none was singled out.
    transcripts: Option<Vec<Transcript>>,
}

impl Report {
    /// A report without flows so far.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, gathered: Gathered::default(), transcripts: None }
    }

    /// Makes it a report about single flows, those of `transcripts`, told frame by frame. To be called before they are added.
    pub fn explain(&mut self, transcripts: Vec<Transcript>) {
        self.transcripts = Some(transcripts);
    }

    /// Adds a flow.
    pub fn add(&mut self, flow: Flow) {
        let Options { all_flows, verbose, .. } = self.options;
        self.gathered.add(flow, Wish { all_flows, verbose, singled_out: self.transcripts.is_some() });
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
        let Self { options, gathered, transcripts } = self;
        let Gathered { table, others, worst, to_tell, relevant, .. } = gathered;
        let Options { verbose, .. } = options;
        let paint = Paint(options.color);
        let dial = Dial::new(options.clock, capture.start);
        let tells_few = relevant == 1 || transcripts.is_some();
        let teller = Teller { dial: &dial, paint, conclusions, all_findings: tells_few };

        head::write(out, capture, summary, &dial, paint)?;
        let told_first = if tells_few { &to_tell } else { worst.flows() };
        for flow in told_first.iter().take(MAX_SINGLED_OUT) {
            writeln!(out)?;
            teller.write(out, flow)?;
        }
        if !tells_few && worst.more() > 0 {
            let words = format!(
                "… and {} with problems or warnings: see the table, or -v",
                figure::counted(worst.more(), "more flow")
            );
            writeln!(out, "\n{}", paint.tone(Tone::Faint, words))?;
        }
        if transcripts.is_none() {
            across::write(out, conclusions, paint, verbose)?;
            if worst.flows().is_empty() {
                all_is_well(out, summary, !verbose && !tells_few, paint)?;
            }
        }
        table.write(out, paint)?;
        write_others(out, &others, relevant > 0, paint)?;
        if verbose || tells_few {
            let teller = timeline::Narrator { dial: &dial, paint, verbose, now: capture.end };
            for flow in &to_tell {
                teller.write(out, flow, !tells_few)?;
            }
        }
        for transcript in transcripts.iter().flatten() {
            if let Some(flow) = to_tell.iter().find(|flow| flow.index == transcript.index) {
                explained::write(out, flow, transcript, &dial, paint, capture.sources.len() < 2)?;
            }
        }
        Ok(())
    }
}

/// How many of the flows that share an id are told of.
pub(super) const MAX_SINGLED_OUT: usize = crate::explain::MAX_FLOWS;

/// A calm line where nothing is wrong.
fn all_is_well(
    out: &mut impl Write,
    summary: &Summary,
    counts_remarks: bool,
    paint: Paint,
) -> io::Result<()> {
    let Some((mut words, tone)) = calm_words(summary) else { return Ok(()) };
    let [.., remarks] = summary.findings;
    if remarks > 0 && counts_remarks {
        words += &format!(" · {}, see -v", figure::counted(remarks, "remark"));
    }
    writeln!(out, "\n{}", paint.tone(tone, words))
}

/// What is said where nothing is wrong; `None` where something is, or there is nothing to judge.
pub(super) fn calm_words(summary: &Summary) -> Option<(String, Tone)> {
    let [problems, warnings, _] = summary.findings;
    if problems + warnings > 0 || summary.flows == 0 {
        return None;
    }
    Some(match (summary.probes, summary.answered) {
        (0, _) => ("no problem found".into(), Tone::Good),
        (probes, answered) if probes == answered => {
            (format!("no problem found: every probe was answered ({})", figure::count(probes)), Tone::Good)
        }
        // Nothing that is open can be called well.
        (probes, answered) => {
            let (answered, probes) = (figure::count(answered), figure::counted(probes, "probe"));
            (format!("no problem proved: {answered} of {probes} answered"), Tone::Plain)
        }
    })
}

fn write_others(out: &mut impl Write, others: &Others, after_rows: bool, paint: Paint) -> io::Result<()> {
    let Some(line) = others_words(others, after_rows) else { return Ok(()) };
    writeln!(out)?;
    wrap::toned(out, paint, Tone::Faint, &line)
}

/// The flows that get no row: how many, and what the capture can say of their keepalive.
pub(super) fn others_words(others: &Others, after_rows: bool) -> Option<String> {
    if others.flows == 0 {
        return None;
    }
    let other = if after_rows { "other " } else { "" };
    let mut line = format!("{} without probes", figure::counted(others.flows, &format!("{other}flow")));
    let undecided = others.flows - others.off;
    if others.off > 0 {
        line += &format!(": keepalive is off in {}", figure::count(others.off));
    }
    if let Some(quiet) = others.longest_quiet.filter(|_| undecided > 0) {
        let quiet = figure::duration(quiet);
        line += &format!(" (longest quiet {quiet}: an idle time above that cannot be excluded)");
    }
    Some(line)
}
