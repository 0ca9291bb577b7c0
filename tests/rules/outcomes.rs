//! R11 and the table of outcomes: what becomes of a run of probes.

use super::check;

#[test]
fn the_probers_reset_one_interval_after_the_last_probe_is_a_timeout() {
    check(
        "
        0.000 B .  1:1(0) ack 6
        2.016 A .  5:5(0) ack 1               # keepalive_probe number 1
        3.040 A .  5:5(0) ack 1               # keepalive_probe number 2
        4.064 A .  5:5(0) ack 1               # keepalive_probe number 3
        5.088 A R. 6:6(0) ack 1
        => client timed_out probes 3 idle 2.016 interval 1.024,1.024 wait 1.024 detected 5.088 end 5.088
        => client side unanswered 3 interval_samples 3 count exact_or_user_timeout:3 user_timeout 4.064..5.088
        => flow 0 state reset
    ",
    );
}

#[test]
fn with_one_probe_the_wait_itself_is_the_interval() {
    check(
        "
        0.000 B .  1:1(0) ack 6
        2.016 A .  5:5(0) ack 1               # keepalive_probe
        3.040 A R. 6:6(0) ack 1
        => client timed_out probes 1 idle 2.016 interval none wait 1.024
        => client side interval 1.024 interval_samples 1 count exact_or_user_timeout:1 user_timeout 0.000..3.040
    ",
    );
}

#[test]
fn the_probers_reset_at_another_moment_closes() {
    check(
        "
        0.000 B .  1:1(0) ack 6
        2.016 A .  5:5(0) ack 1               # keepalive_probe
        3.040 A .  5:5(0) ack 1               # keepalive_probe
        3.500 A R. 6:6(0) ack 1               # the application gave up
        => client closed probes 2 wait null end 3.500
        => client side interval_samples 1 unanswered 2
    ",
    );
}

#[test]
fn the_probers_reset_at_another_number_closes() {
    check(
        "
        0.000 B .  1:1(0) ack 6
        2.016 A .  5:5(0) ack 1               # keepalive_probe
        3.040 A .  5:5(0) ack 1               # keepalive_probe
        4.064 A R. 5:5(0) ack 1
        => client closed
    ",
    );
}

#[test]
fn the_first_interval_may_differ_by_a_granule() {
    check(
        "
         0.000 B .  1:1(0) ack 6
        20.169 A .  5:5(0) ack 1              # keepalive_probe
        30.217 A .  5:5(0) ack 1              # keepalive_probe interval 10.048
        41.379 A R. 6:6(0) ack 1              # 11 % later than the interval
        => client timed_out wait 11.162
    ",
    );
}

#[test]
fn a_reset_of_the_far_end_resets() {
    check(
        "
         0.000 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1              # keepalive_probe
        60.010 B R  1:1(0) win 0
        => client reset probes 1 end 60.010 detected 60.010
        => client side answered 0 unanswered 1 count null
    ",
    );
}

#[test]
fn a_reset_with_acknowledgement_resets_too() {
    check(
        "
         0.000 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1              # keepalive_probe
        75.000 A .  5:5(0) ack 1              # keepalive_probe
        75.010 B R. 1:1(0) ack 6
        => client reset probes 2 end 75.010
    ",
    );
}

#[test]
fn a_reset_before_any_probe_ends_no_run() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
        60.000 B R. 1:1(0) ack 6
        => client no_runs
        => flow 0 state reset
    ",
    );
}

#[test]
fn an_answer_after_lost_probes_recovers() {
    check(
        "
        0.000 B .  1:1(0) ack 6
        2.016 A .  5:5(0) ack 1               # keepalive_probe run 0 number 1
        3.040 A .  5:5(0) ack 1               # keepalive_probe run 0 number 2
        3.050 B .  1:1(0) ack 6               # keepalive_answer of 3.040 rtt null
        5.066 A .  5:5(0) ack 1               # keepalive_probe run 1 number 1
        5.076 B .  1:1(0) ack 6               # keepalive_answer of 5.066 rtt 0.010
        => client recovered probes 2
        => client answered probes 1
        => client side answered 2 unanswered 1 outcome answered
    ",
    );
}

#[test]
fn data_of_the_prober_supersedes() {
    check(
        "
        0.000 B .  1:1(0) ack 6
        2.016 A .  5:5(0) ack 1               # keepalive_probe
        2.500 A P. 6:9(3) ack 1
        2.510 B .  1:1(0) ack 9
        => client superseded probes 1 end 2.500
    ",
    );
}

#[test]
fn a_fin_of_the_prober_supersedes() {
    check(
        "
        0.000 B .  1:1(0) ack 6
        2.016 A .  5:5(0) ack 1               # keepalive_probe
        2.500 A F. 6:7(0) ack 1
        => client superseded probes 1 end 2.500
    ",
    );
}

#[test]
fn a_retransmission_of_the_prober_does_not_supersede() {
    check(
        "
        0.000 B .  1:1(0) ack 6
        1.000 A P. 6:16(10) ack 1
        3.016 A .  5:5(0) ack 1               # keepalive_probe rule R1b
        3.500 A P. 6:16(10) ack 1
        3.510 B .  1:1(0) ack 16              # keepalive_answer of 3.016
        => client answered
    ",
    );
}

#[test]
fn nothing_more_for_three_intervals_is_stopped() {
    check(
        "
         0.000 B .  1:1(0) ack 6
         2.016 A .  5:5(0) ack 1              # keepalive_probe
         3.040 A .  5:5(0) ack 1              # keepalive_probe
        addr A 10.0.0.9:50000
         6.000 A P. 1:6(5) ack 1              # another connection: the capture goes on
        60.000 A P. 6:9(3) ack 1
        => client stopped probes 2 end null
        => client side unanswered 2
    ",
    );
}

#[test]
fn nothing_more_for_two_idles_is_stopped_where_no_interval_was_seen() {
    check(
        "
         0.000 B .  1:1(0) ack 6
         2.016 A .  5:5(0) ack 1              # keepalive_probe
        addr A 10.0.0.9:50000
        60.000 A P. 1:6(5) ack 1
        => client stopped probes 1
    ",
    );
}

#[test]
fn a_capture_that_ends_before_leaves_a_run_pending() {
    check(
        "
         0.000 B .  1:1(0) ack 6
         2.016 A .  5:5(0) ack 1              # keepalive_probe
         3.040 A .  5:5(0) ack 1              # keepalive_probe
        addr A 10.0.0.9:50000
         5.000 A P. 1:6(5) ack 1
        => client pending probes 2
        => client side unanswered 1 undecided 1 count at_least:2
    ",
    );
}

#[test]
fn what_stopped_may_begin_again() {
    check(
        "
         0.000 B .  1:1(0) ack 6
         2.016 A .  5:5(0) ack 1              # keepalive_probe run 0
         3.040 A .  5:5(0) ack 1              # keepalive_probe run 0
        60.000 A .  5:5(0) ack 1              # keepalive_probe run 1 number 1
        60.010 B .  1:1(0) ack 6              # keepalive_answer of 60.000
        => client stopped probes 2
        => client answered probes 1
    ",
    );
}

#[test]
fn where_the_answering_direction_was_not_captured_the_outcome_is_unknown() {
    check(
        "
          0.000 A .  5:5(0) ack 1             # keepalive_probe rule R3 run 0
         15.000 A .  5:5(0) ack 1             # keepalive_probe rule R3 run 0
        300.000 A .  5:5(0) ack 1             # keepalive_probe rule R3 run 1
        315.000 A .  5:5(0) ack 1             # keepalive_probe rule R3 run 1
        330.000 A R. 6:6(0) ack 1             # proves them all
        => client unknown probes 2
        => client timed_out probes 2
        => client side undecided 2 unanswered 2
    ",
    );
}

#[test]
fn a_timeout_with_both_ends_probing_ends_both_runs() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B .  1:1(0) ack 6
        2.000 A .  5:5(0) ack 1               # keepalive_probe
        2.500 B .  0:0(0) ack 6               # keepalive_probe
        3.000 A .  5:5(0) ack 1               # keepalive_probe
        4.000 A R. 6:6(0) ack 1
        => client timed_out probes 2
        => server reset probes 1 end 4.000
    ",
    );
}

#[test]
fn the_flows_end_leaves_a_run_stopped() {
    check(
        "
         0.000 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1              # keepalive_probe
        70.000 A S  500:501(0)                # the tuple is used again
        => client stopped probes 1 end null
        => flow 0 reason ended final 70.000
    ",
    );
}

#[test]
fn a_reset_by_a_fifth_too_early_closes() {
    check(
        "
        0.000 B .  1:1(0) ack 6
        2.000 A .  5:5(0) ack 1               # keepalive_probe
        3.000 A .  5:5(0) ack 1               # keepalive_probe
        3.800 A R. 6:6(0) ack 1
        => client closed wait null
    ",
    );
}

#[test]
fn a_reset_by_a_fifth_too_late_closes() {
    check(
        "
        0.000 B .  1:1(0) ack 6
        2.000 A .  5:5(0) ack 1               # keepalive_probe
        3.000 A .  5:5(0) ack 1               # keepalive_probe
        4.200 A R. 6:6(0) ack 1
        => client closed wait null
    ",
    );
}

#[test]
fn less_than_two_idles_without_a_second_probe_is_pending() {
    check(
        "
         0.000 B .  1:1(0) ack 6
         2.016 A .  5:5(0) ack 1              # keepalive_probe
        addr A 10.0.0.9:50000
         5.500 A P. 1:6(5) ack 1
        => client pending probes 1
    ",
    );
}

#[test]
fn a_repeated_fin_does_not_supersede() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B .  1:1(0) ack 6
        0.020 A F. 6:7(0) ack 1
        0.030 B .  1:1(0) ack 7
        2.030 A .  6:6(0) ack 1               # keepalive_probe
        2.500 A F. 6:7(0) ack 1
        2.510 B .  1:1(0) ack 7               # keepalive_answer of 2.030
        => client answered
    ",
    );
}

#[test]
fn after_data_that_acknowledges_nothing_new_the_count_is_a_lower_bound() {
    check(
        "
        0.000 B .  1:1(0) ack 6
        2.000 A .  5:5(0) ack 1               # keepalive_probe
        3.000 A .  5:5(0) ack 1               # keepalive_probe
        4.100 B P. 1:9(8) ack 6
        4.110 A .  6:6(0) ack 9
        6.100 A .  5:5(0) ack 9               # keepalive_probe
        7.100 A .  5:5(0) ack 9               # keepalive_probe
        8.100 A R. 6:6(0) ack 9               # of the four that the socket counts
        => client ignored probes 2
        => client timed_out probes 2
        => client side count at_least:2
    ",
    );
}

#[test]
fn with_one_probe_a_reset_at_another_moment_than_the_interval_seen_before_closes() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B .  1:1(0) ack 6
       10.010 A .  5:5(0) ack 1               # keepalive_probe
       12.010 A .  5:5(0) ack 1               # keepalive_probe interval 2.000
       12.020 B .  1:1(0) ack 6               # keepalive_answer of 12.010
       22.020 A .  5:5(0) ack 1               # keepalive_probe
       22.320 A R. 6:6(0) ack 1
        => client recovered probes 2
        => client closed probes 1
    ",
    );
}

#[test]
fn the_user_timeout_counts_all_probes_of_a_run_though_not_all_are_listed() {
    let handshake = "0.000 A S 0:1(0)\n0.000 B S. 0:1(0) ack 1\n0.000 A . 1:1(0) ack 1\n";
    let probes: String = (1..=100).map(|n| format!("{n}.000 A . 0:0(0) ack 1 # keepalive_probe\n")).collect();
    let end = "101.000 A R. 1:1(0) ack 1\n=> client timed_out probes 100\n\
               => client side count exact_or_user_timeout:100 user_timeout 100.000..101.000\n";
    check(&format!("{handshake}{probes}{end}"));
}

#[test]
fn where_the_capture_may_have_begun_amid_a_run_the_count_is_a_lower_bound() {
    check(
        "
         0.000 A .  5:5(0) ack 1      # keepalive_probe
        10.000 A .  5:5(0) ack 1      # keepalive_probe
        20.000 A R. 6:6(0) ack 1
        => client timed_out probes 2
        => client side count at_least:2
    ",
    );
}

/// Two probes that waited for the neighbour's address together are let go together: their spacing is no interval, by which later runs
/// would be over before any answer can come.
#[test]
fn probes_that_were_held_up_and_let_go_together_tell_no_interval() {
    check(
        "
        0.000000 B .  1:1(0) ack 6
        2.048000 A .  5:5(0) ack 1               # keepalive_probe number 1
        2.048007 A .  5:5(0) ack 1 id 7          # keepalive_probe number 2
        2.048100 B .  1:1(0) ack 6               # keepalive_answer of 2.048007
        3.072000 A .  5:5(0) ack 1 id 8          # keepalive_probe number 1
        3.072100 B .  1:1(0) ack 6               # keepalive_answer of 3.072000
        => client recovered probes 2
        => client answered
        => client side probes 3 interval null interval_samples 0
    ",
    );
}
