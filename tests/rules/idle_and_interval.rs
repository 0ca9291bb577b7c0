//! R12: what is measured, and from where.

use super::check;

#[test]
fn idle_counts_from_the_last_data_received() {
    check(
        "
         0.000 B .  1:1(0) ack 6
         5.000 B P. 1:9(8) ack 6
         5.010 A .  6:6(0) ack 9              # own segments do not matter
        20.000 A .  5:5(0) ack 9              # keepalive_probe idle 15.000
        20.010 B .  9:9(0) ack 6              # keepalive_answer of 20.000
        => client answered idle 15.000 quiet_since 5.000
    ",
    );
}

#[test]
fn idle_counts_from_the_last_acknowledgement_received() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.200 B .  1:1(0) ack 6
        15.200 A .  5:5(0) ack 1              # keepalive_probe idle 15.000
        15.210 B .  1:1(0) ack 6              # keepalive_answer of 15.200
        30.210 A .  5:5(0) ack 1              # keepalive_probe idle 15.000
    ",
    );
}

#[test]
fn the_peers_probe_does_not_restart_idle() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
         3.000 B .  0:0(0) ack 6              # keepalive_probe idle 3.000
         3.010 A .  6:6(0) ack 1              # keepalive_answer of 3.000
         4.010 A .  5:5(0) ack 1              # keepalive_probe idle 4.000
         4.020 B .  1:1(0) ack 6              # keepalive_answer of 4.010
        => client answered idle 4.000 quiet_since 0.010
        => server answered idle 3.000
        => client side idle 4.000 idle_any 1.010
        => server side idle 3.000 idle_any null
    ",
    );
}

#[test]
fn repeated_data_does_not_restart_idle() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B P. 1:9(8) ack 6
        0.020 A .  6:6(0) ack 9
        1.000 B P. 1:9(8) ack 6
        1.010 A .  6:6(0) ack 9 <sack 1:9>
        2.010 A .  5:5(0) ack 9               # keepalive_probe idle 2.000
        => client side idle 2.000 idle_any 1.010
    ",
    );
}

#[test]
fn an_old_acknowledgement_does_not_restart_idle() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B .  1:1(0) ack 6
        1.000 B .  1:1(0) ack 3
        2.010 A .  5:5(0) ack 1               # keepalive_probe idle 2.000
        => client side idle 2.000 idle_any 1.010
    ",
    );
}

#[test]
fn intervals_are_only_between_unanswered_probes() {
    check(
        "
         0.000 B .  1:1(0) ack 6
         2.000 A .  5:5(0) ack 1              # keepalive_probe idle 2.000 interval null
         2.010 B .  1:1(0) ack 6              # keepalive_answer of 2.000
         4.010 A .  5:5(0) ack 1              # keepalive_probe idle 2.000 interval null
         4.020 B .  1:1(0) ack 6              # keepalive_answer of 4.010
         6.020 A .  5:5(0) ack 1              # keepalive_probe idle 2.000 interval null
         7.020 A .  5:5(0) ack 1              # keepalive_probe idle null interval 1.000
         8.020 A .  5:5(0) ack 1              # keepalive_probe idle null interval 1.000
         8.030 B .  1:1(0) ack 6              # keepalive_answer of 8.020
        => client side idle_samples 3 interval_samples 2 interval 1.000
    ",
    );
}

#[test]
fn where_all_is_answered_the_interval_is_not_known() {
    check(
        "
         0.000 B .  1:1(0) ack 6
         2.000 A .  5:5(0) ack 1              # keepalive_probe
         2.010 B .  1:1(0) ack 6              # keepalive_answer of 2.000
         4.010 A .  5:5(0) ack 1              # keepalive_probe
         4.020 B .  1:1(0) ack 6              # keepalive_answer of 4.010
        => client side interval null interval_samples 0 count null
    ",
    );
}

#[test]
fn after_a_recovered_run_idle_counts_from_the_answer() {
    check(
        "
        0.000 B .  1:1(0) ack 6
        2.000 A .  5:5(0) ack 1               # keepalive_probe idle 2.000
        3.000 A .  5:5(0) ack 1               # keepalive_probe interval 1.000
        3.500 B .  1:1(0) ack 6               # keepalive_answer of 3.000
        5.500 A .  5:5(0) ack 1               # keepalive_probe idle 2.000
        => client recovered idle 2.000
        => client pending idle 2.000
    ",
    );
}

#[test]
fn data_of_the_peer_that_ends_a_run_restarts_idle() {
    check(
        "
        0.000 B .  1:1(0) ack 6
        2.000 A .  5:5(0) ack 1               # keepalive_probe
        2.010 B P. 1:9(8) ack 6               # keepalive_answer of 2.000 by data
        4.010 A .  5:5(0) ack 9               # keepalive_probe idle 2.000
        => client answered
        => client pending quiet_since 2.010
    ",
    );
}

#[test]
fn where_nothing_was_received_yet_idle_is_not_known() {
    check(
        "
        0.000 A .  5:5(0) ack 1               # keepalive_probe idle null
        0.010 B .  1:1(0) ack 6               # keepalive_answer of 0.000
        => client side idle null idle_samples 0
    ",
    );
}

#[test]
fn an_interval_against_the_clock_is_dropped_and_counted() {
    check(
        "
        10.000 B .  1:1(0) ack 6
        12.000 A .  5:5(0) ack 1              # keepalive_probe idle 2.000
        11.500 A .  5:5(0) ack 1 id 77        # keepalive_probe interval null
        12.500 A .  5:5(0) ack 1 id 78        # keepalive_probe interval 1.000
        => client pending probes 3 interval 1.000 doubt time_step
        => capture time_steps 1
    ",
    );
}

#[test]
fn an_idle_against_the_clock_is_dropped_and_counted() {
    check(
        "
        10.000 B .  1:1(0) ack 6
         9.000 A .  5:5(0) ack 1              # keepalive_probe idle null
         9.010 B .  1:1(0) ack 6              # keepalive_answer of 9.000 rtt 0.010
        => client answered idle null doubt time_step
        => client side idle_samples 0
    ",
    );
}

#[test]
fn an_rtt_against_the_clock_is_dropped_and_counted() {
    check(
        "
        10.000 B .  1:1(0) ack 6
        12.000 A .  5:5(0) ack 1              # keepalive_probe
        11.000 B .  1:1(0) ack 6              # keepalive_answer of 12.000 rtt null
        => client answered doubt time_step
        => client side rtt_samples 0
        => capture time_steps 1
    ",
    );
}

#[test]
fn two_hours_and_a_quarter_without_a_probe_mean_off() {
    check(
        "
           0.000 A P. 1:6(5) ack 1
           0.010 B .  1:1(0) ack 6
        8101.000 A P. 6:9(3) ack 1
        8101.010 B .  1:1(0) ack 9
        => client side status off quiet 8100.990
        => server side status off
    ",
    );
}

#[test]
fn a_little_less_does_not_exclude_keepalive() {
    check(
        "
           0.000 A P. 1:6(5) ack 1
           0.010 B .  1:1(0) ack 6
        8099.000 A P. 6:9(3) ack 1
        8099.010 B .  1:1(0) ack 9
        => client side status not_observable quiet 8098.990
    ",
    );
}

#[test]
fn with_data_in_flight_silence_excludes_nothing() {
    check(
        "
           0.000 A P. 1:6(5) ack 1
           0.010 B .  1:1(0) ack 6
           1.000 A P. 6:9(3) ack 1            # never acknowledged
        9000.000 A P. 6:9(3) ack 1
        9000.010 B .  1:1(0) ack 9
        => client side status not_observable quiet 0.990
    ",
    );
}

#[test]
fn into_a_zero_window_silence_excludes_nothing() {
    check(
        "
           0.000 A P. 1:6(5) ack 1
           0.010 B .  1:1(0) ack 6 win 0
        9000.000 B .  1:1(0) ack 6 win 500
        => client side status not_observable
        => server side status off
    ",
    );
}

#[test]
fn where_answers_do_not_reach_the_prober_the_spacing_is_the_interval() {
    check(
        "
        0.000 B .  1:1(0) ack 6 <ts 500/100>
        2.016 A .  5:5(0) ack 1 <ts 2116/500>        # keepalive_probe idle 2.016
        2.020 B .  1:1(0) ack 6 <ts 2520/100>        # keepalive_answer of 2.016
        3.040 A .  5:5(0) ack 1 <ts 3140/500>        # keepalive_probe
        3.044 B .  1:1(0) ack 6 <ts 3544/100>        # keepalive_answer of 3.040
        4.064 A R. 6:6(0) ack 1 <ts 4164/500>        # it never got one
        => client side idle 2.016 idle_samples 1
    ",
    );
}

#[test]
fn a_first_segment_that_turns_out_to_be_a_probe_is_no_sign_of_life() {
    check(
        "
         0.000 A .  0:0(0) ack 1     # keepalive_probe
         0.001 B .  1:1(0) ack 1     # keepalive_answer of 0.000
         0.002 B .  0:0(0) ack 1     # keepalive_probe
         0.003 A .  1:1(0) ack 1     # keepalive_answer of 0.002
        10.001 A .  0:0(0) ack 1     # keepalive_probe idle 10.000
        10.002 B .  1:1(0) ack 1     # keepalive_answer of 10.001
        10.003 B .  0:0(0) ack 1     # keepalive_probe idle 10.000
        10.004 A .  1:1(0) ack 1     # keepalive_answer of 10.003
        => client answered idle null
        => client answered idle 10.000
        => server answered idle null
        => server answered idle 10.000
        => server side probes 2 idle 10.000 idle_samples 1
    ",
    );
}
