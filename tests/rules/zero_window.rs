//! R5: probes into a zero window.

use super::check;

#[test]
fn one_octet_beyond_the_window_is_a_window_probe() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B .  1:1(0) ack 6 win 0
        5.000 A .  6:7(1) ack 1               # window_probe payload 1
        5.010 B .  1:1(0) ack 6 win 0
        => client no_runs
        => client side window_probes 1
    ",
    );
}

#[test]
fn one_octet_beyond_the_window_again_is_a_window_probe_again() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B .  1:1(0) ack 6 win 0
        5.000 A .  6:7(1) ack 1               # window_probe
        5.010 B .  1:1(0) ack 6 win 0
       10.000 A .  6:7(1) ack 1               # window_probe -- at SND.NXT-1, and not acknowledged
       10.010 B .  1:1(0) ack 6 win 0
    ",
    );
}

#[test]
fn one_octet_beyond_an_open_window_is_data() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B .  1:1(0) ack 6 win 1
        5.000 A .  6:7(1) ack 1
        5.010 B .  1:1(0) ack 7 win 0
    ",
    );
}

#[test]
fn doubling_spacings_are_window_probes() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B .  1:1(0) ack 6 win 0
        0.230 A .  5:5(0) ack 1               # window_probe decided 1.570
        0.231 B .  1:1(0) ack 6 win 0
        0.680 A .  5:5(0) ack 1               # window_probe decided 1.570
        0.681 B .  1:1(0) ack 6 win 0
        1.570 A .  5:5(0) ack 1               # window_probe
        1.571 B .  1:1(0) ack 6 win 0
        3.330 A .  5:5(0) ack 1               # window_probe
        3.331 B .  1:1(0) ack 6 win 0
        => client no_runs
        => client side window_probes 4
    ",
    );
}

#[test]
fn a_single_doubling_is_undecided() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B .  1:1(0) ack 6 win 0
        0.230 A .  5:5(0) ack 1               # keepalive_or_window_probe decided null
        0.231 B .  1:1(0) ack 6 win 0
        0.680 A .  5:5(0) ack 1               # keepalive_or_window_probe
        0.681 B .  1:1(0) ack 6 win 0
        => client side ambiguous 2
    ",
    );
}

#[test]
fn three_equal_spacings_are_keepalives() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B .  1:1(0) ack 6 win 0
        2.030 A .  5:5(0) ack 1               # keepalive_probe rule R5 decided 6.070 idle 2.020
        2.040 B .  1:1(0) ack 6 win 0         # keepalive_answer of 2.030
        4.056 A .  5:5(0) ack 1               # keepalive_probe rule R5 idle 2.016
        4.060 B .  1:1(0) ack 6 win 0         # keepalive_answer of 4.056
        6.070 A .  5:5(0) ack 1               # keepalive_probe rule R5 idle 2.010
        6.080 B .  1:1(0) ack 6 win 0         # keepalive_answer of 6.070
        => client answered
        => client answered
        => client answered
    ",
    );
}

#[test]
fn two_equal_spacings_are_undecided() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B .  1:1(0) ack 6 win 0
        2.030 A .  5:5(0) ack 1               # keepalive_or_window_probe
        2.040 B .  1:1(0) ack 6 win 0
        4.056 A .  5:5(0) ack 1               # keepalive_or_window_probe
        4.060 B .  1:1(0) ack 6 win 0
        => client no_runs
    ",
    );
}

#[test]
fn equal_spacings_apart_by_more_than_lateness_are_undecided() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B .  1:1(0) ack 6 win 0
        2.010 A .  5:5(0) ack 1               # keepalive_or_window_probe
        2.020 B .  1:1(0) ack 6 win 0
        4.410 A .  5:5(0) ack 1               # keepalive_or_window_probe
        4.420 B .  1:1(0) ack 6 win 0
        7.320 A .  5:5(0) ack 1               # keepalive_or_window_probe
        7.330 B .  1:1(0) ack 6 win 0
    ",
    );
}

#[test]
fn equal_spacings_of_a_minute_may_be_a_persist_timer_at_its_cap() {
    check(
        "
          0.000 A P. 1:6(5) ack 1
          0.010 B .  1:1(0) ack 6 win 0
         60.010 A .  5:5(0) ack 1             # keepalive_or_window_probe
         60.020 B .  1:1(0) ack 6 win 0
        120.010 A .  5:5(0) ack 1             # keepalive_or_window_probe
        120.020 B .  1:1(0) ack 6 win 0
        180.010 A .  5:5(0) ack 1             # keepalive_or_window_probe
        180.020 B .  1:1(0) ack 6 win 0
    ",
    );
}

#[test]
fn equal_spacings_just_below_a_minute_are_keepalives() {
    check(
        "
          0.000 A P. 1:6(5) ack 1
          0.010 B .  1:1(0) ack 6 win 0
         59.010 A .  5:5(0) ack 1             # keepalive_probe
         59.020 B .  1:1(0) ack 6 win 0       # keepalive_answer of 59.010
        118.010 A .  5:5(0) ack 1             # keepalive_probe
        118.020 B .  1:1(0) ack 6 win 0       # keepalive_answer of 118.010
        177.010 A .  5:5(0) ack 1             # keepalive_probe
        177.020 B .  1:1(0) ack 6 win 0       # keepalive_answer of 177.010
    ",
    );
}

#[test]
fn equal_spacings_after_doubling_are_undecided() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6 win 0
         4.010 A .  5:5(0) ack 1              # window_probe
         4.011 B .  1:1(0) ack 6 win 0
        12.020 A .  5:5(0) ack 1              # window_probe
        12.021 B .  1:1(0) ack 6 win 0
        28.000 A .  5:5(0) ack 1              # window_probe -- 4, 8, 16 s
        28.001 B .  1:1(0) ack 6 win 0
        44.000 A .  5:5(0) ack 1              # keepalive_or_window_probe -- and again 16 s
        44.001 B .  1:1(0) ack 6 win 0
        60.000 A .  5:5(0) ack 1              # keepalive_or_window_probe
        60.001 B .  1:1(0) ack 6 win 0
    ",
    );
}

#[test]
fn when_the_window_opens_what_is_open_stays_undecided() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B .  1:1(0) ack 6 win 0
        2.030 A .  5:5(0) ack 1               # keepalive_or_window_probe decided 3.000
        2.040 B .  1:1(0) ack 6 win 0
        3.000 B .  1:1(0) ack 6 win 500
    ",
    );
}

#[test]
fn when_the_window_is_open_again_probes_are_probes_again() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B .  1:1(0) ack 6 win 0
        3.000 B .  1:1(0) ack 6 win 500
        5.020 A .  5:5(0) ack 1               # keepalive_probe rule R1 idle 2.020
        5.030 B .  1:1(0) ack 6 win 500       # keepalive_answer of 5.020
    ",
    );
}

#[test]
fn the_window_of_a_reset_says_nothing() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
         1.000 B R  3:3(0) win 0              # from nowhere, and nobody minds
        60.010 A .  5:5(0) ack 1              # keepalive_probe rule R1
        60.020 B .  1:1(0) ack 6              # keepalive_answer of 60.010
    ",
    );
}

#[test]
fn unanswered_window_probes_form_no_run() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B .  1:1(0) ack 6 win 0
        0.230 A .  5:5(0) ack 1               # window_probe
        0.680 A .  5:5(0) ack 1               # window_probe
        1.570 A .  5:5(0) ack 1               # window_probe
        3.330 A .  5:5(0) ack 1               # window_probe
        => client no_runs
        => client side probes 0
    ",
    );
}

#[test]
fn keepalives_into_a_zero_window_can_time_out() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6 win 0
         2.030 A .  5:5(0) ack 1              # keepalive_probe rule R5
         4.050 A .  5:5(0) ack 1              # keepalive_probe rule R5
         6.070 A .  5:5(0) ack 1              # keepalive_probe rule R5
         8.090 A R. 6:6(0) ack 1
        => client timed_out probes 3 idle 2.020 interval 2.020,2.020 wait 2.020
    ",
    );
}

#[test]
fn the_window_of_an_overtaken_segment_is_out_of_date() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.005 B .  1:1(0) ack 1 id 7
        0.010 B .  1:1(0) ack 6 win 0 id 9
        0.011 B .  1:1(0) ack 6 win 500 id 8
        2.011 A .  5:5(0) ack 1               # keepalive_or_window_probe
    ",
    );
}

#[test]
fn a_window_that_opened_in_between_ends_the_rhythm() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B .  1:1(0) ack 6 win 0
        2.010 A .  5:5(0) ack 1               # keepalive_or_window_probe
        4.010 A .  5:5(0) ack 1               # keepalive_or_window_probe
        5.000 B .  1:1(0) ack 6 win 500
        5.010 B .  1:1(0) ack 6 win 0
        6.010 A .  5:5(0) ack 1               # keepalive_or_window_probe -- the first of a new row
    ",
    );
}

#[test]
fn a_window_that_opened_while_no_probe_was_open_ends_the_rhythm_too() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6 win 0
         2.010 A .  5:5(0) ack 1              # keepalive_probe rule R5
         2.020 B .  1:1(0) ack 6 win 0        # keepalive_answer of 2.010
         4.020 A .  5:5(0) ack 1              # keepalive_probe rule R5
         4.030 B .  1:1(0) ack 6 win 0        # keepalive_answer of 4.020
         6.030 A .  5:5(0) ack 1              # keepalive_probe rule R5
         6.040 B .  1:1(0) ack 6 win 0        # keepalive_answer of 6.030
         6.500 B .  1:1(0) ack 6
        19.000 B P. 1:11(10) ack 6 win 0
        19.001 A .  6:6(0) ack 11
        21.000 A .  5:5(0) ack 11             # keepalive_probe rule R5 decided 25.020
        21.010 B .  11:11(0) ack 6 win 0      # keepalive_answer of 21.000
        23.010 A .  5:5(0) ack 11             # keepalive_probe rule R5
        23.020 B .  11:11(0) ack 6 win 0      # keepalive_answer of 23.010
        25.020 A .  5:5(0) ack 11             # keepalive_probe rule R5
        25.030 B .  11:11(0) ack 6 win 0      # keepalive_answer of 25.020
    ",
    );
}

#[test]
fn over_unacknowledged_data_nothing_into_a_zero_window_is_no_certain_probe() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
         1.000 A P. 6:16(10) ack 1
         1.010 B .  1:1(0) ack 6 win 0
        60.010 A .  5:5(0) ack 1
        60.020 B .  1:1(0) ack 6 win 0
    ",
    );
}
