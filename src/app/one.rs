//! One capture, analysed to its end before anything is said of it.

use super::Error;
use super::key::Key;
use super::progress::Progress;
use crate::analyzer::{Analyzer, Config};
use crate::anonymize::{Masked, alias, without_names};
use crate::frame::FrameBatch;
use crate::infer::Catalogue;
use crate::report::Report;
use crate::source::{FrameSource, Next, SourceError, SourceNotes, file};
use std::path::{Path, PathBuf};

/// An analysis that has seen all of its capture. Its flows are still to be [reported](Analyzer::report).
pub(super) struct Analysed {
    pub(super) analyzer: Analyzer,
    /// What the source learnt beside the frames.
    pub(super) notes: SourceNotes,
}

/// How captures are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading<'a> {
    /// Of the frames only those that match.
    pub(super) filter: Option<&'a str>,
    pub(super) catalogue: &'a Catalogue,
    /// What other addresses are made with.
    pub(super) key: Option<&'a Key>,
    pub(super) quiet: bool,
}

impl Reading<'_> {
    /// What the file at `path`, in this place among all, from 1, is called in what is written.
    pub(super) fn name(&self, path: &Path, place: usize) -> String {
        if self.key.is_some() { alias(place) } else { path.display().to_string() }
    }

    /// Analyses the captures at `paths` as one; the first is in this `place` among all, from 1.
    ///
    /// # Errors
    /// Nothing that can be analysed.
    pub(super) fn analyse(&self, paths: &[PathBuf], place: usize) -> Result<Analysed, SourceError> {
        self.analyse_named(paths, place).map_err(|error| match self.key {
            Some(_) => {
                let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
                SourceError(without_names(&error.0, names.iter().map(String::as_str), place))
            }
            None => error,
        })
    }

    fn analyse_named(&self, paths: &[PathBuf], place: usize) -> Result<Analysed, SourceError> {
        let files = file::open(paths, self.filter)?;
        let read = files.progress();
        let mut analyzer = Analyzer::new(Config::default()).with_catalogue(self.catalogue.clone());
        let mut source: Box<dyn FrameSource> = match self.key {
            Some(key) => {
                analyzer = analyzer.with_anonymizer(key.anonymizer());
                Box::new(Masked::from_place(files, place))
            }
            None => Box::new(files),
        };
        let mut progress = Progress::new(read.total(), self.quiet);
        let mut batch = FrameBatch::default();
        loop {
            match source.fill(&mut batch)? {
                Next::Filled => analyzer.handle_batch(&batch),
                Next::Quiet(now) => analyzer.handle_time(now),
                Next::End => break,
            }
            progress.at(read.read());
        }
        progress.finish();
        analyzer.handle_end(source.notes());
        Ok(Analysed { analyzer, notes: source.notes().clone() })
    }
}

/// Analyses the capture at `path`: pcap or pcapng, also compressed (gz, zst, xz, lz4); `-` is standard input. A capture that breaks off is
/// analysed up to there; its [warnings](crate::report::Capture::warnings) say so.
///
/// # Errors
/// The file is missing, empty, or no capture.
pub fn analyze_file(path: impl AsRef<Path>) -> Result<Report, Error> {
    let reading = Reading { filter: None, catalogue: &Catalogue::default(), key: None, quiet: true };
    let Analysed { mut analyzer, .. } = reading.analyse(&[path.as_ref().to_owned()], 1)?;
    let mut flows = Vec::new();
    analyzer.report(|flow| flows.push(flow));
    let (conclusions, summary) = analyzer.conclude_all();
    Ok(Report { capture: analyzer.capture().clone(), flows, conclusions, summary })
}

#[cfg(test)]
mod tests {
    use super::analyze_file;

    #[test]
    fn a_file_becomes_a_report() {
        let report = analyze_file("fixtures/demo/capture.pcap").unwrap();
        assert_eq!((report.capture.frames, report.flows.len()), (232, 12));
        assert_eq!(report.summary.flows_with_probes, 8);
    }

    #[test]
    fn what_is_no_capture_is_an_error_of_one_line() {
        let error = analyze_file("Cargo.toml").unwrap_err().to_string();
        assert!(error.starts_with("Cargo.toml: ") && error.lines().count() == 1, "{error}");
    }
}
