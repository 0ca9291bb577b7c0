//! One capture, analysed to its end before anything is said of it.

use super::Error;
use super::progress::Progress;
use crate::analyzer::{Analyzer, Config};
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

/// Analyses the captures at `paths` as one; of them, the frames that match `filter`.
///
/// # Errors
/// Nothing that can be analysed.
pub(super) fn analyse(
    paths: &[PathBuf],
    filter: Option<&str>,
    catalogue: &Catalogue,
    quiet: bool,
) -> Result<Analysed, SourceError> {
    let mut source = file::open(paths, filter)?;
    let read = source.progress();
    let mut progress = Progress::new(read.total(), quiet);
    let mut analyzer = Analyzer::new(Config::default()).with_catalogue(catalogue.clone());
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

/// Analyses the capture at `path`: pcap or pcapng, also compressed (gz, zst, xz, lz4); `-` is standard input. A capture that breaks off is
/// analysed up to there; its [warnings](crate::report::Capture::warnings) say so.
///
/// # Errors
/// The file is missing, empty, or no capture.
pub fn analyze_file(path: impl AsRef<Path>) -> Result<Report, Error> {
    let Analysed { mut analyzer, .. } =
        analyse(&[path.as_ref().to_owned()], None, &Catalogue::default(), true)?;
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
