//! The story of one flow: its probes in order, what came of each run, and the frames that show it.

use super::clock::Dial;
use super::style::{Paint, Tone};
use super::{about, figure, finding, ready, table};
use crate::flow::Side;
use crate::frame::FrameNo;
use crate::report::{Flow, icmp};
use crate::run::{Doubt, Outcome, Run};
use crate::time::{Span, Timestamp};
use std::io::{self, Write};

/// How many answered runs in a row are told before they are summed up, unless everything is asked for.
const MAX_TOLD_ANSWERED: usize = 6;

/// How many probes of a run are told before its middle is summed up.
const MAX_TOLD_PROBES: usize = 12;

/// How many of them stay at either end.
const TOLD_AT_ENDS: usize = 4;

/// How many chapters of an end's story are told before its middle is left out, unless everything is asked for.
const MAX_TOLD_CHAPTERS: usize = 24;

/// How many of them stay at either end: what comes last is how it is now.
const CHAPTERS_AT_ENDS: usize = 8;

/// How wide times are that are no dates.
const ROOMY_TIME: usize = 17;

/// Tells flows in full.
#[derive(Clone, Copy, Debug)]
pub(super) struct Narrator<'a> {
    pub(super) dial: &'a Dial,
    pub(super) paint: Paint,
    /// Whether nothing is summed up.
    pub(super) verbose: bool,
    /// When the capture ended.
    pub(super) now: Option<Timestamp>,
}

impl Narrator<'_> {
    /// Writes all there is of `flow`, its findings among it where `with_findings`.
    pub(super) fn write(&self, out: &mut impl Write, flow: &Flow, with_findings: bool) -> io::Result<()> {
        let Narrator { dial, paint, verbose, now } = *self;
        about::write(out, flow, dial, paint)?;
        if with_findings {
            finding::write(out, &flow.findings, paint)?;
        }
        for side in Side::BOTH {
            let prober = flow.prober(side);
            if !prober.runs.is_empty() {
                writeln!(out, "\n{}", paint.tone(Tone::Title, format_args!("  the {} probes", side.name())))?;
                Teller { out, side, dial, paint, verbose }.runs(&prober.runs, prober.runs_total)?;
            }
        }
        Side::BOTH.into_iter().try_for_each(|side| ready::write(out, flow, side, now, paint))
    }
}

/// Tells the runs of one end.
struct Teller<'a, W> {
    out: &'a mut W,
    side: Side,
    dial: &'a Dial,
    paint: Paint,
    verbose: bool,
}

impl<W: Write> Teller<'_, W> {
    fn runs(&mut self, runs: &[Run], total: u64) -> io::Result<()> {
        let chapters = chapters(runs);
        let skipped = if self.verbose || chapters.len() <= MAX_TOLD_CHAPTERS {
            0..0
        } else {
            CHAPTERS_AT_ENDS..chapters.len() - CHAPTERS_AT_ENDS
        };
        let mut told = 0;
        for (_, chapter) in chapters.iter().enumerate().filter(|(place, _)| !skipped.contains(place)) {
            let number = chapter.first().map_or(told, |run| u64::from(run.number));
            self.left_out(number.saturating_sub(told))?;
            match chapter {
                [head, .., tail] if chapter.len() > MAX_TOLD_ANSWERED && !self.verbose => {
                    self.run(head)?;
                    self.summed_up(chapter.len() as u64 - 2)?;
                    self.run(tail)?;
                }
                _ => chapter.iter().try_for_each(|run| self.run(run))?,
            }
            told = number + chapter.len() as u64;
        }
        self.left_out(total.saturating_sub(told))
    }

    fn summed_up(&mut self, runs: u64) -> io::Result<()> {
        match runs {
            0 => Ok(()),
            n => self.aside(&format!("… {}, each answered", figure::counted(n, "more probe"))),
        }
    }

    /// Runs the report itself does not list.
    fn left_out(&mut self, runs: u64) -> io::Result<()> {
        match runs {
            0 => Ok(()),
            n => self.aside(&format!("… {}, not listed", figure::counted(n, "more run"))),
        }
    }

    fn run(&mut self, run: &Run) -> io::Result<()> {
        if run.outcome == Some(Outcome::Answered) && run.probes == 1 && run.icmp.is_empty() {
            let by = run.end_frame.map_or(String::new(), |frame| format!(" by #{frame}"));
            let answered = format!("answered{by} in {}", figure::duration(run.end.since(run.start)));
            let words = format!("probe{}, {}", after_quiet(run), self.paint.tone(Tone::Good, answered));
            self.line(Some(run.start), Some(run.first_frame), &words)?;
        } else {
            self.probes(run)?;
            self.ending(run)?;
        }
        self.doubts(run)
    }

    fn probes(&mut self, run: &Run) -> io::Result<()> {
        let listed = run.probe_frames.len();
        let skipped = if self.verbose || listed <= MAX_TOLD_PROBES {
            listed..listed
        } else {
            TOLD_AT_ENDS..listed - TOLD_AT_ENDS
        };
        let mut notes = run.icmp.iter().peekable();
        let mut time = run.start;
        for (place, frame) in run.probe_frames.iter().enumerate() {
            let interval = place.checked_sub(1).and_then(|before| run.intervals.get(before));
            time = time + interval.copied().unwrap_or(Span::ZERO);
            if place == skipped.start {
                self.aside(&format!("… {}", figure::counted(skipped.len() as u64, "more probe")))?;
            }
            if skipped.contains(&place) {
                continue;
            }
            while let Some(note) = notes.next_if(|note| note.frame < *frame) {
                self.icmp(note)?;
            }
            let after = match interval {
                Some(interval) => format!(", {} later", figure::duration(*interval)),
                None => after_quiet(run),
            };
            // Where an interval is missing the probe's own time is not known here.
            let at = (place <= run.intervals.len()).then_some(time);
            self.line(at, Some(*frame), &format!("probe {}{after}", place + 1))?;
        }
        let unlisted = run.probes.saturating_sub(listed as u64);
        if unlisted > 0 {
            self.aside(&format!("… {}", figure::counted(unlisted, "more probe")))?;
        }
        notes.try_for_each(|note| self.icmp(note))
    }

    fn icmp(&mut self, note: &crate::run::IcmpNote) -> io::Result<()> {
        let text = icmp::text(note.from.is_ipv6(), note.kind, note.code);
        let words = self.paint.tone(Tone::Doubtful, format_args!("ICMP from {}: {text}", note.from));
        self.line(None, Some(note.frame), &words)
    }

    fn ending(&mut self, run: &Run) -> io::Result<()> {
        let outcome = run.outcome.unwrap_or(Outcome::Pending);
        if let Some(frame) = run.end_frame {
            let what = last_frame(self.side, run, outcome);
            self.line(Some(run.end), Some(frame), &what)?;
        }
        let verdict = self.paint.tone(table::tone(outcome), format_args!("{}:", table::words(outcome)));
        let words = what_became(self.side, run, outcome);
        writeln!(self.out, "  └ {verdict} {words}")
    }

    fn doubts(&mut self, run: &Run) -> io::Result<()> {
        for doubt in &run.doubt {
            let words = match doubt {
                Doubt::Drops => "figures may be off: frames were lost while capturing",
                Doubt::TimeStep => "figures may be off: the capture's clock ran backwards",
            };
            self.aside(words)?;
        }
        Ok(())
    }

    /// A remark that belongs to no frame.
    fn aside(&mut self, words: &str) -> io::Result<()> {
        let words = self.paint.tone(Tone::Faint, words);
        self.line(None, None, &words)
    }

    fn line(&mut self, at: Option<Timestamp>, frame: Option<FrameNo>, words: &str) -> io::Result<()> {
        let width = self.dial.width();
        let time = at.map_or(String::new(), |at| self.dial.tell(at));
        let frame = frame.map_or(String::new(), |frame| format!("#{frame}"));
        // Where times are dates, room is scarce.
        let room = if width > ROOMY_TIME { 7 } else { 9 };
        writeln!(self.out, "  {time:>width$}  {frame:>room$}  {words}")
    }
}

/// The frame that ended a run of `side`.
fn last_frame(side: Side, run: &Run, outcome: Outcome) -> String {
    let (prober, peer) = (side.name(), (!side).name());
    match outcome {
        Outcome::TimedOut | Outcome::Closed => {
            let wait = run.last_wait.map(|wait| format!(", {} after the last probe", figure::duration(wait)));
            format!("RST from the {prober}{}", wait.unwrap_or_default())
        }
        Outcome::Reset => format!("RST from the {peer}'s side"),
        Outcome::Answered | Outcome::Recovered => format!("answer from the {peer}"),
        Outcome::Superseded => format!("data or FIN from the {prober}"),
        Outcome::Ignored => format!("the {peer} is alive"),
        Outcome::Unknown | Outcome::Stopped | Outcome::Pending => "the run ends".into(),
    }
}

/// What became of a run of `side`, in plain words.
fn what_became(side: Side, run: &Run, outcome: Outcome) -> String {
    let (prober, peer) = (side.name(), (!side).name());
    let probes = figure::counted(run.probes, "unanswered probe");
    let detected = run
        .detected_after
        .map(|span| format!(", {} after the last sign of life", figure::duration(span)))
        .unwrap_or_default();
    match outcome {
        Outcome::TimedOut => format!("the {prober} gave up after {probes}{detected}"),
        Outcome::Closed => {
            format!("the {prober} aborted the connection, not by its probe timer{detected}")
        }
        Outcome::Reset => {
            format!("the {peer}, or a box on the way, sent RST{detected}")
        }
        Outcome::Answered => format!("the {peer} is alive"),
        Outcome::Recovered => {
            let lost = figure::counted(run.probes.saturating_sub(1), "probe");
            format!("the {peer} answered after {lost} had been lost")
        }
        Outcome::Ignored => format!("the {peer} is alive but never answers probes"),
        Outcome::Superseded => format!("the {prober} sent data or FIN before an answer came"),
        Outcome::Unknown => "the answering direction was not captured".into(),
        Outcome::Stopped => format!("the {prober} sent nothing more, though the capture goes on"),
        Outcome::Pending => "the capture ends before an answer".into(),
    }
}

fn after_quiet(run: &Run) -> String {
    run.idle.map_or(String::new(), |idle| format!(" after {} of quiet", figure::duration(idle)))
}

/// Cuts runs into chapters: answered ones in a row are one, every other is one by itself.
fn chapters(mut runs: &[Run]) -> Vec<&[Run]> {
    let mut chapters = Vec::new();
    while !runs.is_empty() {
        let (chapter, later) = runs.split_at(answered_in_a_row(runs).max(1));
        chapters.push(chapter);
        runs = later;
    }
    chapters
}

/// How many runs from the first on are one answered probe each, with consecutive numbers.
fn answered_in_a_row(runs: &[Run]) -> usize {
    let plain =
        |run: &&Run| run.outcome == Some(Outcome::Answered) && run.doubt.is_empty() && run.icmp.is_empty();
    let start = runs.first().map_or(0, |run| run.number);
    runs.iter().take_while(plain).zip(start..).take_while(|(run, number)| run.number == *number).count()
}
