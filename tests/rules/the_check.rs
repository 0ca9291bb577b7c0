//! The check itself: it fails where a trace is not what it says.

use crate::support::verdict_on_trace;

const PROBE: &str = "
     0.000 A P. 1:6(5) ack 1
     0.010 B .  1:1(0) ack 6
    60.010 A .  5:5(0) ack 1   # PROBE
    60.020 B .  1:1(0) ack 6   # ANSWER
    => client RUN
";

#[track_caller]
fn verdict(probe: &str, answer: &str, run: &str) -> Result<(), String> {
    let trace = PROBE.replace("PROBE", probe).replace("ANSWER", answer).replace("RUN", run);
    verdict_on_trace(&trace, None)
}

#[track_caller]
fn fails_with(verdict: Result<(), String>, words: &str) {
    let why = verdict.expect_err("this trace is not what it says");
    assert!(why.contains(words), "{why}");
}

#[test]
fn what_is_right_holds() {
    verdict("keepalive_probe rule R1 -- as said", "keepalive_answer of 60.01", "answered probes 1").unwrap();
}

#[test]
fn a_missing_label_is_shown_in_both_blocks() {
    let why = verdict("no label", "keepalive_answer of 60.010", "answered").unwrap_err();
    let marked: Vec<&str> = why.lines().filter(|line| line.starts_with('!')).collect();
    let [expected, found] = marked.as_slice() else { panic!("{why}") };
    assert!(!expected.contains('#') && found.ends_with("# keepalive_probe"), "{why}");
}

#[test]
fn a_wrong_label_or_fact_or_run_does_not_hold() {
    let (probe, answer, run) = ("keepalive_probe", "keepalive_answer of 60.010", "answered");
    fails_with(verdict("window_probe", answer, run), "# keepalive_probe");
    fails_with(verdict("keepalive_probe rule R2", answer, run), "rule R1");
    fails_with(verdict(probe, "keepalive_answer of 0.000", run), "of 60.010");
    fails_with(verdict(probe, answer, "answered idle 59.000"), "idle 60.000");
    fails_with(verdict(probe, answer, "timed_out"), "=> client answered");
    fails_with(verdict(probe, answer, "no_runs"), "=> flow 0 client answered");
}

#[test]
fn what_cannot_be_understood_does_not_hold() {
    let (probe, answer, run) = ("keepalive_probe", "keepalive_answer of 60.010", "answered");
    fails_with(verdict("keepalive_prob", answer, run), "is no label");
    fails_with(verdict("keepalive_probe rule", answer, run), "has no value");
    fails_with(verdict("keepalive_probe colour red", answer, run), "is not known of keepalive_probe");
    fails_with(verdict(probe, "keepalive_answer", run), "of TIME");
    fails_with(verdict(probe, answer, "side colour red"), "is not known of side");
    fails_with(verdict_on_trace("# nothing", None), "without frames");
}

const VANISHED: &str = "
     0.000 A P. 1:6(5) ack 1
     0.010 B .  1:1(0) ack 6
    60.010 A .  5:5(0) ack 1   # keepalive_probe
    70.010 A .  5:5(0) ack 1   # keepalive_probe
    80.010 A .  5:5(0) ack 1   # keepalive_probe
    90.010 A R. 6:6(0) ack 1
";

#[track_caller]
fn concluded(what: &str) -> Result<(), String> {
    verdict_on_trace(&format!("{VANISHED}=> {what}\n"), None)
}

#[test]
fn what_is_concluded_holds() {
    concluded("finding dead-peer-detected").unwrap();
    concluded("finding client dead-peer-detected severity problem confidence certain").unwrap();
    concluded("finding client dead-peer-detected frames 60.01,70.01,80.01,90.01").unwrap();
    concluded("no finding server dead-peer-detected").unwrap();
    concluded("no finding reset-by-middlebox").unwrap();
    concluded("capture no finding killed-together").unwrap();
}

#[test]
fn what_is_not_concluded_does_not_hold() {
    fails_with(concluded("finding server dead-peer-detected"), "found: dead-peer-detected (problem client)");
    fails_with(concluded("finding reset-by-middlebox"), "found: dead-peer-detected");
    fails_with(concluded("finding dead-peer-detected severity info"), "severity problem");
    fails_with(concluded("no finding dead-peer-detected"), "found: dead-peer-detected");
    fails_with(concluded("no finding client dead-peer-detected"), "found: dead-peer-detected");
    fails_with(concluded("capture finding dead-peer-detected"), "found: ");
    fails_with(concluded("healthy"), "flow 0 dead-peer-detected");
    fails_with(concluded("ending by server"), "=> ending ");
}

#[test]
fn a_conclusion_that_cannot_be_understood_does_not_hold() {
    fails_with(concluded("finding dead-peer"), "no finding is called 'dead-peer'");
    fails_with(concluded("no finding dead-peer"), "no finding is called 'dead-peer'");
    fails_with(concluded("finding client"), "which finding?");
    fails_with(concluded("no findings"), "neither");
    fails_with(concluded("finding dead-peer-detected gravity problem"), "'gravity' is not known");
}
