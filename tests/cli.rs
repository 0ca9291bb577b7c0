//! The command as a shell sees it: what it refuses, where it writes, how it exits.

#![allow(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

const DEMO: &str = "fixtures/demo/capture.pcap";

fn keepscope(dir: &Path, args: &[&str]) -> Output {
    command(dir, args).output().unwrap()
}

fn command(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keepscope"));
    command.current_dir(dir).args(args).stdin(Stdio::null());
    command
}

/// Runs in a directory that holds `a.pcap`, and expects exit code 2 and one line on standard error.
#[track_caller]
fn refuses(args: &[&str], reason: &str) {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.pcap"), "untouched").unwrap();
    fs::hard_link(dir.path().join("a.pcap"), dir.path().join("b.pcap")).unwrap();
    let output = keepscope(dir.path(), args);
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert_eq!(err, format!("keepscope: {reason}\n"));
    assert_eq!(output.stdout, b"");
    assert_eq!(fs::read(dir.path().join("a.pcap")).unwrap(), b"untouched");
}

#[test]
fn an_output_that_is_an_input_is_refused_whatever_it_is_called() {
    refuses(&["-o", "a.pcap", "a.pcap"], "a.pcap is both input and output");
    refuses(&["-o", "b.pcap", "a.pcap"], "a.pcap is both input and output");
    refuses(&["-o", "./a.pcap", "-r", "a.pcap"], "a.pcap is both input and output");
    // A list of inputs is input too.
    refuses(&["-o", "b.pcap", "--files-from", "a.pcap"], "a.pcap is both input and output");
}

#[test]
fn a_page_goes_to_a_file_or_into_a_pipe() {
    let dir = tempfile::tempdir().unwrap();
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join(DEMO);
    let demo = demo.to_str().unwrap();
    let to_file = keepscope(dir.path(), &["--format", "html", "-o", "report.html", demo]);
    assert_eq!((to_file.status.code(), to_file.stdout.len()), (Some(0), 0));
    let page = fs::read(dir.path().join("report.html")).unwrap();
    assert!(page.starts_with(b"<!doctype html>") && page.ends_with(b"</html>\n"));
    assert_eq!(keepscope(dir.path(), &["--format", "html", demo]).stdout, page, "the same bytes");
}

#[test]
fn a_filter_belongs_to_its_option() {
    let hint = "there is no file tcp; a filter expression is given with -f, for example -f 'tcp port 80'";
    refuses(&["a.pcap", "tcp", "port", "80"], hint);
    refuses(&["a.pcap", "tcp port 80"], &hint.replace("file tcp;", "file tcp port 80;"));
}

#[test]
fn standard_input_stands_alone() {
    let reason = "'-' (standard input) stands alone: it cannot be one of several pieces";
    refuses(&["-", "a.pcap"], reason);
    refuses(&["-", "-"], reason);
}

#[test]
fn a_directory_without_a_capture_is_none() {
    refuses(&["."], ". is a directory without a capture in it");
}

#[test]
fn a_directory_stands_for_the_captures_in_it() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("monday/older")).unwrap();
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(DEMO), dir.path().join("monday/eth0")).unwrap();
    fs::write(dir.path().join("monday/README"), "whose captures these are").unwrap();
    let whole = keepscope(dir.path(), &["monday"]);
    assert_eq!(whole.stdout, keepscope(dir.path(), &["monday/eth0"]).stdout);
    assert_eq!(
        String::from_utf8(whole.stderr).unwrap(),
        "keepscope: monday: left out, as they are no captures: README, older\n"
    );
    assert_eq!(keepscope(dir.path(), &["-q", "monday"]).stderr, b"");
    let masked = keepscope(dir.path(), &["--anonymize", "random", "monday"]);
    assert_eq!(masked.stderr, b"keepscope: left out of the directory, as no captures: 2\n");
    let checked = keepscope(dir.path(), &["check", "-q", "-e", "any outcome=timed_out", "monday"]);
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stdout));
    assert!(String::from_utf8(checked.stdout).unwrap().contains("monday/eth0"));
}

#[test]
fn a_directory_among_captures_is_one_bad_file_of_several() {
    let output = keepscope(Path::new(env!("CARGO_MANIFEST_DIR")), &["src", DEMO]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "keepscope: warning: src: is a directory\n");
    assert!(String::from_utf8(output.stdout).unwrap().contains("232 frames"));
}

/// A version 2 TZif file of a zone that is always `name`, so many hours ahead of UTC.
fn zone_file(name: &str, hours: u8) -> Vec<u8> {
    let head = b"TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\x04";
    let offset = (i32::from(hours) * 3600).to_be_bytes();
    let block = [&head[..], &offset, &[0, 0], name.as_bytes(), b"\0"].concat();
    [&block[..], &block, format!("\n{name}-{hours}\n").as_bytes()].concat()
}

#[test]
fn local_time_is_that_of_a_zone_given_by_name() {
    let zones = tempfile::tempdir().unwrap();
    fs::create_dir(zones.path().join("Made")).unwrap();
    fs::write(zones.path().join("Made/Up"), zone_file("MUT", 3)).unwrap();
    let output = command(Path::new(env!("CARGO_MANIFEST_DIR")), &["--time", "local", DEMO])
        .env("TZDIR", zones.path())
        .env("TZ", "Made/Up")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("2026-11-20 14:31:34.750129 +03:00"), "{text}");
}

#[test]
fn what_is_decided_is_written_while_a_pipe_is_still_open() {
    let capture = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(DEMO)).unwrap();
    let mut child = command(Path::new("/"), &["--format", "ndjson", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&capture).unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        // Whoever waited too long is gone.
        let _ = tell.send(line);
    });
    let line = told.recv_timeout(Duration::from_secs(20)).expect("a line, though more may come");
    assert!(line.starts_with(r#"{"schema":"keepscope.event/1""#) && line.ends_with("}\n"), "{line}");
    drop(stdin);
    child.wait().unwrap();
}

/// What `args` and the demo give, line by line.
fn lines_of_demo(args: &[&str]) -> Vec<String> {
    let output = keepscope(Path::new(env!("CARGO_MANIFEST_DIR")), &[args, &[DEMO]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn one_flow_is_told_frame_by_frame_and_no_other() {
    let lines = lines_of_demo(&["--flow", "4"]);
    assert!(lines.iter().any(|line| line == "flow 4, frame by frame"));
    assert!(lines.iter().any(|line| line.ends_with("keepalive probe 4 of run 3")));
    assert!(!lines.iter().any(|line| line.contains("10.0.2.12")), "flow 1 is not meant");
    let id = lines.iter().find_map(|line| line.trim().strip_prefix("id ")?.split(' ').next()).unwrap();
    assert_eq!(lines_of_demo(&["--flow", id]), lines, "by its id it is the same");
}

#[test]
fn one_flow_is_all_that_machine_formats_list() {
    let document = lines_of_demo(&["--flow", "4", "--format", "json"]).join("\n");
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    let indexes: Vec<_> = document["flows"].as_array().unwrap().iter().map(|flow| &flow["index"]).collect();
    assert_eq!((indexes, &document["summary"]["flows"]), (vec![&4.into()], &12.into()));

    let records = lines_of_demo(&["--flow", "4", "--format", "ndjson"]);
    let records = records.iter().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let (summaries, others): (Vec<_>, Vec<_>) = records.partition(|record| record["type"] == "summary");
    assert!(others.iter().all(|record| record["index"] == 4));
    assert_eq!((summaries.len(), others.iter().filter(|record| record["type"] == "flow").count()), (1, 1));
    assert_eq!(others.iter().filter(|record| record["type"] == "keepalive_probe").count(), 7);
}

#[test]
fn a_flow_that_is_not_there_is_said_in_one_line() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for format in ["text", "json", "ndjson"] {
        for (flow, name) in
            [("12", "number 12"), ("1:LQU9qZlK+B5F3KDmev6m5PMibrg=", "id 1:LQU9qZlK+B5F3KDmev6m5PMibrg=")]
        {
            let output =
                keepscope(here, &["--flow", flow, "--format", format, "fixtures/vanishes/capture.pcap"]);
            let err = String::from_utf8(output.stderr).unwrap();
            assert_eq!(err, format!("keepscope: the capture has no flow with {name}\n"));
            assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]), "{format}");
        }
    }
    for args in [&["--flow", "first", "a.pcap"][..], &["--flow", "1", "--flows", "all", "a.pcap"]] {
        assert_eq!(keepscope(here, args).status.code(), Some(2));
    }
}

#[test]
fn something_must_be_named() {
    refuses(&["-q"], "no capture is named; give a FILE, or '-' for standard input");
}

#[test]
fn an_output_that_cannot_be_written_is_said_first() {
    refuses(&["-o", "no/such/dir", "a.pcap"], "cannot write no/such/dir: no such file or directory");
}

#[test]
fn a_failed_analysis_keeps_the_earlier_report() {
    let dir = tempfile::tempdir().unwrap();
    let report = dir.path().join("report.json");
    fs::write(&report, "earlier").unwrap();
    assert_eq!(keepscope(dir.path(), &["-o", "report.json", "missing.pcap"]).status.code(), Some(2));
    assert_eq!(fs::read(report).unwrap(), b"earlier");
}

#[test]
fn names_from_outside_cannot_command_the_terminal() {
    let output = keepscope(Path::new("/"), &["-o", "/\x1b[31m/x", "a.pcap"]);
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.contains(r"\x1b[31m") && !err.contains('\x1b'), "{err}");
}

#[test]
fn wrong_usage_exits_with_2() {
    assert_eq!(keepscope(Path::new("/"), &[]).status.code(), Some(2));
    assert_eq!(keepscope(Path::new("/"), &["--no-such-option"]).status.code(), Some(2));
    assert_eq!(keepscope(Path::new("/"), &["schema", "a.pcap"]).status.code(), Some(2));
}

#[test]
fn help_and_version_exit_with_0() {
    let help = keepscope(Path::new("/"), &["--help"]);
    assert_eq!(help.status.code(), Some(0));
    assert!(String::from_utf8(help.stdout).unwrap().contains("Examples, by task:"));
    let version = keepscope(Path::new("/"), &["--version"]);
    assert_eq!(version.status.code(), Some(0));
    let version = String::from_utf8(version.stdout).unwrap();
    assert!(
        version.starts_with(concat!("keepscope ", env!("CARGO_PKG_VERSION"), "\n"))
            && version.contains("libpcap")
    );
}

/// The file that the README shows.
fn readme_profiles() -> &'static str {
    let readme = include_str!("../README.md");
    readme.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap()
}

#[test]
fn profiles_of_a_file_are_listed_first() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("ours.toml"), readme_profiles()).unwrap();
    let list =
        |args: &[&str]| keepscope(dir.path(), &[&["profiles", "--profiles", "ours.toml"], args].concat());
    let text = String::from_utf8(list(&["o"]).stdout).unwrap();
    let given = text.find("order service").unwrap();
    assert!(given < text.find("Go net").unwrap(), "{text}");
    let text = String::from_utf8(list(&["firewall"]).stdout).unwrap();
    assert!(text.contains("datacentre-firewall"), "{text}");
    let json: serde_json::Value =
        serde_json::from_slice(&list(&["order", "--format", "json"]).stdout).unwrap();
    assert_eq!(json["schema"], "keepscope.profiles/1");
    let [profile] = json["profiles"].as_array().unwrap().as_slice() else { panic!("{json}") };
    assert_eq!((&profile["name"], &profile["side"]), (&"order service".into(), &"client".into()));
    assert_eq!(profile["idle_s"], serde_json::json!({"value": 5, "kind": "fixed"}));
    assert_eq!(profile["interval_s"], serde_json::json!({"value": null, "kind": "os_default"}));
    assert_eq!(profile["source"]["grade"], "given");
}

#[test]
fn profiles_of_a_file_are_found_in_captures() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("ours.toml"), readme_profiles()).unwrap();
    let ours = dir.path().join("ours.toml");
    let args = ["--format", "json", "--profiles", ours.to_str().unwrap(), DEMO];
    let output = keepscope(Path::new(env!("CARGO_MANIFEST_DIR")), &args);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let profiles = |flow: usize| &report["flows"][flow]["client_keepalive"]["settings"]["profiles"];
    assert_eq!(profiles(0), &serde_json::json!(["order service"]), "5 s fits");
    assert_eq!(profiles(1), &serde_json::json!([]), "4 s does not");
}

#[test]
fn profiles_that_cannot_be_are_refused_in_one_line() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("bad.toml"), "[[profile]]\nname = \"x\"\nidle = -1\n").unwrap();
    fs::write(dir.path().join("long.toml"), " ".repeat((1 << 20) + 1)).unwrap();
    for (args, reason) in [
        (["profiles", "--profiles", "bad.toml"], "bad.toml:3:8: idle, in seconds, is 1 to 4294967, not -1"),
        (["--profiles", "bad.toml", "a.pcap"], "bad.toml:3:8: idle, in seconds, is 1 to 4294967, not -1"),
        (["profiles", "--profiles", "long.toml"], "long.toml: more than 1 MiB of profiles"),
        (["profiles", "--profiles", "none.toml"], "cannot read none.toml: no such file or directory"),
        (["profiles", "--color=never", "no such"], "nothing that is known has 'no such' in its name"),
    ] {
        let output = keepscope(dir.path(), &args);
        assert_eq!(String::from_utf8(output.stderr).unwrap(), format!("keepscope: {reason}\n"));
        assert_eq!((output.status.code(), output.stdout), (Some(2), vec![]));
    }
    // A file of profiles is input too.
    refuses(&["-o", "b.pcap", "--profiles", "a.pcap", "c.pcap"], "a.pcap is both input and output");
}

#[test]
fn the_whole_list_is_for_eyes() {
    let text = String::from_utf8(keepscope(Path::new("/"), &["profiles"]).stdout).unwrap();
    for known in ["linux ", "Linux default", "redis-cli", "AWS NAT gateway", "linux-conntrack"] {
        assert!(text.contains(known), "{known} is missing");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 100));
}

#[test]
fn schemas_are_printed_as_they_are_kept() {
    let kept =
        |name: &str| fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").join(name)).unwrap();
    assert_eq!(keepscope(Path::new("/"), &["schema"]).stdout, kept("report.schema.json"));
    assert_eq!(keepscope(Path::new("/"), &["schema", "event"]).stdout, kept("event.schema.json"));
}

#[test]
fn a_closed_pipe_ends_it_silently() {
    let mut child =
        command(Path::new("/"), &["schema"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}

#[test]
fn the_manual_names_every_option_and_every_command() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = |args: &[&str]| String::from_utf8(keepscope(here, args).stdout).unwrap();
    let (help, page) = (text(&["--help"]), text(&["man"]).replace('\\', ""));
    let words = help.split_whitespace().map(|word| word.trim_end_matches(','));
    for option in words.filter(|word| word.starts_with("--") && word.len() > 2) {
        assert!(page.contains(option), "{option} is not in the manual");
    }
    let commands = commands_in(&help);
    assert!(commands.contains(&"profiles"), "{commands:?}");
    for command in &commands {
        assert!(text(&["man", command]).contains(&format!("keepscope\\-{command}")), "{command}");
    }
    refuses(
        &["man", "nothing"],
        &format!("there is no command nothing; there are: {}", commands_in(&help).join(", ")),
    );
}

/// The commands that the help lists.
fn commands_in(help: &str) -> Vec<&str> {
    let lines =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).collect()
}

#[test]
fn shells_are_told_what_can_be_typed() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = keepscope(here, &["completions", shell]).stdout;
        let script = String::from_utf8(script).unwrap();
        assert!(script.contains("max-flows") && script.contains("profiles"), "{shell}");
    }
    // What bash cannot read would break a login.
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keepscope.bash");
    fs::write(&path, keepscope(here, &["completions", "bash"]).stdout).unwrap();
    assert!(Command::new("bash").arg("-n").arg(&path).status().unwrap().success());
}
