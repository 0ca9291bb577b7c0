//! The loop of a run: from the source through the analysis to what is shown, and on to the next frame, until the end.

use super::archive::{Archive, MAX_FLOWS};
use super::drops::Losses;
use super::face::Face;
use super::join::Join;
use super::keeper::Keeper;
use super::metrics::Exporter;
use super::pace::{Elapsed, Pulse};
use super::raw::Tap;
use super::signals::Wishes;
use super::sink::Sink;
use super::spool::Spool;
use super::statistics;
use crate::analyzer::{Analyzer, Config, Output};
use crate::app::cli::Format;
use crate::app::job::Job;
use crate::app::limits::Limits;
use crate::app::progress::Progress;
use crate::app::results::{pieces, write_report, write_rest};
use crate::app::say::{tell, tell_warning};
use crate::app::{Error, Exit, analyse};
use crate::frame::FrameBatch;
use crate::render::ndjson;
use crate::report::Others;
use crate::source::{FrameSource, Next, SourceError, SourceNotes, Stop};
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

/// How long frames are still taken after the end was asked for. What another program was holding back comes in a moment: Ctrl-C ends
/// tcpdump too, which then writes what it had gathered.
const GRACE: Duration = Duration::from_secs(1);

/// How long nothing has to come after the end was asked for until nothing more is expected.
const LULL: Duration = Duration::from_millis(200);

/// A run that is ready to go.
pub(super) struct Session<'a> {
    pub(super) job: &'a Job,
    pub(super) source: Box<dyn FrameSource + 'a>,
    /// Ends the source.
    pub(super) stop: Stop,
    /// Whether the frames come as they are captured, and time means something where none comes.
    pub(super) is_live: bool,
    pub(super) limits: Limits,
    pub(super) wishes: Wishes,
    pub(super) elapsed: Elapsed,
    pub(super) face: Face,
    pub(super) out: Sink,
    /// Where the frames go as they are.
    pub(super) raw: Option<Tap>,
    /// Where they are kept for evidence.
    pub(super) spool: Option<Spool<'a>>,
    /// What the kernel of this host says of the same connections, where it can say something.
    pub(super) join: Option<Join>,
    /// When open flows are written.
    pub(super) snapshot: Option<Pulse>,
    /// Where metrics go.
    pub(super) exporter: Option<Exporter>,
    /// What keeps evidence.
    pub(super) keeper: Option<Keeper<'a>>,
    pub(super) said: Said,
    /// Of a pipe; a live run is as far as time is.
    pub(super) progress: Progress,
}

/// What was said on standard error.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) losses: Losses,
    /// How many of the source's warnings.
    pub(super) warnings: usize,
}

/// What ends a run before its time.
enum Trouble {
    /// Nothing more comes in; what came can be told.
    In(Error),
    /// Nobody is there to be told.
    Out(Error),
}

impl Trouble {
    fn out(cause: io::Error) -> Self {
        Self::Out(Error::io("cannot write", cause))
    }
}

impl Session<'_> {
    /// Goes on until the end, and tells how it was.
    ///
    /// # Errors
    /// What ended it before its time; what could be told has been told.
    pub(super) fn run(mut self) -> Result<Exit, Error> {
        // A live run lasts too long to keep every flow, and metrics count what is decided.
        let stream = self.is_live || self.exporter.is_some() || matches!(self.face, Face::Ndjson);
        let max_flows = self.job.max_flows.or(self.is_live.then_some(LIVE_FLOWS));
        let config = Config {
            max_flows,
            stream,
            watch: self.is_live,
            explain: self.job.flow,
            sketch: self.job.format == Format::Html,
        };
        let mut analyzer = self.job.analyzer(config);
        if self.keeper.is_some() {
            analyzer = analyzer.with_owners(self.job.flow);
        }
        let mut archive = (stream && !matches!(self.face, Face::Ndjson))
            .then(|| Archive::new(MAX_FLOWS, !self.job.wants_notable_only()));
        let ended = self.go_on(&mut analyzer, &mut archive);
        self.progress.finish();
        let trouble = match ended {
            Ok(()) => None,
            Err(Trouble::Out(error)) => {
                // The terminal first: what is wrong is said there.
                self.face = Face::Silent;
                self.save_frames()?;
                return Err(error);
            }
            // A pipe that is no capture is an input that cannot be used: there is nothing to tell.
            Err(Trouble::In(error)) if !self.is_live => return Err(error),
            Err(Trouble::In(error)) => Some(error),
        };
        let saved = self.save_frames();
        self.finish(&mut analyzer, &mut archive, stream)?;
        if let Some(spool) = self.spool.take() {
            spool.cut(self.job, max_flows, self.source.notes())?;
        }
        let verdict = self.verdict();
        // The process ends: giving back the memory of a million flows piece by piece would only take time.
        std::mem::forget(analyzer);
        match trouble {
            Some(error) => Err(error),
            None => saved.and(verdict),
        }
    }

    fn go_on(&mut self, analyzer: &mut Analyzer, archive: &mut Option<Archive>) -> Result<(), Trouble> {
        let mut batch = FrameBatch::default();
        let mut ending: Option<Duration> = None;
        while !self.limits.is_reached() {
            let now = (self.elapsed)();
            if self.wishes.is_end_wanted() || self.limits.is_over(now) {
                self.stop.set();
                if now.saturating_sub(*ending.get_or_insert(now)) > GRACE {
                    break;
                }
            }
            let next = self.source.fill(&mut batch).map_err(|error| Trouble::In(error.into()))?;
            if self.is_live {
                analyzer.handle_notes(self.source.notes());
            }
            match next {
                Next::Filled => {
                    self.limits.cut(&mut batch);
                    let written = self.raw.as_mut().map_or(Ok(true), |raw| raw.write(&mut batch));
                    let kept = self.keep(&batch);
                    analyzer.handle_batch(&batch);
                    kept.map_err(Trouble::In)?;
                    if let Some(keeper) = &mut self.keeper {
                        keeper.record(&batch, analyzer);
                    }
                    if !written.map_err(Trouble::In)? {
                        break;
                    }
                }
                Next::Quiet(_) if ending.is_some_and(|since| now.saturating_sub(since) >= LULL) => break,
                Next::Quiet(time) => analyzer.handle_time(time),
                Next::End => break,
            }
            self.show(analyzer, archive).map_err(Trouble::out)?;
            self.attend(analyzer, (self.elapsed)())?;
            self.progress.at(analyzer.capture().bytes);
        }
        Ok(())
    }

    /// Shows what was decided since the last call.
    fn show(&mut self, analyzer: &mut Analyzer, archive: &mut Option<Archive>) -> io::Result<()> {
        let (job, start) = (self.job, analyzer.capture().start);
        let pieces = pieces(self.source.notes(), job);
        let (mut result, mut is_new) = (Ok(()), false);
        analyzer.drain(|output| {
            is_new = true;
            if let Some(exporter) = &mut self.exporter {
                exporter.take(&output);
            }
            if let Some(keeper) = &mut self.keeper {
                keeper.take(&output);
            }
            if result.is_ok() {
                result = self.face.take(&output, start, pieces, &mut self.out, job);
            }
            if let (Some(archive), Output::Flow { flow, .. }) = (archive.as_mut(), output)
                && job.flow.is_none_or(|only| only.chooses(flow.index, &flow.tuple))
            {
                archive.take(flow);
            }
        });
        result?;
        if is_new && self.face.writes() { self.out.flush() } else { Ok(()) }
    }

    /// Does what is due by the clock, and what was asked for by signals.
    fn attend(&mut self, analyzer: &mut Analyzer, now: Duration) -> Result<(), Trouble> {
        if self.is_live {
            self.warn(now);
        }
        self.ask_the_kernel(analyzer);
        let kernel = self.join.as_ref().and_then(Join::newest);
        if let Face::View(screen) = &mut self.face
            && screen.attend(analyzer, kernel, &self.elapsed).map_err(Trouble::out)?
        {
            self.wishes.wish_end();
        }
        if let Some(Err(error)) = self.exporter.as_mut().map(|exporter| exporter.tick(analyzer)) {
            self.tell_warning(&error.to_string());
        }
        if self.wishes.take_statistics() && !self.hides_standard_error() {
            tell(&statistics::block(analyzer, self.source.notes(), now));
        }
        if self.wishes.take_reopening() {
            self.reopen();
        }
        if self.snapshot.as_mut().is_some_and(|pulse| pulse.is_due(now)) {
            self.write_open(analyzer).map_err(Trouble::out)?;
        }
        Ok(())
    }

    /// Lets the kernel say what it knows of the connections. Where it does not, nobody has to know but who wants to know all.
    fn ask_the_kernel(&mut self, analyzer: &mut Analyzer) {
        let asked = self.join.as_mut().map(|join| join.attend(analyzer, &self.elapsed));
        if let Some(Err(why)) = asked {
            self.join = None;
            if self.job.verbose && !self.hides_standard_error() {
                tell(&format!("keepscope: no kernel's view beside the wire's: {why}\n"));
            }
        }
    }

    /// Says what the source has to say that was not said yet.
    fn warn(&mut self, now: Duration) {
        let notes = self.source.notes();
        let new = notes.warnings.get(self.said.warnings..).unwrap_or_default();
        let losses = self.said.losses.warning(notes.dropped, now);
        new.iter().chain(&losses).for_each(|line| self.tell_warning(line));
        self.said.warnings = notes.warnings.len();
    }

    /// Opens the outputs again. One that cannot be had is written on where it is.
    fn reopen(&mut self) {
        let said = self
            .out
            .reopen()
            .map_err(|(path, cause)| Error::io(format!("cannot reopen {}", path.display()), cause));
        let raw = self.raw.as_mut().map_or(Ok(()), Tap::reopen);
        for error in [said, raw].into_iter().filter_map(Result::err) {
            self.tell_warning(&error.to_string());
        }
    }

    fn tell_warning(&self, line: &str) {
        if !self.job.quiet && !self.hides_standard_error() {
            tell_warning(line);
        }
    }

    /// Whether what is said on standard error would spoil the screen, which shows warnings by itself.
    fn hides_standard_error(&self) -> bool {
        matches!(self.face, Face::View(_)) && io::stderr().is_terminal()
    }

    /// Writes the flows that are open.
    fn write_open(&mut self, analyzer: &Analyzer) -> io::Result<()> {
        let job = self.job;
        let pieces = pieces(self.source.notes(), job);
        let mut result = Ok(());
        analyzer.open_flows(job.wants_notable_only(), |flow| {
            if result.is_ok() && job.wants(&flow) {
                result = ndjson::write_open(&mut self.out, &flow, pieces);
            }
        });
        result.and_then(|()| self.out.flush())
    }

    /// Ends the analysis, and writes what is said at the end.
    fn finish(
        &mut self,
        analyzer: &mut Analyzer,
        archive: &mut Option<Archive>,
        stream: bool,
    ) -> Result<(), Error> {
        // What is said from here on is said on the terminal's own screen, the report too.
        if matches!(self.face, Face::View(_)) {
            self.face = Face::Silent;
        }
        let mut notes = self.source.notes().clone();
        analyzer.handle_end(&notes);
        if self.is_live {
            self.warn(Duration::MAX);
        } else {
            analyse::warn(&notes, self.job);
        }
        if let Some(only) = self.job.flow
            && analyzer.chosen_flows() == 0
        {
            return Err(Error::Usage(format!("the capture has no flow with {only}")));
        }
        let written = self.conclude(analyzer, archive, &mut notes, stream);
        let exported = self.exporter.as_mut().map_or(Ok(()), |exporter| exporter.finish(analyzer));
        let proved = self.keeper.as_ref().map_or(Ok(()), |keeper| keeper.write(self.job, analyzer, &notes));
        written.map_err(|cause| Error::io("cannot write", cause)).and(exported).and(proved)
    }

    fn conclude(
        &mut self,
        analyzer: &mut Analyzer,
        archive: &mut Option<Archive>,
        notes: &mut SourceNotes,
        stream: bool,
    ) -> io::Result<()> {
        if stream {
            self.show(analyzer, archive)?;
            notes.warnings.extend(archive.as_ref().and_then(Archive::warning));
            if matches!(self.face, Face::Lines(_)) {
                writeln!(self.out)?;
            }
            write_report(&mut self.out, analyzer, notes, self.job, |_, take| {
                archive.take().map_or(Others::default(), |archive| archive.hand_out(take))
            })?;
        } else {
            write_rest(&mut self.out, analyzer, notes, self.job)?;
        }
        self.out.flush()
    }

    fn keep(&mut self, batch: &FrameBatch) -> Result<(), Error> {
        let interfaces = &self.source.notes().interfaces;
        self.spool.as_mut().map_or(Ok(()), |spool| spool.keep(batch, interfaces))
    }

    fn save_frames(&mut self) -> Result<(), Error> {
        self.raw.as_mut().map_or(Ok(()), Tap::flush)
    }

    fn verdict(&self) -> Result<Exit, Error> {
        let notes = self.source.notes();
        match &notes.lost {
            Some(why) => Err(SourceError(why.clone()).into()),
            None => analyse::verdict(notes, self.job.strict),
        }
    }
}

/// How many flows a live run holds where nothing else is asked for.
const LIVE_FLOWS: u64 = 1_000_000;

#[cfg(test)]
mod tests;
