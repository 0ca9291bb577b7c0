//! A capture as a row of frames that can be transformed, and what an analysis says of it.

use keepscope::analyzer::{Analyzer, Config, Output};
use keepscope::frame::{FrameBatch, FrameMeta, FrameNo, InterfaceNo, LinkType};
use keepscope::report::{self, Ending, Finding, Flow, Heartbeat, Prober};
use keepscope::run::{Event, EventKind, Run};
use keepscope::source::{FrameSource, Next, SourceNotes, file, trace::Trace};
use keepscope::time::Timestamp;
use std::path::{Path, PathBuf};

/// One frame, and which frame of the untransformed capture it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shot {
    pub(crate) origin: u64,
    pub(crate) ts: i64,
    pub(crate) link: u16,
    pub(crate) wire_len: u32,
    pub(crate) data: Vec<u8>,
}

/// A capture with a name for messages.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) shots: Vec<Shot>,
}

/// What an analysis said.
pub(crate) struct Analysis {
    pub(crate) events: Vec<Event>,
    /// With the frame that made each final.
    pub(crate) flows: Vec<(Flow, Option<FrameNo>)>,
    pub(crate) capture: report::Capture,
}

impl Sample {
    pub(crate) fn from_trace(name: &str, text: &str) -> Self {
        // What a trace expects of its runs is not for here.
        let frames: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("=>")).collect();
        let trace = Trace::parse(&frames.join("\n")).unwrap_or_else(|error| panic!("{name}: {error}"));
        Self { name: name.to_owned(), shots: shots_of(&mut trace.source()) }
    }

    pub(crate) fn from_file(path: &Path) -> Self {
        let mut source = file::open(&[path.to_owned()], None).unwrap_or_else(|error| panic!("{error}"));
        Self { name: path.display().to_string(), shots: shots_of(&mut source) }
    }

    /// A copy with other frames.
    pub(crate) fn with(&self, shots: Vec<Shot>) -> Self {
        Self { name: self.name.clone(), shots }
    }

    pub(crate) fn map(&self, change: impl FnMut(&Shot) -> Shot) -> Self {
        self.with(self.shots.iter().map(change).collect())
    }

    /// The same frames as a capture of its own, which others are compared with.
    pub(crate) fn numbered(&self) -> Self {
        let mut shots = self.shots.clone();
        (1..).zip(&mut shots).for_each(|(number, shot)| shot.origin = number);
        self.with(shots)
    }

    pub(crate) fn analyse(&self) -> Analysis {
        let mut analyzer = Analyzer::new(Config { stream: true, ..Config::default() });
        let mut analysis = Analysis::empty();
        for batch in self.batches(100) {
            analyzer.handle_batch(&batch);
            analysis.take(&mut analyzer);
        }
        analysis.end(&mut analyzer, &SourceNotes::default())
    }

    /// Its frames in batches of so many.
    pub(crate) fn batches(&self, of: usize) -> Vec<FrameBatch> {
        let mut next = FrameNo::FIRST;
        let rows = self.shots.chunks(of).map(|row| {
            let mut batch = FrameBatch::default();
            for shot in row {
                let offset = batch.bytes.len() as u32;
                batch.bytes.extend_from_slice(&shot.data);
                batch.frames.push(FrameMeta {
                    no: next,
                    ts: Timestamp(shot.ts),
                    link: LinkType(shot.link),
                    wire_len: shot.wire_len,
                    offset,
                    cap_len: shot.data.len() as u32,
                    interface: InterfaceNo::default(),
                    fault: None,
                });
                next = next.next();
            }
            batch
        });
        rows.collect()
    }

    /// What is true of the flows, whatever the frames look like: without addresses, numbers and absolute times.
    pub(crate) fn truth(&self) -> Vec<String> {
        self.analyse().truth(&self.shots)
    }
}

/// Analyses files as one capture.
pub(crate) fn analyse_files(paths: &[PathBuf]) -> Analysis {
    let mut source = file::open(paths, None).unwrap_or_else(|error| panic!("{error}"));
    let mut analyzer = Analyzer::new(Config { stream: true, ..Config::default() });
    let mut analysis = Analysis::empty();
    let mut batch = FrameBatch::default();
    while source.fill(&mut batch).unwrap_or_else(|error| panic!("{error}")) == Next::Filled {
        analyzer.handle_batch(&batch);
        analysis.take(&mut analyzer);
    }
    analysis.end(&mut analyzer, source.notes())
}

fn shots_of(source: &mut dyn FrameSource) -> Vec<Shot> {
    let (mut shots, mut batch) = (Vec::new(), FrameBatch::default());
    while source.fill(&mut batch).unwrap_or_else(|error| panic!("{error}")) == Next::Filled {
        shots.extend(batch.iter().filter(|frame| frame.fault.is_none()).map(|frame| Shot {
            origin: 0,
            ts: frame.ts.0,
            link: frame.link.0,
            wire_len: frame.wire_len,
            data: frame.data.to_vec(),
        }));
    }
    for (number, shot) in (1..).zip(&mut shots) {
        shot.origin = number;
    }
    shots
}

impl Analysis {
    fn empty() -> Self {
        Self { events: Vec::new(), flows: Vec::new(), capture: report::Capture::default() }
    }

    fn take(&mut self, analyzer: &mut Analyzer) {
        analyzer.drain(|output| match output {
            Output::Event(event) => self.events.push(event),
            Output::Flow { flow, decided, .. } => self.flows.push((*flow, decided)),
            Output::Notice(_) | Output::Loss(_) | Output::Told(_) => {}
        });
    }

    fn end(mut self, analyzer: &mut Analyzer, notes: &SourceNotes) -> Self {
        analyzer.handle_end(notes);
        self.take(analyzer);
        self.capture = analyzer.capture().clone();
        assert_eq!(self.unaccounted(), 0, "every frame is counted: {:?}", self.capture);
        let in_flows: u64 = self.flows.iter().map(|(flow, _)| flow.segments).sum();
        assert_eq!(in_flows, self.capture.segments, "segments are the sum over all flows");
        self
    }

    fn unaccounted(&self) -> i64 {
        let c = &self.capture;
        c.frames as i64 - (c.segments + c.icmp_errors + c.duplicates + c.skipped.iter().sum::<u64>()) as i64
    }

    pub(crate) fn truth(&self, shots: &[Shot]) -> Vec<String> {
        let teller = Teller::new(shots);
        let c = &self.capture;
        let mut lines =
            vec![format!("segments {} icmp {} steps {}", c.segments, c.icmp_errors, c.time_steps)];
        lines.extend(self.events.iter().map(|event| teller.event(event)));
        let mut flows: Vec<_> = self.flows.iter().collect();
        flows.sort_by_key(|(flow, _)| flow.index);
        lines.extend(flows.iter().flat_map(|(flow, decided)| teller.flow(flow, *decided)));
        lines
    }

    /// Events and finished flows that frames decided, as text with the deciding frame.
    pub(crate) fn decided(&self, shots: &[Shot]) -> Vec<(u64, String)> {
        let teller = Teller::new(shots);
        let events = self.events.iter().filter_map(|e| Some((e.decided?.get(), teller.event(e))));
        let flows = self.flows.iter().filter_map(|(f, d)| Some(((*d)?.get(), teller.flow(f, *d).join("\n"))));
        events.chain(flows).collect()
    }
}

/// Tells frames by their origin and times from the first frame's on.
struct Teller<'s> {
    shots: &'s [Shot],
    zero: i64,
}

impl<'s> Teller<'s> {
    fn new(shots: &'s [Shot]) -> Self {
        Self { shots, zero: shots.first().map_or(0, |shot| shot.ts) }
    }

    fn no(&self, frame: FrameNo) -> u64 {
        self.shots[frame.get() as usize - 1].origin
    }

    fn time(&self, ts: Timestamp) -> i64 {
        ts.0 - self.zero
    }

    fn event(&self, event: &Event) -> String {
        let what = match &event.kind {
            EventKind::Probe { run, number, payload, idle, interval, rule, .. } => {
                format!("probe {run}.{number} len {payload} idle {idle:?} interval {interval:?} {rule}")
            }
            EventKind::Answer { probe_frame, rtt, by } => {
                format!("answer to {} rtt {rtt:?} by {}", self.no(*probe_frame), by.name())
            }
            EventKind::WindowProbe { payload, .. } => format!("window probe len {payload}"),
            EventKind::KeepaliveOrWindowProbe { payload, .. } => {
                format!("keepalive or window probe len {payload}")
            }
            EventKind::KeepaliveOrRetransmission { .. } => "keepalive or retransmission".to_owned(),
            EventKind::OneByteRetransmission { .. } => "one-byte retransmission".to_owned(),
            EventKind::IcmpError { icmp_type, icmp_code, .. } => format!("icmp {icmp_type}/{icmp_code}"),
            EventKind::RunEnd(run) => self.run(run),
        };
        let decided = event.decided.map(|frame| self.no(frame));
        let (frame, time) = (self.no(event.frame), self.time(event.time));
        format!("frame {frame} at {time} decided {decided:?} flow {} {:?}: {what}", event.index, event.side)
    }

    fn run(&self, run: &Run) -> String {
        let icmp: Vec<_> = run.icmp.iter().map(|note| (self.no(note.frame), note.kind, note.code)).collect();
        let frames: Vec<_> = run.probe_frames.iter().map(|frame| self.no(*frame)).collect();
        format!(
            "run {} {:?} from {} to {} quiet since {:?} frames {} to {:?} probes {} {frames:?} idle {:?} intervals {:?} wait {:?} after {:?} \
             {:?} icmp {icmp:?}",
            run.number,
            run.outcome,
            self.time(run.start),
            self.time(run.end),
            run.quiet_since.map(|ts| self.time(ts)),
            self.no(run.first_frame),
            run.end_frame.map(|frame| self.no(frame)),
            run.probes,
            run.idle,
            run.intervals,
            run.last_wait,
            run.detected_after,
            run.doubt,
        )
    }

    fn flow(&self, flow: &Flow, decided: Option<FrameNo>) -> Vec<String> {
        let head = format!(
            "flow {} {:?} {:?} from {} to {} frames {} to {} decided {:?} segments {} octets {} {} last data {:?} one-sided {}",
            flow.index,
            flow.roles,
            flow.state,
            self.time(flow.start),
            self.time(flow.end),
            self.no(flow.first_frame),
            self.no(flow.last_frame),
            decided.map(|frame| self.no(frame)),
            flow.segments,
            flow.client_bytes,
            flow.server_bytes,
            flow.last_data.map(|ts| self.time(ts)),
            flow.one_sided,
        );
        let mut lines = vec![head, self.prober("client", &flow.client), self.prober("server", &flow.server)];
        if let Some(ending) = &flow.ending {
            let frame = ending.frame.map(|frame| self.no(frame));
            lines.push(format!("  ending {:?} frame {frame:?}", Ending { frame: None, ..*ending }));
        }
        if let Some(beat) = &flow.heartbeat {
            let frames = (self.no(beat.first_frame), self.no(beat.last_frame));
            let Heartbeat { period, from, request_bytes, reply_bytes, count, .. } = beat;
            lines.push(format!(
                "  heartbeat {period:?} {from:?} {request_bytes}/{reply_bytes} × {count} frames {frames:?}"
            ));
        }
        lines.extend(flow.findings.iter().map(|finding| {
            let frames: Vec<_> = finding.frames.iter().map(|frame| self.no(*frame)).collect();
            let Finding { id, severity, side, text, confidence, .. } = finding;
            // Which router it was is told by its address, and addresses may be others.
            let text = if *id == "icmp-path-error" { "…" } else { text };
            format!("  {id} {severity:?} {side:?} {confidence:?} frames {frames:?}: {text}")
        }));
        lines
    }

    fn prober(&self, side: &str, p: &Prober) -> String {
        let runs: Vec<_> = p.runs.iter().map(|run| self.run(run)).collect();
        format!(
            "  {side} {:?} quiet {:?} probes {} = {} + {} + {} one-byte {} window {} ambiguous {} idle {:?} any {:?} interval {:?} rtt {:?} \
             runs {} {runs:?} {:?} {:?}",
            p.status,
            p.longest_quiet,
            p.probes,
            p.answered,
            p.unanswered,
            p.undecided,
            p.one_byte_probes,
            p.window_probes,
            p.ambiguous_probes,
            p.idle,
            p.idle_any,
            p.interval,
            p.rtt,
            p.runs_total,
            p.outcome,
            p.settings,
        )
    }
}

/// What differs between two truths; nothing where they are the same.
pub(crate) fn difference(what: &str, sample: &Sample, expected: &[String], got: &[String]) -> Option<String> {
    if expected == got {
        return None;
    }
    let at = expected.iter().zip(got).take_while(|(e, g)| e == g).count();
    let line = |lines: &[String]| lines.get(at).cloned().unwrap_or_else(|| "(nothing more)".to_owned());
    Some(format!("{what}: {}:\n  expected {}\n  got      {}", sample.name, line(expected), line(got)))
}

/// Fails with the first few violations of a property.
#[track_caller]
pub(crate) fn assert_none(violations: &[String]) {
    let shown = violations.iter().take(12).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(violations.is_empty(), "{} violations:\n{shown}", violations.len());
}
