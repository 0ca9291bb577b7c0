//! R3: captures that start in the middle, or lost frames, so that SND.NXT has to be proved.

use super::check;

#[test]
fn the_peers_next_acknowledgement_proves_the_first_probe() {
    check(
        "
         0.000 A .  5:5(0) ack 1              # keepalive_probe rule R3 decided 0.010 idle null
         0.010 B .  1:1(0) ack 6              # keepalive_answer of 0.000 rtt 0.010
        60.010 A .  5:5(0) ack 1              # keepalive_probe rule R1 idle 60.000
        60.020 B .  1:1(0) ack 6              # keepalive_answer of 60.010
        => client answered idle null quiet_since null
        => client answered idle 60.000
        => client side idle_samples 1 probes 2
    ",
    );
}

#[test]
fn the_peers_next_acknowledgement_of_the_same_number_shows_a_plain_acknowledgement() {
    check(
        "
         0.000 A .  6:6(0) ack 1
         0.010 B .  1:1(0) ack 6
        60.000 A .  6:6(0) ack 1
        60.010 B .  1:1(0) ack 6
        => client no_runs
    ",
    );
}

#[test]
fn the_peers_last_acknowledgement_proves_a_probe_too() {
    check(
        "
         0.000 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1              # keepalive_probe rule R1 idle 60.000
        60.010 B .  1:1(0) ack 6              # keepalive_answer of 60.000
    ",
    );
}

#[test]
fn a_lone_bare_acknowledgement_gets_no_label() {
    check(
        "
         0.000 A .  5:5(0) ack 1
        => client no_runs
        => client side ambiguous 0
    ",
    );
}

#[test]
fn repeated_bare_acknowledgements_of_one_direction_are_undecided() {
    check(
        "
          0.000 A .  5:5(0) ack 1             # keepalive_or_window_probe decided null
         75.000 A .  5:5(0) ack 1             # keepalive_or_window_probe
        150.000 A .  5:5(0) ack 1             # keepalive_or_window_probe
        => client no_runs
        => client side ambiguous 3 probes 0
        => flow 0 one_sided true
    ",
    );
}

#[test]
fn bare_acknowledgements_that_go_on_are_no_probes() {
    check(
        "
         0.000 A .  5:5(0) ack 1
         0.100 A .  5:5(0) ack 1001
         0.200 A .  5:5(0) ack 2001
        => client side ambiguous 0
    ",
    );
}

#[test]
fn several_equal_candidates_are_all_confirmed_by_one_acknowledgement() {
    check(
        "
          0.000 A .  5:5(0) ack 1             # keepalive_probe rule R3 number 1 decided 150.010
         75.000 A .  5:5(0) ack 1             # keepalive_probe rule R3 number 2 interval 75.000
        150.000 A .  5:5(0) ack 1             # keepalive_probe rule R3 number 3 interval 75.000
        150.010 B .  1:1(0) ack 6             # keepalive_answer of 150.000 rtt null
        => client recovered probes 3 idle null interval 75.000,75.000
    ",
    );
}

#[test]
fn several_equal_candidates_are_all_refuted_by_one_acknowledgement() {
    check(
        "
          0.000 A .  5:5(0) ack 1
         75.000 A .  5:5(0) ack 1
        150.000 A .  5:5(0) ack 1
        150.010 B .  1:1(0) ack 5             # so SND.NXT is 5
        => client no_runs
    ",
    );
}

#[test]
fn candidates_are_refuted_by_data_at_their_own_number() {
    check(
        "
         0.000 A .  5:5(0) ack 1
        75.000 A .  5:5(0) ack 1
        80.000 A P. 5:9(4) ack 1
        80.010 B .  1:1(0) ack 9
        => client side ambiguous 0
    ",
    );
}

#[test]
fn candidates_are_refuted_by_a_fin_at_their_own_number() {
    check(
        "
         0.000 A .  5:5(0) ack 1
        75.000 A .  5:5(0) ack 1
        80.000 A F. 5:6(0) ack 1
        => client side ambiguous 0
    ",
    );
}

#[test]
fn data_one_above_candidates_proves_nothing() {
    check(
        "
         0.000 A .  5:5(0) ack 1              # keepalive_or_window_probe
        75.000 A .  5:5(0) ack 1              # keepalive_or_window_probe
        80.000 A P. 6:9(3) ack 1              # or one octet was lost in the capture
        80.010 B .  1:1(0) ack 9
        => client no_runs
    ",
    );
}

#[test]
fn a_reset_one_above_two_equal_candidates_proves_them() {
    check(
        "
          0.000 A .  5:5(0) ack 1             # keepalive_probe rule R3
         75.000 A .  5:5(0) ack 1             # keepalive_probe rule R3
        150.000 A R. 6:6(0) ack 1
        => client timed_out probes 2 interval 75.000 wait 75.000
    ",
    );
}

#[test]
fn a_reset_one_above_a_single_candidate_proves_nothing() {
    check(
        "
         0.000 A .  5:5(0) ack 1
        75.000 A R. 6:6(0) ack 1
        => client no_runs
        => client side ambiguous 0
    ",
    );
}

#[test]
fn a_reset_at_the_candidates_own_number_proves_nothing() {
    check(
        "
          0.000 A .  5:5(0) ack 1             # keepalive_or_window_probe
         75.000 A .  5:5(0) ack 1             # keepalive_or_window_probe
        150.000 A R. 5:5(0) ack 1
        => client no_runs
    ",
    );
}

#[test]
fn a_probe_ahead_of_what_is_known_is_proved_by_the_acknowledgement() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6              # after this the capture lost data up to 20
        60.000 A .  19:19(0) ack 1            # keepalive_probe rule R3 idle 59.990
        60.010 B .  1:1(0) ack 20             # keepalive_answer of 60.000
    ",
    );
}

#[test]
fn a_plain_acknowledgement_ahead_of_what_is_known_is_refuted() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
        60.000 A .  20:20(0) ack 1
        60.010 B .  1:1(0) ack 20
    ",
    );
}

#[test]
fn what_is_decided_later_uses_what_was_known_then() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
        30.000 A .  19:19(0) ack 1            # keepalive_probe rule R3 idle 29.990 decided 45.010
        45.000 A .  19:19(0) ack 1            # keepalive_probe rule R3 interval 15.000 decided 45.010
        45.010 B .  1:1(0) ack 20             # keepalive_answer of 45.000 rtt null
        => client recovered probes 2 idle 29.990
    ",
    );
}

#[test]
fn one_octet_at_the_start_is_proved_by_a_d_sack() {
    check(
        "
         0.000 A .  5:6(1) ack 1 hex 00       # keepalive_probe rule R3 payload 1
         0.010 B .  1:1(0) ack 6 <sack 5:6>   # keepalive_answer of 0.000
    ",
    );
}

#[test]
fn one_octet_at_the_start_is_proved_by_its_repetition_after_the_acknowledgement() {
    check(
        "
         0.000 A .  5:6(1) ack 1 hex 00       # keepalive_probe rule R3 decided 60.010
         0.010 B .  1:1(0) ack 6              # keepalive_answer of 0.000
        60.010 A .  5:6(1) ack 1 hex 00       # keepalive_probe rule R2
        60.020 B .  1:1(0) ack 6              # keepalive_answer of 60.010
    ",
    );
}

#[test]
fn one_octet_at_the_start_that_is_only_acknowledged_is_data() {
    check(
        "
         0.000 A P. 5:6(1) ack 1 hex 00
         0.010 B .  1:1(0) ack 6
         1.000 A P. 6:7(1) ack 1 hex 00
         1.010 B .  1:1(0) ack 7
    ",
    );
}

#[test]
fn in_a_one_sided_capture_nothing_below_snd_nxt_is_undecided() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
        60.000 A .  5:5(0) ack 1              # keepalive_or_window_probe
        => client no_runs
    ",
    );
}

#[test]
fn in_a_one_sided_capture_one_octet_below_snd_nxt_is_undecided() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
        60.000 A .  5:6(1) ack 1 hex 00       # keepalive_or_retransmission
        => client no_runs
    ",
    );
}

#[test]
fn a_gap_told_in_a_sack_is_told_by_no_probe() {
    check(
        "
         0.000 B .  1:1(0) ack 6
         1.000 A .  9:9(0) ack 1 <sack 101:201>
         1.010 B .  1:101(100) ack 10
    ",
    );
}

#[test]
fn one_octet_with_psh_at_the_start_is_not_proved_by_a_repetition() {
    check(
        "
         0.000 A P. 5:6(1) ack 1 hex 00
         0.010 B .  1:1(0) ack 6
        60.010 A .  5:6(1) ack 1 hex 00       # keepalive_probe rule R2 run 0
        60.020 B .  1:1(0) ack 6              # keepalive_answer of 60.010
    ",
    );
}
