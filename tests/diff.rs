//! `keepscope diff`: what scripts rely on.

#![allow(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn keepscope(args: &[&str]) -> Output {
    let here = env!("CARGO_MANIFEST_DIR");
    Command::new(env!("CARGO_BIN_EXE_keepscope")).current_dir(here).args(args).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_peer_that_vanished_is_a_difference() {
    let of = |format| {
        keepscope(&[
            "diff",
            "--by=port",
            "--format",
            format,
            "fixtures/alive/capture.pcap",
            "fixtures/vanishes/capture.pcap",
        ])
    };
    let output = of("text");
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output);
    for line in [
        "port 443",
        "  client outcomes   +timed out  −answered",
        "  endings           +client rst (keepalive)",
    ] {
        assert!(told.lines().any(|l| l == line), "{told}");
    }
    let document: serde_json::Value = serde_json::from_str(&text(&of("json"))).unwrap();
    assert_eq!(document["schema"], "keepscope.diff/1");
    assert_eq!(document["changes"][0]["after"][0], "timed_out");
    let schema = keepscope::render::schema::diff_schema();
    assert!(jsonschema::is_valid(schema.as_value(), &document));
}

#[test]
fn every_capture_is_the_same_as_itself_and_as_its_report() {
    let dir = tempfile::tempdir().unwrap();
    let mut compared = 0;
    for capture in captures() {
        let (path, report) = (capture.to_str().unwrap(), dir.path().join("report.json"));
        fs::write(&report, keepscope(&["--format", "json", path]).stdout).unwrap();
        for other in [path, report.to_str().unwrap()] {
            let output = keepscope(&["diff", path, other]);
            assert_eq!(output.status.code(), Some(0), "{path} and {other}: {}", text(&output));
        }
        compared += 1;
    }
    assert!(compared > 20);
}

fn captures() -> impl Iterator<Item = PathBuf> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let paths = fs::read_dir(fixtures).unwrap().map(|entry| entry.unwrap().path().join("capture.pcap"));
    paths.filter(|path| path.exists())
}

#[test]
fn quiet_only_the_exit_code_tells() {
    let output = keepscope(&["diff", "-q", "fixtures/alive/capture.pcap", "fixtures/vanishes/capture.pcap"]);
    assert_eq!((output.status.code(), output.stdout.len(), output.stderr.len()), (Some(1), 0, 0));
}

#[test]
fn what_is_no_report_is_refused_in_one_line() {
    let dir = tempfile::tempdir().unwrap();
    let demo = "fixtures/demo/capture.pcap";
    let ndjson = keepscope(&["--format", "ndjson", demo]).stdout;
    for (content, reason) in [
        (
            ndjson,
            "its schema is 'keepscope.event/1', not keepscope.report/1: use --format json instead of ndjson",
        ),
        (
            br#"{"schema": "other/1", "flows": []}"#.to_vec(),
            "its schema is 'other/1', not keepscope.report/1",
        ),
        (br#"{"flows": "#.to_vec(), "not a report of keepscope"),
    ] {
        let path = dir.path().join("report.json");
        fs::write(&path, content).unwrap();
        let output = keepscope(&["diff", path.to_str().unwrap(), demo]);
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{err}");
        assert!(err.lines().count() == 1 && err.contains(reason), "{err}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_is_read_once_whatever_comes_through_it() {
    let dir = tempfile::tempdir().unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let capture = here.join("fixtures/demo/capture.pcap");
    let report = keepscope(&["--format", "json", capture.to_str().unwrap()]).stdout;
    let pipe = dir.path().join("pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
    for bytes in [fs::read(&capture).unwrap(), report] {
        let (pipe, other) = (pipe.clone(), pipe.clone());
        let writer = std::thread::spawn(move || fs::write(pipe, bytes));
        let output = keepscope(&["diff", other.to_str().unwrap(), capture.to_str().unwrap()]);
        writer.join().unwrap().unwrap();
        assert_eq!((output.status.code(), output.stderr), (Some(0), vec![]));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_warning_that_cannot_be_said_ends_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let cut = dir.path().join("cut.pcap");
    let whole = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo/capture.pcap")).unwrap();
    fs::write(&cut, whole.get(..3000).unwrap()).unwrap();
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let diff =
        Command::new(env!("CARGO_BIN_EXE_keepscope")).arg("diff").args([&cut, &cut]).stderr(full).output();
    assert_eq!(diff.unwrap().status.code(), Some(0));
}
