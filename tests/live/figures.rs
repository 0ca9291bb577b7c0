//! Metrics, and flows that are written while they are open: what they say is what the report says.

use super::play::play;
use super::story::Name;
use serde_json::Value;
use std::collections::BTreeMap;

/// The series of a page of metrics.
fn series(page: &str) -> BTreeMap<&str, f64> {
    let lines = page.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(name, value)| (name, value.parse().unwrap()))
        .collect()
}

#[test]
fn what_was_scraped_while_it_ran_is_what_was_reported() {
    let Some(play) = play() else { return };
    let (scraped, left) = (series(&play.pages.0), series(&play.pages.1));
    assert!(scraped.len() > 200);
    // A flow is counted as ended a minute after its end, or at the end of all; findings that stand are those of flows that go on.
    let differ: Vec<_> = scraped
        .iter()
        .filter(|(name, value)| left[*name] != **value)
        .map(|(name, _)| name.split('{').next().unwrap())
        .collect();
    let at_the_end = ["keepscope_flow_ends_total", "keepscope_findings_total", "keepscope_standing_findings"];
    assert!(differ.iter().all(|name| at_the_end.contains(name)), "{differ:?}");

    let summary = play.all().last().unwrap().1;
    assert_eq!(summary["type"], "summary");
    let sum = |name: &str, page: &BTreeMap<&str, f64>| -> f64 {
        page.iter().filter(|(series, _)| series.split('{').next() == Some(name)).map(|(_, value)| value).sum()
    };
    for (name, told) in [
        ("keepscope_packets_total", &summary["capture"]["frames"]),
        ("keepscope_packet_bytes_total", &summary["capture"]["bytes"]),
        ("keepscope_flows_seen_total", &summary["summary"]["flows"]),
        ("keepscope_probes_sent_total", &summary["summary"]["probes"]),
        ("keepscope_probes_total", &summary["summary"]["probes"]),
    ] {
        assert_eq!(Some(sum(name, &scraped)), told.as_f64(), "{name}");
    }
    let answered: f64 = ["client", "server"]
        .map(|role| scraped[&*format!(r#"keepscope_probes_total{{role="{role}",result="answered"}}"#)])
        .iter()
        .sum();
    assert_eq!(Some(answered), summary["summary"]["answered"].as_f64());
    for kind in ["probe_unanswered", "probe_overdue", "flow_silent"] {
        let told = play.all().filter(|(_, record)| record["type"] == kind).count();
        assert_eq!(scraped[&*format!(r#"keepscope_notices_total{{kind="{kind}"}}"#)], told as f64);
    }
    let findings: f64 =
        summary["summary"]["findings"].as_object().unwrap().values().filter_map(Value::as_f64).sum();
    let ended = sum("keepscope_findings_total", &left) + sum("keepscope_standing_findings", &left);
    assert_eq!(ended, findings, "of flows, and of the capture");
}

#[test]
fn open_flows_are_written_as_they_stand() {
    let Some(play) = play() else { return };
    for story in &play.stories {
        let all: Vec<Value> = play
            .all()
            .map(|(_, record)| record)
            .filter(|record| record["type"] == "flow" && record["flow"] == *story.id)
            .collect();
        let (last, snapshots) = all.split_last().unwrap();
        assert!(last["final"] == true && snapshots.iter().all(|record| record["final"] == false));
        assert!(snapshots.len() >= 2, "{:?}: {} snapshots", story.name, snapshots.len());
        for pair in all.windows(2) {
            for key in ["segments", "duration_s"] {
                let [before, after] = [0, 1].map(|i| pair[i]["flow_report"][key].as_f64());
                assert!(before <= after, "{:?}: {key}", story.name);
            }
            let [before, after] =
                [0, 1].map(|i| pair[i]["flow_report"]["client_keepalive"]["probes"].as_u64());
            assert!(before <= after, "{:?}", story.name);
        }
        let reports = snapshots.iter().map(|record| &record["flow_report"]);
        if story.name == Name::Alive {
            // It was closed just before the end.
            assert_eq!(reports.clone().next().unwrap()["state"], "open");
            let shows_idle = |flow: &Value| flow["client_keepalive"]["settings"]["idle_s"]["nearest"] == 1.0;
            assert!(reports.clone().any(shows_idle), "{snapshots:?}");
        }
    }
}
