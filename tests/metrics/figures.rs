//! The figures of the metrics are those of the report, for every recorded capture.

use crate::exposition::{Dialect, Page};
use crate::support::findings;
use keepscope::analyzer::{Analyzer, Config, EndReason, Output};
use keepscope::flow::Side;
use keepscope::frame::{FrameBatch, FrameNo};
use keepscope::render::openmetrics::{Metrics, Standing, plain};
use keepscope::report::{Capture, Conclusions, Flow, FlowCounts, Notice, NoticeKind, Prober};
use keepscope::run::Outcome;
use keepscope::source::trace::Trace;
use keepscope::source::{FrameSource, Next, file};
use keepscope::time::{Span, Timestamp};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A capture, analysed and counted.
pub(crate) struct Counted {
    pub(crate) metrics: Metrics,
    flows: Vec<(Flow, EndReason)>,
    capture: Capture,
    conclusions: Conclusions,
}

impl Counted {
    pub(crate) fn of(source: &mut dyn FrameSource) -> Self {
        let mut analyzer = Analyzer::new(Config { stream: true, ..Config::default() });
        let (mut metrics, mut flows) = (Metrics::new("1.2.3"), Vec::new());
        let mut batch = FrameBatch::default();
        let mut last = metrics.encode();
        loop {
            let next = source.fill(&mut batch).unwrap_or_else(|error| panic!("{error}"));
            if next == Next::End {
                analyzer.handle_end(source.notes());
            } else {
                analyzer.handle_batch(&batch);
            }
            analyzer.drain(|output| {
                metrics.take(&output);
                if let Output::Flow { flow, reason, .. } = output {
                    flows.push((*flow, reason));
                }
            });
            metrics.refresh(analyzer.capture(), &FlowCounts::default());
            let page = metrics.encode();
            never_fall(&Page::read(&last, Dialect::OpenMetrics), &Page::read(&page, Dialect::OpenMetrics));
            last = page;
            if next == Next::End {
                break;
            }
        }
        let (conclusions, _) = analyzer.conclude_all();
        let mut standing = Standing::default();
        standing.add(conclusions.findings.iter().map(|across| &across.finding));
        metrics.stand(&standing);
        Self { metrics, flows, capture: analyzer.capture().clone(), conclusions }
    }

    /// What is wrong with the figures.
    fn differences(&self) -> Vec<String> {
        let page = Page::read(&self.metrics.encode(), Dialect::OpenMetrics);
        let mut differences = Vec::new();
        let mut hold = |what: String, counted: f64, reported: u64| {
            if counted != reported as f64 {
                differences.push(format!("{what}: {counted} counted, {reported} reported"));
            }
        };
        hold("packets".into(), page.sum("keepscope_packets_total", None), self.capture.frames);
        hold("bytes".into(), page.value("keepscope_packet_bytes_total", &[]), self.capture.bytes);
        for side in Side::BOTH {
            let role = ("role", side.name());
            let sum = |of: fn(&Prober) -> u64| {
                self.flows.iter().map(|(flow, _)| of(flow.prober(side))).sum::<u64>()
            };
            let one = |name: &str| page.value(name, &[role]);
            let fate = |result| page.value("keepscope_probes_total", &[role, ("result", result)]);
            hold(format!("probes of the {role:?}"), one("keepscope_probes_sent_total"), sum(|p| p.probes));
            hold(format!("answered {role:?}"), fate("answered"), sum(|p| p.answered));
            hold(format!("unanswered {role:?}"), fate("unanswered"), sum(|p| p.unanswered));
            hold(format!("undecided {role:?}"), fate("undecided"), sum(|p| p.undecided));
            hold(format!("window {role:?}"), one("keepscope_window_probes_total"), sum(|p| p.window_probes));
            hold(
                format!("ambiguous {role:?}"),
                one("keepscope_ambiguous_probes_total"),
                sum(|p| p.ambiguous_probes),
            );
            let samples = |stat: fn(&Prober) -> Option<keepscope::measure::Stat>| {
                let probers = self.flows.iter().map(|(flow, _)| flow.prober(side));
                probers.filter_map(stat).map(|stat| stat.samples).sum::<u64>()
            };
            hold(format!("rtt {role:?}"), one("keepscope_probe_rtt_seconds_count"), samples(|p| p.rtt));
            // What an analysis thinks better of later was counted before.
            let thinks_again =
                self.flows.iter().any(|(flow, _)| flow.prober(side).answered_in_vain.is_some());
            if !thinks_again {
                hold(
                    format!("idle {role:?}"),
                    one("keepscope_keepalive_idle_seconds_count"),
                    samples(|p| p.idle),
                );
                let intervals = one("keepscope_keepalive_interval_seconds_count");
                hold(format!("interval {role:?}"), intervals, samples(|p| p.interval));
            }
        }
        let runs: u64 = self.probers().map(|prober| prober.runs_total).sum();
        hold("runs".into(), page.sum("keepscope_runs_total", None), runs);
        for outcome in
            Outcome::ALL.into_iter().filter(|_| self.probers().all(|p| p.runs_total == p.runs.len() as u64))
        {
            let reported =
                self.probers().flat_map(|p| &p.runs).filter(|run| run.outcome == Some(outcome)).count();
            let counted = page.value("keepscope_runs_total", &[("outcome", outcome.name())]);
            hold(format!("runs {}", outcome.name()), counted, reported as u64);
        }
        let mut findings = 0;
        for finding in self.flows.iter().flat_map(|(flow, _)| &flow.findings) {
            let labels = [("id", finding.id), ("severity", finding.severity.name())];
            assert!(page.value("keepscope_findings_total", &labels) > 0.0, "{labels:?}");
            findings += 1;
        }
        hold("findings".into(), page.sum("keepscope_findings_total", None), findings);
        for across in &self.conclusions.findings {
            let labels = [("id", across.finding.id), ("severity", across.finding.severity.name())];
            assert!(page.value("keepscope_standing_findings", &labels) > 0.0, "{labels:?}");
        }
        let over =
            |(flow, reason): &&(Flow, EndReason)| flow.ending.is_some() || *reason != EndReason::EndOfCapture;
        let ends = self.flows.iter().filter(over).count() as u64;
        hold("ends of flows".into(), page.sum("keepscope_flow_ends_total", None), ends);
        differences
    }

    fn probers(&self) -> impl Iterator<Item = &Prober> {
        self.flows.iter().flat_map(|(flow, _)| Side::BOTH.map(|side| flow.prober(side)))
    }
}

/// Counters and histograms only rise, and no series comes or goes, but for those that are not known before the first frame.
fn never_fall(before: &Page, after: &Page) {
    for (name, family) in &before.families {
        for sample in &family.samples {
            let later = after.families[name]
                .samples
                .iter()
                .find(|s| (&s.name, &s.labels) == (&sample.name, &sample.labels));
            let later = later.unwrap_or_else(|| panic!("{sample:?} is gone"));
            let may_fall = family.kind == "gauge" || sample.name.ends_with("_sum");
            assert!(may_fall || later.value >= sample.value, "{sample:?} fell to {}", later.value);
        }
    }
}

fn fixtures() -> Vec<PathBuf> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut fixtures: Vec<PathBuf> =
        all.read_dir().expect("fixtures/").map(|entry| entry.expect("an entry").path()).collect();
    fixtures.sort();
    fixtures
}

pub(crate) fn counted(fixture: &Path) -> Option<Counted> {
    if let Ok(text) = std::fs::read_to_string(fixture.join("trace.txt")) {
        // What is concluded of a trace is said in lines of their own.
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("=>"));
        let trace = Trace::parse(&lines.collect::<Vec<_>>().join("\n")).expect("a trace");
        return Some(Counted::of(&mut trace.source()));
    }
    let capture = fixture.join("capture.pcap");
    capture.is_file().then(|| Counted::of(&mut file::open(&[capture], None).expect("a capture")))
}

#[test]
fn every_fixture_is_counted_as_it_is_reported() {
    let mut wrong = Vec::new();
    let mut tried = 0;
    for fixture in fixtures() {
        let Some(counted) = counted(&fixture) else { continue };
        tried += 1;
        let name = fixture.file_name().unwrap_or_default().to_string_lossy();
        wrong.extend(counted.differences().into_iter().map(|difference| format!("{name}: {difference}")));
    }
    assert!(tried > 50, "only {tried} fixtures");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_older_format_has_the_same_series() {
    let demo = counted(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo")).expect("the demo");
    let page = demo.metrics.encode();
    let (newer, older) = (Page::read(&page, Dialect::OpenMetrics), Page::read(&plain(&page), Dialect::Plain));
    let samples = |page: &Page| {
        let mut samples: Vec<String> = page.samples().map(|sample| format!("{sample:?}")).collect();
        samples.sort();
        samples
    };
    assert_eq!(samples(&newer), samples(&older));
    assert_eq!(older.families["keepscope_build_info"].kind, "gauge");
    assert_eq!(older.families["keepscope_probes_total"].kind, "counter");
    assert_eq!(newer.families["keepscope_probes"].help, older.families["keepscope_probes_total"].help);
}

#[test]
fn what_is_not_known_is_left_out() {
    let mut metrics = Metrics::new("1.2.3");
    let names = |metrics: &Metrics| {
        let page = Page::read(&metrics.encode(), Dialect::OpenMetrics);
        page.families.into_keys().collect::<Vec<String>>()
    };
    let unknown = [
        "keepscope_capture_dropped_packets",
        "keepscope_capture_first_frame_timestamp_seconds",
        "keepscope_capture_last_frame_timestamp_seconds",
        "keepscope_standing_findings",
    ];
    let before = names(&metrics);
    assert!(unknown.iter().all(|name| !before.contains(&(*name).to_owned())), "{before:?}");

    let dropped = Some(keepscope::source::Dropped { kernel: 7, interface: 0 });
    let moment = Some(Timestamp(1_500_000_000));
    let capture = Capture { start: moment, end: moment, dropped, ..Capture::default() };
    metrics.refresh(
        &capture,
        &FlowCounts { open: 3, probing: 2, waiting: 1, total: 9, ..FlowCounts::default() },
    );
    metrics.stand(&Standing::default());
    let after = names(&metrics);
    assert!(unknown.iter().all(|name| after.contains(&(*name).to_owned())), "{after:?}");
    let page = Page::read(&metrics.encode(), Dialect::OpenMetrics);
    assert_eq!(page.value("keepscope_capture_dropped_packets_total", &[("reason", "kernel")]), 7.0);
    assert_eq!(page.value("keepscope_capture_dropped_packets_total", &[("reason", "interface")]), 0.0);
    assert_eq!(page.value("keepscope_capture_last_frame_timestamp_seconds", &[]), 1.5);
    assert_eq!(page.value("keepscope_flows", &[("state", "open")]), 3.0);
    assert_eq!(page.value("keepscope_probing_flows", &[]), 2.0);
    assert_eq!(page.value("keepscope_waiting_flows", &[]), 1.0);
    assert_eq!(page.value("keepscope_flows_seen_total", &[]), 9.0);

    // The kernel's counter was set back, as when an interface comes again: ours does not fall.
    let dropped = Some(keepscope::source::Dropped { kernel: 1, interface: 0 });
    metrics.refresh(&Capture { dropped, ..capture }, &FlowCounts::default());
    let page = Page::read(&metrics.encode(), Dialect::OpenMetrics);
    assert_eq!(page.value("keepscope_capture_dropped_packets_total", &[("reason", "kernel")]), 7.0);
    assert_eq!(page.value("keepscope_flows", &[("state", "open")]), 0.0);
}

/// A kind of finding that the metrics do not know would never be counted.
#[test]
fn every_kind_of_finding_has_its_series() {
    let page = Page::read(&Metrics::new("1.2.3").encode(), Dialect::OpenMetrics);
    let of_findings = page.samples().filter(|sample| sample.name == "keepscope_findings_total");
    let ids: BTreeSet<&str> = of_findings.map(|sample| sample.labels["id"].as_str()).collect();
    assert_eq!(ids, BTreeSet::from(findings::KNOWN));
}

#[test]
fn a_notice_is_counted_by_what_it_is_about() {
    let tuple =
        Trace::parse("0.000 A S  0:1(0)").map(|trace| Counted::of(&mut trace.source()).flows[0].0.tuple);
    let tuple = tuple.expect("a trace");
    let wait = Span::from_secs(1);
    let kinds = [
        NoticeKind::ProbeUnanswered { run: 0, number: 1, waited: wait, next: None },
        NoticeKind::ProbeOverdue { run: 0, number: 1, expected: Some(Timestamp(0)), waited: wait },
        NoticeKind::Silent { idle: wait, quiet: wait },
    ];
    for kind in kinds {
        let mut metrics = Metrics::new("1.2.3");
        let (at, time, frame) = (Timestamp(0), Timestamp(0), FrameNo::FIRST);
        metrics.take(&Output::Notice(Notice { at, time, frame, tuple, index: 0, side: Side::Client, kind }));
        let page = Page::read(&metrics.encode(), Dialect::OpenMetrics);
        assert_eq!(page.value("keepscope_notices_total", &[("kind", kind.name())]), 1.0);
        assert_eq!(page.sum("keepscope_notices_total", None), 1.0);
    }
}
