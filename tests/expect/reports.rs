//! Reports to be judged: of a fixture, of a capture cut short, of a text trace.

use keepscope::analyzer::{Analyzer, Config};
use keepscope::expect::{self, Verdict};
use keepscope::frame::FrameBatch;
use keepscope::report::Report;
use keepscope::source::trace::Trace;
use keepscope::source::{Dropped, FrameSource, Next, SourceNotes};
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Of the fixture with this name, recorded or written.
pub(crate) fn of_fixture(name: &str) -> Report {
    let (capture, trace) = (root().join(name).join("capture.pcap"), root().join(name).join("trace.txt"));
    if capture.exists() {
        keepscope::analyze_file(capture).unwrap()
    } else {
        let text = fs::read_to_string(&trace).unwrap_or_else(|e| panic!("{}: {e}", trace.display()));
        let segments: Vec<&str> = text.lines().filter(|line| !line.starts_with("=>")).collect();
        of_trace(&segments.join("\n"), None)
    }
}

/// Of a text trace, captured by a machine that lost so many frames.
pub(crate) fn of_trace(text: &str, dropped: Option<Dropped>) -> Report {
    let trace = Trace::parse(text).unwrap_or_else(|e| panic!("{e}"));
    let (mut source, mut batch) = (trace.source(), FrameBatch::default());
    let mut analyzer = Analyzer::new(Config::default());
    while source.fill(&mut batch).unwrap() == Next::Filled {
        analyzer.handle_batch(&batch);
    }
    analyzer.handle_end(&SourceNotes { dropped, ..SourceNotes::default() });
    let mut flows = Vec::new();
    analyzer.report(|flow| flows.push(flow));
    let (conclusions, summary) = analyzer.conclude_all();
    Report { capture: analyzer.capture().clone(), flows, conclusions, summary }
}

#[track_caller]
pub(crate) fn verdict(report: &Report, expression: &str) -> Verdict {
    let judgement = expect::check(report, expression).unwrap_or_else(|flaw| panic!("{expression}: {flaw}"));
    assert!(!judgement.grounds.is_empty(), "{expression}: a verdict has a reason");
    assert!(judgement.grounds.iter().all(|ground| ground.verdict == judgement.verdict), "{judgement}");
    judgement.verdict
}

/// The recorded fixtures.
pub(crate) fn recorded() -> Vec<PathBuf> {
    let all = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path());
    let mut recorded: Vec<PathBuf> = all.filter(|path| path.join("capture.pcap").exists()).collect();
    recorded.sort();
    assert!(recorded.len() > 50);
    recorded
}

/// The pcap file in `bytes`, record by record: where each ends.
pub(crate) fn ends(bytes: &[u8]) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut at = 24;
    while let Some(header) = bytes.get(at..at + 16) {
        at += 16 + u32::from_le_bytes(header[8..12].try_into().unwrap()) as usize;
        ends.push(at);
    }
    assert_eq!(ends.last(), Some(&bytes.len()), "a little-endian pcap file");
    ends
}

/// Of the first `end` bytes of a capture.
pub(crate) fn of_bytes(bytes: &[u8]) -> Report {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    keepscope::analyze_file(file.path()).unwrap()
}
