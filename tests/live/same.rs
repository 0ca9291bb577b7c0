//! The report at the end of a running capture is that of the recorded frames, but for what depends on the moment of stopping.
//!
//! A capture that runs knows three things that its frames do not tell: where they come from, how many were lost, and that time went on after
//! the last of them. The last is why quiet may have lasted longer in its report, and why a run may have stopped that is pending in the other.

use super::play::play;
use super::program::Line;
use keepscope::time::Span;
use serde_json::Value;

/// What a side's report says of quiet, which lasts until the end.
const OF_QUIET: [&str; 2] = ["longest_quiet_s", "idle_excluded_s"];

/// Makes of `live` what the recorded frames tell, after holding it to what may differ.
fn without_the_end(live: &mut Value, offline: &Value, after: f64) {
    let (capture, recorded) = (&mut live["capture"], &offline["capture"]);
    assert!(recorded["dropped"].is_null() || capture["dropped"] == recorded["dropped"]);
    for key in ["sources", "dropped"] {
        capture[key] = recorded[key].clone();
    }
    let Some(flows) = live.get_mut("flows").and_then(Value::as_array_mut) else { return };
    for (flow, recorded) in flows.iter_mut().zip(offline["flows"].as_array().unwrap()) {
        flow_without_the_end(flow, recorded, after);
    }
}

/// The same of a flow: quiet may have lasted up to `after` seconds longer.
fn flow_without_the_end(flow: &mut Value, recorded: &Value, after: f64) {
    for side in ["client_keepalive", "server_keepalive"] {
        for key in OF_QUIET {
            if let (Some(live), Some(recorded)) = (flow[side][key].as_f64(), recorded[side][key].as_f64()) {
                assert!(live >= recorded && live <= recorded + after, "{key}: {live}, recorded {recorded}");
            }
            // Quiet may only have begun after the last frame.
            assert!(flow[side][key].is_f64() || recorded[side][key].is_null(), "{key}");
            flow[side][key] = recorded[side][key].clone();
        }
    }
}

#[test]
fn the_report_at_the_end_is_that_of_the_recorded_frames() {
    let Some(play) = play() else { return };
    for pair in &play.reports {
        let (how, mut live) = (pair.how, pair.live.document());
        assert_eq!(pair.live.code, 0, "{how}: {}", pair.live.err);
        assert_eq!(live["flows"].as_array().map(Vec::len), Some(8), "{how}");
        let last = super::stories::timestamp(live["capture"]["end"].as_str().unwrap());
        let after = pair.live.asked.since(last) + Span::from_secs(1);
        let source = match how {
            "-i" => live["capture"]["sources"][0] == "to-a",
            "-" => live["capture"]["sources"][0] == "-",
            _ => live["capture"]["sources"] == pair.offline["capture"]["sources"],
        };
        assert!(source, "{how}: {}", live["capture"]["sources"]);
        let dropped = &live["capture"]["dropped"];
        assert_eq!(dropped.is_null(), how != "-i", "{how}: {dropped}");
        // Of a pipe nothing is known but its frames: not even that time went on.
        let after = if how == "-" { 0.0 } else { after.as_secs_f64() };
        without_the_end(&mut live, &pair.offline, after);
        assert_same(how, &live, &pair.offline);
    }
}

/// Every record, but for notices and snapshots, which only a running capture has. When time decides, the records of other flows are written
/// before; so their order may differ, and no more.
#[test]
fn the_records_are_those_of_the_recorded_frames() {
    let Some(play) = play() else { return };
    let records = |lines: &[String]| -> Vec<Value> {
        let records = lines.iter().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let mut records: Vec<_> = records.filter(|record| !is_of_running_captures(record)).collect();
        records.sort_by_key(|record| {
            (
                record["frame"].as_u64().unwrap_or(u64::MAX),
                record["type"].to_string(),
                record["index"].as_u64(),
            )
        });
        records
    };
    let text = |line: &Line| line.text.clone();
    let mut live = records(&play.records.out.iter().map(text).collect::<Vec<_>>());
    let offline = records(&play.records_again.lines().map(str::to_owned).collect::<Vec<_>>());
    assert_eq!(live.len(), offline.len());
    for (live, offline) in live.iter_mut().zip(&offline) {
        match live["type"].as_str().unwrap() {
            "flow" => flow_without_the_end(&mut live["flow_report"], &offline["flow_report"], f64::MAX),
            "summary" => without_the_end(live, offline, 0.0),
            _ => {}
        }
        assert_same("a record", live, offline);
    }
}

fn is_of_running_captures(record: &Value) -> bool {
    let only_there = ["probe_unanswered", "probe_overdue", "flow_silent", "frames_dropped"];
    only_there.iter().any(|kind| record["type"] == *kind) || record["final"] == false
}

/// Tells where two documents part, not only that they do.
#[track_caller]
fn assert_same(what: &str, live: &Value, offline: &Value) {
    let mut differences = Vec::new();
    compare("", live, offline, &mut differences);
    assert!(differences.is_empty(), "{what}: live is not what the file is:\n{}", differences.join("\n"));
}

fn compare(at: &str, live: &Value, offline: &Value, differences: &mut Vec<String>) {
    match (live, offline) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter()
                .zip(b.values())
                .for_each(|((key, a), b)| compare(&format!("{at}.{key}"), a, b, differences));
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter()
                .zip(b)
                .enumerate()
                .for_each(|(i, (a, b))| compare(&format!("{at}[{i}]"), a, b, differences));
        }
        _ if live != offline => differences.push(format!("{at}: {live:.200} and {offline:.200}")),
        _ => {}
    }
}
