//! What can go wrong while it captures, and what is said of it.

use super::lab::Lab;
use super::program::{Line, Program, now};
use nix::sys::signal::Signal;
use serde_json::Value;
use std::net::UdpSocket;

fn is(line: &Line, kind: &str, words: &str) -> bool {
    line.text.contains(&format!(r#""type":"{kind}""#)) && line.text.contains(words)
}

/// A program that is kept from running while much comes, and that has little room for it, loses frames: it says so, and what happened
/// meanwhile is doubtful.
#[test]
fn lost_frames_are_counted_said_and_doubted() {
    let Some(lab) = Lab::open() else { return };
    let keepscope = Program::keepscope(&lab.r, "-i to-a -B 64 --format ndjson --strict");
    let connection = lab.connect(10, Some((1, 1, 9)));
    keepscope.wait_for("an answered run", |line| is(line, "run_end", r#""run":1"#));
    lab.lose(&connection);
    keepscope.wait_for("an unanswered probe", |line| is(line, "probe_unanswered", r#""number":1"#));
    keepscope.signal(Signal::SIGSTOP);
    let socket = lab.a.within(|| UdpSocket::bind("10.0.1.1:0").unwrap());
    for _ in 0..20_000 {
        // The device's own queue may be full for a moment.
        let _ = socket.send_to(&[0; 1_000], "10.0.1.254:9");
    }
    keepscope.signal(Signal::SIGCONT);
    keepscope.wait_for("the news of lost frames", |line| is(line, "frames_dropped", ""));
    lab.heal(&connection);
    keepscope.wait_for("the recovery", |line| is(line, "run_end", r#""outcome":"recovered""#));
    let ended = keepscope.end(Signal::SIGINT);

    assert_eq!(ended.code, 2, "--strict");
    assert!(ended.err.contains("keepscope: warning: frames are being lost: "), "{}", ended.err);
    let records: Vec<Value> = ended.out.iter().map(Line::json).collect();
    let dropped = &records.last().unwrap()["capture"]["dropped"]["kernel"];
    assert!(dropped.as_u64() > Some(1_000), "{dropped}");
    let told = records.iter().filter(|record| record["type"] == "frames_dropped");
    assert_eq!(told.map(|record| record["more"]["kernel"].as_u64()).sum::<Option<u64>>(), dropped.as_u64());
    for run in records.iter().filter(|record| record["type"] == "run_end") {
        let doubt = if run["outcome"] == "recovered" { "[\"drops\"]" } else { "[]" };
        assert_eq!(run["run_report"]["doubt"].to_string(), doubt, "{run}");
    }
}

#[test]
fn an_interface_that_comes_back_is_watched_on_and_one_that_is_deleted_is_the_end() {
    let Some(lab) = Lab::open() else { return };
    let keepscope = Program::keepscope(&lab.r, "-i to-a --color never");
    let _connection = lab.connect(10, Some((1, 1, 99)));
    let answers = |line: &Line| line.text.contains(": answered after ");
    keepscope.wait_for("an answer", answers);
    lab.r.ip("link set to-a down");
    keepscope.wait_until_it_says("keepscope: warning: to-a: interface down at 2");
    lab.r.ip("link set to-a up");
    keepscope.wait_until_it_says("keepscope: warning: to-a: interface up again at 2");
    let up = now();
    keepscope.wait_for("an answer after that", |line| line.at > up && answers(line));
    lab.r.ip("link del to-a");
    let ended = keepscope.wait();
    assert_eq!(ended.code, 2);
    let last = ended.err.lines().last().unwrap();
    assert_eq!(last, "keepscope: to-a: the interface is gone", "{}", ended.err);
    let report = ended.text();
    assert!(report.contains("1 TCP flow, 1 with probes"), "no report:\n{report}");
}

#[test]
fn a_disk_that_is_full_ends_it_with_the_report() {
    let Some(lab) = Lab::open() else { return };
    let keepscope = Program::keepscope(&lab.r, "-i to-a -c 3 --format json -w /dev/full");
    let _connection = lab.connect(10, None);
    let ended = keepscope.wait();
    assert_eq!(ended.code, 2, "{}", ended.err);
    let last = ended.err.lines().last().unwrap();
    assert!(last.starts_with("keepscope: cannot write frames (-w): /dev/full: "), "{}", ended.err);
    assert_eq!(ended.document()["flows"].as_array().map(Vec::len), Some(1));
}
