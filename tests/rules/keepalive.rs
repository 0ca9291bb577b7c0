//! R1, R1b and R2: what is a keepalive probe by itself.

use super::check;

#[test]
fn nothing_one_below_snd_nxt_is_a_probe() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
        60.010 A .  5:5(0) ack 1              # keepalive_probe rule R1 idle 60.000 payload 0
        60.020 B .  1:1(0) ack 6              # keepalive_answer of 60.010 rtt 0.010 by ack
        => client answered probes 1 idle 60.000 end 60.020
    ",
    );
}

#[test]
fn nothing_at_snd_nxt_is_no_probe() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
        60.010 A .  6:6(0) ack 1
        60.020 B .  1:1(0) ack 6
    ",
    );
}

#[test]
fn nothing_two_below_snd_nxt_is_no_probe() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
        60.010 A .  4:4(0) ack 1
        60.020 B .  1:1(0) ack 6
    ",
    );
}

#[test]
fn one_garbage_octet_is_a_probe() {
    check(
        r#"
         0.000 A P. 1:6(5) ack 1 data "hello"
         0.010 B .  1:1(0) ack 6
        60.010 A .  5:6(1) ack 1 hex 00       # keepalive_probe rule R1 payload 1
        60.020 B .  1:1(0) ack 6 <sack 5:6>   # keepalive_answer of 60.010
        => client side one_byte 1
    "#,
    );
}

#[test]
fn a_garbage_octet_is_a_probe_at_once() {
    check(
        r#"
         0.000 A P. 1:6(5) ack 1 data "hello"
         0.010 B .  1:1(0) ack 6
         0.110 A .  5:6(1) ack 1 hex 00       # keepalive_probe rule R1 payload 1
         0.120 B .  1:1(0) ack 6 <sack 5:6>   # keepalive_answer of 0.110
    "#,
    );
}

#[test]
fn two_octets_are_no_probe() {
    check(
        r#"
         0.000 A P. 1:6(5) ack 1 data "hello"
         0.010 B .  1:1(0) ack 6
        60.010 A .  4:6(2) ack 1 hex 0000
        60.020 B .  1:1(0) ack 6
    "#,
    );
}

#[test]
fn an_urgent_segment_is_no_probe() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
        60.010 A U. 5:5(0) ack 1
        60.020 B .  1:1(0) ack 6
    ",
    );
}

#[test]
fn there_is_no_shortest_idle() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
         0.090 A .  5:5(0) ack 1              # keepalive_probe idle 0.080
         0.100 B .  1:1(0) ack 6              # keepalive_answer of 0.090
    ",
    );
}

#[test]
fn after_a_handshake_alone_the_probe_is_at_the_number_of_the_syn() {
    check(
        "
         0.000 A S  0:1(0)
         0.010 B S. 0:1(0) ack 1
         0.020 A .  1:1(0) ack 1
         2.040 A .  0:0(0) ack 1              # keepalive_probe idle 2.030 rule R1
         2.050 B .  1:1(0) ack 1              # keepalive_answer of 2.040
        => flow 0 roles handshake
    ",
    );
}

#[test]
fn an_acknowledgement_that_its_fin_overtook_is_no_probe() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B P. 1:9(8) ack 6
        0.020 A F. 6:7(0) ack 9
        0.030 B .  9:9(0) ack 7
        0.040 A .  6:6(0) ack 9               # at the FIN's own number, within a second
        0.050 B .  9:9(0) ack 7
    ",
    );
}

#[test]
fn a_second_after_its_fin_a_half_closed_end_probes_at_the_number_of_the_fin() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B .  1:1(0) ack 6
        0.020 A F. 6:7(0) ack 1
        0.030 B .  1:1(0) ack 7
        2.030 A .  6:6(0) ack 1               # keepalive_probe idle 2.000
        2.040 B .  1:1(0) ack 7               # keepalive_answer of 2.030
        => flow 0 state half_closed
    ",
    );
}

#[test]
fn the_end_that_has_heard_a_fin_probes_too() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B .  1:1(0) ack 6
        0.020 A F. 6:7(0) ack 1
        0.030 B .  1:1(0) ack 7
        3.020 B .  0:0(0) ack 7               # keepalive_probe idle 3.000 side server
        3.030 A .  7:7(0) ack 1               # keepalive_answer of 3.020
    ",
    );
}

#[test]
fn in_a_busy_flow_what_acknowledges_something_new_is_no_probe() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B P. 1:9(8) ack 6
        0.020 A .  5:5(0) ack 9               # overtaken by its own data, and acknowledging in passing
    ",
    );
}

#[test]
fn after_a_quiet_second_a_probe_may_acknowledge_something_new() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B P. 1:9(8) ack 6
        2.010 A .  5:5(0) ack 9               # keepalive_probe -- the acknowledgement before it was not captured
        2.020 B .  9:9(0) ack 6               # keepalive_answer of 2.010
    ",
    );
}

#[test]
fn an_acknowledgement_with_an_older_identification_is_no_probe() {
    check(
        "
        0.000 A P. 1:6(5) ack 1 id 7
        0.010 B .  1:1(0) ack 6
        0.100 A P. 6:9(3) ack 1 id 9
        0.110 B .  1:1(0) ack 9
        0.120 A .  8:8(0) ack 1 id 8          # it left before the data
    ",
    );
}

#[test]
fn an_identification_of_another_sequence_is_not_older() {
    check(
        "
        0.000 A P. 1:6(5) ack 1 id 7000
        0.010 B .  1:1(0) ack 6
        0.100 A .  5:5(0) ack 1 id 12         # keepalive_probe -- an offloading card counts for itself
        0.110 B .  1:1(0) ack 6               # keepalive_answer of 0.100
    ",
    );
}

#[test]
fn sequence_numbers_wrap_between_probe_and_snd_nxt() {
    check(
        "
        isn A 4294967290
         0.000 A P. 1:6(5) ack 1              # SND.NXT is 0 after this
         0.010 B .  1:1(0) ack 6
        60.010 A .  5:5(0) ack 1              # keepalive_probe idle 60.000
        60.020 B .  1:1(0) ack 6              # keepalive_answer of 60.010
        61.000 A P. 6:9(3) ack 1
        61.010 B .  1:1(0) ack 9
        99.010 A .  8:8(0) ack 1              # keepalive_probe
    ",
    );
}

#[test]
fn sequence_numbers_pass_the_middle() {
    check(
        "
        isn A 2147483642
        isn B 2147483647
         0.000 A P. 1:6(5) ack 1              # SND.NXT is 2^31 after this
         0.010 B .  1:1(0) ack 6
        60.010 A .  5:5(0) ack 1              # keepalive_probe
        60.020 B .  1:1(0) ack 6              # keepalive_answer of 60.010
        70.020 B .  0:0(0) ack 6              # keepalive_probe
        70.030 A .  6:6(0) ack 1              # keepalive_answer of 70.020
    ",
    );
}

#[test]
fn the_number_0_is_a_number_like_others() {
    check(
        "
        isn A 4294967295
         0.000 A S  0:1(0)
         0.010 B S. 0:1(0) ack 1
         0.020 A .  1:1(0) ack 1              # SEQ is 0
        60.010 A .  0:0(0) ack 1              # keepalive_probe
        60.020 B .  1:1(0) ack 1              # keepalive_answer of 60.010
    ",
    );
}

#[test]
fn a_probe_whose_acknowledgement_is_one_behind_is_a_probe() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B P. 1:9(8) ack 6
         0.020 A .  6:6(0) ack 9
        30.010 A .  5:5(0) ack 8              # keepalive_probe
        30.020 B .  9:9(0) ack 6              # keepalive_answer of 30.010
    ",
    );
}

#[test]
fn both_ends_probe_for_themselves() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
        10.010 A .  5:5(0) ack 1              # keepalive_probe idle 10.000
        10.020 B .  1:1(0) ack 6              # keepalive_answer of 10.010
        15.000 B .  0:0(0) ack 6              # keepalive_probe idle 15.000
        15.010 A .  6:6(0) ack 1              # keepalive_answer of 15.000
        => client answered probes 1 idle 10.000
        => server answered probes 1 idle 15.000
    ",
    );
}

#[test]
fn an_acknowledgement_of_less_than_before_is_no_probe() {
    // IPv6 has no identification that would tell the order.
    check(
        "
        addr A [fd00::1]:40000
        addr B [fd00::2]:443
        0.000 B P. 1:11(10) ack 6
        0.010 A .  6:6(0) ack 11
        0.020 A P. 6:7(1) ack 11
        0.030 B P. 11:21(10) ack 7
        0.040 A .  7:7(0) ack 21
        0.350 A .  6:6(0) ack 11
    ",
    );
}

#[test]
fn an_acknowledgement_one_behind_may_be_a_probe() {
    check(
        "
        addr A [fd00::1]:40000
        addr B [fd00::2]:443
        0.000 B P. 1:11(10) ack 6
        0.010 A P. 6:16(10) ack 11
        0.020 B P. 11:21(10) ack 16
        0.030 A .  16:16(0) ack 21
        0.350 A .  15:15(0) ack 20     # keepalive_probe
        0.360 B .  21:21(0) ack 16     # keepalive_answer of 0.350
    ",
    );
}

// R1b: over unacknowledged data.

#[test]
fn nothing_below_snd_una_is_a_probe_over_unacknowledged_data() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
         1.000 A P. 6:16(10) ack 1            # lost on its way
        60.010 A .  5:5(0) ack 1              # keepalive_probe rule R1b idle 60.000
        60.020 B .  1:1(0) ack 6              # keepalive_answer of 60.010
    ",
    );
}

#[test]
fn over_unacknowledged_data_nothing_one_below_snd_nxt_is_no_probe() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
         1.000 A P. 6:16(10) ack 1
        60.010 A .  15:15(0) ack 1
    ",
    );
}

#[test]
fn over_unacknowledged_data_what_acknowledges_something_new_is_no_probe() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
         1.000 A P. 6:16(10) ack 1
         1.010 B P. 1:9(8) ack 6
        60.010 A .  5:5(0) ack 9
    ",
    );
}

#[test]
fn an_acknowledgement_that_its_data_overtook_is_no_probe_over_unacknowledged_data() {
    check(
        "
        0.000 A P. 1:6(5) ack 1 id 1
        0.010 B .  1:1(0) ack 6
        1.000 A P. 6:16(10) ack 1 id 5
        1.001 A .  5:5(0) ack 1 id 4
    ",
    );
}

// R2: one octet that may be the true one.

#[test]
fn the_true_octet_a_second_later_is_a_probe() {
    check(
        r#"
         0.000 A P. 1:6(5) ack 1 hex 6161616100
         0.010 B .  1:1(0) ack 6
        60.010 A .  5:6(1) ack 1 hex 00       # keepalive_probe rule R2
        60.020 B .  1:1(0) ack 6 <sack 5:6>   # keepalive_answer of 60.010
    "#,
    );
}

#[test]
fn the_true_octet_within_a_second_is_undecided() {
    check(
        r#"
         0.000 A P. 1:6(5) ack 1 data "hello"
         0.010 B .  1:1(0) ack 6
         0.900 A .  5:6(1) ack 1 data "o"     # keepalive_or_retransmission
    "#,
    );
}

#[test]
fn the_true_octet_with_psh_is_undecided() {
    check(
        r#"
         0.000 A P. 1:6(5) ack 1 data "hello"
         0.010 B .  1:1(0) ack 6
        60.010 A P. 5:6(1) ack 1 data "o"     # keepalive_or_retransmission
    "#,
    );
}

#[test]
fn the_true_octet_with_psh_in_a_steady_rhythm_stays_undecided() {
    check(
        r#"
          0.000 A P. 1:6(5) ack 1 data "hello"
          0.010 B .  1:1(0) ack 6
         60.000 A P. 5:6(1) ack 1 data "o"    # keepalive_or_retransmission
         60.010 B .  1:1(0) ack 6 <sack 5:6>
        120.000 A P. 5:6(1) ack 1 data "o"    # keepalive_or_retransmission
        120.010 B .  1:1(0) ack 6 <sack 5:6>
    "#,
    );
}

#[test]
fn an_octet_where_the_true_one_was_not_captured_is_a_probe() {
    check(
        "
         0.000 B .  1:1(0) ack 6
        60.000 A .  5:6(1) ack 1 hex 00       # keepalive_probe rule R2
        60.010 B .  1:1(0) ack 6 <sack 5:6>   # keepalive_answer of 60.000
    ",
    );
}

#[test]
fn a_retransmitted_byte_is_not_a_probe() {
    check(
        "
        0.000 A P. 1:2(1) ack 1
        0.200 A P. 1:2(1) ack 1               # one_byte_retransmission
        0.210 B .  1:1(0) ack 2
    ",
    );
}

#[test]
fn an_octet_behind_lost_data_is_not_compared_with_one_before_it() {
    check(
        r#"
         0.000 A P. 1:6(5) ack 1 data "hello"
         0.010 B .  1:1(0) ack 6
         1.000 A .  20:20(0) ack 1            # the capture lost 6 to 19
         1.010 B .  1:1(0) ack 20
        61.010 A .  19:20(1) ack 1 hex 00     # keepalive_probe rule R2
        61.020 B .  1:1(0) ack 20             # keepalive_answer of 61.010
    "#,
    );
}

#[test]
fn long_after_the_true_octet_doubling_spacings_are_no_retransmission() {
    check(
        r#"
          0.000 B .  1:1(0) ack 1
          0.100 A P. 1:2(1) ack 1 data "o"
          0.110 B .  1:1(0) ack 2
         60.100 A .  1:2(1) ack 1 data "o"    # keepalive_probe rule R2
         60.110 B .  1:1(0) ack 2             # keepalive_answer of 60.100
        180.100 A .  1:2(1) ack 1 data "o"    # keepalive_probe rule R2
        180.110 B .  1:1(0) ack 2             # keepalive_answer of 180.100
    "#,
    );
}
