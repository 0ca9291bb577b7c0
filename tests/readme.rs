//! What the README and the pages of `docs/` show is what the program prints. A line that is only `…` stands for lines that are left out.
//!
//! After a wanted change: `KEEPSCOPE_BLESS=1 cargo test --test readme` writes the blocks anew in which nothing is left out.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed step is a failed test")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// What begins a block, and what ends one.
const BLOCK: (&str, &str) = ("```console\n", "```");

/// A line of a block that stands for others.
const LEFT_OUT: &str = "…";

#[test]
fn every_output_in_the_documentation_is_real() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = std::fs::read_dir(here.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let pages: Vec<PathBuf> = docs.filter(|path| path.extension().is_some_and(|end| end == "md")).collect();
    assert!(!pages.is_empty());
    for page in &pages {
        check(page);
    }
    assert!(check(&here.join("README.md")) > 0, "the README shows no output");
}

/// Runs every block of a page, and tells how many there are.
#[track_caller]
fn check(path: &Path) -> usize {
    let mut page = std::fs::read_to_string(path).unwrap();
    let blocks: Vec<String> = page
        .split(BLOCK.0)
        .skip(1)
        .filter_map(|rest| rest.split(BLOCK.1).next())
        .map(str::to_owned)
        .collect();
    for block in &blocks {
        let (command, shown) = block.split_once('\n').expect("a command and its output");
        let printed = output_of(command);
        if std::env::var_os("KEEPSCOPE_BLESS").is_some() && !shown.lines().any(|line| line == LEFT_OUT) {
            page = page.replace(block, &format!("{command}\n{printed}"));
            continue;
        }
        assert!(is_shown(&printed, shown), "{}: of: {command}\n{printed}", path.display());
    }
    if std::env::var_os("KEEPSCOPE_BLESS").is_some() {
        std::fs::write(path, page).unwrap();
    }
    blocks.len()
}

/// What stands in for the files that the commands name.
const FILES: [(&str, &str); 6] = [
    ("trace.pcap", "demo"),
    ("trace.pcapng.zst", "demo"),
    ("monday.pcap", "demo"),
    ("tuesday.pcap", "the-process-hangs"),
    ("before.pcap", "alive"),
    ("after.pcap", "vanishes"),
];

/// The lists of commands that the pages show can be typed as they stand; those that capture or need other hosts are left to other tests.
#[test]
#[cfg(unix)]
fn every_command_of_the_documentation_can_be_typed() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dir = tempfile::tempdir().unwrap();
    for (name, fixture) in FILES {
        std::fs::copy(here.join("fixtures").join(fixture).join("capture.pcap"), dir.path().join(name))
            .unwrap();
    }
    std::fs::write(dir.path().join("keepscope.key"), (0..32).collect::<Vec<u8>>()).unwrap();
    let docs = std::fs::read_dir(here.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut typed = 0;
    for page in docs.chain([here.join("README.md")]) {
        let text = std::fs::read_to_string(&page).unwrap();
        let lists = text.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
        let lines = lists.filter(|list| !list.starts_with("#!")).flat_map(str::lines);
        let goes_on = |line: &str| {
            ["--follow", "--watch", "--iface", " -i "].iter().any(|option| line.contains(option))
        };
        for line in lines.filter(|line| line.starts_with("keepscope ") && !goes_on(line)) {
            let command = line.split(" #").next().unwrap_or(line).split(" | ").next().unwrap_or(line);
            for command in command.split(';') {
                let bin = Path::new(env!("CARGO_BIN_EXE_keepscope")).parent().unwrap();
                let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
                let run = Command::new("sh")
                    .args(["-c", command])
                    .current_dir(&dir)
                    .env("PATH", path)
                    .output()
                    .unwrap();
                let err = String::from_utf8_lossy(&run.stderr).into_owned();
                assert!(matches!(run.status.code(), Some(0 | 1)), "{}: {command}\n{err}", page.display());
                typed += 1;
            }
        }
    }
    assert!(typed > 15, "{typed}");
}

fn output_of(command: &str) -> String {
    let arguments = command.strip_prefix("$ keepscope ").expect("a block begins with '$ keepscope'");
    // A shell, as an expression may be quoted.
    let run = Command::new("sh")
        .args(["-c", &format!("exec \"$KEEPSCOPE\" {arguments}")])
        .env("KEEPSCOPE", env!("CARGO_BIN_EXE_keepscope"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("NO_COLOR", "1")
        .output()
        .expect("keepscope runs");
    String::from_utf8(run.stdout).unwrap()
}

/// Whether `shown` is `printed`, but for what is left out.
fn is_shown(printed: &str, shown: &str) -> bool {
    let (printed, shown): (Vec<&str>, Vec<&str>) = (printed.lines().collect(), shown.lines().collect());
    let parts: Vec<&[&str]> = shown.split(|line| *line == LEFT_OUT).collect();
    let mut rest = &printed[..];
    for (place, part) in parts.iter().enumerate() {
        let is_last = place + 1 == parts.len();
        let at = match (place, is_last) {
            (0, true) => (rest == *part).then_some(0),
            (0, false) => rest.starts_with(part).then_some(0),
            (_, true) => rest.ends_with(part).then(|| rest.len() - part.len()),
            (_, false) => (0..=rest.len()).find(|at| rest[*at..].starts_with(part)),
        };
        let Some(at) = at else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

#[test]
fn only_a_marked_gap_may_hide_lines() {
    let printed = "a\nbb\nc\nd\n";
    for shown in ["a\nbb\nc\nd\n", "a\n…\nd\n", "a\n…\n", "…\nbb\n…\nd\n"] {
        assert!(is_shown(printed, shown), "{shown}");
    }
    for shown in ["a\nd\n", "a\nbb\n", "bb\nc\nd\n", "a\n…\nx\n", "a\n…\nb\n…\n", "a\n…\nc\n"] {
        assert!(!is_shown(printed, shown), "{shown}");
    }
}

/// The table of findings: whoever meets an id looks it up there.
#[test]
fn every_kind_of_finding_is_explained_in_the_readme() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("README.md");
    for id in keepscope::report::FINDING_IDS {
        assert!(readme.contains(&format!("`{id}`")), "{id} is not in the README");
    }
}

/// What textbooks say is shown by fixtures; each is there.
#[test]
fn every_fixture_that_a_page_names_is_there() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(here.join("docs/keepalive.md")).unwrap();
    let table = page.split_once("| they say |").and_then(|(_, rest)| rest.split_once("\n\n")).unwrap().0;
    let mut named = 0;
    for row in table.lines().skip(2) {
        let fixtures = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        for fixture in fixtures.split('`').skip(1).step_by(2) {
            assert!(here.join("fixtures").join(fixture).is_dir(), "{fixture}");
            named += 1;
        }
    }
    assert!(named > 15, "{named}");
}
