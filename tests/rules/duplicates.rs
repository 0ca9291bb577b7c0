//! Second copies of segments, as SPAN ports, the `any` device and bridges deliver them.

use super::check;

#[test]
fn a_second_copy_is_counted_and_never_timed() {
    check(
        "
         0.000 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1 id 7         # keepalive_probe
        60.001 A .  5:5(0) ack 1 id 7
        60.010 B .  1:1(0) ack 6 id 8         # keepalive_answer of 60.000
        60.011 B .  1:1(0) ack 6 id 8
        => client answered probes 1
        => client side interval_samples 0
        => capture frames 5 segments 3 duplicates 2
    ",
    );
}

#[test]
fn a_copy_with_its_own_identification_may_come_a_quarter_of_a_second_later() {
    check(
        "
         0.000 B .  1:1(0) ack 6 id 3
        60.000 A .  5:5(0) ack 1 id 7         # keepalive_probe
        60.250 A .  5:5(0) ack 1 id 7
        => capture duplicates 1
    ",
    );
}

#[test]
fn later_than_that_it_is_another_probe() {
    check(
        "
         0.000 B .  1:1(0) ack 6 id 3
        60.000 A .  5:5(0) ack 1 id 7         # keepalive_probe number 1
        60.300 A .  5:5(0) ack 1 id 7         # keepalive_probe number 2
        => capture duplicates 0
    ",
    );
}

#[test]
fn with_another_identification_it_is_another_probe() {
    check(
        "
         0.000 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1 id 7         # keepalive_probe number 1
        60.200 A .  5:5(0) ack 1 id 8         # keepalive_probe number 2
        => capture duplicates 0
    ",
    );
}

#[test]
fn without_an_identification_a_copy_comes_within_a_millisecond() {
    check(
        "
        addr A [fd00::1]:40000
        addr B [fd00::2]:443
         0.000 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1              # keepalive_probe number 1
        60.001 A .  5:5(0) ack 1
        60.101 A .  5:5(0) ack 1              # keepalive_probe number 2
        => capture duplicates 1
    ",
    );
}

#[test]
fn the_identification_0_tells_nothing() {
    check(
        "
         0.000 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1 id 0         # keepalive_probe number 1
        60.100 A .  5:5(0) ack 1 id 0         # keepalive_probe number 2
        60.1005 A . 5:5(0) ack 1 id 0
        => capture duplicates 1
    ",
    );
}

#[test]
fn a_copy_on_the_other_side_of_a_router_has_another_ttl() {
    check(
        "
         0.000 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1 id 7 ttl 64  # keepalive_probe
        60.002 A .  5:5(0) ack 1 id 7 ttl 63
        => capture duplicates 1
    ",
    );
}

#[test]
fn copies_may_be_interleaved() {
    check(
        "
         0.000 A P. 1:6(5) ack 1 id 1
         0.001 A P. 6:9(3) ack 1 id 2
         0.002 A P. 1:6(5) ack 1 id 1
         0.003 A P. 6:9(3) ack 1 id 2
         0.010 B .  1:1(0) ack 9
        => capture duplicates 2
        => flow 0 segments 3
    ",
    );
}

#[test]
fn a_copy_of_other_time_stamps_is_no_copy() {
    check(
        "
         0.000 B .  1:1(0) ack 6
        60.000 A .  5:5(0) ack 1 id 7 <ts 60000/1>   # keepalive_probe
        60.100 A .  5:5(0) ack 1 id 7 <ts 60100/1>   # keepalive_probe
        => capture duplicates 0
    ",
    );
}

#[test]
fn a_copy_that_was_translated_is_another_flow() {
    check(
        "
         0.000 A P. 1:6(5) ack 1 id 6
        addr A 192.0.2.1:61000
         0.001 A P. 1:6(5) ack 1 id 6
         0.010 B .  1:1(0) ack 6 id 7
        addr A 10.0.0.1:40000
         0.011 B .  1:1(0) ack 6 id 7
        60.010 A .  5:5(0) ack 1 id 8         # keepalive_probe flow 0
        addr A 192.0.2.1:61000
        60.011 A .  5:5(0) ack 1 id 8         # keepalive_probe flow 1
        => client pending
        => flow 1 client pending
        => capture flows 2 duplicates 0
    ",
    );
}
