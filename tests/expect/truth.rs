//! What the recorded machines were set to is what expectations say, or nothing: the true value never fails, and a wrong one never holds,
//! wherever the capture is cut.

use super::reports::{ends, of_bytes, recorded, verdict};
use keepscope::expect::Verdict;
use serde_json::Value;
use std::fs;

/// A wrong value is at least so much larger or smaller: what timers hide is an eighth.
const WRONG: [f64; 4] = [0.5, 0.8, 1.25, 2.0];

/// Here keepalive was switched on after four quiet seconds, which no capture shows: until the second probe that is the idle time.
const SWITCHED_ON_LATE: &str = "late-enabling";

/// How many places a capture is cut at.
const CUTS: usize = 12;

#[test]
fn the_true_setting_never_fails_and_a_wrong_one_never_holds() {
    let (mut held, mut broken) = (0, Vec::new());
    for fixture in recorded() {
        let name = fixture.file_name().unwrap().to_string_lossy().into_owned();
        if name == SWITCHED_ON_LATE {
            continue;
        }
        let truth: Value = serde_json::from_slice(&fs::read(fixture.join("truth.json")).unwrap()).unwrap();
        let bytes = fs::read(fixture.join("capture.pcap")).unwrap();
        let ends = ends(&bytes);
        let step = ends.len().div_ceil(CUTS).max(1);
        let reports: Vec<_> = ends.iter().rev().step_by(step).map(|end| of_bytes(&bytes[..*end])).collect();
        for (select, setting, seconds) in settings(&truth) {
            for report in &reports {
                let ask = |seconds: f64| verdict(report, &format!("{select} {setting}={seconds:.3}s"));
                let is_selected = verdict(report, &format!("{select} probes>=0")) != Verdict::Fails;
                match ask(seconds) {
                    Verdict::Holds => held += 1,
                    Verdict::Fails if is_selected => {
                        broken.push(format!("{name}: {select}: {setting}={seconds}s fails"));
                    }
                    _ => {}
                }
                for wrong in WRONG.map(|factor| seconds * factor) {
                    if ask(wrong) == Verdict::Holds {
                        broken.push(format!(
                            "{name}: {select}: {setting}={wrong}s holds, but it is {seconds} s"
                        ));
                    }
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(held > 300, "only {held} held: the test shows nothing");
}

/// Of each end that was set once: how it is selected, the setting, and its value.
fn settings(truth: &Value) -> Vec<(String, &'static str, f64)> {
    let mut settings = Vec::new();
    for connection in truth["connections"].as_array().unwrap() {
        for side in ["client", "server"] {
            let all = connection[format!("{side}_settings")].as_array().unwrap();
            let [only] = all.as_slice() else { continue };
            let (client, server) = (&connection["client"], &connection["server"]);
            let select = format!("client port {} server port {} side={side}", client["port"], server["port"]);
            for (setting, member) in [("idle", "idle_s"), ("interval", "interval_s")] {
                if let Some(seconds) = only[member].as_f64() {
                    settings.push((select.clone(), setting, seconds));
                }
            }
        }
    }
    settings
}
