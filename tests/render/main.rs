//! Every format of a hand-made capture, against files made to be read by a person.
//!
//! After a wanted change: `KEEPSCOPE_BLESS=1 cargo test --test render`, and read the difference.

#![allow(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod sample;

use keepscope::analyzer::{EndReason, Output};
use keepscope::render::text::{self, Clock};
use keepscope::render::{Pieces, json, ndjson, schema};
use keepscope::report::{Capture, Conclusions, Flow, Prober, Summary};
use keepscope::run::{Outcome, Run};
use serde_json::Value;
use std::path::Path;

#[test]
fn text_shows_the_worst_first_and_counts_the_rest() {
    golden("report.txt", &text(&text::Options::default()));
}

#[test]
fn text_can_be_coloured() {
    let shown = text(&text::Options { color: true, ..text::Options::default() });
    golden("report-color.txt", &shown.replace('\x1b', "␛"));
}

#[test]
fn text_tells_every_story_when_verbose() {
    golden(
        "report-verbose.txt",
        &text(&text::Options { verbose: true, all_flows: true, ..text::Options::default() }),
    );
}

#[test]
fn text_tells_the_story_of_a_single_flow() {
    let flows = vec![sample::timed_out_flow()];
    let options = text::Options { clock: Clock::Utc, ..text::Options::default() };
    golden("single-flow.txt", &text_of(flows, &options));
}

#[test]
fn text_sums_up_what_repeats_and_words_every_outcome() {
    golden("eventful-flow.txt", &text_of(vec![sample::eventful_flow()], &text::Options::default()));
}

#[test]
fn text_leaves_out_the_middle_of_a_long_story_unless_verbose() {
    let mut flow = sample::eventful_flow();
    let run = flow.client.runs.iter().find(|run| run.outcome == Some(Outcome::Recovered)).unwrap().clone();
    flow.client.runs = (0..100).map(|number| Run { number, ..run.clone() }).collect();
    flow.client.runs_total = 100;
    let told = |verbose| {
        let options = text::Options { verbose, ..text::Options::default() };
        text_of(vec![flow.clone()], &options).matches("└ recovered").count()
    };
    assert_eq!((told(false), told(true)), (16, 100));
    assert!(text_of(vec![flow.clone()], &text::Options::default()).contains("… 84 more runs, not listed"));
}

#[test]
fn text_counts_what_may_be_probes() {
    for (ambiguous_probes, words) in
        [(1, "1 segment that may be a probe"), (2, "2 segments that may be probes")]
    {
        let mut flow = sample::timed_out_flow();
        flow.server = Prober { ambiguous_probes, ..Prober::default() };
        assert!(text_of(vec![flow], &text::Options::default()).contains(words));
    }
}

#[test]
fn text_never_exceeds_its_columns() {
    for options in [
        text::Options::default(),
        text::Options { verbose: true, all_flows: true, ..text::Options::default() },
    ] {
        for line in text(&options).lines() {
            assert!(line.chars().count() <= 100, "{line}");
        }
    }
}

#[test]
fn json_is_the_contract() {
    let out = json(sample::flows().into_iter().take(4), true);
    validate(&schema::report_schema(), &out);
    golden("report.json", std::str::from_utf8(&out).unwrap());
}

#[test]
fn json_of_one_file_has_no_frame_refs() {
    let out = json(sample::flows().into_iter(), false);
    validate(&schema::report_schema(), &out);
    assert!(!String::from_utf8(out).unwrap().contains("frame_refs"));
}

#[test]
fn json_of_nothing_is_a_document() {
    let mut out = Vec::new();
    let capture = Capture::default();
    let document = json::Document::begin(&mut out, &capture, false).unwrap();
    document.end(&Conclusions::default(), &Summary::default()).unwrap();
    validate(&schema::report_schema(), &out);
}

#[test]
fn ndjson_is_the_contract() {
    let capture = sample::capture();
    let pieces = Pieces::several(&capture.sources);
    let flow = |reason| Output::Flow { flow: Box::new(sample::timed_out_flow()), decided: None, reason };
    let mut outputs: Vec<Output> = sample::events().into_iter().map(Output::Event).collect();
    outputs.extend([flow(EndReason::Evicted), flow(EndReason::EndOfCapture)]);

    let mut out = Vec::new();
    for output in &outputs {
        ndjson::write(&mut out, output, pieces).unwrap();
    }
    let (conclusions, summary) = (sample::conclusions(), sample::summary());
    ndjson::write_summary(&mut out, &capture, &conclusions, &summary, pieces).unwrap();
    for line in out.split_inclusive(|byte| *byte == b'\n') {
        validate(&schema::event_schema(), line);
    }
    golden("events.ndjson", std::str::from_utf8(&out).unwrap());
}

fn json(flows: impl Iterator<Item = Flow>, several_files: bool) -> Vec<u8> {
    let (mut out, capture) = (Vec::new(), sample::capture());
    let mut document = json::Document::begin(&mut out, &capture, several_files).unwrap();
    for flow in flows {
        document.flow(&flow).unwrap();
    }
    document.end(&sample::conclusions(), &sample::summary()).unwrap();
    out
}

fn text(options: &text::Options) -> String {
    text_of(sample::flows(), options)
}

fn text_of(flows: Vec<Flow>, options: &text::Options) -> String {
    let mut out = Vec::new();
    let mut report = text::Report::new(*options);
    flows.into_iter().for_each(|flow| report.add(flow));
    report.write(&mut out, &sample::capture(), &sample::conclusions(), &sample::summary()).unwrap();
    String::from_utf8(out).unwrap()
}

#[track_caller]
fn validate(schema: &schemars::Schema, document: &[u8]) {
    let validator = jsonschema::validator_for(schema.as_value()).unwrap();
    let document: Value = serde_json::from_slice(document).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&document).map(|e| format!("{}: {e}", e.instance_path)).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// Compares with a file of `tests/golden`, or writes it where `KEEPSCOPE_BLESS` is set.
#[track_caller]
fn golden(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("KEEPSCOPE_BLESS").is_some() {
        std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == actual,
        "{name}\n==== expected ====\n{expected}==== actual ====\n{actual}=================="
    );
}
