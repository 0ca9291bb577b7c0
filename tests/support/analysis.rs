//! A whole capture, analysed.

use keepscope::analyzer::{Analyzer, Config, EndReason, Output};
use keepscope::flow::Side;
use keepscope::frame::{FrameBatch, FrameNo};
use keepscope::report::{Capture, Conclusions, Finding, Flow};
use keepscope::run::{Event, EventKind};
use keepscope::source::{FrameSource, Next};

/// A flow, and why it is final.
#[derive(Debug)]
pub(crate) struct FinalFlow {
    pub(crate) flow: Flow,
    /// The frame that settled that it is final; `None` where the end of the capture did.
    pub(crate) decided: Option<FrameNo>,
    pub(crate) reason: EndReason,
}

/// Everything a streaming analysis handed out.
#[derive(Debug)]
pub(crate) struct Analysis {
    pub(crate) events: Vec<Event>,
    /// In the order of their first frames.
    pub(crate) flows: Vec<FinalFlow>,
    pub(crate) capture: Capture,
    /// What is said of all flows together.
    pub(crate) conclusions: Conclusions,
}

impl Analysis {
    /// Analyses all frames of a source.
    pub(crate) fn of(source: &mut dyn FrameSource, max_flows: Option<u64>) -> Self {
        let mut analyzer = Analyzer::new(Config { stream: true, max_flows, ..Config::default() });
        let (mut events, mut flows) = (Vec::new(), Vec::new());
        let mut take = |output| match output {
            Output::Event(event) => events.push(event),
            Output::Flow { flow, decided, reason } => flows.push(FinalFlow { flow: *flow, decided, reason }),
            Output::Notice(_) | Output::Loss(_) | Output::Told(_) => {}
        };
        let mut batch = FrameBatch::default();
        while source.fill(&mut batch).unwrap_or_else(|error| panic!("{error}")) != Next::End {
            analyzer.handle_batch(&batch);
            analyzer.drain(&mut take);
        }
        analyzer.handle_end(source.notes());
        analyzer.drain(&mut take);
        flows.sort_by_key(|last| last.flow.index);
        let (conclusions, _) = analyzer.conclude_all();
        Self { events, flows, capture: analyzer.capture().clone(), conclusions }
    }

    /// What holds for every capture: each frame is counted once, each probe has one fate, each frame one label, in the order of decisions.
    pub(crate) fn broken_invariants(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let mut hold = |holds: bool, what: &str| {
            if !holds {
                broken.push(what.to_owned());
            }
        };
        let capture = &self.capture;
        let counted =
            capture.segments + capture.icmp_errors + capture.duplicates + capture.skipped.iter().sum::<u64>();
        hold(capture.frames == counted, "frames == segments + icmp_errors + duplicates + skipped");
        let segments: u64 = self.flows.iter().map(|last| last.flow.segments).sum();
        hold(capture.segments == segments, "segments == the sum over all flows");
        // `None` is the end of the capture: it comes after all frames.
        let order = |event: &Event| (event.decided.is_none(), event.decided, event.frame);
        hold(self.events.is_sorted_by_key(order), "events are in the order of decided_frame, then frame");
        let mut labelled: Vec<FrameNo> = self.labels().map(|event| event.frame).collect();
        labelled.sort_unstable();
        let labels = labelled.len();
        labelled.dedup();
        hold(labels == labelled.len(), "a frame has at most one label");
        let across = self.conclusions.findings.iter().map(|across| &across.finding);
        let findings = self.flows.iter().flat_map(|last| &last.flow.findings).chain(across);
        let is_shown = |finding: &Finding| {
            let is_frame = |frame: &FrameNo| frame.get() <= capture.frames;
            !finding.frames.is_empty() && finding.frames.is_sorted() && finding.frames.iter().all(is_frame)
        };
        for finding in findings {
            hold(is_shown(finding), "a finding is shown by frames, in order");
        }
        for (flow, side) in self.flows.iter().flat_map(|last| Side::BOTH.map(|side| (&last.flow, side))) {
            let prober = flow.prober(side);
            let fates = prober.answered + prober.unanswered + prober.undecided;
            hold(prober.probes == fates, "probes == answered + unanswered + undecided");
            let of_side = |event: &&Event| event.index == flow.index && event.side == side;
            let ends = self.events.iter().filter(of_side).filter(|e| matches!(e.kind, EventKind::RunEnd(_)));
            hold(prober.runs_total == ends.count() as u64, "each run has a run_end");
            let probes =
                self.events.iter().filter(of_side).filter(|e| matches!(e.kind, EventKind::Probe { .. }));
            hold(prober.probes == probes.count() as u64, "each probe has a keepalive_probe");
        }
        broken
    }

    /// The labels of frames: all events but the ends of runs.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(|event| !matches!(event.kind, EventKind::RunEnd(_)))
    }
}
