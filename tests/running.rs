//! The command while it runs: signals, pipes that stay open, and what it may not do.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a failed step is a failed test")]

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

/// Waits until `done` says so, for longer than anything takes on however busy a machine.
#[track_caller]
fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    for _ in 0..1200 {
        if done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("it never happened: {what}");
}

fn demo() -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo/capture.pcap")).unwrap()
}

/// The program, reading a pipe.
struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    /// Its lines on standard error as they come.
    said: Receiver<String>,
}

impl Running {
    fn start(args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_keepscope"))
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (tell, said) = mpsc::channel();
        let err = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            // Whoever waited too long is gone.
            err.lines().map_while(Result::ok).for_each(|line| drop(tell.send(line)));
        });
        let stdin = child.stdin.take();
        Self { child, stdin, said }
    }

    fn give(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(bytes).unwrap();
        stdin.flush().unwrap();
    }

    fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), signal).unwrap();
    }

    /// Asks for statistics until they say `line`. Before signals are taken one would end the program, so the first waits for its
    /// thread.
    #[track_caller]
    fn wait_until_it_says(&self, line: &str) {
        wait_until(line, || {
            if self.takes_signals() {
                self.signal(Signal::SIGUSR1);
            }
            self.said.try_iter().any(|said| said.trim().starts_with(line))
        });
    }

    /// Whether the program catches SIGUSR1 by now, as Linux tells; elsewhere a moment has to do.
    fn takes_signals(&self) -> bool {
        let Ok(status) = fs::read_to_string(format!("/proc/{}/status", self.child.id())) else {
            std::thread::sleep(Duration::from_secs(1));
            return true;
        };
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        let caught = caught.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).unwrap_or_default();
        caught >> (Signal::SIGUSR1 as i32 - 1) & 1 == 1
    }

    /// Its exit code and all of its output, and what it said beside statistics.
    fn end(mut self) -> (Option<i32>, String, Vec<String>) {
        let mut out = Vec::new();
        self.child.stdout.take().unwrap().read_to_end(&mut out).unwrap();
        let code = self.child.wait().unwrap().code();
        drop(self.stdin);
        let is_statistics = |line: &String| line.starts_with("  ") || line.starts_with("keepscope: after ");
        let said = self.said.iter().filter(|line| !is_statistics(line)).collect();
        (code, String::from_utf8(out).unwrap(), said)
    }
}

#[test]
fn ctrl_c_ends_a_pipe_with_the_report() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let mut running = Running::start(&["-"]);
        running.give(&demo());
        running.wait_until_it_says("frames   232,");
        running.signal(signal);
        let (code, report, said) = running.end();
        assert_eq!((code, said), (Some(0), vec![]));
        assert!(report.contains("232 frames") && report.contains("timed out"), "{report}");
    }
}

#[test]
fn what_came_until_ctrl_c_is_evidence() {
    let dir = tempfile::tempdir().unwrap();
    let evidence = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let (of_pipe, of_file) = (evidence("pipe.pcapng"), evidence("file.pcapng"));
    let mut running = Running::start(&["-", "--evidence", &of_pipe]);
    running.give(&demo());
    running.wait_until_it_says("frames   232,");
    running.signal(Signal::SIGINT);
    assert_eq!(running.end().0, Some(0));
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo/capture.pcap");
    let whole = Running::start(&[demo.to_str().unwrap(), "--evidence", &of_file]);
    assert_eq!(whole.end().0, Some(0));
    let report = |name: &str| {
        let (code, report, _) = Running::start(&["--format", "json", "--flows", "all", name]).end();
        assert_eq!(code, Some(0));
        report.replace(name, "")
    };
    assert_eq!(report(&of_pipe), report(&of_file));
    let left = dir.path().read_dir().unwrap().count();
    assert_eq!(left, 2, "what was kept until the end has no name");
}

#[test]
fn a_named_pipe_is_read_once_and_yields_evidence() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let (pipe, evidence) = (path("pipe"), path("evidence.pcapng"));
    nix::unistd::mkfifo(pipe.as_str(), nix::sys::stat::Mode::S_IRWXU).unwrap();
    let running = Running::start(&[&pipe, "--evidence", &evidence]);
    fs::write(&pipe, demo()).unwrap();
    assert_eq!(running.end().0, Some(0));
    assert!(Running::start(&["--flows", "all", &evidence]).end().1.contains("timed out"));
}

#[test]
fn a_record_that_ctrl_c_cut_is_no_damage() {
    let demo = demo();
    let (_, cut) = demo.split_last_chunk::<7>().map(|(start, end)| (end, start)).unwrap();
    let mut running = Running::start(&["--strict", "-"]);
    running.give(cut);
    running.wait_until_it_says("frames   231,");
    running.signal(Signal::SIGINT);
    let (code, report, said) = running.end();
    assert_eq!((code, said), (Some(0), vec![]));
    assert!(report.contains("231 frames"), "{report}");
    // A pipe that ends there is.
    let mut ended = Running::start(&["--strict", "-"]);
    ended.give(cut);
    ended.stdin = None;
    assert_eq!(ended.end().0, Some(2));
}

#[test]
fn ctrl_c_before_the_first_byte_is_a_capture_without_frames() {
    let running = Running::start(&["--format", "json", "-"]);
    running.wait_until_it_says("frames   0,");
    running.signal(Signal::SIGINT);
    let (code, report, _) = running.end();
    assert_eq!(code, Some(0));
    assert!(report.contains(r#""frames":0,"#), "{report}");
}

#[test]
fn statistics_are_told_as_often_as_asked_for_and_change_nothing() {
    let mut running = Running::start(&["--format", "json", "-"]);
    running.give(&demo());
    for _ in 0..3 {
        running.wait_until_it_says("probes   ");
    }
    running.stdin = None;
    let (code, report, _) = running.end();
    let mut quiet = Running::start(&["--format", "json", "-"]);
    quiet.give(&demo());
    quiet.stdin = None;
    assert_eq!((code, report), (Some(0), quiet.end().1));
}

#[test]
fn a_storm_of_signals_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let log = dir.path().join("log");
    let demo = demo();
    let mut running = Running::start(&["--format", "ndjson", "-o", log.to_str().unwrap(), "-"]);
    wait_until("signals are taken", || running.takes_signals());
    for part in demo.chunks(demo.len() / 40) {
        running.give(part);
        for _ in 0..25 {
            running.signal(Signal::SIGUSR1);
            running.signal(Signal::SIGHUP);
        }
    }
    running.stdin = None;
    let (code, _, said) = running.end();
    assert_eq!((code, said), (Some(0), vec![]));
    let mut calm = Running::start(&["--format", "ndjson", "-"]);
    calm.give(&demo);
    calm.stdin = None;
    assert_eq!(fs::read_to_string(log).unwrap(), calm.end().1);
}

#[test]
fn a_log_that_was_moved_away_is_begun_again() {
    let dir = tempfile::tempdir().unwrap();
    let (log, old) = (dir.path().join("log"), dir.path().join("log.1"));
    let demo = demo();
    let (first, second) = demo.split_at(demo.len() / 2);
    let mut running = Running::start(&["--format", "ndjson", "-o", log.to_str().unwrap(), "-"]);
    running.give(first);
    wait_until("lines in the log", || fs::metadata(&log).is_ok_and(|meta| meta.len() > 0));
    fs::rename(&log, &old).unwrap();
    running.signal(Signal::SIGHUP);
    wait_until("another log", || log.exists());
    running.give(second);
    running.stdin = None;
    assert_eq!(running.end().0, Some(0));
    let both = fs::read_to_string(old).unwrap() + &fs::read_to_string(log).unwrap();
    let mut whole = Running::start(&["--format", "ndjson", "-"]);
    whole.give(&demo);
    whole.stdin = None;
    assert_eq!(both, whole.end().1);
}

#[test]
fn frames_of_a_directory_are_told_with_their_files() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("1.pcap"), demo()).unwrap();
    let dir = dir.path().to_str().unwrap();
    let running = Running::start(&["--follow", dir, "--format", "ndjson", "-q"]);
    running.wait_until_it_says("frames   232,");
    running.signal(Signal::SIGINT);
    let (code, records, said) = running.end();
    assert_eq!((code, said), (Some(0), vec![]));
    for record in records.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()) {
        let (frame, last) = (&record["frame"], &record["frame_refs"][0]);
        assert!(frame.is_null() || (&last["file"], &last["frame"]) == (&1.into(), frame), "{record}");
    }
}

#[test]
fn a_second_ctrl_c_aborts() {
    // Nobody reads what it writes, so the end that is asked for first cannot come.
    let mut running = Running::start(&["--format", "ndjson", "-"]);
    let demo = demo();
    let (header, frames) = demo.split_at(24);
    // Each copy is another capture's worth of lines. It takes no more when it is stuck, and then neither does the pipe.
    let frames = frames.repeat(200);
    let mut stdin = running.stdin.take().unwrap();
    stdin.write_all(header).unwrap();
    std::thread::spawn(move || drop(stdin.write_all(&frames)));
    wait_until("signals are taken", || running.takes_signals());
    // It is stuck when it sleeps in a write; a moment has to do.
    std::thread::sleep(Duration::from_secs(1));
    running.signal(Signal::SIGINT);
    std::thread::sleep(Duration::from_millis(500));
    running.signal(Signal::SIGINT);
    let mut status = None;
    wait_until("the end", || {
        status = running.child.try_wait().unwrap();
        status.is_some()
    });
    assert_eq!(status.unwrap().code(), Some(130));
}

#[test]
fn a_reader_that_goes_away_ends_it_silently() {
    let mut running = Running::start(&["--format", "ndjson", "-"]);
    drop(
        running
            .child
            .stdout
            .replace(Command::new("true").stdout(Stdio::piped()).spawn().unwrap().stdout.take().unwrap()),
    );
    running.give(&demo());
    let (code, _, said) = running.end();
    assert_eq!((code, said), (Some(0), vec![]));
}

/// The program where any user can start it, in a directory whose name a shell would take apart.
#[cfg(all(target_os = "linux", feature = "libpcap"))]
fn program_for_all(dir: &Path) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let open = |path: &Path| fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    let inner = dir.join("my tools");
    fs::create_dir(&inner).unwrap();
    let program = inner.join("keepscope");
    fs::copy(env!("CARGO_BIN_EXE_keepscope"), &program).unwrap();
    [dir, &inner, &program].into_iter().for_each(open);
    program
}

#[cfg(all(target_os = "linux", feature = "libpcap"))]
#[test]
fn without_permission_all_ways_are_told() {
    use std::os::unix::process::CommandExt;
    let dir = tempfile::tempdir().unwrap();
    let program = program_for_all(dir.path());
    let mut command = Command::new(&program);
    command.args(["-i", "lo", "-c", "1"]).current_dir("/").stdin(Stdio::null());
    if nix::unistd::Uid::effective().is_root() {
        command.uid(65_534).gid(65_534);
    } else if fs::read_to_string("/proc/self/status").unwrap().contains("CapEff:\t0000000000000000") {
        // As it is.
    } else {
        return eprintln!("skipped: this user has capabilities");
    }
    let output = command.output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{err}");
    let program = program.canonicalize().unwrap();
    assert!(
        err.starts_with("keepscope: cannot capture on lo: the capability CAP_NET_RAW is missing."),
        "{err}"
    );
    for way in [
        format!("sudo setcap cap_net_raw+ep '{}'", program.display()),
        "--cap-add=NET_RAW".to_owned(),
        format!("sudo tcpdump -i lo -U -w - | '{}' -", program.display()),
    ] {
        assert!(err.contains(&way), "{way} is missing:\n{err}");
    }
}

#[cfg(feature = "libpcap")]
#[test]
fn an_interface_that_is_not_there_is_said_with_those_that_are() {
    let output = Command::new(env!("CARGO_BIN_EXE_keepscope")).args(["-i", "no-such-if"]).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(err.starts_with("keepscope: no interface 'no-such-if' (") && err.lines().count() == 1, "{err}");
}

#[test]
fn the_count_and_the_duration_hold_for_files_too() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo/capture.pcap");
    let frames = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_keepscope"))
            .args(["--format", "json"])
            .args(args)
            .arg(&demo)
            .output()
            .unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (report["capture"]["frames"].as_u64().unwrap(), report["capture"]["duration_s"].as_f64().unwrap())
    };
    assert_eq!(frames(&["-c", "100"]).0, 100);
    let (some, seconds) = frames(&["--duration", "5"]);
    assert!(some < 232 && seconds <= 5.0, "{some} {seconds}");
    assert_eq!(frames(&["--duration", "1000", "-c", "1000"]).0, 232);
}
