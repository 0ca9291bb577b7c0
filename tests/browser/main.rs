//! The page of `--format html` in a real browser: what a reader does with mouse and keyboard, what it asks of the machine, and what it never
//! does.
//!
//! Skipped, and said so, where there is no Chromium. `KEEPSCOPE_SHOTS=DIR cargo test --test browser` keeps pictures.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed step is a failed test")]

mod chromium;
mod crowd;
#[allow(dead_code, reason = "a part of it is of use here")]
#[path = "../render/sample.rs"]
mod sample;

use chromium::Chromium;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// What a page with ten thousand flows may cost. On the machine it was made on it takes a second; one under load has time.
const MOST_SECONDS: f64 = 8.0;
const MOST_BYTES: u64 = 20_000_000;

/// The page of a fixture.
fn page_of(fixture: &str, directory: &TempDir) -> PathBuf {
    let page = directory.path().join(format!("{fixture}.html"));
    let run = Command::new(env!("CARGO_BIN_EXE_keepscope"))
        .args(["-q", "--format", "html", "--flows", "all", "-o"])
        .arg(&page)
        .arg(format!("fixtures/{fixture}/capture.pcap"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("keepscope runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    page
}

#[track_caller]
fn assert_quiet(chromium: &Chromium) {
    assert_eq!(chromium.complaints(), Vec::<String>::new());
}

#[test]
fn the_table_is_sorted_and_searched_with_the_mouse() {
    let Some(mut chromium) = Chromium::start() else { return };
    let directory = tempfile::tempdir().unwrap();
    chromium.open(&page_of("demo", &directory), "");
    assert_eq!(chromium.text("#headline"), "5 of 12 connections have a problem, 2 more a warning");
    chromium.shoot("summary");

    let first = "#body tr[data-place='0']";
    assert!(chromium.text(first).contains("timed out"), "the worst is first");
    chromium.click("#head [data-key='idle_s'] button");
    let is_sorted = "[...document.querySelectorAll('#head th')].map((th) => th.ariaSort).filter((sort) => sort !== 'none').join()";
    assert_eq!(chromium.ask(is_sorted), "ascending");
    assert!(chromium.text("#announce").ends_with("by idle, ascending"));
    assert!(chromium.text(first).contains("3.01s"));
    chromium.click("#head [data-key='idle_s'] button");
    assert_eq!(chromium.ask(is_sorted), "descending");
    assert!(chromium.text(first).contains("7.20s"));
    chromium.click("#head [data-key='idle_s'] button");
    assert!(chromium.text("#announce").ends_with("worst first"), "a third click sorts as before");

    chromium.click("#search");
    chromium.type_text("10.0.2.31 reset");
    assert!(chromium.text("#announce").starts_with("1 of "));
    assert!(chromium.text("#body").contains("10.0.2.31:443"));
    chromium.ask("document.querySelector('#search').value = ''");
    chromium.click("#search");
    chromium.type_text("no such thing");
    assert_eq!(chromium.text("#body"), "Nothing matches.");

    chromium.click("#histograms figure .bar");
    assert!(chromium.text("#filter").starts_with("Idle"), "a bar chooses its flows");
    assert_quiet(&chromium);
}

#[test]
fn everything_is_reached_by_keyboard() {
    let Some(mut chromium) = Chromium::start() else { return };
    let directory = tempfile::tempdir().unwrap();
    chromium.open(&page_of("demo", &directory), "");
    chromium.press("/");
    assert_eq!(chromium.ask("document.activeElement.id"), "search");
    chromium.type_text("client");
    chromium.press("ArrowDown");
    let focused = "document.activeElement.dataset.place";
    assert_eq!(chromium.ask(focused), "0");
    chromium.press("ArrowDown");
    chromium.press("ArrowDown");
    chromium.press("ArrowUp");
    assert_eq!(chromium.ask(focused), "1");
    assert_ne!(
        chromium.ask("getComputedStyle(document.activeElement).outlineStyle"),
        "none",
        "the focus is seen"
    );
    let index = chromium.ask("document.activeElement.dataset.index");

    chromium.press("Enter");
    chromium.wait_for("document.querySelector('#flow').open");
    assert_eq!(chromium.ask("location.hash"), json!(format!("#flow-{}", index.as_str().unwrap())));
    assert!(chromium.text("#flow .story").starts_with("The client probes after 3 s of quiet"));
    chromium.shoot("flow");

    // The marks of the timeline: one stop for Tab, then arrows, each with its words.
    chromium.ask("document.querySelector('#flow .timeline [tabindex=\"0\"]').focus()");
    let label = "document.activeElement.getAttribute('aria-label')";
    let before = chromium.ask(label);
    chromium.press("ArrowRight");
    assert_ne!(chromium.ask(label), before);
    chromium.press("End");
    assert!(chromium.text("#tip").contains('#'), "the frame is named");

    chromium.press("Escape");
    chromium.wait_for("!document.querySelector('#flow').open");
    assert_eq!(chromium.ask("document.activeElement.dataset.index"), index, "the focus is where it was");
    assert_quiet(&chromium);
}

#[test]
fn colours_follow_the_reader() {
    let Some(mut chromium) = Chromium::start() else { return };
    let directory = tempfile::tempdir().unwrap();
    chromium.prefer_dark(true);
    chromium.open(&page_of("path-times-out", &directory), "");
    let paper = "getComputedStyle(document.body).backgroundColor";
    let dark = chromium.ask(paper);
    chromium.shoot("dark");
    chromium.prefer_dark(false);
    let light = chromium.ask(paper);
    assert_ne!(dark, light);
    chromium.click("#theme");
    assert_eq!(chromium.ask(paper), light, "the first choice is light");
    chromium.click("#theme");
    assert_eq!(chromium.ask(paper), dark, "the second is dark, whatever the system prefers");
    assert_quiet(&chromium);
}

#[test]
fn a_phone_and_paper_have_room_for_it() {
    let Some(mut chromium) = Chromium::start() else { return };
    let directory = tempfile::tempdir().unwrap();
    let page = page_of("demo", &directory);
    chromium.resize(360, 740);
    chromium.open(&page, "");
    assert_eq!(chromium.ask("document.documentElement.scrollWidth"), 360);
    chromium.shoot("phone");
    chromium.click("#body tr[data-place='1']");
    chromium.wait_for("document.querySelector('#flow').open");
    assert_eq!(chromium.ask("document.querySelector('#flow').scrollWidth <= 360"), true);
    chromium.shoot("phone-flow");
    chromium.press("Escape");
    let paper = chromium.call("Page.printToPDF", json!({"printBackground": true}));
    assert!(paper["data"].as_str().unwrap().len() > 20_000);
    assert_quiet(&chromium);
}

#[test]
fn every_flow_of_every_fixture_opens() {
    let Some(mut chromium) = Chromium::start() else { return };
    let directory = tempfile::tempdir().unwrap();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut names: Vec<String> = std::fs::read_dir(fixtures)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("capture.pcap").is_file())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert!(names.len() > 20);
    for name in names {
        chromium.open(&page_of(&name, &directory), "");
        let flows = chromium.ask(
            "[...new Set(JSON.parse(document.querySelector('#rows').textContent).map((row) => row.index))]",
        );
        for flow in flows.as_array().unwrap().iter().take(12) {
            chromium.ask(&format!("location.hash = 'flow-{flow}'"));
            chromium.wait_for(&format!(
                "document.querySelector('#flow > header p')?.textContent === 'Flow {flow}'"
            ));
            chromium.wait_for("document.querySelector('#flow .timeline')");
            let broken = chromium.ask(
                "document.querySelector('#flow').innerHTML.match(/NaN|undefined|Infinity/)?.[0] ?? null",
            );
            assert!(broken.is_null(), "{name}: flow {flow} shows {broken}");
        }
        assert_eq!(chromium.complaints(), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn ten_thousand_flows_stay_fluid() {
    let directory = tempfile::tempdir().unwrap();
    let page = directory.path().join("crowd.html");
    crowd::write(&page, 12_000);
    let bytes = std::fs::metadata(&page).unwrap().len();
    assert!(bytes < MOST_BYTES, "{bytes} bytes");
    let Some(mut chromium) = Chromium::start() else { return };
    chromium.open(&page, "");
    let opened = chromium.busy();
    chromium.shoot("crowd");
    // Some have two ends that probe.
    assert!(chromium.text("#announce").starts_with("11,000 rows"));
    assert!(chromium.text("#notes").contains("2,000 flows more are counted"));
    assert!(chromium.ask("document.querySelectorAll('#body tr').length").as_u64().unwrap() < 120);

    for key in ["idle_s", "prober", "findings"] {
        chromium.click(&format!("#head [data-key='{key}'] button"));
    }
    let sorted = chromium.busy() - opened;
    chromium.click("#search");
    for letter in ["1", "0", ".", "7"] {
        chromium.type_text(letter);
    }
    let searched = chromium.busy() - opened - sorted;
    chromium.click("#body tr[data-place='3']");
    chromium.wait_for("document.querySelector('#flow .timeline')");
    let read = chromium.busy() - opened - sorted - searched;
    println!(
        "10,000 flows: {:.1} MB; main thread: {opened:.2} s to open, {sorted:.2} s to sort three times, {searched:.2} s to search four letters, {read:.2} s to open a flow",
        bytes as f64 / 1e6
    );
    assert!(opened < MOST_SECONDS && sorted < MOST_SECONDS && searched < MOST_SECONDS && read < MOST_SECONDS);
    assert_quiet(&chromium);
}

#[test]
fn text_from_outside_stays_text() {
    let Some(mut chromium) = Chromium::start() else { return };
    let directory = tempfile::tempdir().unwrap();
    let page = directory.path().join("hostile.html");
    crowd::write_hostile(&page);
    chromium.open(&page, "");
    chromium.ask("location.hash = 'flow-1'");
    chromium.wait_for("document.querySelector('#flow .timeline')");
    for element in ["img", "iframe", "b", "a[href^='javascript']"] {
        assert_eq!(chromium.ask(&format!("document.querySelectorAll({element:?}).length")), 0, "{element}");
    }
    assert_eq!(chromium.ask("window.pwned === undefined"), true);
    let shown =
        chromium.text("body") + &chromium.text("#flow") + chromium.ask("document.title").as_str().unwrap();
    assert!(shown.contains("</script><img src=x onerror=pwned=1>"), "it is shown as it is");
    assert!(shown.contains(r"\u{202e}") && !shown.contains('\u{202e}'), "what reorders text is written out");
    assert_quiet(&chromium);

    // The policy forbids what would be smuggled in even so.
    chromium.ask(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'pwned = 1'}))",
    );
    chromium.ask("document.body.append(Object.assign(document.createElement('img'), {src: 'http://127.0.0.1:9/x.png'}))");
    assert_eq!(chromium.ask("window.pwned === undefined"), true);
    let refused =
        chromium.complaints().iter().filter(|line| line.contains("Content Security Policy")).count();
    assert_eq!(refused, 2, "{:#?}", chromium.complaints());
}
