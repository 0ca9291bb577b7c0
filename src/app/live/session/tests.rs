//! Runs on captures that are replayed, with a clock that goes as the frames do.

use super::*;
use crate::app::cli::Cli;
use crate::app::live::sink::Memory;
use crate::app::live::testing::{Kind, trace};
use crate::frame::FrameMeta;
use crate::source::trace::TraceSource;
use crate::source::{Dropped, FrameSource, file};
use crate::time::{NANOS_PER_SECOND, Timestamp};
use clap::Parser;
use std::cell::Cell;
use std::collections::VecDeque;
use std::rc::Rc;

/// Yields one frame after another at its time, and each second in which there is none. At the end of the trace nothing comes for a while.
struct Replay {
    all: FrameBatch,
    left: VecDeque<FrameMeta>,
    notes: SourceNotes,
    now: Timestamp,
    until: Timestamp,
    clock: Rc<Cell<Duration>>,
    stop: Stop,
    /// Done at each second.
    each: Box<dyn FnMut(u64)>,
}

impl Replay {
    fn new(kind: Kind, quiet_after: i64) -> Self {
        let trace = Box::leak(Box::new(trace(kind)));
        let mut source: TraceSource<'static> = trace.source();
        let mut all = FrameBatch::default();
        assert_eq!(source.fill(&mut all), Ok(Next::Filled));
        let (first, last) = (all.frames.first().unwrap().ts, all.frames.last().unwrap().ts);
        Self {
            left: all.frames.iter().copied().collect(),
            all,
            notes: source.notes().clone(),
            now: first,
            until: Timestamp(last.0 + quiet_after * NANOS_PER_SECOND),
            clock: Rc::default(),
            stop: Stop::default(),
            each: Box::new(|_| ()),
        }
    }
}

impl FrameSource for Replay {
    fn fill(&mut self, batch: &mut FrameBatch) -> Result<Next, SourceError> {
        batch.clear();
        let second = Timestamp(self.now.0 + NANOS_PER_SECOND);
        if self.stop.is_set() || self.left.is_empty() && second > self.until {
            return Ok(Next::End);
        }
        match self.left.front().copied() {
            Some(frame) if frame.ts <= second => {
                self.left.pop_front();
                batch.bytes.clone_from(&self.all.bytes);
                batch.frames.push(frame);
                self.now = self.now.max(frame.ts);
                Ok(Next::Filled)
            }
            _ => {
                self.now = second;
                self.clock.set(self.clock.get() + Duration::from_secs(1));
                (self.each)(self.clock.get().as_secs());
                Ok(Next::Quiet(self.now))
            }
        }
    }

    fn notes(&self) -> &SourceNotes {
        &self.notes
    }
}

fn job(args: &str) -> Job {
    let cli = Cli::try_parse_from(format!("keepscope {args}").split_whitespace()).unwrap();
    Job::resolve(cli.analysis, true).unwrap()
}

/// A live run of `source` as `args` have it: what was written, and how it ended.
fn run(source: Replay, args: &str, change: impl FnOnce(&mut Session<'_>)) -> (String, Result<Exit, String>) {
    let (job, out) = (job(args), Memory::default());
    let clock = source.clock.clone();
    let mut session = Session {
        job: &job,
        stop: source.stop.clone(),
        source: Box::new(source),
        is_live: true,
        limits: Limits::default(),
        wishes: Wishes::default(),
        elapsed: Box::new(move || clock.get()),
        face: if args.contains("ndjson") { Face::Ndjson } else { Face::Silent },
        out: Sink::memory(&out),
        raw: None,
        spool: None,
        join: None,
        snapshot: None,
        exporter: None,
        keeper: Keeper::of(&job),
        said: Said::default(),
        progress: Progress::new(None, true),
    };
    change(&mut session);
    let result = session.run().map_err(|error| error.to_string());
    let written = String::from_utf8(out.lock().unwrap().clone()).unwrap();
    (written, result)
}

/// What an analysis of the same frames as a file writes.
fn offline(kind: Kind, args: &str) -> String {
    let (job, mut source) = (job(args), Replay::new(kind, 0));
    let (mut analyzer, mut batch, mut out) =
        (Analyzer::new(Config::default()), FrameBatch::default(), Vec::new());
    while source.fill(&mut batch) != Ok(Next::End) {
        analyzer.handle_batch(&batch);
    }
    analyzer.handle_end(source.notes());
    write_rest(&mut out, &mut analyzer, source.notes(), &job).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_report_at_the_end_is_that_of_the_same_frames_in_a_file() {
    for kind in [Kind::Plain, Kind::Probing, Kind::TimedOut] {
        for args in [
            "--color=never",
            "--color=never --flows all",
            "--color=never -v",
            "--format json",
            "--format markdown",
        ] {
            let (live, end) = run(Replay::new(kind, 0), args, |_| ());
            assert_eq!(end, Ok(Exit::Done));
            assert_eq!(live, offline(kind, args), "{kind:?} {args}");
        }
    }
}

#[test]
fn a_flow_that_is_final_long_before_the_end_is_in_the_report() {
    // An hour later: a minute after its RST the flow is handed out and forgotten.
    let (live, _) = run(Replay::new(Kind::TimedOut, 3_600), "--color=never", |_| ());
    assert!(
        live.contains("1 TCP flow, 1 with probes") && live.contains("1 probing end: 1 timed out"),
        "{live}"
    );
}

#[test]
fn what_is_decided_is_written_when_it_is() {
    let lengths = Rc::new(Cell::new((0, 0)));
    let (out, seen) = (Memory::default(), lengths.clone());
    let mut source = Replay::new(Kind::Probing, 10);
    let memory = out.clone();
    source.each = Box::new(move |second| {
        let written = memory.lock().unwrap().len();
        match second {
            59 => seen.set((written, 0)),
            // The probe is at 60.02 s, its answer a hundredth later.
            61 => seen.set((seen.get().0, written)),
            _ => {}
        }
    });
    let (_, end) = run(source, "--format ndjson", |session| session.out = Sink::memory(&out));
    assert_eq!(end, Ok(Exit::Done));
    let (before, after) = lengths.get();
    assert!(before == 0 && after > 0, "{before} {after}");
}

#[test]
fn open_flows_are_written_again_and_again() {
    let (records, _) = run(Replay::new(Kind::Probing, 40), "--format ndjson", |session| {
        session.snapshot = Some(Pulse::new(Duration::from_secs(30)));
    });
    let flows = |finality: &str| records.lines().filter(|line| line.contains(finality)).count();
    assert_eq!((flows(r#""final":false"#), flows(r#""final":true"#)), (3, 1), "{records}");
}

#[test]
fn the_count_and_the_duration_end_it() {
    let (report, end) = run(Replay::new(Kind::TimedOut, 0), "--format json", |session| {
        session.limits = Limits::new(Some(4), None);
    });
    assert!(report.contains(r#""frames":4,"#) && end == Ok(Exit::Done), "{report}");
    // In the quiet time between two probes.
    let (report, end) = run(Replay::new(Kind::TimedOut, 0), "--format json", |session| {
        session.limits = Limits::new(None, Some(Duration::from_secs(65)));
    });
    assert!(report.contains(r#""frames":4,"#) && end == Ok(Exit::Done), "{report}");
}

#[test]
fn who_asks_for_the_end_gets_the_report() {
    let wishes = Wishes::default();
    let mut source = Replay::new(Kind::TimedOut, 1_000_000);
    let asked = wishes.clone();
    source.each = Box::new(move |second| {
        if second == 75 {
            asked.wish_end();
        }
    });
    let (report, end) = run(source, "--format json", |session| session.wishes = wishes);
    assert!(report.contains(r#""frames":5,"#) && end == Ok(Exit::Done), "{report}");
}

/// The evidence of a run, read back: how it is put into words, and its frames.
fn evidence(kind: Kind, args: &str) -> (String, FrameBatch) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("evidence.pcapng");
    let args = format!("--format json --evidence {} {args}", path.display());
    let (_, end) = run(Replay::new(kind, 3_600), &args, |_| ());
    assert_eq!(end, Ok(Exit::Done));
    let mut frames = FrameBatch::default();
    file::open(std::slice::from_ref(&path), None).unwrap().fill(&mut frames).unwrap();
    (String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned(), frames)
}

#[test]
fn evidence_holds_the_frames_of_a_flow_with_a_problem_from_its_first_probe() {
    let (words, kept) = evidence(Kind::TimedOut, "");
    let mut all = FrameBatch::default();
    trace(Kind::TimedOut).source().fill(&mut all).unwrap();
    let bytes = |batch: &FrameBatch| batch.iter().map(|f| (f.ts, f.data.to_vec())).collect::<Vec<_>>();
    assert_eq!(bytes(&kept), bytes(&all)[3..], "three probes and the RST");
    for word in
        ["4 frames of 1 flow", "flow 0: 10.0.0.1:", "#4 keepalive_probe", "#7 run_end", "#7 problem: "]
    {
        assert!(words.contains(word), "{word}: {words}");
    }
}

#[test]
fn evidence_of_a_calm_run_holds_its_end_only() {
    for kind in [Kind::Plain, Kind::Probing] {
        let (words, kept) = evidence(kind, "");
        assert!(words.contains("0 frames of 0 flows") && words.contains("the capture goes on until here"));
        assert_eq!(kept.frames.iter().map(|meta| meta.cap_len).collect::<Vec<_>>(), [0]);
        // Whoever asks for a flow gets it.
        let (words, _) = evidence(kind, "--flow 0");
        assert!(words.contains("5 frames of 1 flow"), "{words}");
    }
}

#[test]
fn evidence_for_strangers_tells_no_address() {
    let (words, kept) = evidence(Kind::TimedOut, "--anonymize random");
    assert!(words.contains("#7 problem: ") && !words.contains("10.0.0."), "{words}");
    assert_eq!(kept.frames.len(), 4);
    assert!(!kept.bytes.windows(3).any(|bytes| bytes == [10, 0, 0]));
}

#[test]
fn a_source_that_is_lost_is_reported_and_is_no_normal_end() {
    let mut source = Replay::new(Kind::Probing, 5);
    source.notes.lost = Some("eth0: the interface is gone".into());
    source.notes.dropped = Some(Dropped { kernel: 7, interface: 0 });
    let (report, end) = run(source, "--format json", |_| ());
    assert_eq!(end, Err("eth0: the interface is gone".into()));
    assert!(report.contains(r#""kernel":7"#) && report.ends_with("}\n"), "{report}");
}
