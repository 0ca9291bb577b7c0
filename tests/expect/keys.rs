//! Each key: a capture in which it holds, one in which it fails, and one that cannot show it.

use super::reports::{of_fixture, verdict};
use keepscope::expect::Verdict::{self, Fails, Holds, Inconclusive};

/// Fixture, expectation, and what is said of it.
const CASES: &[(&str, &str, Verdict)] = &[
    // Status. Off shows in hours only.
    ("alive", "status=probing", Holds),
    ("alive", "side=client status=probing", Holds),
    ("keepalive-off", "status=probing", Fails),
    ("download", "status=probing", Inconclusive),
    ("keepalive-off", "status=off", Holds),
    ("keepalive-off", "status!=off", Fails),
    ("alive", "status=off", Fails),
    ("alive", "side=server status=off", Inconclusive),
    ("alive", "status!=off", Holds),
    // Idle: 2 s were configured, and 2.016 s pass on this kernel.
    ("alive", "idle=2s", Holds),
    ("alive", "side=client idle=2s", Holds),
    ("alive", "idle=2s±10%", Holds),
    ("alive", "idle=1.5s±0.5s", Holds),
    ("alive", "idle=2.5s", Fails),
    ("alive", "idle=2.5s±10%", Fails),
    ("alive", "idle!=2s", Fails),
    ("alive", "idle!=3s", Holds),
    ("alive", "idle<=2s", Holds),
    ("alive", "idle>2s", Fails),
    ("alive", "idle<3s", Holds),
    ("alive", "idle>=3s", Fails),
    // … where answered probes may have been timed by the interval, only the upper end is sure.
    ("late-enabling", "idle=2s", Inconclusive),
    ("late-enabling", "idle<=2.1s", Holds),
    ("late-enabling", "idle=3s", Fails),
    ("idle-changed", "idle=3s", Holds),
    ("idle-changed", "idle=2s", Fails),
    // … where nobody probes, a long quiet excludes it, keepalive that is off fails it, and a short quiet says nothing.
    ("switched-off", "flow 1 idle=60s", Inconclusive),
    ("alive", "side=server idle=5s", Fails),
    ("alive", "side=server idle=9s", Inconclusive),
    ("alive", "side=server idle>=5s", Inconclusive),
    ("keepalive-off", "idle=4h", Fails),
    // Without a side, each end that probes must be so.
    ("both-probe", "idle=2s", Fails),
    ("both-probe", "side=client idle=2s", Holds),
    ("both-probe", "side=server idle=3s", Holds),
    ("both-probe", "idle>=2s", Holds),
    // Interval: answered probes say nothing of it.
    ("vanishes", "interval=1s", Holds),
    ("vanishes", "interval=2s", Fails),
    ("alive", "interval=1s", Inconclusive),
    // Count: as it takes effect.
    ("vanishes", "count=3", Holds),
    ("vanishes", "count=4", Fails),
    ("vanishes", "count>=3", Holds),
    ("recovers", "count=3", Inconclusive),
    ("recovers", "count>=3", Holds),
    ("recovers", "count<3", Fails),
    ("alive", "count=3", Inconclusive),
    // Probes.
    ("alive", "probes=4", Holds),
    ("alive", "probes>4", Fails),
    ("alive", "side=server probes=0", Holds),
    ("one-direction", "probes=0", Inconclusive),
    // Answered, of all probes of all flows.
    ("alive", "answered>=99%", Holds),
    ("alive", "answered=100%", Holds),
    ("vanishes", "answered>=99%", Fails),
    ("vanishes", "answered=25%", Holds),
    ("lossy-path", "answered>=70%", Holds),
    ("lossy-path", "answered>70%", Fails),
    ("demo", "host 10.0.2.11 answered>=99%", Holds),
    ("demo", "host 10.0.2.0/24 answered>=99%", Fails),
    ("alive", "side=server answered>=1%", Inconclusive),
    ("download", "answered>=1%", Inconclusive),
    // Outcomes.
    ("vanishes", "outcome=timed_out", Holds),
    ("vanishes", "outcome=timed_out within 90s", Holds),
    ("vanishes", "outcome=timed_out within 5s", Fails),
    ("vanishes", "outcome!=timed_out", Fails),
    ("alive", "outcome=timed_out", Fails),
    ("alive", "outcome!=timed_out", Holds),
    ("alive", "side=server outcome=timed_out", Inconclusive),
    ("keepalive-off", "outcome!=timed_out", Fails),
    ("rebooted", "outcome=reset within 90s", Holds),
    ("both-probe-and-path-breaks", "outcome=timed_out", Holds),
    // Round trips.
    ("alive", "rtt p99<50ms", Holds),
    ("alive", "rtt min>1ms", Fails),
    ("alive", "rtt median=0.08ms±50%", Holds),
    ("probes-ignored", "rtt max<1s", Inconclusive),
    // What was there, and what was not.
    ("alive", "no reset", Holds),
    ("vanishes", "no reset", Fails),
    ("vanishes", "reset", Holds),
    ("vanishes", "side=server no reset", Holds),
    ("one-direction", "no reset", Inconclusive),
    ("alive", "no probe", Fails),
    ("download", "no probe", Holds),
    ("alive", "all no finding severity>=warning", Holds),
    ("vanishes", "all no finding severity>=warning", Fails),
    ("vanishes", "no finding severity>problem", Holds),
    ("vanishes", "finding id=dead-peer-detected", Holds),
    ("reset-by-router", "no finding id=reset-by-middlebox", Fails),
    ("vanishes", "no finding id=reset-by-middlebox", Holds),
    ("one-direction", "no finding severity=problem", Inconclusive),
    // … findings that span flows are about their flows.
    ("killed-together", "no finding id=killed-together", Fails),
    ("demo", "port 443 no finding id=half-open-inventory", Fails),
    ("demo", "port 6379 no finding id=half-open-inventory", Holds),
    // Selections.
    ("alive", "port 80 no reset", Fails),
    ("alive", "server port 443 no reset", Holds),
    ("alive", "client port 443 no reset", Fails),
    ("alive", "client host 10.0.1.0/24 server host 10.0.2.1 idle=2s", Holds),
    ("alive", "host 10.0.1.1 host 10.0.2.1 port 40000-41000 idle=2s", Holds),
    ("alive-ipv6", "host fd00:2::/64 idle=2s", Holds),
    ("alive-ipv6", "host 0.0.0.0/0 idle=2s", Fails),
    ("demo", "flow 0 idle=5s", Holds),
    ("demo", "flow 12 idle=5s", Fails),
    ("vanishes", "flow 1:lsz2+ibOBpS82GwAA+FU3VXdOVE= idle=2s", Holds),
    ("download", "probing idle=2s", Fails),
    ("demo", "port 25 idle=60s", Inconclusive),
    // All flows, or any.
    ("demo", "outcome=timed_out", Fails),
    ("demo", "any outcome=timed_out", Holds),
    ("demo", "any outcome=ignored", Inconclusive),
    ("demo", "any probing outcome=ignored", Fails),
    ("demo", "port 25 idle<=7s", Fails),
    ("demo", "idle<=60s", Inconclusive),
    ("demo", "probing idle<=7s", Holds),
    ("demo", "any side=server idle=7s", Holds),
    // Several checks: all must hold.
    ("vanishes", "port 443 side=client idle=2s±10% interval=1s count=3 rtt p99<50ms", Holds),
    ("vanishes", "port 443 side=client idle=2s±10% interval=1s count=4 rtt p99<50ms", Fails),
    ("alive", "port 443 side=client idle=2s interval=1s", Inconclusive),
    ("alive", "port 443 side=client idle=3s interval=1s", Fails),
    ("demo", "any idle=3s count=3 interval=1s", Holds),
    ("demo", "any port 443 idle=5s count=4 interval=1s", Fails),
];

#[test]
fn each_key_holds_fails_and_stays_open() {
    let mut wrong = Vec::new();
    for (fixture, expression, expected) in CASES {
        let found = verdict(&of_fixture(fixture), expression);
        if found != *expected {
            wrong.push(format!("{fixture}: {expression}: {} instead of {}", found.name(), expected.name()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// 140 s are 147.456 s on the wire: the example of the documentation.
#[test]
fn a_late_timer_is_no_wrong_setting() {
    let mut trace = "
           0.000 A S  0:1(0) <sackOK,ts 100/0>
           0.010 B S. 0:1(0) ack 1 <sackOK,ts 100/100>
           0.010 A .  1:1(0) ack 1 <ts 110/100>
    "
    .to_owned();
    for probe in 1..5 {
        let at = f64::from(probe) * 147.456 + 0.01;
        trace += &format!(
            "{at:.3} A . 0:0(0) ack 1 <ts {0}/100>\n{at:.3} B . 1:1(0) ack 1 <ts {0}/{0}>\n",
            1000 * probe
        );
    }
    let report = super::reports::of_trace(&trace, None);
    let judgement = keepscope::expect::check(&report, "idle=140s").unwrap();
    judgement.assert_holds();
    let text = &judgement.grounds[0].text;
    assert!(
        text.contains("147.456 s of quiet; Linux' timers are up to 8/63 late: configured is 1"),
        "{text}"
    );
    assert_eq!(verdict(&report, "idle=120s"), Fails);
    assert_eq!(verdict(&report, "idle=150s"), Fails);
}

#[test]
#[should_panic(expected = "fails: idle=3s")]
fn an_assertion_that_fails_says_why() {
    keepscope::expect::check(&of_fixture("alive"), "idle=3s").unwrap().assert_holds();
}
