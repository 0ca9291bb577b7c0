//! What a person reads, line by line, while a capture runs.

#![allow(clippy::indexing_slicing, reason = "a test that goes out of bounds is to fail")]

use crate::{golden, sample};
use keepscope::analyzer::{Analyzer, Config, Output};
use keepscope::frame::FrameBatch;
use keepscope::render::text::{Clock, Telling, event_line};
use keepscope::render::{Pieces, ndjson, schema};
use keepscope::run::{Event, EventKind, Outcome, Run};
use keepscope::source::{Dropped, FrameSource, Next, SourceNotes, file};
use keepscope::time::{Span, Timestamp};
use std::path::Path;

/// How long nothing more comes at the end.
const QUIET_AT_THE_END: Span = Span::from_secs(90);

/// Frames one by one, in batches of one, each with the time until the next.
fn frames(fixture: &str) -> Vec<FrameBatch> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture).join("capture.pcap");
    let (mut source, mut batch) = (file::open(&[path], None).unwrap(), FrameBatch::default());
    let mut frames = Vec::new();
    while source.fill(&mut batch).unwrap() == Next::Filled {
        frames.extend(batch.frames.iter().map(|meta| {
            let mut one = FrameBatch::default();
            one.bytes.extend_from_slice(batch.frame(meta).data);
            one.frames.push(keepscope::frame::FrameMeta { offset: 0, ..*meta });
            one
        }));
    }
    frames
}

/// Runs a fixture as if it were captured now: the clock ticks four times a second. `dropped`: how many frames are lost by then.
fn run(fixture: &str, dropped: impl Fn(Span) -> u64, mut take: impl FnMut(&mut Analyzer)) {
    let mut analyzer = Analyzer::new(Config { stream: true, watch: true, ..Config::default() });
    let frames = frames(fixture);
    let times: Vec<Timestamp> = frames.iter().map(|one| one.frames[0].ts).collect();
    let start = times[0];
    let notes = |now: Timestamp| SourceNotes {
        dropped: Some(Dropped { kernel: dropped(now.since(start)), interface: 0 }),
        ..SourceNotes::default()
    };
    for (at, one) in frames.iter().enumerate() {
        analyzer.handle_notes(&notes(times[at]));
        analyzer.handle_batch(one);
        take(&mut analyzer);
        let until = times.get(at + 1).copied().unwrap_or(times[at] + QUIET_AT_THE_END);
        let mut now = times[at] + Span::from_millis(250);
        while now < until {
            analyzer.handle_notes(&notes(now));
            analyzer.handle_time(now);
            take(&mut analyzer);
            now = now + Span::from_millis(250);
        }
    }
    analyzer.handle_end(&notes(times[times.len() - 1] + QUIET_AT_THE_END));
    take(&mut analyzer);
}

fn lines(fixture: &str, dropped: impl Fn(Span) -> u64, color: bool) -> String {
    let mut text = String::new();
    run(fixture, dropped, |analyzer| {
        let telling = Telling::new(Clock::Relative, analyzer.capture().start, color);
        analyzer.drain(|output| {
            if let Some(line) = event_line(&output, &telling) {
                text += &line;
                text.push('\n');
            }
        });
    });
    text
}

#[test]
fn a_live_stream_reads_like_a_log() {
    for fixture in ["vanishes", "recovers", "host-unreachable", "switched-off", "reset-by-router"] {
        golden(&format!("live/{fixture}.log"), &lines(fixture, |_| 0, false));
    }
}

#[test]
fn every_kind_of_line_says_what_it_means() {
    let telling = Telling::new(Clock::Utc, None, false);
    let outputs = sample::events().into_iter().map(Output::Event);
    let outputs = outputs.chain(sample::notices().into_iter().map(Output::Notice));
    let outputs = outputs.chain([Output::Loss(sample::loss(None)), Output::Told(sample::told())]);
    let lines: Vec<String> = outputs.filter_map(|output| event_line(&output, &telling)).collect();
    golden("live/kinds.log", &(lines.join("\n") + "\n"));
}

#[test]
fn an_outcome_says_how_it_went() {
    let telling = Telling::new(Clock::Relative, Some(sample::at(0)), false);
    let Some(last) = sample::events().pop() else { panic!("there are events") };
    let EventKind::RunEnd(run) = &last.kind else { panic!("the last is the end of a run") };
    let lines = Outcome::ALL.map(|outcome| {
        let run = Run { outcome: Some(outcome), ..(**run).clone() };
        let output = Output::Event(Event { kind: EventKind::RunEnd(Box::new(run)), ..last.clone() });
        format!(
            "{:12} {}\n",
            outcome.name(),
            event_line(&output, &telling).unwrap_or_else(|| "(its answer says so)".into())
        )
    });
    golden("live/outcomes.log", &lines.concat());
}

#[test]
fn what_is_lost_is_told_when_it_is_known() {
    golden(
        "live/drops.log",
        &lines("recovers", |since| if since > Span::from_secs(4) { 12 } else { 0 }, false),
    );
}

#[test]
fn colours_say_nothing_that_words_do_not() {
    let colored = lines("vanishes", |_| 0, true);
    let codes = colored.split("\x1b[").skip(1).filter_map(|rest| rest.split_once('m'));
    let plain = codes.fold(colored.clone(), |text, (code, _)| text.replace(&format!("\x1b[{code}m"), ""));
    assert_eq!(plain, lines("vanishes", |_| 0, false));
    assert!(colored.contains("\x1b[1;31mgave up"), "{colored}");
}

#[test]
fn a_live_stream_of_ndjson_fits_its_schema() {
    let validator = jsonschema::validator_for(schema::event_schema().as_value()).unwrap();
    let mut types = std::collections::BTreeSet::new();
    let mut check = |line: &[u8]| {
        let value: serde_json::Value = serde_json::from_slice(line).unwrap();
        let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        types.insert(
            value["type"].as_str().unwrap().to_owned()
                + value["final"].as_bool().map_or("", |f| if f { "!" } else { "?" }),
        );
    };
    for fixture in ["vanishes", "switched-off", "alive"] {
        run(
            fixture,
            |since| if since > Span::from_secs(4) { 12 } else { 0 },
            |analyzer| {
                analyzer.drain(|output| {
                    let mut line = Vec::new();
                    ndjson::write(&mut line, &output, Pieces::SINGLE).unwrap();
                    check(&line);
                });
                analyzer.open_flows(true, |flow| {
                    let mut line = Vec::new();
                    ndjson::write_open(&mut line, &flow, Pieces::SINGLE).unwrap();
                    check(&line);
                });
            },
        );
    }
    for wanted in ["probe_unanswered", "flow_silent", "frames_dropped", "flow!", "flow?", "run_end"] {
        assert!(types.contains(wanted), "{wanted} is not among {types:?}");
    }
}
