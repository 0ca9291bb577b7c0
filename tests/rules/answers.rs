//! R4: what answers a probe, and which one.

use super::check;

#[test]
fn a_bare_acknowledgement_answers() {
    check(
        "
         0.000 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1              # keepalive_probe
        60.010 B .  1:1(0) ack 6              # keepalive_answer of 60.000 by ack rtt 0.010
        => client side rtt 0.010 rtt_samples 1
    ",
    );
}

#[test]
fn an_answer_may_change_the_window() {
    check(
        "
         0.000 B .  1:1(0) ack 6 win 500
        60.000 A .  5:5(0) ack 1              # keepalive_probe
        60.010 B .  1:1(0) ack 6 win 600      # keepalive_answer of 60.000
    ",
    );
}

#[test]
fn an_answer_may_close_the_window() {
    check(
        "
         0.000 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1              # keepalive_probe
        60.010 B .  1:1(0) ack 6 win 0        # keepalive_answer of 60.000
    ",
    );
}

#[test]
fn an_answer_may_be_a_d_sack() {
    check(
        "
         0.000 B .  1:1(0) ack 6
        60.000 A .  5:6(1) ack 1 hex 00       # keepalive_probe
        60.010 B .  1:1(0) ack 6 <sack 5:6>   # keepalive_answer of 60.000 by ack
    ",
    );
}

#[test]
fn data_answers_within_a_second() {
    check(
        "
         0.000 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1              # keepalive_probe
        60.900 B P. 1:9(8) ack 6              # keepalive_answer of 60.000 by data
        60.910 A .  6:6(0) ack 9
        => client answered probes 1
    ",
    );
}

#[test]
fn data_that_comes_too_late_shows_that_probes_are_ignored() {
    check(
        "
         0.000 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1              # keepalive_probe
        61.100 B P. 1:9(8) ack 6
        61.110 A .  6:6(0) ack 9
        => client ignored probes 1 end 61.100
    ",
    );
}

#[test]
fn on_a_slow_path_data_has_four_times_the_smallest_rtt() {
    check(
        "
          0.000 B .  1:1(0) ack 6
         60.000 A .  5:5(0) ack 1             # keepalive_probe
         60.600 B .  1:1(0) ack 6             # keepalive_answer of 60.000 rtt 0.600
        120.600 A .  5:5(0) ack 1             # keepalive_probe
        122.900 B P. 1:9(8) ack 6             # keepalive_answer of 120.600 by data
        122.910 A .  6:6(0) ack 9
    ",
    );
}

#[test]
fn a_fin_answers() {
    check(
        "
         0.000 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1              # keepalive_probe
        60.010 B F. 1:2(0) ack 6              # keepalive_answer of 60.000 by fin
        60.020 A .  6:6(0) ack 2
        => client answered
    ",
    );
}

#[test]
fn data_on_its_way_before_the_probe_came_is_no_answer() {
    check(
        "
          0.000 B .  1:1(0) ack 6
         60.000 A .  5:5(0) ack 1             # keepalive_probe
         60.200 B .  1:1(0) ack 6             # keepalive_answer of 60.000 rtt 0.200
        120.200 A .  5:5(0) ack 1             # keepalive_probe
        120.250 B P. 1:9(8) ack 6             # a quarter of the way: it crossed the probe
        120.400 B .  9:9(0) ack 6             # keepalive_answer of 120.200 rtt 0.200
    ",
    );
}

#[test]
fn a_delayed_acknowledgement_answers() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1              # keepalive_probe
        60.200 B .  1:1(0) ack 6              # keepalive_answer of 60.000 rtt 0.200
    ",
    );
}

#[test]
fn a_bare_acknowledgement_answers_however_late() {
    check(
        "
         0.000 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1              # keepalive_probe
        79.000 B .  1:1(0) ack 6              # keepalive_answer of 60.000 rtt 19.000
        => client answered probes 1
    ",
    );
}

#[test]
fn of_several_open_probes_the_newest_is_answered_and_the_rtt_is_unknown() {
    check(
        "
         0.000 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1              # keepalive_probe number 1
        75.000 A .  5:5(0) ack 1              # keepalive_probe number 2 interval 15.000
        75.010 B .  1:1(0) ack 6              # keepalive_answer of 75.000 rtt null
        => client recovered probes 2
        => client side answered 1 unanswered 1 rtt_samples 0 count at_least:2
    ",
    );
}

#[test]
fn a_crossing_probe_of_the_peer_is_no_answer() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1              # keepalive_probe side client
        60.005 B .  0:0(0) ack 6              # keepalive_probe side server
        60.010 B .  1:1(0) ack 6              # keepalive_answer of 60.000 rtt 0.010
        60.015 A .  6:6(0) ack 1              # keepalive_answer of 60.005 rtt 0.010
        => client answered end 60.010
        => server answered end 60.015
    ",
    );
}

#[test]
fn a_probe_of_the_peer_alone_leaves_ours_unanswered() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1              # keepalive_probe
        60.005 B .  0:0(0) ack 6              # keepalive_probe
        => client pending probes 1
        => server pending probes 1
    ",
    );
}

#[test]
fn an_acknowledgement_of_less_answers_nothing() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1              # keepalive_probe
        60.010 B .  1:1(0) ack 3              # an old one
        => client pending
    ",
    );
}

#[test]
fn the_second_of_two_acknowledgements_answers_nothing() {
    check(
        "
         0.000 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1              # keepalive_probe
        60.010 B .  1:1(0) ack 6 win 500      # keepalive_answer of 60.000
        60.020 B .  1:1(0) ack 6 win 600      # a window update
    ",
    );
}

#[test]
fn the_probes_time_stamp_in_the_answer_says_nothing() {
    check(
        "
         0.000 A P. 1:6(5) ack 1 <ts 1000/500>
         0.010 B .  1:1(0) ack 6 <ts 510/1000>
        60.000 A .  5:5(0) ack 1 <ts 61000/510>      # keepalive_probe
        60.010 B .  1:1(0) ack 6 <ts 60510/1000>     # keepalive_answer of 60.000 rtt 0.010
    ",
    );
}

// R9: acknowledgements without a probe.

#[test]
fn a_window_update_is_no_answer() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6 win 500
        60.000 B .  1:1(0) ack 6 win 600
    ",
    );
}

#[test]
fn duplicate_acknowledgements_are_neither_probe_nor_answer() {
    check(
        "
        0.000 B .  1:1(0) ack 6
        0.100 A .  106:206(100) ack 1         # 6 to 105 was lost
        0.110 B .  1:1(0) ack 6 <sack 106:206>
        0.120 A .  206:306(100) ack 1
        0.130 B .  1:1(0) ack 6 <sack 106:306>
        0.140 A .  6:106(100) ack 1
        0.150 B .  1:1(0) ack 306
    ",
    );
}

#[test]
fn a_challenge_acknowledgement_is_neither_probe_nor_answer() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
        60.000 A R. 3:3(0) ack 1              # not where B expects it
        60.010 B .  1:1(0) ack 6              # so it has not accepted the reset
        => flow 0 state open
    ",
    );
}

#[test]
fn a_crossing_segment_that_may_be_a_probe_is_no_answer() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
         0.020 A .  6:6(0) ack 1 win 0
        60.010 A .  5:5(0) ack 1 win 0        # keepalive_probe
        60.015 B .  0:0(0) ack 6              # keepalive_or_window_probe
        60.020 B .  1:1(0) ack 6              # keepalive_answer of 60.010 rtt 0.010
        60.025 A .  6:6(0) ack 1 win 0
        => client answered
    ",
    );
}

#[test]
fn an_answer_at_the_start_of_a_capture_is_no_candidate_as_well() {
    // The probe's own ACK is one behind, so the answer's SEQ is not proved by it.
    check(
        "
        0.000 A .  9:9(0) ack 39
        1.000 B .  38:38(0) ack 8     # keepalive_probe
        1.001 A .  9:9(0) ack 39      # keepalive_answer of 1.000
    ",
    );
}
