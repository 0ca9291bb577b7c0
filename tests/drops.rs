//! What a lossy capture cannot promise.

use keepscope::analyzer::{Analyzer, Config};
use keepscope::frame::FrameBatch;
use keepscope::report::{Confidence, Flow, Status};
use keepscope::run::{Doubt, Outcome};
use keepscope::source::trace::Trace;
use keepscope::source::{Dropped, FrameSource, Next, SourceNotes};

fn flow(trace: &str, dropped: Option<Dropped>) -> Flow {
    let trace = Trace::parse(trace).expect("a trace");
    let (mut source, mut batch) = (trace.source(), FrameBatch::default());
    let mut analyzer = Analyzer::new(Config::default());
    while source.fill(&mut batch).expect("frames") == Next::Filled {
        analyzer.handle_batch(&batch);
    }
    analyzer.handle_end(&SourceNotes { dropped, ..SourceNotes::default() });
    let mut flows = Vec::new();
    analyzer.report(|flow| flows.push(flow));
    flows.into_iter().next().expect("a flow")
}

const LOST: Option<Dropped> = Some(Dropped { kernel: 0, interface: 3 });
const NONE_LOST: Option<Dropped> = Some(Dropped { kernel: 0, interface: 0 });

#[test]
fn where_frames_were_lost_only_an_answered_run_is_beyond_doubt() {
    let trace = "
         0.000 A S  0:1(0)
         0.010 B S. 0:1(0) ack 1
         0.020 A .  1:1(0) ack 1
        60.020 A .  0:0(0) ack 1
        60.030 B .  1:1(0) ack 1
       120.030 A .  0:0(0) ack 1
       130.030 A .  0:0(0) ack 1
       130.040 B .  1:1(0) ack 1
    ";
    let doubts = |dropped| {
        let flow = flow(trace, dropped);
        flow.client.runs.iter().map(|run| (run.outcome, run.doubt.clone())).collect::<Vec<_>>()
    };
    let (answered, recovered) = (Some(Outcome::Answered), Some(Outcome::Recovered));
    assert_eq!(doubts(LOST), [(answered, vec![]), (recovered, vec![Doubt::Drops])]);
    assert_eq!(doubts(NONE_LOST), [(answered, vec![]), (recovered, vec![])]);
}

#[test]
fn where_frames_were_lost_keepalive_is_never_called_off() {
    let quiet = "
           0.000 A S  0:1(0)
           0.010 B S. 0:1(0) ack 1
           0.020 A .  1:1(0) ack 1
        9000.000 A P. 1:2(1) ack 1
    ";
    assert_eq!(flow(quiet, NONE_LOST).client.status, Status::Off);
    assert_eq!(flow(quiet, LOST).client.status, Status::NotObservable);
}

#[test]
fn where_frames_were_lost_unanswered_probes_prove_less() {
    let given_up = "
         0.000 A S  0:1(0)
         0.010 B S. 0:1(0) ack 1
         0.020 A .  1:1(0) ack 1
        60.020 A .  0:0(0) ack 1
        70.020 A .  0:0(0) ack 1
        80.020 A R. 1:1(0) ack 1
    ";
    let recovered = "
         0.000 A S  0:1(0)
         0.010 B S. 0:1(0) ack 1
         0.020 A .  1:1(0) ack 1
        60.020 A .  0:0(0) ack 1
        70.020 A .  0:0(0) ack 1
        70.030 B .  1:1(0) ack 1
    ";
    let confidence = |trace, id, dropped| {
        let findings = flow(trace, dropped).findings;
        findings.into_iter().find(|finding| finding.id == id).map(|finding| finding.confidence)
    };
    for (trace, id, doubtful) in [
        (given_up, "dead-peer-detected", Confidence::Likely),
        (recovered, "probes-lost", Confidence::Possible),
    ] {
        assert_eq!(confidence(trace, id, NONE_LOST), Some(Confidence::Certain));
        assert_eq!(confidence(trace, id, LOST), Some(doubtful));
    }
}
