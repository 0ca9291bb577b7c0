//! The examples of the README and of `docs/check.md` do what they say: the script, the workflow's command, the pytest. The Rust one is a documentation test.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed step is a failed test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// The page with the examples, and the page about the language.
const PAGES: [&str; 2] = ["README.md", "docs/check.md"];

/// The blocks of both pages in one language, but for those that are only a list of commands.
fn blocks(language: &str) -> Vec<String> {
    let page = PAGES.map(|page| fs::read_to_string(here().join(page)).unwrap()).concat();
    let begin = format!("```{language}\n");
    let blocks = page.split(&begin).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned());
    let is_example = |block: &String| match language {
        "sh" => block.starts_with("#!"),
        "toml" => block.starts_with("[[expect]]"),
        _ => true,
    };
    blocks.filter(is_example).collect()
}

fn the_only(language: &str) -> String {
    let blocks = blocks(language);
    let [block] = blocks.as_slice() else { panic!("{} blocks of {language}", blocks.len()) };
    block.clone()
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A project with the page's rules and one capture.
fn project(capture: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("captures")).unwrap();
    fs::copy(
        here().join("fixtures").join(capture).join("capture.pcap"),
        dir.path().join("captures/orders.pcap"),
    )
    .unwrap();
    fs::write(dir.path().join("keepalive.toml"), the_only("toml")).unwrap();
    dir
}

/// Runs in a project, with keepscope on the path.
fn run(dir: &Path, program: &str, args: &[&str]) -> Output {
    let bin = PathBuf::from(env!("CARGO_BIN_EXE_keepscope"));
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", bin.parent().unwrap().display());
    Command::new(program).args(args).current_dir(dir).env("PATH", path).output().unwrap()
}

#[track_caller]
fn ends_with(code: i32, output: &Output) {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{out}{err}");
}

#[test]
fn the_shell_script_passes_and_fails() {
    for (capture, code) in [("alive", 0), ("vanishes", 1)] {
        let dir = project(capture);
        fs::write(dir.path().join("check.sh"), the_only("sh")).unwrap();
        ends_with(code, &run(dir.path(), "sh", &["check.sh"]));
    }
}

#[test]
fn the_command_of_the_workflow_passes_and_fails() {
    let workflow = the_only("yaml");
    let commands: Vec<&str> =
        workflow.lines().filter_map(|line| line.trim().strip_prefix("- run: keepscope")).collect();
    let [arguments] = commands.as_slice() else { panic!("{commands:?}") };
    for (capture, code) in [("alive", 0), ("vanishes", 1)] {
        let dir = project(capture);
        ends_with(code, &run(dir.path(), "sh", &["-c", &format!("keepscope{arguments}")]));
    }
}

#[test]
fn the_pytest_passes_and_fails() {
    let has = |module: &str| {
        Command::new("python3")
            .args(["-c", &format!("import {module}")])
            .output()
            .is_ok_and(|o| o.status.success())
    };
    if !has("json") {
        eprintln!("skipped: there is no python3");
        return;
    }
    let by_hand = "import runpy\nfor name, test in runpy.run_path('test_keepalive.py').items():\n    if name.startswith('test_'): test()";
    let args: &[&str] = if has("pytest") {
        &["-m", "pytest", "-q", "test_keepalive.py"]
    } else {
        eprintln!("there is no pytest: its functions are called by hand");
        &["-c", by_hand]
    };
    for (capture, code) in [("alive", 0), ("vanishes", 1)] {
        let dir = project(capture);
        fs::write(dir.path().join("test_keepalive.py"), the_only("python")).unwrap();
        ends_with(code, &run(dir.path(), "python3", args));
    }
}

/// The expressions in the page's first column are in the language, but for the one that is said not to be.
#[test]
fn every_expression_of_the_page_is_in_the_language() {
    let page = fs::read_to_string(here().join("docs/check.md")).unwrap();
    let table = page.split_once("| example | says |").unwrap().1.split_once("\n\n").unwrap().0;
    let rows: Vec<(&str, &str)> =
        table.lines().filter_map(|row| row.strip_prefix("| `")?.split_once("` | ")).collect();
    assert!(rows.len() > 6, "{rows:?}");
    for (expression, says) in rows {
        let parsed = expression.parse::<keepscope::expect::Expectation>();
        assert_eq!(parsed.is_err(), says.starts_with("an error"), "{expression}");
    }
}

/// The grammar stands in the pages for users and in the documentation of the library; so does every key.
#[test]
fn the_grammar_is_the_same_in_all_places() {
    let library = fs::read_to_string(here().join("src/expect/mod.rs")).unwrap();
    let grammars: Vec<String> =
        blocks("text").into_iter().filter(|block| block.starts_with("expectation =")).collect();
    assert_eq!(grammars.len(), PAGES.len());
    assert!(grammars.windows(2).all(|pair| pair[0] == pair[1]), "the pages differ");
    let grammar = &grammars[0];
    let commented: String =
        grammar.lines().map(|line| format!("//! {line}").trim_end().to_owned() + "\n").collect();
    assert!(library.contains(&commented), "{commented}");
    let page = fs::read_to_string(here().join("docs/check.md")).unwrap();
    for key in [
        "status", "idle", "interval", "count", "probes", "answered", "rtt", "outcome", "reset", "probe",
        "finding",
    ] {
        assert!(
            page.lines().any(|line| line.starts_with("| `") && line.contains(&format!("`{key}`"))),
            "{key}"
        );
    }
}
