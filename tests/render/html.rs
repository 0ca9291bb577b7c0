//! The page of `--format html` as it stands in its file. What it does in a browser is tested in `tests/browser`.

use super::{golden, sample};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::read::GzDecoder;
use keepscope::analyzer::{Analyzer, Config};
use keepscope::explain::{Burst, MarkKind, Sketch, Sketches};
use keepscope::frame::FrameBatch;
use keepscope::infer::Catalogue;
use keepscope::render::html::{Background, MAX_FLOWS, Report};
use keepscope::report::{Capture, Flow, Others, Summary};
use keepscope::source::trace::Trace;
use keepscope::source::{FrameSource, Next};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::io::Read;

fn page(flows: Vec<Flow>, capture: &Capture, several_files: bool) -> String {
    let mut report = Report::new();
    flows.into_iter().for_each(|flow| report.add(flow));
    report.count(&Others { flows: 7, off: 2, longest_quiet: Some(sample::ms(29_600)) });
    let (conclusions, summary) = (sample::conclusions(), sample::summary());
    let (sketches, catalogue) = (Sketches::default(), Catalogue::default());
    let background = Background {
        capture,
        conclusions: &conclusions,
        summary: &summary,
        sketches: &sketches,
        catalogue: &catalogue,
        several_files,
    };
    let mut out = Vec::new();
    report.write(&mut out, background).unwrap();
    String::from_utf8(out).unwrap()
}

/// What stands between `before` and the next `after`.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before}"));
    rest.split_once(after).unwrap_or_else(|| panic!("no {after} after {before}")).0
}

fn embedded(page: &str, id: &str) -> Value {
    serde_json::from_str(between(page, &format!("id=\"{id}\">"), "</script>")).unwrap()
}

/// The details of all flows, unpacked.
fn details(page: &str) -> Vec<Value> {
    let mut details = Vec::new();
    for chunk in page.split("<script type=\"application/").skip(1) {
        let text = between(chunk, ">", "</script>");
        let text = if chunk.starts_with("json\" class=\"flows\"") {
            text.to_owned()
        } else if chunk.starts_with("gzip\" class=\"flows\"") {
            let mut json = String::new();
            GzDecoder::new(&BASE64_STANDARD.decode(text).unwrap()[..]).read_to_string(&mut json).unwrap();
            json
        } else {
            continue;
        };
        details.extend(serde_json::from_str::<Vec<Value>>(&text).unwrap());
    }
    details
}

#[test]
fn the_data_of_a_page_is_as_it_was_read() {
    let page = page(sample::flows(), &sample::capture(), true);
    let mut details = details(&page);
    for detail in &mut details {
        // The same as in the JSON report, but for runs that are left out.
        let flow = detail.as_object_mut().unwrap().remove("flow").unwrap();
        assert!(flow["client_keepalive"]["runs"].is_array());
    }
    let mut overview = embedded(&page, "overview");
    overview["boxes"].as_array_mut().unwrap().truncate(2);
    let data = json!({ "overview": overview, "rows": embedded(&page, "rows"), "details": details });
    golden("page.json", &(serde_json::to_string_pretty(&data).unwrap() + "\n"));
}

#[test]
fn the_policy_allows_its_own_script_and_style_and_nothing_else() {
    let page = page(sample::flows(), &sample::capture(), false);
    let policy =
        between(&page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"").replace("&#39;", "'");
    let hash = |text: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
    assert_eq!(
        policy,
        format!(
            "default-src 'none'; script-src {}; style-src {}; img-src data:; base-uri 'none'; form-action 'none'",
            hash(between(&page, "<script>", "</script>")),
            hash(between(&page, "<style>", "</style>"))
        )
    );
    // An attribute would be forbidden by it, and an address would be no part of a file that stands alone.
    let markup = page.replace(between(&page, "<script>", "</script>"), "");
    assert!(!markup.contains(" style=") && !markup.contains(" onclick="), "inline code");
    for name in ["policy", "style", "script", "title", "headline", "overview", "rows", "details"] {
        assert!(!page.contains(&format!("{{{{{name}}}}}")), "{name} was not put in");
    }
    let is_name = |rest: &str| rest.starts_with("//www.w3.org/2000/svg");
    assert!(page.split("http:").skip(1).all(is_name) && !page.contains("https:"), "an address");
}

#[test]
fn markup_from_outside_is_text_everywhere() {
    let hostile = "</script></title><script>alert(1)</script><!--\u{202e}\u{2028}";
    let mut capture = sample::capture();
    capture.sources[0].name = format!("captures/{hostile}");
    capture.warnings = vec![hostile.into()];
    let mut flow = sample::timed_out_flow();
    for finding in &mut flow.findings {
        finding.text = hostile.into();
    }
    let hostile_page = page(vec![flow], &capture, false);
    let plain_page = page(vec![sample::timed_out_flow()], &sample::capture(), false);
    for tag in ["<script", "</script", "<title", "</title", "<!--"] {
        let count = |page: &str| page.matches(tag).count();
        assert_eq!(count(&hostile_page), count(&plain_page), "{tag}");
    }
    assert!(!hostile_page.contains("alert(1)</script><"));
    let told = embedded(&hostile_page, "overview");
    assert_eq!(told["capture"]["warnings"][0], hostile, "as data it is what it was");
    assert_eq!(details(&hostile_page)[0]["flow"]["findings"][0]["text"], hostile);
}

#[test]
fn the_worst_come_first_and_too_many_are_counted() {
    let flows = (0..MAX_FLOWS as u64 + 500).map(|index| match index % 1000 {
        999 => Flow { index, ..sample::timed_out_flow() },
        _ => sample::quiet_flow(index, "10.0.0.1:40000", "10.0.0.2:80"),
    });
    let page = page(flows.collect(), &sample::capture(), false);
    let (overview, rows) = (embedded(&page, "overview"), embedded(&page, "rows"));
    let rows = rows.as_array().unwrap();
    assert_eq!((rows.len(), overview["listed"].as_u64()), (MAX_FLOWS, Some(MAX_FLOWS as u64 + 500)));
    assert!(rows[..10].iter().all(|row| row["severity"] == "problem"), "the worst first");
    assert!(rows[10..].iter().all(|row| row["severity"].is_null()));
    let note = overview["notes"][0].as_str().unwrap();
    assert!(note.contains("10,000 worst flows; 500 flows more are counted"), "{note}");

    let details = details(&page);
    assert_eq!(details.len(), MAX_FLOWS);
    assert!(details.iter().zip(rows).all(|(detail, row)| detail["flow"]["index"] == row["index"]));
    assert!(page.len() < 8_000_000, "{} bytes", page.len());
}

#[test]
fn a_page_about_nothing_is_a_page() {
    let mut out = Vec::new();
    let (capture, conclusions, summary) = (Capture::default(), Default::default(), Summary::default());
    let (sketches, catalogue) = (Sketches::default(), Catalogue::default());
    let background = Background {
        capture: &capture,
        conclusions: &conclusions,
        summary: &summary,
        sketches: &sketches,
        catalogue: &catalogue,
        several_files: false,
    };
    Report::new().write(&mut out, background).unwrap();
    let page = String::from_utf8(out).unwrap();
    assert!(page.contains("There is no TCP connection in this capture"));
    assert_eq!(embedded(&page, "rows"), json!([]));
}

/// What is drawn of the only flow of a trace.
fn sketch(trace: &str) -> Sketch {
    let trace = Trace::parse(trace).unwrap();
    let mut source = trace.source();
    let mut analyzer = Analyzer::new(Config { sketch: true, ..Config::default() });
    let mut batch = FrameBatch::default();
    while source.fill(&mut batch).unwrap() != Next::End {
        analyzer.handle_batch(&batch);
    }
    analyzer.handle_end(source.notes());
    analyzer.take_sketches().get(0).unwrap().clone()
}

#[test]
fn a_sketch_has_bursts_of_data_and_the_frames_that_stand_out() {
    let sketch = sketch(
        "
          0.000 A S  0:1(0) <sackOK>
          0.010 B S. 0:1(0) ack 1 <sackOK>
          0.020 A .  1:1(0) ack 1
          0.030 A P. 1:6(5) ack 1
          0.035 B P. 1:9(8) ack 6
         60.040 A .  5:5(0) ack 9
         60.050 B .  9:9(0) ack 6
         70.000 A P. 6:16(10) ack 9
         70.300 A P. 6:16(10) ack 9
         70.400 R icmp 3/1 of 70.300
         70.500 B .  9:9(0) ack 16
         70.600 A P. 16:17(1) ack 9
         80.000 B F. 9:9(0) ack 17
         80.010 A R. 17:17(0) ack 10
        ",
    );
    let bursts: Vec<([u64; 2], u64, [u64; 2])> = sketch
        .bursts
        .iter()
        .map(|Burst { first_frame, last_frame, segments, bytes, .. }| {
            ([first_frame.get(), last_frame.get()], *segments, *bytes)
        })
        .collect();
    // Two directions in 5 ms are one burst; a second apart is another.
    assert_eq!(bursts, [([4, 5], 2, [5, 8]), ([8, 8], 1, [10, 0]), ([12, 12], 1, [1, 0])]);
    let marks: Vec<(u64, &str)> = sketch
        .marks()
        .iter()
        .map(|mark| {
            let kind = match mark.kind {
                MarkKind::Handshake => "handshake",
                MarkKind::Fin => "fin",
                MarkKind::Reset => "reset",
                MarkKind::Retransmission => "retransmission",
                MarkKind::Icmp(3, 1, _) => "icmp 3/1",
                _ => "another",
            };
            (mark.frame.get(), kind)
        })
        .collect();
    // The probe and its answer are in the report's runs.
    let expected = [
        (1, "handshake"),
        (2, "handshake"),
        (9, "retransmission"),
        (10, "icmp 3/1"),
        (13, "fin"),
        (14, "reset"),
    ];
    assert_eq!(marks, expected);
    assert_eq!((sketch.left_out, sketch.earlier), (0, None));
}

#[test]
fn a_sketch_stays_small_however_much_there_is_to_draw() {
    let mut trace = String::from("0.000 A S 0:1(0)\n0.001 B S. 0:1(0) ack 1\n0.002 A . 1:1(0) ack 1\n");
    for n in 0..2_000_u32 {
        let (at, from) = (f64::from(n) + 1.0, 1 + n);
        trace += &format!("{at:.3} A P. {from}:{}(1) ack 1\n", from + 1);
        // Every octet is sent twice.
        trace += &format!("{:.3} A P. {from}:{}(1) ack 1\n", at + 0.3, from + 1);
        trace += &format!("{:.3} B . 1:1(0) ack {}\n", at + 0.4, from + 1);
    }
    let sketch = sketch(&trace);
    assert!((8..=32).contains(&sketch.bursts.len()), "{}", sketch.bursts.len());
    assert_eq!(sketch.bursts.iter().map(|burst| burst.segments).sum::<u64>(), 2_000, "none is forgotten");
    assert_eq!(sketch.bursts.iter().map(|burst| burst.bytes[0]).sum::<u64>(), 2_000);
    assert!(sketch.bursts.windows(2).all(|pair| pair[0].end < pair[1].start), "in order");
    let marks = sketch.marks();
    assert_eq!(marks.len(), 48);
    assert_eq!(sketch.left_out + 48, 2_002, "2,000 retransmissions and the handshake");
    assert_eq!(
        (marks[0].frame.get(), marks[47].frame.get()),
        (1, 3 + 1_999 * 3 + 2),
        "the first and the last"
    );
}
