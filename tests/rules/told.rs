//! What others than the frames tell of a flow is one of its findings, once.

use keepscope::analyzer::{Analyzer, Config, Output};
use keepscope::decode::Tuple;
use keepscope::flow::Side;
use keepscope::frame::{FrameBatch, FrameNo};
use keepscope::report::{Confidence, Finding, Flow, Severity, Told};
use keepscope::source::trace::Trace;
use keepscope::source::{Dropped, FrameSource, Next, SourceNotes};

/// A connection that says nothing of interest.
const PLAIN: &str = "
    0.000 A S  0:1(0)
    0.010 B S. 0:1(0) ack 1
    0.020 A .  1:1(0) ack 1
    1.000 A P. 1:6(5) ack 1
    1.010 B .  1:1(0) ack 6
";

/// The analysis of `trace` so far, and the tuple of its only flow.
fn analyzed(trace: &str, config: Config) -> (Analyzer, Tuple) {
    let trace = Trace::parse(trace).expect("a trace");
    let (mut source, mut batch) = (trace.source(), FrameBatch::default());
    let mut analyzer = Analyzer::new(config);
    while source.fill(&mut batch).expect("frames") == Next::Filled {
        analyzer.handle_batch(&batch);
    }
    let mut tuples = Vec::new();
    analyzer.open_flows(false, |flow| tuples.push(flow.tuple));
    let [tuple] = tuples[..] else { panic!("{} flows", tuples.len()) };
    (analyzer, tuple)
}

fn finding(id: &'static str, severity: Severity, text: &str) -> Finding {
    Finding::new(id, severity, Confidence::Likely, Some(Side::Client), text.into(), [FrameNo::FIRST])
}

/// What a streaming analysis hands out: what it was told, and flows.
fn handed_out(analyzer: &mut Analyzer) -> (Vec<Told>, Vec<Flow>) {
    let (mut told, mut flows) = (Vec::new(), Vec::new());
    analyzer.drain(|output| match output {
        Output::Told(one) => told.push(one),
        Output::Flow { flow, .. } => flows.push(*flow),
        Output::Event(_) | Output::Notice(_) | Output::Loss(_) => {}
    });
    (told, flows)
}

const STREAM: Config = Config { stream: true, watch: true, max_flows: None, explain: None, sketch: false };

#[test]
fn a_finding_is_handed_out_once_and_stays_with_its_flow() {
    let (mut analyzer, tuple) = analyzed(PLAIN, STREAM);
    handed_out(&mut analyzer);
    for text in ["2 probes", "3 probes"] {
        analyzer.handle_finding(0, &tuple, finding("kernel-probes-not-on-wire", Severity::Problem, text));
    }
    let (told, _) = handed_out(&mut analyzer);
    let [first] = &told[..] else { panic!("{told:?}") };
    assert_eq!((first.index, first.frame.get(), first.finding.text.as_str()), (0, 5, "2 probes"));
    let mut open = Vec::new();
    analyzer.open_flows(true, |flow| open.push(flow));
    assert_eq!(open.len(), 1, "a flow without probes is worth a look by what was told of it");

    analyzer.handle_end(&SourceNotes::default());
    let (told, flows) = handed_out(&mut analyzer);
    assert!(told.is_empty());
    let texts: Vec<&str> = flows[0].findings.iter().map(|finding| finding.text.as_str()).collect();
    assert_eq!(texts, ["3 probes"], "that no probe was seen says nothing of the client then");
    assert!(flows[0].is_relevant());
    let (_, summary) = analyzer.conclude_all();
    assert_eq!(summary.findings[0], 1, "a problem");
}

#[test]
fn both_ends_are_told_of_and_the_gravest_stands_first() {
    let (mut analyzer, tuple) = analyzed(PLAIN, Config::default());
    let mild = finding("kernel-ignores-answers", Severity::Warning, "mild");
    analyzer.handle_finding(0, &tuple, Finding { side: Some(Side::Server), ..mild.clone() });
    analyzer.handle_finding(0, &tuple, mild);
    analyzer.handle_finding(0, &tuple, finding("kernel-probes-not-on-wire", Severity::Problem, "grave"));
    analyzer.handle_end(&SourceNotes::default());
    let mut flows = Vec::new();
    let others = analyzer.report_notable(|flow| flows.push(flow));
    assert_eq!((flows.len(), others.flows), (1, 0));
    let told = flows[0].findings.iter().filter(|finding| finding.severity < Severity::Info);
    let told: Vec<_> = told.map(|finding| (finding.text.as_str(), finding.side)).collect();
    let (client, server) = (Some(Side::Client), Some(Side::Server));
    assert_eq!(told, [("grave", client), ("mild", server), ("mild", client)]);
}

#[test]
fn of_a_flow_that_is_not_there_nothing_is_kept() {
    let (mut analyzer, tuple) = analyzed(PLAIN, STREAM);
    handed_out(&mut analyzer);
    let problem = || finding("kernel-probes-not-on-wire", Severity::Problem, "text");
    analyzer.handle_finding(1, &tuple, problem());
    let other = Tuple { src_port: tuple.src_port ^ 1, ..tuple };
    analyzer.handle_finding(0, &other, problem());
    assert!(!analyzer.has_flow(&other) && analyzer.open_flow(&other).is_none());
    let backwards =
        Tuple { src: tuple.dst, dst: tuple.src, src_port: tuple.dst_port, dst_port: tuple.src_port, ..tuple };
    assert_eq!(analyzer.open_flow(&backwards).map(|flow| flow.index), Some(0), "either end may ask");
    analyzer.handle_end(&SourceNotes::default());
    let (told, flows) = handed_out(&mut analyzer);
    assert!(told.is_empty());
    assert!(flows[0].findings.iter().all(|finding| finding.id != "kernel-probes-not-on-wire"));
}

#[test]
fn a_flow_that_has_to_go_takes_its_findings_along() {
    let (mut analyzer, tuple) = analyzed(PLAIN, Config { max_flows: Some(1), ..STREAM });
    analyzer.handle_finding(0, &tuple, finding("kernel-probes-not-on-wire", Severity::Problem, "text"));
    handed_out(&mut analyzer);
    let next = Trace::parse("addr A 10.0.0.3:40000\n2.000 A S 0:1(0)\n2.010 B S. 0:1(0) ack 1").unwrap();
    let (mut source, mut batch) = (next.source(), FrameBatch::default());
    assert_eq!(source.fill(&mut batch).expect("frames"), Next::Filled);
    analyzer.handle_batch(&batch);
    let (_, flows) = handed_out(&mut analyzer);
    assert_eq!(
        flows.iter().map(|flow| (flow.index, flow.findings[0].id)).collect::<Vec<_>>(),
        [(0, "kernel-probes-not-on-wire")]
    );
}

#[test]
fn whoever_asks_learns_when_frames_were_lost() {
    let (mut analyzer, _) = analyzed(PLAIN, STREAM);
    let now = analyzer.now().expect("frames");
    analyzer.handle_notes(&SourceNotes { dropped: Some(Dropped::default()), ..SourceNotes::default() });
    assert!(!analyzer.may_have_lost(now, now));
    let dropped = Some(Dropped { kernel: 1, interface: 0 });
    analyzer.handle_notes(&SourceNotes { dropped, ..SourceNotes::default() });
    assert!(analyzer.may_have_lost(now, now));
}
