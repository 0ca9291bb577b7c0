//! `keepscope check` as a CI system sees it: what it writes in each format, how real parsers read that, how it exits.
//!
//! After a wanted change: `KEEPSCOPE_BLESS=1 cargo test --test check`, and a look at what changed in `tests/golden/`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed step is a failed test")]

use roxmltree::{Document, Node};
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const ALIVE: &str = "fixtures/alive/capture.pcap";
const VANISHES: &str = "fixtures/vanishes/capture.pcap";

/// One that holds of both, one that fails of one, one that neither can show, and one with a name and its own rule.
const RULES: &str = "\
[[expect]]
name = \"the client asks after two seconds\"
expr = \"port 443 side=client idle=2s±10%\"

[[expect]]
expr = \"no finding severity>=warning\"

[[expect]]
expr = \"side=server status=off\"

[[expect]]
name = \"three probes, if it comes to that\"
expr = \"count=3\"
allow_inconclusive = true
";

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn check(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keepscope"));
    command.current_dir(dir).arg("check").args(args).env("NO_COLOR", "1").stdin(Stdio::null());
    command.output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What the rules, and both captures and one that is missing, give.
fn example(format: &str) -> Output {
    let rules = tempfile::NamedTempFile::new().unwrap();
    fs::write(rules.path(), RULES).unwrap();
    let rules = rules.path().to_str().unwrap();
    check(here(), &["--rules", rules, "--format", format, ALIVE, VANISHES, "missing.pcap"])
}

#[track_caller]
fn compare(name: &str, written: &str) {
    let path = here().join("tests/golden").join(name);
    if std::env::var_os("KEEPSCOPE_BLESS").is_some() {
        fs::write(&path, written).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == written, "{} is another; see the comment of this test:\n{written}", path.display());
}

#[test]
fn every_format_is_as_reviewed() {
    for (format, golden) in [
        ("text", "check.txt"),
        ("json", "check.json"),
        ("junit", "check.xml"),
        ("tap", "check.tap"),
        ("github", "check.github"),
    ] {
        let output = example(format);
        assert_eq!(output.status.code(), Some(2), "{format}: one capture is missing");
        compare(golden, &text(&output));
    }
}

#[test]
fn the_exit_code_tells_what_came_of_it() {
    let code = |args: &[&str]| check(here(), args).status.code();
    assert_eq!(code(&["-e", "idle=2s", ALIVE]), Some(0));
    assert_eq!(code(&["-e", "idle=3s", ALIVE]), Some(1));
    assert_eq!(code(&["-e", "idle=2s", "-e", "idle=3s", ALIVE]), Some(1));
    assert_eq!(code(&["-e", "count=3", ALIVE]), Some(1), "inconclusive is no pass");
    assert_eq!(code(&["-e", "count=3", "--allow-inconclusive", ALIVE]), Some(0));
    assert_eq!(code(&["-e", "count=4", "--allow-inconclusive", VANISHES]), Some(1));
    assert_eq!(
        code(&["-e", "port 9 no reset", "--allow-inconclusive", ALIVE]),
        Some(1),
        "no flow is no pass"
    );
    assert_eq!(code(&["-e", "idle=2s", ALIVE, "missing.pcap"]), Some(2));
    assert_eq!(code(&["-e", "idle=3s", "missing.pcap", ALIVE]), Some(2));
    assert_eq!(code(&["-e", "idle=2s"]), Some(2), "no capture");
}

#[test]
fn what_is_wrong_is_told_before_anything_is_read() {
    let told = |args: &[&str]| String::from_utf8(check(here(), args).stderr).unwrap();
    assert_eq!(
        told(&["-e", "port 443 idle=sixty", "missing.pcap"]),
        "keepscope: -e: column 15: expected a time such as 60s, not 'sixty'\n    port 443 idle=sixty\n                  ^^^^^\n"
    );
    assert_eq!(
        told(&[ALIVE]),
        "keepscope: nothing is expected; say what with -e, for example -e 'port 443 idle=60s', or with --rules\n"
    );
    assert_eq!(
        told(&["-e", "no reset", "-", "-"]),
        "keepscope: '-' (standard input) is one capture: it can be checked once, and is no piece of another\n"
    );
    assert_eq!(
        told(&["--rules", "missing.toml", ALIVE]),
        "keepscope: cannot read missing.toml: no such file or directory\n"
    );
    // Escape sequences of a stranger's rule reach no terminal.
    assert!(told(&["-e", "no \u{1b}[2Jreset", ALIVE]).contains("not '\\x1b[2Jreset'"));
}

#[test]
fn an_output_that_is_an_input_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    fs::copy(here().join(ALIVE), dir.path().join("a.pcap")).unwrap();
    fs::write(dir.path().join("r.toml"), RULES).unwrap();
    for output in ["a.pcap", "r.toml"] {
        let before = fs::read(dir.path().join(output)).unwrap();
        let run = check(dir.path(), &["--rules", "r.toml", "-o", output, "a.pcap"]);
        assert_eq!(run.status.code(), Some(2));
        assert_eq!(
            String::from_utf8(run.stderr).unwrap(),
            format!("keepscope: {output} is both input and output\n")
        );
        assert_eq!(fs::read(dir.path().join(output)).unwrap(), before);
    }
    let run = check(dir.path(), &["-e", "idle=2s", "-o", "out.txt", "a.pcap"]);
    assert_eq!((run.status.code(), text(&run).as_str()), (Some(0), ""));
    assert!(fs::read_to_string(dir.path().join("out.txt")).unwrap().starts_with("a.pcap\n  ✓ idle=2s\n"));
}

#[test]
fn captures_are_checked_one_by_one_or_as_one() {
    let summary = |args: &[&str]| {
        let output = check(here(), &[&["-e", "probes>=0", "--format", "json"], args].concat());
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        let captures = document["captures"].as_array().unwrap().clone();
        let flows = captures.iter().map(|c| c["expectations"][0]["flows_selected"].as_u64().unwrap());
        (flows.collect::<Vec<_>>(), captures[0]["sources"].as_array().unwrap().len(), captures)
    };
    let (flows, sources, _) = summary(&[ALIVE, VANISHES]);
    assert_eq!((flows, sources), (vec![1, 1], 1));
    let (flows, sources, captures) = summary(&["--one-capture", ALIVE, VANISHES]);
    assert_eq!((flows, sources), (vec![2], 2));
    let reasons = captures[0]["expectations"][0]["reasons"].as_array().unwrap();
    assert!(
        reasons.iter().all(|reason| reason["frame_refs"].as_array().is_some_and(|refs| !refs.is_empty()))
    );
    // Of one capture in pieces no piece may be missing.
    let output = check(here(), &["--one-capture", "-e", "no reset", ALIVE, "missing.pcap"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output).contains("cannot be read: missing.pcap: no such file"), "{}", text(&output));
}

#[test]
fn a_capture_may_come_through_a_pipe_and_be_filtered() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_keepscope"))
        .args(["check", "-e", "idle=2s", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&fs::read(here().join(ALIVE)).unwrap()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output).starts_with("-\n  ✓ idle=2s\n"));
    if cfg!(feature = "libpcap") {
        let filtered = check(here(), &["-f", "tcp port 80", "-e", "no reset", ALIVE]);
        assert!(text(&filtered).contains("no flow is selected: the capture has 0 flows"));
    }
}

#[test]
fn the_rules_may_come_through_a_pipe() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_keepscope"))
        .args(["check", "--rules", "-", ALIVE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"[[expect]]\nexpr = 'idle=2s'\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output).contains("✓ idle=2s\n"), "{}", text(&output));
    let both = check(here(), &["--rules", "-", "-"]);
    assert_eq!(
        String::from_utf8(both.stderr).unwrap(),
        "keepscope: '-' (standard input) can be read once: it holds the rules, or a capture\n"
    );
}

#[test]
fn the_document_fits_its_schema() {
    let document: Value = serde_json::from_slice(&example("json").stdout).unwrap();
    let validator = jsonschema::validator_for(keepscope::render::schema::check_schema().as_value()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(document["summary"]["passed"], false);
    assert_eq!(document["summary"]["unreadable"], 1);
}

#[test]
fn junit_says_the_same_as_the_document() {
    let xml = text(&example("junit"));
    let document: Value = serde_json::from_slice(&example("json").stdout).unwrap();
    let xml = Document::parse(&xml).unwrap();
    let suites: Vec<Node<'_, '_>> = children(xml.root_element(), "testsuite");
    let captures = document["captures"].as_array().unwrap();
    assert_eq!(suites.len(), captures.len());
    for (suite, capture) in suites.into_iter().zip(captures) {
        assert_eq!(suite.attribute("name"), capture["name"].as_str());
        let cases = children(suite, "testcase");
        assert_eq!(cases.len(), 4, "a case for each expectation, also where nothing could be read");
        for (place, case) in cases.into_iter().enumerate() {
            let judged = &capture["expectations"][place];
            let element = case.children().find(Node::is_element).unwrap();
            let expected = match (judged["verdict"].as_str(), judged["passes"].as_bool()) {
                (None, _) => "error",
                (Some("holds"), _) => "system-out",
                (Some("inconclusive"), Some(true)) => "skipped",
                _ => "failure",
            };
            assert_eq!(element.tag_name().name(), expected);
            if let Some(reason) = judged["reasons"][0]["text"].as_str() {
                assert!(element.text().unwrap().contains(reason), "{reason}");
                assert_eq!(case.attribute("name"), judged["name"].as_str());
            }
        }
    }
    let count = |name| xml.root_element().attribute(name).unwrap().parse::<u32>().unwrap();
    assert_eq!((count("tests"), count("failures"), count("errors"), count("skipped")), (12, 3, 4, 1));
}

fn children<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Vec<Node<'a, 'i>> {
    node.children().filter(|child| child.has_tag_name(name)).collect()
}

/// What Perl's harness makes of TAP: how many tests it counts and how many of them failed; `None` where there is no Perl.
fn prove(tap: &str) -> Option<(usize, usize)> {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), tap).unwrap();
    let script = "use TAP::Parser; my $p = TAP::Parser->new({tap => do { local $/; open my $f, '<', $ARGV[0]; <$f> }}); \
                  while (my $r = $p->next) { print STDERR $r->as_string, qq(\\n) if $r->is_unknown && $r->as_string =~ /\\S/ } \
                  die join(';', $p->parse_errors) if $p->parse_errors; \
                  print scalar($p->passed) + scalar($p->failed), ' ', scalar($p->failed);";
    let Ok(run) = Command::new("perl").args(["-MTAP::Parser", "-e", script]).arg(file.path()).output() else {
        eprintln!("skipped: there is no perl to read TAP with");
        return None;
    };
    let err = String::from_utf8_lossy(&run.stderr);
    if err.contains("Can't locate TAP/Parser.pm") {
        eprintln!("skipped: this perl has no TAP::Parser");
        return None;
    }
    assert!(run.status.success() && run.stderr.is_empty(), "{err}\n{tap}");
    let out = String::from_utf8(run.stdout).unwrap();
    let (tests, failed) = out.trim().split_once(' ').unwrap();
    Some((tests.parse().unwrap(), failed.parse().unwrap()))
}

#[test]
fn tap_is_what_perl_reads() {
    if let Some(counted) = prove(&text(&example("tap"))) {
        assert_eq!(counted, (12, 7));
    }
}

/// A name that would break out of each format.
const HOSTILE: &str = "a\nok 99 - b # SKIP ]]><x y='&\"'>%0A\u{1b}[31m\u{202e}::error title=x,y::z\\.pcap";

#[test]
fn a_hostile_name_breaks_no_format() {
    let dir = tempfile::tempdir().unwrap();
    if fs::copy(here().join(ALIVE), dir.path().join(HOSTILE)).is_err() {
        eprintln!("skipped: this file system takes no such names");
        return;
    }
    let of = |format| {
        text(&check(dir.path(), &["-e", "idle=2s", "-e", "idle=3s", "--format", format, "--", HOSTILE]))
    };
    for format in ["text", "junit", "tap", "github"] {
        let written = of(format);
        let obeyed = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!written.contains(obeyed), "{format}: {written:?}");
    }
    let xml = of("junit");
    let xml = Document::parse(&xml).unwrap();
    assert_eq!(xml.descendants().filter(|node| node.has_tag_name("testcase")).count(), 2);
    let tap = of("tap");
    assert_eq!(tap.lines().filter(|line| line.starts_with("ok ") || line.starts_with("not ok ")).count(), 2);
    assert!(!tap.lines().any(|line| line.starts_with("ok 99")));
    if let Some(counted) = prove(&tap) {
        assert_eq!(counted, (2, 1), "{tap}");
    }
    let commands: Vec<String> =
        of("github").lines().filter(|line| line.starts_with("::")).map(str::to_owned).collect();
    let [command] = commands.as_slice() else { panic!("{commands:?}") };
    let (property, message) = command.strip_prefix("::error title=").unwrap().split_once("::").unwrap();
    assert!(
        property.contains("%3A%3Aerror title=x%2Cy%3A%3Az") && !property.contains([':', ',']),
        "{property}"
    );
    assert!(property.contains("%250A") && message.starts_with("idle=3s: flow 0"), "{command}");
    let document: Value = serde_json::from_str(&of("json")).unwrap();
    assert_eq!(document["captures"][0]["name"], HOSTILE);
}
