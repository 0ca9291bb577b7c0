//! `--evidence`: what is cut out proves what was said of the whole, and Wireshark shows it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed step is a failed test")]

use keepscope::evidence::{Evidence, Recorder};
use keepscope::explain::Owned;
use keepscope::frame::{FrameBatch, FrameMeta, FrameNo, InterfaceNo, LinkType};
use keepscope::report::Capture;
use keepscope::source::{Dropped, FrameSource, Interface, Next, file};
use keepscope::time::Timestamp;
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Captures in which something goes wrong.
const TROUBLED: [&str; 6] =
    ["demo", "vanishes", "rebooted", "host-unreachable", "path-times-out", "killed-together"];

fn keepscope(args: &[&str]) -> Output {
    let here = env!("CARGO_MANIFEST_DIR");
    Command::new(env!("CARGO_BIN_EXE_keepscope")).current_dir(here).args(args).output().unwrap()
}

fn capture(fixture: &str) -> String {
    let with = |end| format!("fixtures/{fixture}/capture.{end}");
    let exists = |path: &String| Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists();
    [with("pcap"), with("pcapng")].into_iter().find(exists).unwrap()
}

/// The report on `path`, and the evidence cut out of it on the way.
fn cut(path: &str, more: &[&str]) -> (tempfile::TempDir, PathBuf, Value) {
    let dir = tempfile::tempdir().unwrap();
    let evidence = dir.path().join("evidence.pcapng");
    let args = [&["--format", "json", "--evidence", evidence.to_str().unwrap(), path], more].concat();
    let output = keepscope(&args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (dir, evidence, serde_json::from_slice(&output.stdout).unwrap())
}

fn report(path: &Path) -> Value {
    serde_json::from_slice(&keepscope(&["--format", "json", path.to_str().unwrap()]).stdout).unwrap()
}

/// What is said of a flow, but for the numbers of its frames.
fn said(flow: &Value) -> Value {
    let mut said = flow.clone();
    strip(&mut said);
    said
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for name in ["index", "frame", "frames", "first_frame", "last_frame", "end_frame", "probe_frames"]
            {
                members.remove(name);
            }
            members.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

fn is_grave(finding: &Value) -> bool {
    finding["severity"] != "info"
}

#[test]
fn what_is_cut_off_is_no_evidence() {
    let (_dir, evidence, whole) = cut(&capture("vanishes"), &["--flow", "0", "-c", "5"]);
    let of = |report: &Value| {
        let capture = &report["capture"];
        (capture["segments"].as_u64(), capture["end"].to_string())
    };
    assert_eq!(of(&report(&evidence)), of(&whole));
    assert_eq!(whole["capture"]["frames"], 5);
}

#[test]
fn a_frame_without_bytes_begins_with_no_header_of_its_link_type() {
    const SUNATM: u32 = 123;
    let dir = tempfile::tempdir().unwrap();
    let (whole, evidence) = (dir.path().join("atm.pcap"), dir.path().join("evidence.pcapng"));
    let head = [0xA1B2_C3D4, 0x0004_0002, 0, 0, 65_535, SUNATM];
    let record = [1_700_000_000, 0, 4, 4, 0];
    let words = head.into_iter().chain(record).flat_map(u32::to_le_bytes);
    std::fs::write(&whole, words.collect::<Vec<u8>>()).unwrap();
    assert!(keepscope(&["--evidence", evidence.to_str().unwrap(), whole.to_str().unwrap()]).status.success());
    let (mut source, mut batch) = (file::open(&[evidence], None).unwrap(), FrameBatch::default());
    assert_eq!(source.fill(&mut batch), Ok(Next::Filled));
    assert_eq!(batch.frames[0].link, LinkType::RAW, "Wireshark takes no frame of SunATM without its header");
}

#[test]
fn the_evidence_alone_tells_the_same_of_its_flows() {
    for fixture in TROUBLED {
        let (_dir, evidence, whole) = cut(&capture(fixture), &[]);
        let part = report(&evidence);
        let flows = part["flows"].as_array().unwrap();
        assert!(!flows.is_empty(), "{fixture}");
        for flow in flows {
            // Reused ports have the same id: the start tells them apart.
            let mut original = whole["flows"].as_array().unwrap().iter();
            let original = original.find(|o| o["id"] == flow["id"] && o["start"] == flow["start"]).unwrap();
            let ids = |flow: &Value| {
                flow["findings"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|f| is_grave(f))
                    .map(said)
                    .collect::<Vec<_>>()
            };
            assert_eq!(ids(flow), ids(original), "{fixture}");
            for side in ["client_keepalive", "server_keepalive"] {
                assert_eq!(said(&flow[side]["runs"]), said(&original[side]["runs"]), "{fixture}");
            }
            assert_eq!(flow["segments"], original["segments"], "{fixture}");
        }
        let wanted = whole["flows"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|flow| flow["findings"].as_array().unwrap().iter().any(is_grave));
        assert!(flows.len() >= wanted.count(), "{fixture}");
        // Of other frames there is at most one, without its bytes: the last, which tells how long the capture went on.
        let skipped = part["capture"]["skipped"].as_object().unwrap();
        assert!(skipped.values().filter_map(Value::as_u64).sum::<u64>() <= 1, "{fixture}");
        assert_eq!(part["capture"]["end"], whole["capture"]["end"], "{fixture}");
    }
}

/// The evidence in a capture that comes through a pipe.
fn cut_from_pipe(bytes: &[u8], evidence: &Path) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_keepscope"))
        .args(["-", "-q", "--evidence", evidence.to_str().unwrap()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    assert!(child.wait().unwrap().success());
}

/// A copy of a fixture's capture, of which it is known that frames were lost.
fn lossy(fixture: &str, to: &Path) {
    let mut source =
        file::open(&[Path::new(env!("CARGO_MANIFEST_DIR")).join(capture(fixture))], None).unwrap();
    let mut copy = Evidence::begin(std::fs::File::create(to).unwrap(), "").unwrap();
    let mut batch = FrameBatch::default();
    while source.fill(&mut batch).unwrap() == Next::Filled {
        batch
            .frames
            .iter()
            .for_each(|meta| copy.frame(&batch, meta, &[], &source.notes().interfaces).unwrap());
    }
    copy.lost(Some(Dropped { kernel: 7, interface: 2 })).unwrap();
    copy.end().unwrap();
}

#[test]
fn what_was_lost_leaves_the_same_doubts() {
    let dir = tempfile::tempdir().unwrap();
    let (path, from_pipe) = (dir.path().join("lossy.pcapng"), dir.path().join("pipe.pcapng"));
    lossy("vanishes", &path);
    let (_dir, evidence, whole) = cut(path.to_str().unwrap(), &[]);
    cut_from_pipe(&std::fs::read(&path).unwrap(), &from_pipe);
    for part in [report(&evidence), report(&from_pipe)] {
        assert_eq!(part["capture"]["dropped"], serde_json::json!({ "kernel": 7, "interface": 2 }));
        let runs = said(&part["flows"][0]["client_keepalive"]["runs"]);
        assert!(runs.to_string().contains(r#""doubt":["drops"]"#), "{runs}");
        assert_eq!(runs, said(&whole["flows"][0]["client_keepalive"]["runs"]));
    }
}

#[test]
fn one_flow_can_be_cut_out() {
    let (_dir, evidence, whole) = cut(&capture("demo"), &["--flow", "0"]);
    let part = report(&evidence);
    assert_eq!(part["flows"].as_array().unwrap().len(), 1);
    assert_eq!(part["flows"][0]["id"], whole["flows"][0]["id"]);
}

#[test]
fn standard_input_can_be_cut_up_too() {
    let dir = tempfile::tempdir().unwrap();
    let (from_pipe, from_file) = (dir.path().join("pipe.pcapng"), dir.path().join("file.pcapng"));
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    cut_from_pipe(&std::fs::read(here.join(capture("vanishes"))).unwrap(), &from_pipe);
    assert!(keepscope(&[&capture("vanishes"), "--evidence", from_file.to_str().unwrap()]).status.success());
    let frames = |path: &Path| report(path)["capture"]["frames"].clone();
    assert_eq!(frames(&from_pipe), frames(&from_file));
    assert!(frames(&from_pipe).as_u64() > Some(0));
}

#[test]
fn a_file_that_is_read_is_not_written_over() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.pcap");
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(capture("demo")), &path).unwrap();
    let name = path.to_str().unwrap();
    let output = keepscope(&[name, "--evidence", name]);
    assert_eq!(output.status.code(), Some(2));
    let out = dir.path().join("out");
    let out = out.to_str().unwrap();
    std::fs::write(out, "").unwrap();
    assert_eq!(keepscope(&[name, "-o", out, "--evidence", out]).status.code(), Some(2));
}

#[test]
fn interfaces_and_nanoseconds_are_kept() {
    let interface = |name: &str, link| Interface {
        name: Some(name.to_owned()),
        description: Some(format!("the {name} side")),
        link: LinkType(link),
        snaplen: 96,
    };
    let interfaces = [interface("lan", 1), interface("wan\u{202e}", 101)];
    let mut batch = FrameBatch { bytes: b"frameFRAME".to_vec(), frames: Vec::new() };
    for (no, number, link, offset) in [(7, 1, 101, 0), (9, 0, 1, 5), (10, 1, 101, 5)] {
        batch.frames.push(FrameMeta {
            no: FrameNo::new(no).unwrap(),
            ts: Timestamp(1_700_000_000_123_456_789 + no as i64),
            link: LinkType(link),
            wire_len: 1500,
            offset,
            cap_len: 5,
            interface: InterfaceNo(number),
            fault: None,
        });
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("evidence.pcapng");
    let mut evidence = Evidence::begin(std::fs::File::create(&path).unwrap(), "summary").unwrap();
    batch
        .frames
        .iter()
        .for_each(|meta| evidence.frame(&batch, meta, &["said".to_owned()], &interfaces).unwrap());
    evidence.end().unwrap();

    let mut read = FrameBatch::default();
    let mut source = file::open(&[path], None).unwrap();
    assert_eq!(source.fill(&mut read), Ok(Next::Filled));
    for (written, meta) in batch.frames.iter().zip(&read.frames) {
        assert_eq!((meta.ts, meta.link, meta.wire_len), (written.ts, written.link, written.wire_len));
        assert_eq!(read.frame(meta).data, batch.frame(written).data);
    }
    let told: Vec<_> =
        source.notes().interfaces.iter().map(|i| (i.name.clone().unwrap(), i.link.0, i.snaplen)).collect();
    // In the order of their first frames, and a stranger's name is shown, not obeyed.
    assert_eq!(told, [(r"wan\u{202e}".to_owned(), 101, 96), ("lan".to_owned(), 1, 96)]);
}

#[test]
fn wireshark_shows_labels_and_findings_as_comments() {
    let (_dir, evidence, whole) = cut(&capture("vanishes"), &[]);
    let Ok(output) = Command::new("tshark")
        .args(["-r", evidence.to_str().unwrap(), "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=|"])
        .args(["-e", "frame.time_epoch", "-e", "frame.comment"])
        .output()
    else {
        eprintln!("skipped: tshark is not installed");
        return;
    };
    let shown = String::from_utf8(output.stdout).unwrap();
    let probes = whole["summary"]["probes"].as_u64().unwrap();
    assert_eq!(shown.matches("keepalive_probe: flow ").count() as u64, probes, "{shown}");
    assert!(shown.contains("run_end: flow 0, client, run"), "{shown}");
    assert!(shown.contains("problem: dead-peer-detected (flow 0"), "{shown}");
    let flow = &whole["flows"][0];
    let first = shown.lines().next().unwrap();
    assert!(first.starts_with(&epoch(flow["start"].as_str().unwrap())), "{first}");
}

#[test]
fn of_a_run_that_cannot_be_read_again_the_end_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let (inbox, evidence) = (dir.path().join("inbox"), dir.path().join("evidence.pcapng"));
    std::fs::create_dir(&inbox).unwrap();
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(capture("demo")), inbox.join("one.pcap"))
        .unwrap();
    let (inbox, to) = (inbox.to_str().unwrap(), evidence.to_str().unwrap());
    let live = keepscope(&["--follow", inbox, "-c", "232", "--format", "json", "--evidence", to]);
    assert!(live.status.success(), "{}", String::from_utf8_lossy(&live.stderr));
    let live: Value = serde_json::from_slice(&live.stdout).unwrap();
    let part = report(&evidence);
    let grave = |flow: &&Value| flow["findings"].as_array().unwrap().iter().any(is_grave);
    let wanted: Vec<&Value> = live["flows"].as_array().unwrap().iter().filter(grave).collect();
    assert!(wanted.len() > 5);
    for flow in &wanted {
        let cut = part["flows"].as_array().unwrap().iter().find(|cut| cut["id"] == flow["id"]).unwrap();
        for side in ["client_keepalive", "server_keepalive"] {
            assert_eq!(cut[side]["outcome"], flow[side]["outcome"], "{flow}");
        }
    }
    assert_eq!(part["capture"]["end"], live["capture"]["end"]);
    // What is said of a frame is what the evidence of the file says of it.
    let (_dir, of_file, _) = cut(&capture("demo"), &[]);
    let words = |path: &Path| {
        let bytes = std::fs::read(path).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let comments =
            text.split(['\0', '\u{fffd}']).filter_map(|part| part.find('#').map(|at| part[at..].to_owned()));
        comments
            .filter(|words| words.contains("keepalive_") || words.contains("problem: "))
            .collect::<Vec<_>>()
    };
    let (of_run, of_file) = (words(&evidence), words(&of_file));
    assert!(of_run.len() > 60 && of_run.iter().all(|words| of_file.contains(words)), "{of_run:#?}");
}

#[test]
fn what_is_proved_and_what_goes_on_leave_each_other_room() {
    const ROOM: usize = 1 << 16;
    let mut recorder = Recorder::with_room(true, ROOM);
    let mut flow = keepscope::analyze_file(capture("demo")).unwrap().flows.remove(1);
    let mut told = Vec::new();
    let mut batch = FrameBatch { bytes: vec![7; 100], frames: Vec::new() };
    for index in 0..2_000_u64 {
        let no = FrameNo::new(index + 1).unwrap();
        batch.frames = vec![FrameMeta {
            no,
            ts: Timestamp(0),
            link: LinkType(1),
            wire_len: 100,
            offset: 0,
            cap_len: 100,
            interface: InterfaceNo(0),
            fault: None,
        }];
        recorder.record(&batch, std::iter::once(Owned { frame: no, flow: index, is_notable: true }));
        // Every second one ends.
        if index % 2 == 0 {
            flow.index = index;
            recorder.conclude(&flow);
        }
        assert!(recorder.memory() <= ROOM);
    }
    recorder.write(&mut told, &Capture::default(), &[], &[], None).unwrap();
    let told = String::from_utf8_lossy(&told).into_owned();
    let number = |before: &str| -> u64 {
        let rest = &told[..told.find(before).expect(before)];
        rest.rsplit(|c: char| !c.is_ascii_digit() && c != ',')
            .next()
            .unwrap()
            .replace(',', "")
            .parse()
            .unwrap()
    };
    let (kept, gone) = (number(" flows, kept while it ran"), number(" more flows with findings"));
    assert_eq!(kept + gone, 1_000, "those let go are counted");
    assert!(kept > 100, "{kept}");
}

/// A time of a report as tshark shows it, in seconds since 1970 with nanoseconds.
fn epoch(time: &str) -> String {
    let time: jiff::Timestamp = time.parse().unwrap();
    format!("{}.{:09}", time.as_second(), time.subsec_nanosecond())
}
