//! `--anonymize`: what strangers may see tells the same, and none of the originals.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed step is a failed test")]

use serde_json::Value;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// One of each kind: IPv4 and IPv6, ICMP errors, several flows, paths, HTTP, findings across flows.
const FIXTURES: [&str; 6] = [
    "demo",
    "host-unreachable",
    "address-unreachable-ipv6",
    "vanishes-ipv6",
    "path-times-out",
    "http-keep-alive",
];

/// Every way to be told something.
const FORMATS: [&[&str]; 10] = [
    &["--format", "text", "--flows", "all"],
    &["-v"],
    &["--flow", "0"],
    &["--format", "json"],
    &["--format", "ndjson"],
    &["--format", "csv"],
    &["--format", "markdown", "--flows", "all"],
    &["--format", "markdown", "--flow", "0"],
    &["--format", "html", "--flows", "all"],
    &["--format", "json", "--flows", "relevant", "-f", "tcp or icmp or icmp6"],
];

struct Bench {
    dir: tempfile::TempDir,
    key: PathBuf,
    /// The capture, under a name that nobody is to know.
    capture: PathBuf,
}

impl Bench {
    fn with(fixture: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let key = dir.path().join("key");
        std::fs::write(&key, (0..32).collect::<Vec<u8>>()).unwrap();
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture);
        let end = if here.join("capture.pcap").exists() { "pcap" } else { "pcapng" };
        let capture = dir.path().join(format!("customer-secret.{end}"));
        std::fs::copy(here.join(format!("capture.{end}")), &capture).unwrap();
        Self { dir, key, capture }
    }

    fn run(&self, args: &[&str]) -> Output {
        let output =
            Command::new(env!("CARGO_BIN_EXE_keepscope")).arg(&self.capture).args(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }

    fn masked(&self, args: &[&str]) -> Output {
        self.run(&[&["--anonymize", self.key.to_str().unwrap()], args].concat())
    }

    fn json(&self, is_masked: bool) -> Value {
        let args = ["--format", "json"];
        let output = if is_masked { self.masked(&args) } else { self.run(&args) };
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The addresses in the frames, as anybody would write them, and the ids made of them.
    fn originals(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::from(["customer-secret".to_owned()]);
        let report = self.json(false);
        for flow in report["flows"].as_array().unwrap() {
            found.insert(flow["id"].as_str().unwrap().to_owned());
            for end in ["client", "server"] {
                found.insert(flow[end]["addr"].as_str().unwrap().to_owned());
            }
        }
        // Routers speak in ICMP only.
        let ndjson = self.run(&["--format", "ndjson"]).stdout;
        for line in ndjson.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let record: Value = serde_json::from_slice(line).unwrap();
            found.extend(record["from"].as_str().map(str::to_owned));
        }
        found
    }
}

#[test]
fn no_output_tells_an_original() {
    for fixture in FIXTURES {
        let bench = Bench::with(fixture);
        let originals = bench.originals();
        assert!(originals.len() >= 4, "{fixture}: {originals:?}");
        for format in FORMATS {
            if format.contains(&"-f") && cfg!(not(feature = "libpcap")) {
                continue;
            }
            let output = bench.masked(format);
            for told in [output.stdout, output.stderr] {
                let told = String::from_utf8(told).unwrap();
                for original in &originals {
                    assert!(!has(&told, original), "{fixture} {format:?} tells {original}:\n{told}");
                }
            }
        }
    }
}

/// What the command `args` tells, on both streams. It may find fault with the captures.
fn told_by(args: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_keepscope")).args(args).output().unwrap();
    let told = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(told).unwrap())
}

#[test]
fn no_check_tells_an_original() {
    for fixture in FIXTURES {
        let bench = Bench::with(fixture);
        let (capture, key) = (bench.capture.to_str().unwrap(), bench.key.to_str().unwrap());
        let broken = bench.dir.path().join("customer-secret.txt");
        std::fs::write(&broken, "not a capture").unwrap();
        let cut = bench.dir.path().join("customer-secret-cut.pcap");
        let bytes = std::fs::read(&bench.capture).unwrap();
        std::fs::write(&cut, &bytes[..bytes.len() - 5]).unwrap();
        let originals = bench.originals();
        let expected = [
            "-e",
            "all no finding severity>=info",
            "-e",
            "idle=1s",
            "-e",
            "no reset",
            "-e",
            "flow 0 rtt max<1us",
        ];
        for format in ["text", "json", "junit", "tap", "github"] {
            let run = |more: &[&str]| {
                let args = [
                    &["check", "--format", format, capture, broken.to_str().unwrap(), cut.to_str().unwrap()],
                    &expected[..],
                    more,
                ];
                told_by(&args.concat())
            };
            let ((code, told), (plain_code, plain)) = (run(&["--anonymize", key]), run(&[]));
            assert_eq!((code, plain_code), (Some(2), Some(2)), "{told}");
            for original in &originals {
                assert!(!has(&told, original), "{fixture} {format} tells {original}:\n{told}");
            }
            // The verdicts are the same, and each file can be told from the others.
            let verdicts =
                |told: &str| ["fails", "inconclusive", "holds"].map(|verdict| told.matches(verdict).count());
            assert_eq!(verdicts(&told), verdicts(&plain), "{fixture} {format}");
            assert!((1..=3).all(|place| told.contains(&format!("capture-{place}"))), "{told}");
            assert!(has(&plain, "customer-secret"), "else the test could not fail");
        }
    }
}

#[test]
fn an_expectation_about_an_address_is_refused_beside_it() {
    let bench = Bench::with("demo");
    let (capture, key) = (bench.capture.to_str().unwrap(), bench.key.to_str().unwrap());
    let id = bench.json(false)["flows"][0]["id"].as_str().unwrap().to_owned();
    for (expectation, is_refused) in [
        ("client host 10.0.1.1 no reset", true),
        ("no reset host fd00::/8", true),
        (&*format!("flow {id} no reset"), true),
        ("flow 0 no reset", false),
        ("port 5432 no reset", false),
    ] {
        let (code, told) = told_by(&["check", "--anonymize", key, "-e", expectation, capture]);
        assert_eq!(code == Some(2), is_refused, "{expectation}: {told}");
        if is_refused {
            assert!(told.lines().count() == 1 && told.contains("--anonymize hides addresses"), "{told}");
        }
    }
}

#[test]
fn no_difference_tells_an_original() {
    for (before, after) in [("demo", "host-unreachable"), ("path-times-out", "address-unreachable-ipv6")] {
        let (before, after) = (Bench::with(before), Bench::with(after));
        let key = before.key.to_str().unwrap();
        let report = after.dir.path().join("customer-secret.json");
        std::fs::write(&report, after.run(&["--format", "json"]).stdout).unwrap();
        let originals: BTreeSet<String> = before.originals().into_iter().chain(after.originals()).collect();
        for other in [&after.capture, &report] {
            for format in ["text", "json"] {
                let files = [before.capture.to_str().unwrap(), other.to_str().unwrap()];
                let args = [&["diff", "--format", format][..], &files].concat();
                let (code, told) = told_by(&[&args[..], &["--anonymize", key]].concat());
                let (_, plain) = told_by(&args);
                assert_eq!(code, Some(1), "{told}");
                for original in &originals {
                    assert!(!has(&told, original), "{format} tells {original}:\n{told}");
                }
                assert_eq!(told.lines().count(), plain.lines().count());
                assert!(told.contains("capture-1") && told.contains("capture-2"), "{told}");
            }
        }
        // A report is taken to tell originals, as a capture does.
        let same = [after.capture.to_str().unwrap(), report.to_str().unwrap()];
        assert_eq!(told_by(&[&["diff", "--anonymize", key], &same[..]].concat()).0, Some(0));
    }
}

/// Whether `text` holds `word`, and not as a part of a longer number.
fn has(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_hexdigit());
        !joins(text[..at].chars().next_back()) && !joins(text[at + word.len()..].chars().next())
    })
}

#[test]
fn evidence_holds_no_original_byte() {
    for fixture in FIXTURES {
        let bench = Bench::with(fixture);
        let evidence = bench.dir.path().join("evidence.pcapng");
        bench.masked(&["--evidence", evidence.to_str().unwrap()]);
        let bytes = std::fs::read(&evidence).unwrap();
        for original in bench.originals() {
            let raw = match original.parse::<IpAddr>() {
                Ok(IpAddr::V4(v4)) => v4.octets().to_vec(),
                Ok(IpAddr::V6(v6)) => v6.octets().to_vec(),
                Err(_) => original.clone().into_bytes(),
            };
            assert!(!bytes.windows(raw.len()).any(|window| window == raw), "{fixture}: {original}");
            let text = original.as_bytes();
            assert!(!bytes.windows(text.len()).any(|window| window == text), "{fixture}: {original}");
        }
        // What the application said.
        for secret in [&b"GET /"[..], b"Host:", b"HTTP/1.1 200"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{fixture}");
        }
    }
}

#[test]
fn all_but_the_addresses_stays() {
    for fixture in FIXTURES {
        let bench = Bench::with(fixture);
        let (original, masked) = (bench.json(false), bench.json(true));
        assert_eq!(original["summary"], masked["summary"], "{fixture}");
        let flows = |report: &Value| report["flows"].as_array().unwrap().clone();
        for (before, after) in flows(&original).iter().zip(&flows(&masked)) {
            for member in ["index", "start", "segments", "state", "heartbeat", "http"] {
                assert_eq!(before[member], after[member], "{fixture}");
            }
            for side in ["client_keepalive", "server_keepalive"] {
                assert_eq!(before[side]["settings"], after[side]["settings"], "{fixture}");
            }
            assert_eq!(before["client"]["port"], after["client"]["port"], "{fixture}");
            assert_ne!(before["client"]["addr"], after["client"]["addr"], "{fixture}");
        }
        assert_eq!(
            original["paths"].as_array().unwrap().len(),
            masked["paths"].as_array().unwrap().len(),
            "{fixture}: networks stay networks"
        );
    }
}

#[test]
fn the_masked_evidence_tells_the_same() {
    let bench = Bench::with("host-unreachable");
    let evidence = bench.dir.path().join("evidence.pcapng");
    bench.masked(&["--evidence", evidence.to_str().unwrap()]);
    let part =
        Command::new(env!("CARGO_BIN_EXE_keepscope")).arg(&evidence).args(["--format", "json"]).output();
    let part: Value = serde_json::from_slice(&part.unwrap().stdout).unwrap();
    let whole = bench.json(true);
    assert_eq!(part["flows"][0]["id"], whole["flows"][0]["id"]);
    assert_eq!(
        part["flows"][0]["client_keepalive"]["outcome"],
        whole["flows"][0]["client_keepalive"]["outcome"]
    );
    assert_eq!(part["capture"]["icmp_errors"], whole["capture"]["icmp_errors"]);
}

#[test]
fn the_same_key_gives_the_same_and_random_never() {
    let bench = Bench::with("demo");
    let addresses = |report: Value| report["flows"][0]["client"]["addr"].clone();
    assert_eq!(addresses(bench.json(true)), addresses(bench.json(true)));
    let random = || {
        let output = bench.run(&["--anonymize", "random", "--format", "json"]);
        addresses(serde_json::from_slice(&output.stdout).unwrap())
    };
    assert_ne!(random(), random());
}

#[test]
fn what_is_no_key_is_refused() {
    let bench = Bench::with("demo");
    for (key, reason) in
        [(vec![1; 31], "a key is 32 bytes"), (vec![7; 32], "both halves of the key are the same")]
    {
        std::fs::write(&bench.key, key).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_keepscope"));
        let output = command.arg(&bench.capture).arg("--anonymize").arg(&bench.key).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8(output.stderr).unwrap().contains(reason), "{reason}");
    }
}
