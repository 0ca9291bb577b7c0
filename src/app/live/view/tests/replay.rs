//! A recorded capture, as if it were happening.

use super::super::{Flows, Options, Snapshot, View};
use crate::analyzer::{Analyzer, Config};
use crate::app::live::join::Look;
use crate::frame::{FrameBatch, FrameMeta};
use crate::report::Flow;
use crate::source::{Dropped, FrameSource, Next, file};
use crate::time::{Span, Timestamp};
use std::path::Path;
use std::rc::Rc;

/// How often the view is refreshed.
const EVERY: Span = Span::from_millis(250);

/// A fixture that is played to a view.
pub(super) struct Replay {
    analyzer: Analyzer,
    batch: FrameBatch,
    frames: std::vec::IntoIter<FrameMeta>,
    next: Option<FrameMeta>,
    start: Timestamp,
    now: Timestamp,
    pub(super) dropped: Option<Dropped>,
    pub(super) kernel: Option<Rc<Look>>,
    pub(super) view: View,
}

impl Replay {
    /// The capture of the fixture `name`.
    pub(super) fn of(name: &str, options: Options) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name).join("capture.pcap");
        let mut source = file::open(&[path], None).unwrap();
        let mut batch = FrameBatch::default();
        assert_eq!(source.fill(&mut batch).unwrap(), Next::Filled, "a fixture that is one batch");
        let mut frames = batch.frames.clone().into_iter();
        let next = frames.next();
        let start = next.as_ref().unwrap().ts;
        let analyzer = Analyzer::new(Config { stream: true, watch: true, ..Config::default() });
        let view = View::new(options);
        Self { analyzer, batch, frames, next, start, now: start, dropped: None, kernel: None, view }
    }

    /// Plays on until so long after the first frame.
    pub(super) fn until(mut self, ms: i64) -> Self {
        let until = self.start + Span::from_millis(ms);
        while self.now < until {
            self.now = until.min(self.now + EVERY);
            self.step();
        }
        self
    }

    /// The time it has come to.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// The flows that are open now.
    pub(super) fn open_flows(&self) -> Vec<Flow> {
        let mut flows = Vec::new();
        self.analyzer.open_flows(true, |flow| flows.push(flow));
        flows
    }

    fn step(&mut self) {
        let (now, mut metas) = (self.now, Vec::new());
        while let Some(meta) = self.next.take_if(|meta| meta.ts <= now) {
            metas.push(meta);
            self.next = self.frames.next();
        }
        let all = std::mem::replace(&mut self.batch.frames, metas);
        self.analyzer.handle_batch(&self.batch);
        self.batch.frames = all;
        self.analyzer.handle_time(now);
        self.analyzer.drain(|output| self.view.take(&output));
        let mut capture = self.analyzer.capture().clone();
        capture.dropped = self.dropped;
        let mut flows = Flows::default();
        self.analyzer.open_flows(true, |flow| flows.add(flow, now));
        let counts = self.analyzer.flow_counts();
        let (conclusions, _) = self.analyzer.conclude_all();
        let source = "eth0".into();
        self.view.refresh(Snapshot {
            now,
            source,
            flows,
            capture,
            conclusions,
            counts,
            kernel: self.kernel.clone(),
        });
    }
}
