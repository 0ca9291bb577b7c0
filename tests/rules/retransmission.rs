//! R6, R7 and R8: retransmissions, whatever their length, are no probes.

use super::check;

#[test]
fn one_octet_that_is_not_acknowledged_is_a_retransmission_whatever_its_spacing() {
    check(
        "
        0.000 B .  1:1(0) ack 1
        0.100 A P. 1:2(1) ack 1
        1.000 A P. 1:2(1) ack 1               # one_byte_retransmission
        2.000 A P. 1:2(1) ack 1               # one_byte_retransmission
        3.000 A P. 1:2(1) ack 1               # one_byte_retransmission
        4.000 A P. 1:2(1) ack 1               # one_byte_retransmission
        => client no_runs
    ",
    );
}

#[test]
fn the_last_octet_of_more_is_a_retransmission_too() {
    check(
        "
        0.000 B .  1:1(0) ack 1
        0.100 A P. 1:6(5) ack 1
        0.300 A P. 5:6(1) ack 1               # one_byte_retransmission -- a tail loss probe
        0.310 B .  1:1(0) ack 6
    ",
    );
}

#[test]
fn an_octet_in_the_middle_is_a_retransmission_without_a_label() {
    check(
        "
        0.000 B .  1:1(0) ack 1
        0.100 A P. 1:6(5) ack 1
        0.300 A P. 2:3(1) ack 1
        0.310 B .  1:1(0) ack 6
    ",
    );
}

#[test]
fn more_than_one_octet_is_a_retransmission_without_a_label() {
    check(
        "
        0.000 B .  1:1(0) ack 1
        0.100 A P. 1:6(5) ack 1
        0.300 A P. 1:6(5) ack 1
        0.310 B .  1:1(0) ack 6
       60.000 A P. 1:6(5) ack 1               # although it was acknowledged
       60.010 B .  1:1(0) ack 6
    ",
    );
}

#[test]
fn once_acknowledged_the_octet_is_a_probe() {
    check(
        "
         0.000 A P. 1:2(1) ack 1
         0.200 A P. 1:2(1) ack 1              # one_byte_retransmission
         0.210 B .  1:1(0) ack 2
        60.210 A .  1:1(0) ack 1              # keepalive_probe rule R1
        60.220 B .  1:1(0) ack 2              # keepalive_answer of 60.210
    ",
    );
}

#[test]
fn the_true_octet_with_psh_within_a_second_is_a_spurious_retransmission() {
    check(
        r#"
        0.000 B .  1:1(0) ack 1
        0.100 A P. 1:2(1) ack 1 data "o"
        0.110 B .  1:1(0) ack 2               # lost beyond the capture
        0.310 A P. 1:2(1) ack 1 data "o"      # one_byte_retransmission
        0.320 B .  1:1(0) ack 2 <sack 1:2>
    "#,
    );
}

#[test]
fn doubling_spacings_make_the_true_octet_a_retransmission() {
    check(
        r#"
        0.000 B .  1:1(0) ack 1
        0.100 A P. 1:2(1) ack 1 data "o"
        0.110 B .  1:1(0) ack 2
        0.900 A .  1:2(1) ack 1 data "o"      # one_byte_retransmission decided 2.500
        2.500 A .  1:2(1) ack 1 data "o"      # one_byte_retransmission
        => client no_runs
    "#,
    );
}

#[test]
fn a_repeated_syn_is_no_probe() {
    check(
        "
        0.000 A S  0:1(0)
        1.000 A S  0:1(0)
        2.000 A S  0:1(0)
        2.010 B S. 0:1(0) ack 1
        2.020 A .  1:1(0) ack 1
        => capture flows 1 duplicates 0
    ",
    );
}

#[test]
fn a_repeated_syn_ack_is_no_probe() {
    check(
        "
        0.000 A S  0:1(0)
        0.010 B S. 0:1(0) ack 1
        0.020 A .  1:1(0) ack 1               # lost on its way
        1.010 B S. 0:1(0) ack 1
        1.020 A .  1:1(0) ack 1
        => server no_runs
    ",
    );
}

#[test]
fn a_repeated_fin_is_no_probe() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B .  1:1(0) ack 6
        1.000 A F. 6:7(0) ack 1
        1.200 A F. 6:7(0) ack 1
        1.600 A F. 6:7(0) ack 1
        1.610 B .  1:1(0) ack 7
        5.000 A F. 6:7(0) ack 1               # although it was acknowledged
        => client no_runs
    ",
    );
}

#[test]
fn data_in_a_syn_is_data() {
    check(
        r#"
         0.000 A S  0:6(5) data "hello"       # TCP Fast Open
         0.010 B S. 0:1(0) ack 6
         0.020 A .  6:6(0) ack 1
        60.010 A .  5:5(0) ack 1              # keepalive_probe idle 60.000
        60.020 B .  1:1(0) ack 6              # keepalive_answer of 60.010
        => flow 0 client_bytes 5
    "#,
    );
}

#[test]
fn data_in_a_syn_that_is_refused_is_sent_again() {
    check(
        r#"
         0.000 A S  0:6(5) data "hello"
         0.010 B S. 0:1(0) ack 1              # without a cookie
         0.020 A P. 1:6(5) ack 1 data "hello"
         0.030 B .  1:1(0) ack 6
        60.030 A .  5:5(0) ack 1              # keepalive_probe idle 60.000
        60.040 B .  1:1(0) ack 6              # keepalive_answer of 60.030
    "#,
    );
}

#[test]
fn a_heartbeat_of_single_octets_is_data() {
    check(
        "
        0.000 A P. 1:2(1) ack 1
        0.010 B .  1:1(0) ack 2
        1.000 A P. 2:3(1) ack 1
        1.010 B .  1:1(0) ack 3
        2.000 A P. 3:4(1) ack 1
        2.010 B .  1:1(0) ack 4
        => client no_runs
        => flow 0 client_bytes 3
    ",
    );
}

#[test]
fn a_spacing_that_happens_to_be_double_is_no_back_off() {
    check(
        "
          0.000 A P. 1:6(5) ack 1 hex 0000000000
          0.010 B .  1:1(0) ack 6
         40.010 A .  5:6(1) ack 1 hex 00          # keepalive_probe rule R2
         40.020 B .  1:1(0) ack 6 <sack 5:6>      # keepalive_answer of 40.010
         80.000 B P. 1:11(10) ack 6
         80.001 A .  6:6(0) ack 11
        120.000 A .  5:6(1) ack 11 hex 00         # keepalive_probe rule R2 idle 40.000
        120.010 B .  11:11(0) ack 6 <sack 5:6>    # keepalive_answer of 120.000
    ",
    );
}
