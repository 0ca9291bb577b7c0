//! Whose probes these are, and whose settings.

use super::check;

#[test]
fn an_empty_probe_with_time_stamps_is_shared_by_several() {
    check(
        "
         0.000 A P. 1:6(5) ack 1 <nop,nop,ts 100/900>
         0.010 B .  1:1(0) ack 6 <nop,nop,ts 910/100>
        15.110 A .  5:5(0) ack 1 <nop,nop,ts 15210/910>   # keepalive_probe
        15.120 B .  1:1(0) ack 6 <nop,nop,ts 16020/100>   # keepalive_answer of 15.110
        => client side stack linux,freebsd,gvisor,lwip,openbsd-netbsd,vxworks,aix first_profile Go-net
    ",
    );
}

#[test]
fn a_probe_that_drops_the_time_stamps_is_apples() {
    check(
        "
         0.000 A P. 1:6(5) ack 1 <nop,nop,ts 100/900>
         0.010 B .  1:1(0) ack 6 <nop,nop,ts 910/100>
        15.110 A .  5:5(0) ack 1                          # keepalive_probe
        15.120 B .  1:1(0) ack 6 <nop,nop,ts 16020/100>   # keepalive_answer of 15.110
        => client side stack macos,freertos-tcp,zephyr,android-offload,openbsd-netbsd,vxworks,aix
    ",
    );
}

#[test]
fn where_there_are_none_nothing_is_dropped() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B .  1:1(0) ack 6
        15.110 A .  5:5(0) ack 1   # keepalive_probe
        15.120 B .  1:1(0) ack 6   # keepalive_answer of 15.110
        => client side stack linux,macos,freebsd,gvisor,lwip,freertos-tcp,openbsd-netbsd,zephyr,android-offload,vxworks,aix
    ",
    );
}

#[test]
fn an_octet_every_second_ten_times_is_windows() {
    let trace = |count: u32, profile: &str| {
        let probe = |n| format!("{}.110 A .  5:6(1) ack 1 ttl 121 hex 00   # keepalive_probe\n", 40 + n);
        let probes: String = (0..count).map(probe).collect();
        format!(
            "
             0.000 A P. 1:6(5) ack 1 ttl 121 data \"hello\"
             0.010 B .  1:1(0) ack 6
            {probes}
            {}.110 A R. 6:6(0) ack 1 ttl 121
            => client side count exact_or_user_timeout:{count} first_profile {profile}
            => client side stack windows,smoltcp,illumos,vxworks,aix
        ",
            40 + count
        )
    };
    check(&trace(10, "any-program-on-Windows-with-its-own-idle"));
    check(&trace(9, "null"));
}

#[test]
fn an_octet_at_doubling_distances_is_illumos() {
    let trace = |third: &str, fourth: &str, stack: &str, profile: &str| {
        format!(
            "
             0.000 A P. 1:6(5) ack 1 <nop,nop,ts 100/900> data \"hello\"
             0.010 B .  1:1(0) ack 6 <nop,nop,ts 910/100>
          7200.110 A .  5:6(1) ack 1 <nop,nop,ts 900/910> hex 00   # keepalive_probe
          7201.110 A .  5:6(1) ack 1 <nop,nop,ts 910/910> hex 00   # keepalive_probe
          {third} A .  5:6(1) ack 1 <nop,nop,ts 930/910> hex 00    # keepalive_probe
          {fourth} A .  5:6(1) ack 1 <nop,nop,ts 970/910> hex 00   # keepalive_probe
            => client side stack {stack} first_profile {profile}
        "
        )
    };
    check(&trace("7203.110", "7207.110", "illumos", "Solaris-and-illumos-default"));
    check(&trace("7202.110", "7203.110", "smoltcp,illumos,vxworks,aix", "null"));
}

#[test]
fn probes_over_unacknowledged_data_are_not_linux() {
    check(
        "
         0.000 A P. 1:6(5) ack 1 <nop,nop,ts 100/900> id 10
         0.010 B .  1:1(0) ack 6 <nop,nop,ts 910/100> id 20
         0.020 A P. 6:9(3) ack 1 <nop,nop,ts 120/910> id 11
        60.020 A .  5:5(0) ack 1 <nop,nop,ts 60120/910> id 12   # keepalive_probe rule R1b
        => client side stack freebsd,gvisor,lwip,openbsd-netbsd,vxworks,aix
    ",
    );
}

#[test]
fn an_acknowledgement_one_behind_is_neither_linux_nor_freebsd() {
    check(
        "
         0.000 A P. 1:6(5) ack 1
         0.010 B P. 1:4(3) ack 6
         0.020 A .  6:6(0) ack 4
        30.020 A .  5:5(0) ack 3   # keepalive_probe
        30.030 B .  4:4(0) ack 6   # keepalive_answer of 30.020
        => client side stack vxworks,aix
    ",
    );
}

#[test]
fn a_server_is_no_client_program() {
    check(
        "
         0.000 A S  0:1(0)
         0.010 B S. 0:1(0) ack 1
         0.020 A .  1:1(0) ack 1
       300.030 B .  0:0(0) ack 1   # keepalive_probe
       300.040 A .  1:1(0) ack 1   # keepalive_answer of 300.030
        => server side first_profile Redis,-Valkey-server
    ",
    );
}

/// Three unanswered probes, and the RST: so far apart, in milliseconds, on a connection that was quiet for 20.480 s.
fn unanswered(apart: [u32; 3], stack: &str) -> String {
    let mut at = 20_490;
    let mut trace = "
         0.000 A P. 1:6(5) ack 1 <nop,nop,ts 100/900>
         0.010 B .  1:1(0) ack 6 <nop,nop,ts 910/100>
    "
    .to_owned();
    for wait in apart {
        trace += &format!(
            "{}.{:03} A . 5:5(0) ack 1 <nop,nop,ts 20590/910>   # keepalive_probe\n",
            at / 1_000,
            at % 1_000
        );
        at += wait;
    }
    trace += &format!("{}.{:03} A R. 6:6(0) ack 1 <nop,nop,ts 20590/910>\n", at / 1_000, at % 1_000);
    trace + "=> client side stack " + stack
}

#[test]
fn steady_lateness_on_the_grid_is_linux_and_its_errno_is_known() {
    let linux = unanswered([1_024, 1_024, 1_023], "linux");
    check(&format!("{linux}\n=> ending by client timer keepalive client_errno ETIMEDOUT confidence certain"));
    // 3 s at 250 Hz.
    check(&unanswered([3_072, 3_072, 3_072], "linux"));
}

#[test]
fn whole_seconds_unsteady_ones_and_other_grids_are_not() {
    const SHARED: &str = "linux,freebsd,gvisor,lwip,openbsd-netbsd,vxworks,aix";
    for apart in [[1_000; 3], [1_008; 3], [1_500; 3], [1_024, 1_019, 1_024], [1_060; 3]] {
        let shared = unanswered(apart, SHARED);
        check(&format!(
            "{shared}\n=> ending by client timer keepalive client_errno ETIMEDOUT confidence likely"
        ));
    }
}

/// Four probes of a near prober that the peer answers after so many milliseconds, so far apart.
fn answered(apart: u32, after: u32, stack: &str) -> String {
    let mut trace = "
        0.000 A S  0:0(0) <ts 0/0>
        0.000 B S. 0:0(0) ack 1 <ts 5000/0>
        0.000 A .  1:1(0) ack 1 <ts 0/5000>
    "
    .to_owned();
    for n in 1..=4 {
        let (probe, answer) = (n * apart, n * apart + after);
        let [probe, answer] = [probe, answer].map(|ms| format!("{}.{:03}", ms / 1_000, ms % 1_000));
        trace += &format!("{probe} A . 0:0(0) ack 1 <ts 1/5000>   # keepalive_probe\n");
        trace += &format!("{answer} B . 1:1(0) ack 1 <ts 2/0>     # keepalive_answer of {probe}\n");
    }
    trace + "=> client side stack " + stack
}

#[test]
fn an_exact_timer_and_a_long_way_look_as_late() {
    check(&answered(2_048, 1, "linux"));
    check(&answered(2_048, 48, "linux,freebsd,gvisor,lwip,openbsd-netbsd,vxworks,aix"));
}

#[test]
fn a_program_whose_probes_would_come_sooner_is_not_named() {
    // Keepalive was switched on late, so that only the upper end of the idle time is known: libuv's agents probe every second.
    let probes = |apart: u32, profile: &str| {
        let at = |n: u32| 10_000 + n * apart;
        let mut trace = "0.000 A S 0:0(0)\n0.000 B S. 0:0(0) ack 1\n0.000 A . 1:1(0) ack 1\n".to_owned();
        for n in 0..3 {
            let (s, ms) = (at(n) / 1_000, at(n) % 1_000);
            trace += &format!("{s}.{ms:03} A . 0:0(0) ack 1   # keepalive_probe\n");
            trace += &format!("{s}.{:03} B . 1:1(0) ack 1   # keepalive_answer of {s}.{ms:03}\n", ms + 1);
        }
        trace + "=> client side first_profile " + profile
    };
    check(&probes(1_008, "Node.js-http.Agent-with-keepAlive"));
    check(&probes(4_032, "null"));
}
