//! `--flow`: a flow frame by frame, with the reason for each label.

use crate::golden;
use keepscope::analyzer::{Analyzer, Config};
use keepscope::explain::{FIRST_STEPS, LAST_STEPS, MAX_FLOWS, Selector, Transcript};
use keepscope::flow::{CommunityId, Side};
use keepscope::frame::FrameBatch;
use keepscope::render::text;
use keepscope::report::{Capture, Flow};
use keepscope::source::trace::Trace;
use keepscope::source::{FrameSource, Next};

/// A label of every kind.
const EVENTFUL: &str = "
     0.000 A S  0:1(0) <sackOK>
     0.010 B S. 0:1(0) ack 1 <sackOK>
     0.020 A .  1:1(0) ack 1
     0.030 A P. 1:6(5) ack 1
     0.040 B .  1:1(0) ack 6
    60.030 A .  5:5(0) ack 1          # a probe
    60.040 B .  1:1(0) ack 6          # its answer
   120.100 A .  5:5(0) ack 1          # a probe that is lost
   120.200 R icmp 3/1 of 120.100
   130.100 A .  5:5(0) ack 1          # and again
   130.110 B P. 1:4(3) ack 6          # data answers
   130.120 A .  6:6(0) ack 4
   140.000 A P. 6:7(1) ack 4
   140.250 A P. 6:7(1) ack 4          # a retransmission of one octet
   140.260 B .  4:4(0) ack 7
   200.000 A .  6:7(1) ack 4          # one octet that may be the true one
   200.010 B .  4:4(0) ack 7 <sack 6:7>
   210.000 B .  4:4(0) ack 7 win 0
   215.000 A .  6:6(0) ack 4          # into a zero window
   220.000 B .  4:4(0) ack 7
   230.000 A R. 7:7(0) ack 4
";

fn analysis(trace: &str, selector: &str) -> (Vec<Flow>, Vec<Transcript>, u64) {
    let selector: Selector = selector.parse().unwrap();
    let trace = Trace::parse(trace).unwrap();
    let mut source = trace.source();
    let mut analyzer = Analyzer::new(Config { explain: Some(selector), ..Config::default() });
    let mut batch = FrameBatch::default();
    while source.fill(&mut batch).unwrap() != Next::End {
        analyzer.handle_batch(&batch);
    }
    analyzer.handle_end(source.notes());
    let transcripts = analyzer.take_transcripts();
    let mut flows = Vec::new();
    analyzer.report(|flow| {
        if selector.chooses(flow.index, &flow.tuple) {
            flows.push(flow);
        }
    });
    (flows, transcripts, analyzer.chosen_flows())
}

fn shown(trace: &str, options: &text::Options) -> String {
    let (flows, transcripts, _) = analysis(trace, "0");
    let start = flows.first().map(|flow| flow.start);
    let mut report = text::Report::new(*options);
    report.explain(transcripts);
    flows.into_iter().for_each(|flow| report.add(flow));
    let (mut out, capture) = (Vec::new(), Capture { start, ..Capture::default() });
    report.write(&mut out, &capture, &crate::Conclusions::default(), &crate::Summary::default()).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_label_has_its_reason() {
    let shown = shown(EVENTFUL, &text::Options::default());
    golden("explained.txt", &shown[shown.find("flow 0, frame by frame").unwrap()..]);
}

#[test]
fn wide_columns_stay_within_the_page() {
    let far = "
         0.000 A P. 4000000001:4000000002(1) ack 4000000001
         0.010 B P. 4000000001:4000001001(1000) ack 4000000002
         9.000 A .  4000000001:4000000001(0) ack 4000001001
    ";
    let options = text::Options { clock: text::Clock::Utc, ..text::Options::default() };
    for line in shown(far, &options).lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
}

#[test]
fn what_only_looked_like_a_probe_is_explained_too() {
    let lone_acknowledgement = "
         0.000 A .  1:1(0) ack 1
         5.000 A P. 1:6(5) ack 1
         5.010 B .  1:1(0) ack 6
    ";
    let text = shown(lone_acknowledgement, &text::Options::default());
    assert!(text.contains("rule “unproven”: perhaps a probe; nothing that came later showed one"), "{text}");
    let overtaken_by_its_fin = "
         0.000 A S  0:1(0)
         0.010 B S. 0:1(0) ack 1
         0.020 A F. 1:2(0) ack 1 id 9
         0.021 A .  1:1(0) ack 1 id 8
         0.030 B .  1:1(0) ack 2
    ";
    let text = shown(overtaken_by_its_fin, &text::Options::default());
    assert!(text.contains("no probe, though at SND.NXT-1: rule “overtaken”"), "{text}");
}

/// A connection, the same ports again, and another one.
const REUSED: &str = "
     0.000 A S  0:1(0)
     0.010 B S. 0:1(0) ack 1
     0.020 A R. 1:1(0) ack 1
    addr A 10.0.0.9:50000
     1.000 A S  0:1(0)
    addr A 10.0.0.1:40000
    isn A 70000
   100.000 A S  0:1(0)
   100.010 B S. 0:1(0) ack 1
";

#[test]
fn an_id_means_all_connections_that_used_its_ports() {
    let (flows, ..) = analysis(REUSED, "0");
    let id = CommunityId::of(&flows[0].tuple).to_string();
    let (flows, transcripts, chosen) = analysis(REUSED, &id);
    assert_eq!(flows.iter().map(|flow| flow.index).collect::<Vec<_>>(), [0, 2]);
    assert_eq!(
        transcripts.iter().map(|t| (t.index, t.steps().count())).collect::<Vec<_>>(),
        [(0, 3), (2, 2)]
    );
    assert_eq!(chosen, 2);
    let (flows, transcripts, chosen) = analysis(REUSED, "3");
    assert_eq!((flows.len(), transcripts.len(), chosen), (0, 0, 0));
}

#[test]
fn numbers_are_told_from_the_first_that_was_seen() {
    let trace = "
        isn A 5000000
         0.000 A P. 11:16(5) ack 1
         0.010 B .  1:1(0) ack 16
         9.000 A .  15:15(0) ack 1
    ";
    let (_, transcripts, _) = analysis(trace, "0");
    let numbers: Vec<u32> = transcripts[0]
        .steps()
        .map(|step| transcripts[0].relative(step.side, step.seg.unwrap().seq))
        .collect();
    assert_eq!(numbers, [1, 1, 5]);
    assert_eq!(transcripts[0].steps().map(|step| step.side).nth(1), Some(Side::Server));
}

#[test]
fn a_second_copy_is_listed_and_not_judged() {
    let trace = "
         0.0000 A P. 1:6(5) ack 1 id 7
         0.0001 A P. 1:6(5) ack 1 id 7
         0.0100 B .  1:1(0) ack 6
    ";
    let (_, transcripts, _) = analysis(trace, "0");
    assert_eq!(
        transcripts[0].steps().map(|step| step.ruling.is_some()).collect::<Vec<_>>(),
        [true, false, true]
    );
    assert!(shown(trace, &text::Options::default()).contains("second copy, not counted"));
}

#[test]
fn a_long_flow_keeps_its_beginning_and_its_end() {
    let number = FIRST_STEPS + LAST_STEPS + 5;
    let mut trace: String = (0..number - 1)
        .map(|n| format!("{}.{:03} A P. {}:{}(1) ack 1\n", n / 1000, n % 1000, n + 1, n + 2))
        .collect();
    trace += &format!("900.000 B . 1:1(0) ack {number}\n");
    let (_, transcripts, _) = analysis(&trace, "0");
    let (first, left_out, last) = transcripts[0].parts();
    let last: Vec<u64> = last.map(|step| step.frame.get()).collect();
    assert_eq!((first.len(), left_out, last.len()), (FIRST_STEPS, 5, LAST_STEPS));
    assert_eq!((last[0], last[LAST_STEPS - 1]), (FIRST_STEPS as u64 + 6, number as u64));
    assert!(shown(&trace, &text::Options::default()).contains("… 5 frames are left out here"));
}

#[test]
fn of_an_id_used_many_times_the_first_flows_are_explained() {
    let trace: String =
        (0..MAX_FLOWS + 3).map(|n| format!("isn A {}\n{n}.0 A S 0:1(0)\n", 1_000_000 * (n + 1))).collect();
    let (flows, ..) = analysis(&trace, "0");
    let (flows, transcripts, chosen) = analysis(&trace, CommunityId::of(&flows[0].tuple).as_str());
    assert_eq!((flows.len(), transcripts.len(), chosen), (MAX_FLOWS + 3, MAX_FLOWS, MAX_FLOWS as u64 + 3));
}
