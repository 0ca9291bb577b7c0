//! Wires the core: batches of frames in, events and a report out.

use crate::frame::{FrameBatch, FrameNo};
use crate::report::{Capture, Flow, Summary};
use crate::run::Event;
use crate::source::SourceNotes;
use crate::time::Timestamp;

/// How an analysis is to go.
#[derive(Clone, Copy, Debug, Default)]
pub struct Config {
    /// How many flows the table holds at most; `None`: as many as come.
    pub max_flows: Option<u64>,
    /// Whether events and finished flows are handed out along the way ([`Analyzer::drain`]) and then forgotten, instead of flows being
    /// kept for the report.
    pub stream: bool,
}

/// Why a flow is final.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// It was closed or reset, or its tuple was used again.
    Ended,
    /// The table was full.
    Evicted,
    /// The capture ended.
    EndOfCapture,
}

/// What a streaming analysis hands out, in the order of the NDJSON contract.
#[derive(Debug)]
pub enum Output {
    /// A label or the end of a run.
    Event(Event),
    /// A flow that is final.
    Flow {
        /// All of it.
        flow: Box<Flow>,
        /// The frame that settled that it is final; `None` where the end of the capture did.
        decided: Option<FrameNo>,
        /// Why.
        reason: EndReason,
    },
}

/// The analysis: a plain function of frames.
#[derive(Debug, Default)]
pub struct Analyzer {
    config: Config,
    capture: Capture,
    summary: Summary,
}

impl Analyzer {
    /// A new, empty analysis.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self { config, ..Self::default() }
    }

    /// Takes the next frames.
    pub fn handle_batch(&mut self, batch: &FrameBatch) {
        let _ = (batch, self.config);
    }

    /// Takes notice that time went on to `now` without a frame.
    pub fn handle_time(&mut self, now: Timestamp) {
        let _ = now;
    }

    /// Ends the analysis: settles what is open, and takes over what the source learnt.
    pub fn handle_end(&mut self, notes: &SourceNotes) {
        let _ = notes;
    }

    /// Hands out what was decided since the last call; nothing unless [`Config::stream`].
    pub fn drain(&mut self, take: impl FnMut(Output)) {
        let _ = take;
    }

    /// What was read; complete after [`handle_end`](Self::handle_end).
    #[must_use]
    pub const fn capture(&self) -> &Capture {
        &self.capture
    }

    /// The flows in the order of their first frame, made one at a time; empty after a streaming analysis.
    pub fn flows(&self) -> impl Iterator<Item = Flow> + '_ {
        std::iter::empty()
    }

    /// Sums over all flows.
    #[must_use]
    pub const fn summary(&self) -> &Summary {
        &self.summary
    }
}
