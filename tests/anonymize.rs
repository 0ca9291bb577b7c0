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
