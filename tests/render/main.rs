//! Every format of a hand-made capture, against files made to be read by a person.
//!
//! After a wanted change: `KEEPSCOPE_BLESS=1 cargo test --test render`, and read the difference.

#![allow(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod explained;
mod html;
mod live;
mod markdown;
mod sample;

use keepscope::analyzer::{EndReason, Output};
use keepscope::render::text::{self, Clock};
use keepscope::render::{Pieces, csv, json, ndjson, schema};
use keepscope::report::{Capture, Conclusions, Flow, Prober, State, Summary};
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
fn text_is_calm_about_a_healthy_capture() {
    let (mut out, mut report) = (Vec::new(), text::Report::new(text::Options::default()));
    for index in 0..2 {
        report.add(Flow { index, ..sample::kept_alive_flow() });
    }
    let summary = Summary { flows: 2, flows_with_probes: 2, probes: 48, answered: 48, ..sample::summary() };
    let summary = Summary { findings: [0, 0, 3], ..summary };
    report.write(&mut out, &sample::capture(), &Conclusions::default(), &summary).unwrap();
    golden("healthy.txt", &String::from_utf8(out).unwrap());
}

#[test]
fn text_calls_well_only_what_was_answered() {
    let line = |probes, answered, problems| {
        let summary =
            Summary { flows: 1, probes, answered, findings: [problems, 0, 0], ..Summary::default() };
        let mut out = Vec::new();
        let report = text::Report::new(text::Options::default());
        report.write(&mut out, &sample::capture(), &Conclusions::default(), &summary).unwrap();
        let text = String::from_utf8(out).unwrap();
        text.lines().find(|line| line.starts_with("no problem")).map(str::to_owned)
    };
    assert_eq!(line(0, 0, 0).unwrap(), "no problem found");
    assert_eq!(line(3, 3, 0).unwrap(), "no problem found: every probe was answered (3)");
    assert_eq!(line(3, 2, 0).unwrap(), "no problem proved: 2 of 3 probes answered");
    assert_eq!(line(3, 3, 1), None);
}

#[test]
fn text_gives_lines_to_type_where_the_settings_are_known() {
    golden("waiting-flow.txt", &text_of(vec![sample::waiting_flow()], &text::Options::default()));
}

#[test]
fn text_tells_linux_tools_only_of_linux() {
    let mut flow = sample::waiting_flow();
    flow.client.settings.as_mut().unwrap().stack = vec!["windows"];
    let shown = text_of(vec![flow], &text::Options::default());
    assert!(shown.contains("setsockopt(") && !shown.contains("sysctl") && !shown.contains("netstat"));
}

#[test]
fn text_shows_no_timer_that_may_not_run() {
    let timer_of = |change: fn(&mut Flow)| {
        let mut flow = sample::waiting_flow();
        change(&mut flow);
        text_of(vec![flow], &text::Options::default()).contains("timer:(")
    };
    assert!(timer_of(|_| ()));
    assert!(!timer_of(|flow| flow.state = State::Reset));
    assert!(!timer_of(|flow| flow.views[0].has_unacknowledged = true));
    assert!(!timer_of(|flow| flow.views[1].offers_zero_window = true));
    assert!(!timer_of(|flow| flow.client.settings.as_mut().unwrap().interval = None));
}

#[test]
fn text_tells_of_three_flows_and_counts_the_others_that_fared_badly() {
    let flows = |n| (0..n).map(|index| Flow { index, ..sample::timed_out_flow() }).collect();
    let shown = |n| text_of(flows(n), &text::Options::default());
    assert!(shown(3).contains("flow 2  ") && !shown(3).contains("… and"));
    assert!(
        !shown(5).contains("flow 3  ") && shown(5).contains("… and 2 more flows with problems or warnings")
    );
}

#[test]
fn text_tells_once_what_is_said_of_several_flows() {
    let told = |across: &'static str, index| {
        let mut conclusions = sample::conclusions();
        conclusions.findings[0].finding.id = across;
        let mut flow = Flow { index, ..sample::timed_out_flow() };
        flow.findings[0].id = "half-open";
        let (mut out, mut report) = (Vec::new(), text::Report::new(text::Options::default()));
        report.add(flow);
        report.add(Flow { index: 9, ..sample::waiting_flow() });
        report.write(&mut out, &sample::capture(), &conclusions, &sample::summary()).unwrap();
        String::from_utf8(out).unwrap().matches("the server stopped answering").count()
    };
    assert_eq!(told("half-open-inventory", 1), 1, "among the flows 0 and 1");
    assert_eq!(told("half-open-inventory", 2), 2, "not among them");
    assert_eq!(told("killed-together", 1), 2, "something else");
}

#[test]
fn text_blames_a_silence_on_a_box_only_where_one_fits() {
    let shown = |change: fn(&mut Conclusions)| {
        let mut conclusions = sample::conclusions();
        conclusions.findings.clear();
        change(&mut conclusions);
        let (mut out, mut report) = (Vec::new(), text::Report::new(text::Options::default()));
        report.add(sample::timed_out_flow());
        report.write(&mut out, &sample::capture(), &conclusions, &sample::summary()).unwrap();
        let text = String::from_utf8(out).unwrap();
        (text.contains("a silence of 5 min 51 s killed it"), text.contains("CLIENTS → SERVER"))
    };
    assert_eq!(shown(|_| ()), (true, true));
    assert_eq!(shown(|all| all.paths[0].candidates.clear()), (false, false));
    assert_eq!(shown(|all| all.paths[0].idle_timeout = None), (false, false));
    let another = |all: &mut Conclusions| all.paths[0].died.as_mut().unwrap().1 = 7;
    assert_eq!(shown(another), (false, true), "it was another flow that showed it");
}

#[test]
fn text_lets_no_foreign_word_command_the_terminal() {
    let options = text::Options { verbose: true, all_flows: true, ..text::Options::default() };
    let shown = text(&options);
    assert!(!shown.contains('\x1b'));
    let in_one_line = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    for word in ["own\\x1b[31m profile", "10.0.0.2\\x1b[2J:", "own\\x1b[31m"] {
        assert!(in_one_line.contains(word), "{word}");
    }
}

#[test]
fn text_sums_up_what_repeats_and_words_every_outcome() {
    golden("eventful-flow.txt", &text_of(vec![sample::eventful_flow()], &text::Options::default()));
}

#[test]
fn text_has_a_story_for_every_outcome() {
    let mut stories = String::new();
    for outcome in Outcome::ALL {
        let mut flow = sample::waiting_flow();
        flow.client.outcome = Some(outcome);
        let run = flow.client.runs.last_mut().unwrap();
        run.outcome = Some(outcome);
        run.detected_after =
            matches!(outcome, Outcome::TimedOut | Outcome::Reset).then_some(sample::ms(76_544));
        let shown = text_of(vec![flow], &text::Options::default());
        let story = shown.split("\n\n").find(|part| part.starts_with("flow 5  ")).unwrap();
        stories += &format!("{}\n{story}\n\n", outcome.name());
    }
    golden("stories.txt", &stories);
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
    outputs.extend(sample::notices().into_iter().map(Output::Notice));
    outputs.extend([Some(sample::at(9_100)), None].map(sample::loss).map(Output::Loss));
    outputs.push(Output::Told(sample::told()));
    outputs.extend([flow(EndReason::Evicted), flow(EndReason::EndOfCapture)]);

    let mut out = Vec::new();
    for output in &outputs {
        ndjson::write(&mut out, output, pieces).unwrap();
    }
    ndjson::write_open(&mut out, &sample::timed_out_flow(), pieces).unwrap();
    let (conclusions, summary) = (sample::conclusions(), sample::summary());
    ndjson::write_summary(&mut out, &capture, &conclusions, &summary, pieces).unwrap();
    for line in out.split_inclusive(|byte| *byte == b'\n') {
        validate(&schema::event_schema(), line);
    }
    golden("events.ndjson", std::str::from_utf8(&out).unwrap());
}

#[test]
fn csv_is_a_rectangle_whose_columns_are_paths_of_the_json() {
    let mut out = Vec::new();
    let mut table = csv::Table::begin(&mut out).unwrap();
    sample::flows().iter().for_each(|flow| table.flow(flow).unwrap());
    table.end().unwrap();
    golden("report.csv", std::str::from_utf8(&out).unwrap());

    let document: serde_json::Value =
        serde_json::from_slice(&json(sample::flows().into_iter(), false)).unwrap();
    let mut rows = ::csv::Reader::from_reader(&out[..]);
    let columns = rows.headers().unwrap().clone();
    for (row, flow) in rows.records().map(Result::unwrap).zip(document["flows"].as_array().unwrap()) {
        for (column, cell) in columns.iter().zip(&row) {
            let pointer = format!("/{}", column.replace('.', "/"));
            match flow.pointer(&pointer) {
                Some(serde_json::Value::Number(number)) => assert_eq!(cell, number.to_string(), "{column}"),
                Some(serde_json::Value::Null) => assert_eq!(cell, "", "{column}"),
                _ => {}
            }
        }
    }
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
    if name.ends_with(".txt") && !name.contains("color") {
        let too_wide = actual.lines().find(|line| line.chars().count() > 100);
        assert_eq!(too_wide, None, "{name}");
        assert!(!actual.contains(" \n"), "{name} has a line that ends in a space");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == actual,
        "{name}\n==== expected ====\n{expected}==== actual ====\n{actual}=================="
    );
}
