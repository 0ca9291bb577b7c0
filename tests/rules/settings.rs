//! What is said of the configured values: `idle_setting 2` means that of all whole seconds only 2 lies in the range, `1..5` the first and
//! the last that do. The ranges as such are held against a model of the kernel's timers in `tests/timers`.

use super::check;

/// Three segments that show the prober to be near.
const HANDSHAKE: &str = "
        0.000 A S  0:0(0) <ts 0/0>
        0.000 B S. 0:0(0) ack 1 <ts 5000/0>
        0.000 A .  1:1(0) ack 1 <ts 0/5000>
";

#[track_caller]
fn check_after_handshake(trace: &str) {
    check(&format!("{HANDSHAKE}{trace}"));
}

#[test]
fn steady_answered_probes_tell_the_idle_time() {
    check_after_handshake(
        "
         10.154 A . 0:0(0) ack 1 <ts 10154/5000>     # keepalive_probe
         10.155 B . 1:1(0) ack 1 <ts 15155/0>        # keepalive_answer of 10.154
         20.394 A . 0:0(0) ack 1 <ts 20394/15155>    # keepalive_probe
         20.395 B . 1:1(0) ack 1 <ts 25395/0>        # keepalive_answer of 20.394
         30.634 A . 0:0(0) ack 1 <ts 30634/25395>    # keepalive_probe
         30.635 B . 1:1(0) ack 1 <ts 35635/0>        # keepalive_answer of 30.634
        => client side idle_setting 10 idle_nearest 10 interval_setting null count null changes none
    ",
    );
}

#[test]
fn without_the_first_cycle_the_spacing_may_be_the_interval() {
    check(
        "
         10.154 A . 0:0(0) ack 1 <ts 10154/5000>     # keepalive_probe
         10.155 B . 1:1(0) ack 1 <ts 15155/0>        # keepalive_answer of 10.154
         20.394 A . 0:0(0) ack 1 <ts 20394/15155>    # keepalive_probe
         20.395 B . 1:1(0) ack 1 <ts 25395/0>        # keepalive_answer of 20.394
         30.634 A . 0:0(0) ack 1 <ts 30634/25395>    # keepalive_probe
         30.635 B . 1:1(0) ack 1 <ts 35635/0>        # keepalive_answer of 30.634
        => client side idle_setting 0..10 idle_nearest 10 changes none
    ",
    );
}

#[test]
fn a_short_wait_before_long_ones_is_the_idle_time_or_was_it() {
    // Idle 1 and interval 3; or idle 1 raised to 3.
    check_after_handshake(
        "
         1.014 A . 0:0(0) ack 1 <ts 1014/5000>    # keepalive_probe
         1.015 B . 1:1(0) ack 1 <ts 6015/0>       # keepalive_answer of 1.014
         4.118 A . 0:0(0) ack 1 <ts 4118/6015>    # keepalive_probe
         4.119 B . 1:1(0) ack 1 <ts 9119/0>       # keepalive_answer of 4.118
         7.190 A . 0:0(0) ack 1 <ts 7190/9119>    # keepalive_probe
         7.191 B . 1:1(0) ack 1 <ts 12191/0>      # keepalive_answer of 7.190
        => client side idle_setting 1..3 idle_nearest 1 interval_setting 0..3 interval_nearest 3 changes none
    ",
    );
    // Data shows the idle time again: the spacing is the interval.
    check_after_handshake(
        "
         1.014 A . 0:0(0) ack 1 <ts 1014/5000>    # keepalive_probe
         1.015 B . 1:1(0) ack 1 <ts 6015/0>       # keepalive_answer of 1.014
         4.118 A . 0:0(0) ack 1 <ts 4118/6015>    # keepalive_probe
         4.119 B . 1:1(0) ack 1 <ts 9119/0>       # keepalive_answer of 4.118
         7.190 A . 0:0(0) ack 1 <ts 7190/9119>    # keepalive_probe
         7.191 B . 1:1(0) ack 1 <ts 12191/0>      # keepalive_answer of 7.190
         9.800 B P. 1:5(4) ack 1 <ts 14800/0>
         9.800 A . 1:1(0) ack 5 <ts 9800/14800>
        10.838 A . 0:0(0) ack 5 <ts 10838/14800>  # keepalive_probe
        10.839 B . 5:5(0) ack 1 <ts 15839/0>      # keepalive_answer of 10.838
        => client side idle_setting 1 idle_nearest 1 interval_setting 3 interval_nearest 3 changes none
    ",
    );
}

#[test]
fn an_idle_time_that_is_raised_is_a_change() {
    let trace = |third: &str| {
        format!(
            "
         2.030 A . 0:0(0) ack 1 <ts 2030/5000>     # keepalive_probe
         2.031 B . 1:1(0) ack 1 <ts 7031/0>        # keepalive_answer of 2.030
         4.046 A . 0:0(0) ack 1 <ts 4046/7031>     # keepalive_probe
         4.047 B . 1:1(0) ack 1 <ts 9047/0>        # keepalive_answer of 4.046
         9.230 A . 0:0(0) ack 1 <ts 9230/9047>     # keepalive_probe
         9.231 B . 1:1(0) ack 1 <ts 14231/0>       # keepalive_answer of 9.230
        {third}
    "
        )
    };
    check_after_handshake(&trace(
        "14.350 A . 0:0(0) ack 1 <ts 14350/14231>    # keepalive_probe
        14.351 B . 1:1(0) ack 1 <ts 19351/0>         # keepalive_answer of 14.350
        => client side idle_setting 5 idle_nearest 5 changes idle@9.230",
    ));
    // A single long wait is none: a frame may be missing, or the machine have slept.
    check_after_handshake(&trace(
        "11.246 A . 0:0(0) ack 1 <ts 11246/14231>    # keepalive_probe
        11.247 B . 1:1(0) ack 1 <ts 16247/0>         # keepalive_answer of 11.246
        => client side idle_setting 2 idle_nearest 2 changes none",
    ));
}

#[test]
fn a_first_wait_that_is_longer_is_a_late_start() {
    check_after_handshake(
        "
         6.017 A . 0:0(0) ack 1 <ts 6017/5000>      # keepalive_probe
         6.018 B . 1:1(0) ack 1 <ts 11018/0>        # keepalive_answer of 6.017
         8.033 A . 0:0(0) ack 1 <ts 8033/11018>     # keepalive_probe
         8.034 B . 1:1(0) ack 1 <ts 13034/0>        # keepalive_answer of 8.033
        10.049 A . 0:0(0) ack 1 <ts 10049/13034>    # keepalive_probe
        10.050 B . 1:1(0) ack 1 <ts 15050/0>        # keepalive_answer of 10.049
        => client side idle_setting 0..2 idle_nearest 2 changes late_start@6.017
    ",
    );
}

#[test]
fn time_stamps_tell_that_answers_do_not_reach_the_prober() {
    // As above, but the time stamps of the answers are never echoed: the prober still waits for its first answer, at its interval.
    check_after_handshake(
        "
         6.017 A . 0:0(0) ack 1 <ts 6017/5000>      # keepalive_probe
         6.018 B . 1:1(0) ack 1 <ts 11018/0>        # keepalive_answer of 6.017
         8.033 A . 0:0(0) ack 1 <ts 8033/5000>      # keepalive_probe
         8.034 B . 1:1(0) ack 1 <ts 13034/0>        # keepalive_answer of 8.033
        10.049 A . 0:0(0) ack 1 <ts 10049/5000>     # keepalive_probe
        10.050 B . 1:1(0) ack 1 <ts 15050/0>        # keepalive_answer of 10.049
        => client side idle_setting 6 interval_setting 2 interval_nearest 2 changes none
    ",
    );
}

#[test]
fn an_interval_that_changes_amid_a_run_is_a_change() {
    let trace = |fourth: &str| {
        format!(
            "
         2.002 A . 0:0(0) ack 1 <ts 2002/5000>    # keepalive_probe
         3.026 A . 0:0(0) ack 1 <ts 3026/5000>    # keepalive_probe
         4.050 A . 0:0(0) ack 1 <ts 4050/5000>    # keepalive_probe
         {fourth}
    "
        )
    };
    check_after_handshake(&trace(
        "7.218 A . 0:0(0) ack 1 <ts 7218/5000>         # keepalive_probe
         10.290 A . 0:0(0) ack 1 <ts 10290/5000>       # keepalive_probe
         13.362 A R. 1:1(0) ack 1 <ts 13362/5000>
        => client side idle_setting 2 interval_setting 3 interval_nearest 3 changes interval@7.218 \
           count exact_or_user_timeout:5",
    ));
    // Every other probe lost before the capture point.
    check_after_handshake(&trace(
        "6.098 A . 0:0(0) ack 1 <ts 6098/5000>        # keepalive_probe
         7.122 A . 0:0(0) ack 1 <ts 7122/5000>        # keepalive_probe
        => client side idle_setting 2 interval_setting 1 interval_nearest 1 changes none",
    ));
}

#[test]
fn spacings_that_double_are_no_interval() {
    let rest = |second: &str, third: &str| {
        format!(
            "
         10.100 A . 0:0(0) ack 1    # keepalive_probe
         12.100 A . 0:0(0) ack 1    # keepalive_probe
         {second} A . 0:0(0) ack 1    # keepalive_probe
         {third} A . 0:0(0) ack 1    # keepalive_probe
    "
        )
    };
    let start = "
        0.000 A S  0:0(0)
        0.000 B S. 0:0(0) ack 1
        0.000 A .  1:1(0) ack 1
    ";
    check(&format!("{start}{}=> client side interval_setting null", rest("16.100", "24.100")));
    check(&format!(
        "{start}{}=> client side interval_setting 1..2 interval_nearest 2",
        rest("14.100", "16.100")
    ));
}

#[test]
fn where_the_captures_clock_jumps_the_probers_own_counts() {
    // Before the last cycle the capture's clock is set back by 1.5 s: 0.516 s pass in it, 2.016 s in the prober's.
    let trace = |with: bool| {
        let stamps = |own: u32, echo: u32| if with { format!("<ts {own}/{echo}>") } else { String::new() };
        format!(
            "
         0.000 A S  0:0(0) {}
         0.000 B S. 0:0(0) ack 1 {}
         0.000 A .  1:1(0) ack 1 {}
         2.016 A . 0:0(0) ack 1 {}    # keepalive_probe
         2.017 B . 1:1(0) ack 1 {}    # keepalive_answer of 2.016
         4.032 A . 0:0(0) ack 1 {}    # keepalive_probe
         4.033 B . 1:1(0) ack 1 {}    # keepalive_answer of 4.032
         6.048 A . 0:0(0) ack 1 {}    # keepalive_probe
         6.049 B . 1:1(0) ack 1 {}    # keepalive_answer of 6.048
         6.564 A . 0:0(0) ack 1 {}    # keepalive_probe idle 0.515
         6.565 B . 1:1(0) ack 1 {}    # keepalive_answer of 6.564
    ",
            stamps(0, 0),
            stamps(5000, 0),
            stamps(0, 5000),
            stamps(2016, 5000),
            stamps(7017, 0),
            stamps(4032, 7017),
            stamps(9033, 0),
            stamps(6048, 9033),
            stamps(11_049, 0),
            stamps(8064, 11_049),
            stamps(13_065, 0),
        )
    };
    check(&format!("{}=> client side idle 0.515 idle_setting 2 idle_nearest 2 changes none", trace(true)));
    check(&format!("{}=> client side idle 0.515 idle_setting 0..1 changes none", trace(false)));
}

#[test]
fn the_shape_of_probes_tells_whose_timers_they_are() {
    let trace = |octet: &str, stamps: &str| {
        format!(
            "
         0.000 A S  0:0(0) <ts 0/0>
         0.000 B S. 0:0(0) ack 1 <ts 5000/0>
         0.000 A .  1:1(0) ack 1 <ts 0/5000>
         0.001 A P. 1:6(5) ack 1 <ts 1/5000>
         0.001 B . 1:1(0) ack 6 <ts 5001/1>
        60.008 A . {octet} ack 1 {stamps}    # keepalive_probe
        60.009 B . 1:1(0) ack 6 <ts 65009/1>    # keepalive_answer of 60.008
    "
        )
    };
    // Linux: late by up to a granule of its wheel.
    check(&format!(
        "{}=> client side idle_setting 55..60 idle_nearest 60",
        trace("5:5(0)", "<ts 60008/5001>")
    ));
    // XNU: half a second early or late.
    check(&format!("{}=> client side idle_setting 60 idle_nearest 60", trace("5:5(0)", "")));
    // Windows: a tick late.
    check(&format!("{}=> client side idle_setting 60 idle_nearest 60", trace("5:6(1)", "")));
}

#[test]
fn a_user_timeout_is_excluded_by_what_was_outlived() {
    let trace = |idle: &str| {
        format!(
            "
         {idle} A . 0:0(0) ack 1 <ts 2002/5000>     # keepalive_probe
         11.026 A . 0:0(0) ack 1 <ts 11026/5000>    # keepalive_probe
         11.027 B . 1:1(0) ack 1 <ts 16027/0>       # keepalive_answer of 11.026
         13.043 A . 0:0(0) ack 1 <ts 13043/16027>   # keepalive_probe
         14.067 A . 0:0(0) ack 1 <ts 14067/16027>   # keepalive_probe
         15.091 A R. 1:1(0) ack 1 <ts 15091/16027>
    "
        )
    };
    check_after_handshake(&format!("{}=> client side count exact:2 user_timeout null", trace("10.002")));
    check(
        "8.000 B P. 1:5(4) ack 1 <ts 13000/0>
         8.000 A . 1:1(0) ack 5 <ts 8000/13000>
         10.002 A . 0:0(0) ack 5 <ts 10002/13000>   # keepalive_probe
         10.003 B . 5:5(0) ack 1 <ts 15003/0>       # keepalive_answer of 10.002
         12.019 A . 0:0(0) ack 5 <ts 12019/15003>   # keepalive_probe
         13.043 A . 0:0(0) ack 5 <ts 13043/15003>   # keepalive_probe
         14.067 A R. 1:1(0) ack 5 <ts 14067/15003>
        => client side count exact_or_user_timeout:2 user_timeout 3.040..4.064",
    );
}

#[test]
fn an_idle_time_that_is_lowered_is_a_change() {
    let trace = |second: &str| {
        format!(
            "
         6.075 A . 0:0(0) ack 1 <ts 6075/5000>     # keepalive_probe
         6.076 B . 1:1(0) ack 1 <ts 11076/0>       # keepalive_answer of 6.075
        {second}
        14.235 A . 0:0(0) ack 1 <ts 14235/17223>   # keepalive_probe
        14.236 B . 1:1(0) ack 1 <ts 19236/0>       # keepalive_answer of 14.235
        16.251 A . 0:0(0) ack 1 <ts 16251/19236>   # keepalive_probe
        16.252 B . 1:1(0) ack 1 <ts 21252/0>       # keepalive_answer of 16.251
    "
        )
    };
    check_after_handshake(&format!(
        "{}=> client side idle_setting 0..2 idle_nearest 2 changes idle@14.235",
        trace(
            "12.222 A . 0:0(0) ack 1 <ts 12222/11076>   # keepalive_probe
            12.223 B . 1:1(0) ack 1 <ts 17223/0>        # keepalive_answer of 12.222"
        )
    ));
    // With data before, the long waits may have been lengthened by it.
    check_after_handshake(&format!(
        "{}=> client side changes late_start@6.075",
        trace(
            "12.223 B P. 1:5(4) ack 1 <ts 17223/0>
            12.223 A . 1:1(0) ack 5 <ts 12223/17223>"
        )
        .replace("0:0(0) ack 1 <ts 14235", "0:0(0) ack 5 <ts 14235")
        .replace("0:0(0) ack 1 <ts 16251", "0:0(0) ack 5 <ts 16251")
        .replace("1:1(0) ack 1 <ts 19236", "5:5(0) ack 1 <ts 19236")
        .replace("1:1(0) ack 1 <ts 21252", "5:5(0) ack 1 <ts 21252")
    ));
}
