//! The kernel's counters beside the capture's: stories in which they agree, and in which they do not.

use super::keepalive_socket;
use keepscope::analyzer::{Analyzer, Config};
use keepscope::flow::Side;
use keepscope::frame::FrameBatch;
use keepscope::report::{Flow, Severity};
use keepscope::sockets::{Disagreement, Socket, State, compare};
use keepscope::source::trace::Trace;
use keepscope::source::{FrameSource, Next};
use keepscope::time::Timestamp;

/// The second of the traces' time 0.
const START: i64 = 1_700_000_000;

/// All flows of `source`, as a look at the open ones shows them.
pub(crate) fn open_flows(source: &mut dyn FrameSource) -> Vec<Flow> {
    let mut analyzer = Analyzer::new(Config::default());
    let mut batch = FrameBatch::default();
    while source.fill(&mut batch).unwrap() != Next::End {
        analyzer.handle_batch(&batch);
    }
    let mut flows = Vec::new();
    analyzer.open_flows(false, |flow| flows.push(flow));
    flows
}

/// The flow of `trace`.
fn flow(trace: &str) -> Flow {
    let mut flows = open_flows(&mut Trace::parse(trace).unwrap().source());
    assert_eq!(flows.len(), 1);
    flows.remove(0)
}

fn at(second: i64) -> Timestamp {
    Timestamp::new(START + second, 0).unwrap()
}

/// The client's socket at second `now`, quiet since second `since`.
fn socket(unanswered: u8, since: i64, now: i64) -> Socket {
    keepalive_socket(1_500, unanswered, (now - since) * 1_000)
}

const HELLO: &str = "
     0.000 A S  0:1(0) win 64240
     0.010 B S. 0:1(0) ack 1
     0.020 A .  1:1(0) ack 1
     1.000 A P. 1:6(5) ack 1
     1.010 B .  1:1(0) ack 6
";

#[test]
fn probes_that_never_left_the_host_are_found() {
    let flow = flow(HELLO);
    let socket = socket(3, 1, 80);
    let found = compare(&flow, Side::Client, &socket, at(80)).expect("a disagreement");
    assert_eq!(found, Disagreement::ProbesNotOnWire { sent: 3, captured: 0, last_frame: flow.last_frame });
    let finding = found.finding(Side::Client, &socket);
    assert_eq!((finding.id, finding.severity), ("kernel-probes-not-on-wire", Severity::Problem));
    assert_eq!(finding.frames, [flow.last_frame]);
    assert!(finding.text.contains("3 keepalive probes in 79.0 s of silence"), "{}", finding.text);
}

#[test]
fn unanswered_probes_on_the_wire_are_no_disagreement() {
    let trace = format!(
        "{HELLO}
        61.010 A .  5:5(0) ack 1
        66.010 A .  5:5(0) ack 1
        71.010 A .  5:5(0) ack 1"
    );
    let flow = flow(&trace);
    assert_eq!(compare(&flow, Side::Client, &socket(3, 1, 73), at(73)), None);
    assert_eq!(
        compare(&flow, Side::Client, &socket(4, 1, 73), at(73)),
        None,
        "the fourth is on its way to the capture"
    );
    assert!(matches!(
        compare(&flow, Side::Client, &socket(5, 1, 73), at(73)),
        Some(Disagreement::ProbesNotOnWire { sent: 5, captured: 3, .. })
    ));
}

#[test]
fn a_counter_that_data_did_not_clear_is_no_disagreement() {
    let trace = format!(
        "{HELLO}
        61.010 A .  5:5(0) ack 1
        66.010 A .  5:5(0) ack 1
        67.000 B P. 1:3(2) ack 6
        67.001 A .  6:6(0) ack 3"
    );
    let flow = flow(&trace);
    assert_eq!(compare(&flow, Side::Client, &socket(2, 67, 90), at(90)), None);
}

#[test]
fn answers_that_the_kernel_does_not_count_are_found() {
    let trace = format!(
        "{HELLO}
        61.010 A .  5:5(0) ack 1
        61.020 B .  1:1(0) ack 6
        66.010 A .  5:5(0) ack 1
        66.020 B .  1:1(0) ack 6"
    );
    let flow = flow(&trace);
    let socket = socket(2, 1, 70);
    let found = compare(&flow, Side::Client, &socket, at(70)).expect("a disagreement");
    let Disagreement::AnswersIgnored { unanswered: 2, answered: 2, ref frames } = found else {
        panic!("{found:?}");
    };
    assert_eq!(frames.iter().map(|frame| frame.get()).collect::<Vec<_>>(), [6, 7, 8, 9]);
    let finding = found.finding(Side::Client, &socket);
    assert_eq!((finding.id, finding.severity), ("kernel-ignores-answers", Severity::Problem));
    assert!(finding.text.starts_with("2 answers came back to this host"), "{}", finding.text);
}

#[test]
fn an_answer_that_has_only_just_come_is_given_time() {
    let trace = format!(
        "{HELLO}
        61.010 A .  5:5(0) ack 1
        61.020 B .  1:1(0) ack 6"
    );
    let flow = flow(&trace);
    assert_eq!(compare(&flow, Side::Client, &socket(1, 1, 61), at(61)), None);
}

#[test]
fn where_both_agree_that_the_peer_answers_there_is_nothing_to_say() {
    let trace = format!(
        "{HELLO}
        61.010 A .  5:5(0) ack 1
        61.020 B .  1:1(0) ack 6"
    );
    let flow = flow(&trace);
    assert_eq!(compare(&flow, Side::Client, &socket(0, 61, 70), at(70)), None);
}

#[test]
fn what_was_not_captured_proves_nothing() {
    // The capture began after the last sign of life, or the timer tells of something else.
    let flow = flow(HELLO);
    let before = keepalive_socket(1_500, 3, 90_000);
    assert_eq!(compare(&flow, Side::Client, &before, at(80)), None);
    let without_keepalive = Socket { timer: None, ..socket(3, 1, 80) };
    assert_eq!(compare(&flow, Side::Client, &without_keepalive, at(80)), None);
    let over = Socket { state: State::TimeWait, ..socket(3, 1, 80) };
    assert_eq!(compare(&flow, Side::Client, &over, at(80)), None);
}
