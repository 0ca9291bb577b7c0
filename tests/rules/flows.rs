//! Flows: who is the client, when they are final, and which go when there is no room.

use super::{check, check_with_room_for};
use keepscope::analyzer::{Analyzer, Config, Output};
use keepscope::frame::FrameBatch;
use keepscope::report::{Flow, Status};
use keepscope::source::trace::Trace;
use keepscope::source::{FrameSource, Next};
use keepscope::time::Span;

#[test]
fn a_syn_tells_the_client() {
    check(
        "
        addr A 10.0.0.1:443
        addr B 10.0.0.2:40000
        0.000 A S  0:1(0)
        0.010 B S. 0:1(0) ack 1
        0.020 A .  1:1(0) ack 1
        2.020 A .  0:0(0) ack 1               # keepalive_probe side client
        => flow 0 roles handshake
    ",
    );
}

#[test]
fn a_syn_ack_tells_the_server() {
    check(
        "
        0.000 A S. 0:1(0) ack 1
        0.010 B .  1:1(0) ack 1
        2.010 A .  0:0(0) ack 1               # keepalive_probe side server
        => flow 0 roles handshake
    ",
    );
}

#[test]
fn without_a_handshake_the_port_tells_the_server() {
    check(
        "
        0.000 B P. 1:6(5) ack 1
        0.010 A .  1:1(0) ack 6
        2.010 A .  0:0(0) ack 6               # keepalive_probe side client
        => flow 0 roles assumed
    ",
    );
}

#[test]
fn where_ports_do_not_tell_who_sends_first_is_the_client() {
    check(
        "
        addr A 10.0.0.1:2000
        addr B 10.0.0.2:3000
        0.000 B P. 1:6(5) ack 1
        0.010 A .  1:1(0) ack 6
        2.010 A .  0:0(0) ack 6               # keepalive_probe side server
        => flow 0 roles assumed
    ",
    );
}

#[test]
fn a_port_used_again_is_a_new_flow() {
    check(
        "
         0.000 A S  0:1(0)
         0.010 B S. 0:1(0) ack 1
         0.020 A .  1:1(0) ack 1
         2.020 A .  0:0(0) ack 1              # keepalive_probe flow 0
         2.030 B .  1:1(0) ack 1              # keepalive_answer of 2.020
        isn A 700000
        isn B 800000
        10.000 A S  0:1(0)
        10.010 B S. 0:1(0) ack 1
        10.020 A .  1:1(0) ack 1
        13.020 A .  0:0(0) ack 1              # keepalive_probe flow 1 idle 3.010 run 0
        13.030 B .  1:1(0) ack 1              # keepalive_answer of 13.020
        => flow 0 final 10.000 reason ended segments 5
        => flow 1 final null reason end_of_capture segments 5
        => client answered
        => flow 1 client answered
        => capture flows 2
    ",
    );
}

#[test]
fn quiet_ends_where_the_next_flow_begins() {
    let trace = "
            0.000 A P. 1:6(5) ack 1
            0.010 B .  1:1(0) ack 6
        isn A 700000
        isn B 800000
           10.010 A S  0:1(0)
           10.020 B S. 0:1(0) ack 1
         9000.000 A .  1:1(0) ack 1
    ";
    let trace = Trace::parse(trace).unwrap();
    for stream in [false, true] {
        let flow = first_flow(&mut trace.source(), stream);
        // From the octets that the server received.
        assert_eq!(flow.server.longest_quiet, Some(Span::from_millis(10_010)));
        assert_eq!(flow.server.status, Status::NotObservable);
    }
}

/// The report of the flow that came first.
fn first_flow(source: &mut dyn FrameSource, stream: bool) -> Flow {
    let (mut analyzer, mut batch) =
        (Analyzer::new(Config { stream, ..Config::default() }), FrameBatch::default());
    while source.fill(&mut batch).expect("a trace can be read") != Next::End {
        analyzer.handle_batch(&batch);
    }
    analyzer.handle_end(source.notes());
    let mut flows = Vec::new();
    analyzer.report(|flow| flows.push(flow));
    analyzer.drain(|output| {
        if let Output::Flow { flow, .. } = output {
            flows.push(*flow);
        }
    });
    flows.into_iter().min_by_key(|flow| flow.index).expect("a flow")
}

#[test]
fn a_repeated_syn_begins_no_new_flow() {
    check(
        "
         0.000 A S  0:1(0)
         3.000 A S  0:1(0)
         3.010 B S. 0:1(0) ack 1
        => capture flows 1
        => flow 0 segments 3
    ",
    );
}

#[test]
fn a_closed_flow_is_final_after_a_minute() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
         1.000 A F. 6:7(0) ack 1
         1.010 B F. 1:2(0) ack 7
         1.020 A .  7:7(0) ack 2
        addr A 10.0.0.9:50000
        61.000 A P. 1:6(5) ack 1
        61.030 A P. 6:9(3) ack 1
        => flow 0 state closed reason ended final 61.030
        => flow 1 state open reason end_of_capture final null
    ",
    );
}

#[test]
fn a_half_closed_flow_is_never_final_by_being_quiet() {
    check(
        "
             0.000 A P. 1:6(5) ack 1
             0.010 B .  1:1(0) ack 6
             1.000 A F. 6:7(0) ack 1
             1.010 B .  1:1(0) ack 7
        addr A 10.0.0.9:50000
        900000.000 A P. 1:6(5) ack 1
        addr A 10.0.0.1:40000
        900001.000 B P. 1:9(8) ack 7
        => flow 0 state half_closed reason end_of_capture segments 5
        => capture flows 2
    ",
    );
}

#[test]
fn a_reset_flow_is_final_after_a_minute() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
         1.000 B R. 1:1(0) ack 6
        addr A 10.0.0.9:50000
        61.010 A P. 1:6(5) ack 1
        => flow 0 state reset reason ended final 61.010
    ",
    );
}

#[test]
fn a_segment_within_that_minute_joins_the_flow() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
         1.000 B R. 1:1(0) ack 6
        30.000 A R  6:6(0)
        => capture flows 1
        => flow 0 segments 4
    ",
    );
}

#[test]
fn a_flow_that_goes_on_after_a_blind_reset_is_open() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
         1.000 B R  4000:4000(0)              # from a third, and out of place
         2.000 A P. 6:9(3) ack 1
         2.010 B .  1:1(0) ack 9
        62.010 A .  8:8(0) ack 1              # keepalive_probe idle 60.000
        => flow 0 state open
    ",
    );
}

#[test]
fn both_directions_have_their_own_octets() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B P. 1:9(8) ack 6
         0.020 A .  6:6(0) ack 9
         0.030 A P. 1:6(5) ack 9              # again
        => flow 0 client_bytes 5 server_bytes 8 one_sided false
    ",
    );
}

#[test]
fn closed_flows_go_first() {
    check_with_room_for(
        2,
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
        addr A 10.0.0.9:50000
         1.000 A P. 1:6(5) ack 1
         1.010 B F. 1:2(0) ack 6
         1.020 A F. 6:7(0) ack 2
         1.030 B .  2:2(0) ack 7
        addr A 10.0.0.9:50001
         2.000 A P. 1:6(5) ack 1              # no room: the closed one goes, though it is younger
        => flow 0 reason end_of_capture
        => flow 1 reason evicted final 2.000
        => capture flows 3 evicted_flows 1
    ",
    );
}

#[test]
fn flows_that_were_never_established_go_before_others() {
    check_with_room_for(
        2,
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
        addr A 10.0.0.9:50000
         1.000 A S  0:1(0)
        addr A 10.0.0.9:50001
         2.000 A P. 1:6(5) ack 1
        => flow 0 reason end_of_capture
        => flow 1 reason evicted
    ",
    );
}

#[test]
fn one_sided_flows_go_before_others() {
    check_with_room_for(
        2,
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
        addr A 10.0.0.9:50000
         1.000 A P. 1:6(5) ack 1
        addr A 10.0.0.9:50001
         2.000 A P. 1:6(5) ack 1
        => flow 0 reason end_of_capture
        => flow 1 reason evicted
    ",
    );
}

#[test]
fn flows_that_probed_go_last() {
    check_with_room_for(
        2,
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
         2.010 A .  5:5(0) ack 1              # keepalive_probe
         2.020 B .  1:1(0) ack 6              # keepalive_answer of 2.010
        addr A 10.0.0.9:50000
         3.000 A P. 1:6(5) ack 1
         3.010 B .  1:1(0) ack 6
        addr A 10.0.0.9:50001
         4.000 A P. 1:6(5) ack 1
        => flow 0 reason end_of_capture
        => flow 1 reason evicted
        => client answered
    ",
    );
}

#[test]
fn of_equal_flows_the_older_goes_first() {
    check_with_room_for(
        2,
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
        addr A 10.0.0.9:50000
         1.000 A P. 1:6(5) ack 1
         1.010 B .  1:1(0) ack 6
        addr A 10.0.0.9:50001
         2.000 A P. 1:6(5) ack 1
        => flow 0 reason evicted
        => flow 1 reason end_of_capture
    ",
    );
}

#[test]
fn the_open_run_of_an_evicted_flow_is_pending() {
    check_with_room_for(
        1,
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
         2.010 A .  5:5(0) ack 1              # keepalive_probe
        addr A 10.0.0.9:50000
         3.000 A P. 1:6(5) ack 1
        => client pending
        => flow 0 reason evicted final 3.000
    ",
    );
}

#[test]
fn a_syn_in_a_flow_known_from_the_middle_is_a_new_flow_whatever_its_number() {
    check(
        "
        isn A 0
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
        10.000 A S  0:1(0)
        => capture flows 2
        => flow 0 final 10.000
    ",
    );
}

#[test]
fn a_syn_of_an_end_not_seen_before_is_a_new_flow_where_the_other_was_in_the_middle_of_one() {
    check(
        "
        10.000 B .  5:5(0) ack 1                 # keepalive_or_window_probe
        12.000 B .  5:5(0) ack 1                 # keepalive_or_window_probe
        13.000 A S  70000:70001(0)
        13.001 B .  6:6(0) ack 1
        13.002 A R  1:1(0)
        => capture flows 2
    ",
    );
}

#[test]
fn a_syn_that_its_answer_overtook_begins_no_new_flow() {
    check(
        "
        0.000 B S. 0:1(0) ack 1
        0.001 A S  0:1(0)
        0.002 A .  1:1(0) ack 1
        => capture flows 1
    ",
    );
}

#[test]
fn the_wait_for_an_end_counts_from_the_end_that_was_the_last() {
    // The RST is not where A expects it, and A goes on.
    check(
        "
         0.000 A S  0:1(0)
         0.010 B S. 0:1(0) ack 1
         0.020 A .  1:1(0) ack 1
         1.000 B R  500:500(0)
         2.000 A P. 1:6(5) ack 1
         2.010 B .  1:1(0) ack 6
        50.000 A F. 6:6(0) ack 1
        50.010 B F. 1:1(0) ack 7
        65.000 A .  7:7(0) ack 2
        => capture flows 1
    ",
    );
}

/// What is only counted must be counted as if it had been reported.
#[test]
fn flows_that_are_not_reported_are_counted_the_same() {
    let text = "
           0.000 A S  0:1(0)
           0.010 B S. 0:1(0) ack 1
           0.020 A .  1:1(0) ack 1
           0.030 A P. 1:6(5) ack 1
           0.040 B .  1:1(0) ack 6
    ";
    let ends = ["", "0.050 A F. 6:7(0) ack 1\n0.060 B F. 1:2(0) ack 7\n0.070 A . 7:7(0) ack 2"];
    let later = ["", "9000.000 A P. 6:7(1) ack 1\n9000.010 B . 1:1(0) ack 7", "120.000 A S 9000:9001(0)"];
    for trace in ends.into_iter().flat_map(|end| later.map(|later| format!("{text}\n{end}\n{later}"))) {
        let all = summary(&trace, false);
        assert_eq!(format!("{all:?}"), format!("{:?}", summary(&trace, true)), "{trace}");
        assert!(all.flows > 0);
    }
}

fn summary(trace: &str, notable_only: bool) -> keepscope::report::Summary {
    let trace = Trace::parse(trace).expect("a trace");
    let (mut source, mut batch) = (trace.source(), FrameBatch::default());
    let mut analyzer = Analyzer::new(Config::default());
    while source.fill(&mut batch).expect("a trace can be read") != Next::End {
        analyzer.handle_batch(&batch);
    }
    analyzer.handle_end(source.notes());
    if notable_only {
        analyzer.report_notable(|_| {});
    } else {
        analyzer.report(|_| {});
    }
    analyzer.conclude_all().1
}
