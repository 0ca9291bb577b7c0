//! What the tests of a live run share: stories as text traces.

use crate::analyzer::{Analyzer, Config, Output};
use crate::frame::FrameBatch;
use crate::report::Flow;
use crate::source::trace::Trace;
use crate::source::{FrameSource, Next};

/// What becomes of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Nothing of interest.
    Plain,
    /// A probe, answered.
    Probing,
    /// Probes without an answer, given up with RST.
    TimedOut,
}

/// The segments of one connection.
fn story(kind: Kind) -> &'static str {
    match kind {
        Kind::Plain => {
            "
            0.000 A S  0:1(0)
            0.010 B S. 0:1(0) ack 1
            0.020 A .  1:1(0) ack 1
            1.000 A P. 1:6(5) ack 1
            1.010 B .  1:1(0) ack 6
            "
        }
        Kind::Probing => {
            "
            0.000 A S  0:1(0)
            0.010 B S. 0:1(0) ack 1
            0.020 A .  1:1(0) ack 1
           60.020 A .  0:0(0) ack 1
           60.030 B .  1:1(0) ack 1
            "
        }
        Kind::TimedOut => {
            "
            0.000 A S  0:1(0)
            0.010 B S. 0:1(0) ack 1
            0.020 A .  1:1(0) ack 1
           60.020 A .  0:0(0) ack 1
           70.020 A .  0:0(0) ack 1
           80.020 A .  0:0(0) ack 1
           90.020 A R. 1:1(0) ack 1
            "
        }
    }
}

/// The frames of a connection of some kind.
pub(super) fn trace(kind: Kind) -> Trace {
    Trace::parse(story(kind)).expect("a trace")
}

/// A flow of each kind, numbered in order.
pub(super) fn flows(kinds: &[Kind]) -> Vec<Flow> {
    let numbered = kinds.iter().zip(0..).map(|(kind, index)| {
        let mut flow = flow(*kind);
        flow.index = index;
        flow
    });
    numbered.collect()
}

fn flow(kind: Kind) -> Flow {
    let trace = trace(kind);
    let (mut source, mut batch) = (trace.source(), FrameBatch::default());
    let mut analyzer = Analyzer::new(Config { stream: true, ..Config::default() });
    while source.fill(&mut batch).expect("frames") == Next::Filled {
        analyzer.handle_batch(&batch);
    }
    analyzer.handle_end(source.notes());
    let mut flows = Vec::new();
    analyzer.drain(|output| {
        if let Output::Flow { flow, .. } = output {
            flows.push(*flow);
        }
    });
    flows.pop().expect("a flow")
}
