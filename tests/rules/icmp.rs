//! ICMP errors that quote probes.

use super::check;

#[test]
fn an_error_that_quotes_a_probe_belongs_to_its_run() {
    check(
        "
        0.000 B .  1:1(0) ack 6
        2.016 A .  5:5(0) ack 1               # keepalive_probe
        2.017 R icmp 3/1 of 2.016             # icmp_error type 3/1 from 10.0.0.254 side client
        3.040 A .  5:5(0) ack 1               # keepalive_probe
        3.041 R icmp 3/13 of 3.040            # icmp_error type 3/13
        4.064 A R. 6:6(0) ack 1
        => client timed_out probes 2 icmp 3/1,3/13
        => capture icmp_errors 2 segments 4
    ",
    );
}

#[test]
fn an_error_does_not_end_a_run() {
    check(
        "
        0.000 B .  1:1(0) ack 6
        2.016 A .  5:5(0) ack 1               # keepalive_probe
        2.017 R icmp 3/1 of 2.016             # icmp_error
        3.040 A .  5:5(0) ack 1               # keepalive_probe number 2
        3.050 B .  1:1(0) ack 6               # keepalive_answer of 3.040
        => client recovered probes 2 icmp 3/1
    ",
    );
}

#[test]
fn a_late_error_belongs_to_the_run_that_was() {
    check(
        "
        0.000 B .  1:1(0) ack 6
        2.016 A .  5:5(0) ack 1               # keepalive_probe
        2.500 A P. 6:9(3) ack 1
        2.510 B .  1:1(0) ack 9
        5.100 R icmp 3/1 of 2.016             # icmp_error
        => client superseded icmp 3/1
    ",
    );
}

#[test]
fn an_error_about_data_belongs_to_no_run() {
    check(
        "
        0.000 B .  1:1(0) ack 6
        2.016 A .  5:5(0) ack 1               # keepalive_probe
        2.020 B .  1:1(0) ack 6               # keepalive_answer of 2.016
        3.000 A P. 6:9(3) ack 1
        3.001 R icmp 3/1 of 3.000             # icmp_error
        => client answered icmp none
    ",
    );
}

#[test]
fn an_error_about_the_server_is_the_servers() {
    check(
        "
        0.000 A P. 1:6(5) ack 1
        0.010 B .  1:1(0) ack 6
        2.016 B .  0:0(0) ack 6               # keepalive_probe side server
        2.017 R icmp 11/0 of 2.016            # icmp_error type 11/0 side server
        => server pending icmp 11/0
    ",
    );
}

#[test]
fn errors_of_ipv6_are_errors_too() {
    check(
        "
        addr A [fd00::1]:40000
        addr B [fd00::2]:443
        0.000 B .  1:1(0) ack 6
        2.016 A .  5:5(0) ack 1               # keepalive_probe
        2.017 R icmp 1/3 of 2.016             # icmp_error type 1/3 from fd00::fe
        => client pending icmp 1/3
    ",
    );
}

#[test]
fn the_next_hops_mtu_is_an_error_and_an_echo_request_is_none() {
    check(
        "
        0.000 B .  1:1(0) ack 6
        2.016 A .  5:5(0) ack 1               # keepalive_probe
        2.017 R icmp 3/4 of 2.016             # icmp_error type 3/4
        2.018 R icmp 8/0 of 2.016
        => client pending icmp 3/4
        => capture icmp_errors 1 frames 4
    ",
    );
}

#[test]
fn a_quotation_begins_no_flow() {
    check(
        "
        0.000 A S  0:1(0)
        0.010 B S. 0:1(0) ack 1
        0.020 A .  1:1(0) ack 1
        0.030 B R. 1:1(0) ack 1
       90.000 R icmp 3/1 of 0.020             # its flow is final since 60 s after the reset
        => capture flows 1 icmp_errors 1
        => flow 0 reason ended final 90.000
    ",
    );
}

#[test]
fn the_second_copy_of_an_error_is_a_duplicate() {
    check(
        "
        0.000 B .  1:1(0) ack 6
        2.016 A .  5:5(0) ack 1               # keepalive_probe
        2.017 R icmp 3/1 of 2.016 id 7        # icmp_error
        2.018 R icmp 3/1 of 2.016 id 7
        => client pending icmp 3/1
        => capture icmp_errors 1 duplicates 1
    ",
    );
}
