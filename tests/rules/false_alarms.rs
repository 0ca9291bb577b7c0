//! What looks like a failure and is none, beside what is one: port scans, closing applications, routes that change.

use super::check;

const OPENED: &str = "
    0.000 A S  0:1(0) ttl 64
    0.010 B S. 0:1(0) ack 1 ttl 57 id 100
    0.011 A .  1:1(0) ack 1 ttl 64
    0.020 A P. 1:6(5) ack 1 ttl 64
    0.030 B P. 1:9(8) ack 6 ttl 57 id 101
    0.031 A .  6:6(0) ack 9 ttl 64
";

#[track_caller]
fn check_opened(rest: &str) {
    check(&format!("{OPENED}{rest}"));
}

#[test]
fn a_port_scan_resets_what_was_never_opened() {
    // Its SYN has a random TTL, and the RST is that of the system, which knows nothing of the SYN.
    check(
        "
        0.000 A S 0:1(0) ttl 43 id 7
        0.001 B S. 0:1(0) ack 1 ttl 128
        0.003 A R  1:1(0) win 0 ttl 64 id 9000
        => no finding reset-by-middlebox
        => no finding peer-state-gone
        => healthy
        => ending by client how rst client_errno null server_errno null confidence possible
    ",
    );
}

#[test]
fn a_refused_connection_is_no_broken_one() {
    check(
        "
        0.000 A S 0:1(0) ttl 64
        0.001 B R. 0:0(0) ack 1 win 0 ttl 57
        => healthy
        => ending by server how rst client_errno null server_errno null confidence possible
    ",
    );
}

#[test]
fn a_reset_by_a_box_with_the_peers_ttl_elsewhere() {
    check_opened(
        "
        360.000 A P. 6:11(5) ack 9 ttl 64
        360.002 B R  9:9(0) win 0 ttl 254 id 0
        => finding reset-by-middlebox severity problem
        => ending by middlebox confidence likely
    ",
    );
}

#[test]
fn a_hop_more_or_less_is_possible_only() {
    check_opened(
        "
        360.000 A P. 6:11(5) ack 9 ttl 64
        360.010 B R  9:9(0) win 0 ttl 58 id 0
        => finding reset-by-middlebox confidence possible
        => ending by middlebox confidence possible
    ",
    );
}

#[test]
fn a_ttl_that_a_box_may_have_had_too_proves_nothing() {
    // The capture begins with a probe in the name of B, which has another TTL than B's own RST.
    check(
        "
        0.000 B . 8:8(0) ack 6 ttl 248        # keepalive_probe
        0.001 A . 6:6(0) ack 9 ttl 64         # keepalive_answer of 0.000
        0.170 B R 9:9(0) win 0 ttl 45
        => no finding reset-by-middlebox
        => ending by unknown confidence possible
    ",
    );
}

#[test]
fn an_application_that_closes_refuses_what_is_on_its_way() {
    check_opened(
        "
        1.000 A F. 6:7(0) ack 9 ttl 64
        1.005 B P. 9:40(31) ack 7 ttl 57
        1.006 A R  7:7(0) win 0 ttl 64
        => no finding peer-state-gone
        => healthy
        => ending by client how rst client_errno null server_errno null
    ",
    );
}

#[test]
fn a_peer_that_forgot_without_closing_is_gone() {
    check_opened(
        "
        1.000 B P. 9:40(31) ack 6 ttl 57
        1.001 A R  6:6(0) win 0 ttl 64
        => finding client peer-state-gone severity problem
        => ending by client how rst server_errno ECONNRESET
    ",
    );
}

#[test]
fn answers_with_another_ttl_from_as_far_are_no_boxs() {
    for ttl in [56, 58, 122, 40] {
        check_opened(&format!(
            "
            45.000 A . 5:5(0) ack 9 ttl 64       # keepalive_probe
            45.010 B . 9:9(0) ack 6 ttl {ttl}    # keepalive_answer of 45.000
            90.000 A . 5:5(0) ack 9 ttl 64       # keepalive_probe
            90.010 B . 9:9(0) ack 6 ttl {ttl}    # keepalive_answer of 90.000
            => no finding answered-by-middlebox
            => healthy
        "
        ));
    }
}

#[test]
fn answers_from_much_nearer_are_a_boxs() {
    check_opened(
        "
        45.000 A . 5:5(0) ack 9 ttl 64       # keepalive_probe
        45.010 B . 9:9(0) ack 6 ttl 63       # keepalive_answer of 45.000
        90.000 A . 5:5(0) ack 9 ttl 64       # keepalive_probe
        90.010 B . 9:9(0) ack 6 ttl 63       # keepalive_answer of 90.000
        => finding client answered-by-middlebox severity warning
    ",
    );
}

/// The server's last data and FIN, sent again and again after the client's FIN; `answer`: what the client says to each.
fn retransmitted(answer: &str) -> String {
    let times = [1_000, 1_200, 1_600, 2_400, 4_000, 7_200];
    let told = |ms: u32| {
        let (s, ms) = (ms / 1_000, ms % 1_000);
        let answer = if answer.is_empty() { String::new() } else { format!("{s}.{:03} {answer}\n", ms + 1) };
        format!("{s}.{ms:03} B FP. 9:40(31) ack 7 ttl 57\n{answer}")
    };
    format!("0.990 A F. 6:7(0) ack 9 ttl 64\n{}", times.map(told).concat())
}

#[test]
fn who_answers_with_rst_has_not_vanished() {
    let refused = retransmitted("A R 7:7(0) win 0 ttl 64");
    check_opened(&format!("{refused}=> no finding retransmission-timeout"));
    let ignored = retransmitted("");
    check_opened(&format!("{ignored}=> finding server retransmission-timeout"));
}

#[test]
fn the_same_idle_time_survived_once_and_not_again_is_no_time_out() {
    let cut_after = |quiet: &str| {
        format!(
            "
            10.031 A . 5:5(0) ack 9 ttl 64       # keepalive_probe
            10.041 B . 9:9(0) ack 6 ttl 57       # keepalive_answer of 10.031
            {quiet}
            "
        )
    };
    let probes = |first: u32| {
        (0..4)
            .map(|n| format!("{}.000 A . 5:5(0) ack 9 ttl 64  # keepalive_probe\n", first + n))
            .collect::<String>()
    };
    check_opened(&format!("{}=> capture no finding path-idle-timeout", cut_after(&probes(21))));
    check_opened(&format!("{}=> capture finding path-idle-timeout severity info", cut_after(&probes(25))));
}

#[test]
fn a_peer_whose_segments_still_come_is_not_said_to_have_crashed() {
    check_opened(
        "
        10.031 A . 5:5(0) ack 9 ttl 64       # keepalive_probe
        10.500 B . 8:8(0) ack 6 ttl 57       # keepalive_probe
        10.501 A . 6:6(0) ack 9 ttl 64       # keepalive_answer of 10.500
        11.031 A . 5:5(0) ack 9 ttl 64       # keepalive_probe
        12.031 A . 5:5(0) ack 9 ttl 64       # keepalive_probe
        13.031 A R. 6:6(0) ack 9 ttl 64
        => finding client dead-peer-detected confidence certain
    ",
    );
}

/// A prober that gives up although its probes were answered did not hear the answers; one that recovered just before did.
#[test]
fn answers_that_reached_the_prober_before_it_gave_up() {
    check(
        "
         0.000 B .  1:1(0) ack 6
        10.240 A .  5:5(0) ack 1               # keepalive_probe
        10.250 B .  1:1(0) ack 6               # keepalive_answer of 10.240
        13.312 A .  5:5(0) ack 1               # keepalive_probe
        13.322 B .  1:1(0) ack 6               # keepalive_answer of 13.312
        16.384 A R. 6:6(0) ack 1
        => finding client answers-not-reaching-prober
    ",
    );
    check(
        "
         0.000 B .  1:1(0) ack 6
        10.240 A .  5:5(0) ack 1               # keepalive_probe
        10.250 B .  1:1(0) ack 6               # keepalive_answer of 10.240
        13.312 A .  5:5(0) ack 1               # keepalive_probe
        13.322 B .  1:1(0) ack 6               # keepalive_answer of 13.312
        14.336 A .  5:5(0) ack 1               # keepalive_probe
        15.360 A .  5:5(0) ack 1               # keepalive_probe
        15.370 B .  1:1(0) ack 6               # keepalive_answer of 15.360
        16.384 A R. 6:6(0) ack 1
        => no finding answers-not-reaching-prober
    ",
    );
}
