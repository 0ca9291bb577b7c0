//! Time that passes without a frame changes nothing of what is found in the end: only when it is told.

use super::capture::{Sample, assert_none};
use super::samples::samples;
use keepscope::analyzer::{Analyzer, Config, Output};
use keepscope::flow::Side;
use keepscope::report::{Flow, FlowCounts, Notice, State};
use keepscope::run::Event;
use keepscope::source::SourceNotes;
use keepscope::time::{Span, Timestamp};

/// Where, between two frames, time is told: in parts of the time between.
const MOMENTS: [&[i64]; 4] = [&[], &[100], &[50], &[1, 17, 43, 44, 45, 80, 99]];

/// What came out of an analysis.
#[derive(Default)]
struct Told {
    events: Vec<Event>,
    flows: Vec<Flow>,
    notices: Vec<Notice>,
}

/// Analyses frame by frame; after each, time is told to have gone on to `moments` percent of the way to the next.
fn analyse(sample: &Sample, watch: bool, moments: &[i64]) -> Told {
    let mut analyzer = Analyzer::new(Config { stream: true, watch, ..Config::default() });
    let mut told = Told::default();
    let mut take = |output| match output {
        Output::Event(event) => told.events.push(event),
        Output::Flow { flow, .. } => told.flows.push(*flow),
        Output::Notice(notice) => told.notices.push(notice),
        Output::Loss(_) | Output::Told(_) => panic!("nothing was lost, and nobody told anything"),
    };
    let batches = sample.batches(1);
    for (at, batch) in batches.iter().enumerate() {
        analyzer.handle_batch(batch);
        analyzer.drain(&mut take);
        let (Some(now), Some(next)) = (sample.shots.get(at), sample.shots.get(at + 1)) else { continue };
        for percent in moments {
            let way = Span(next.ts.saturating_sub(now.ts)).scale(*percent, 100);
            if way > Span::ZERO {
                analyzer.handle_time(Timestamp(now.ts) + way);
                analyzer.drain(&mut take);
            }
        }
    }
    analyzer.handle_end(&SourceNotes::default());
    analyzer.drain(&mut take);
    told.flows.sort_by_key(|flow| flow.index);
    told
}

impl Told {
    /// The events as a set, without when they were decided.
    fn set(&self) -> Vec<String> {
        let text = |event: &Event| format!("{:?}", Event { decided: None, ..event.clone() });
        let mut all: Vec<String> = self.events.iter().map(text).collect();
        all.sort();
        all
    }

    fn reports(&self) -> Vec<String> {
        self.flows.iter().map(|flow| format!("{flow:?}")).collect()
    }
}

/// What the counts must be: those of a look at all open flows.
fn counted(analyzer: &Analyzer) -> [u64; 6] {
    let mut counts = [0; 6];
    analyzer.open_flows(false, |flow| {
        let ends = || Side::BOTH.into_iter().map(|side| flow.prober(side));
        let state = [State::Open, State::HalfClosed, State::Closed, State::Reset]
            .iter()
            .position(|s| *s == flow.state);
        counts[state.unwrap()] += 1;
        counts[4] += u64::from(ends().any(|prober| prober.probes > 0));
        counts[5] += u64::from(ends().any(|prober| prober.open_run.is_some()));
        for prober in ends() {
            assert_eq!(prober.probes, prober.answered + prober.unanswered + prober.undecided);
        }
    });
    counts
}

#[test]
fn counts_are_those_of_the_flows_in_the_table() {
    for sample in samples() {
        for max_flows in [None, Some(1)] {
            let mut analyzer =
                Analyzer::new(Config { stream: true, watch: true, max_flows, ..Config::default() });
            let step = sample.shots.len().div_ceil(200).max(1);
            for batch in sample.batches(step) {
                analyzer.handle_batch(&batch);
                analyzer.drain(drop);
                let FlowCounts { open, half_closed, closed, reset, probing, waiting, .. } =
                    analyzer.flow_counts();
                let got = [open, half_closed, closed, reset, probing, waiting];
                assert_eq!(got, counted(&analyzer), "{} with room for {max_flows:?}", sample.name);
            }
        }
    }
}

#[test]
fn telling_time_changes_nothing_that_is_found() {
    let mut violations = Vec::new();
    let mut notices = 0;
    for sample in samples() {
        let plain = analyse(&sample, false, &[]);
        let (reports, events) = (plain.reports(), plain.set());
        assert!(plain.notices.is_empty(), "{}: a notice though nobody watches", sample.name);
        let mut noticed = None;
        for moments in MOMENTS {
            for watch in [false, true] {
                let told = analyse(&sample, watch, moments);
                let name = format!("{} at {moments:?}, watched: {watch}", sample.name);
                for (expected, got) in reports.iter().zip(&told.reports()).filter(|(e, g)| e != g) {
                    violations.push(format!("{name}:\n  expected {expected}\n  got      {got}"));
                }
                if reports.len() != told.flows.len() {
                    violations.push(format!("{name}: {} flows", told.flows.len()));
                }
                let got = told.set();
                for event in events.iter().filter(|event| !got.contains(event)) {
                    violations.push(format!("{name}: lost {event}"));
                }
                for event in got.iter().filter(|event| !events.contains(event)) {
                    violations.push(format!("{name}: new {event}"));
                }
                if watch {
                    // However often time is told, the same is noticed.
                    notices += told.notices.len();
                    let before = noticed.get_or_insert_with(|| told.notices.clone());
                    if *before != told.notices {
                        violations.push(format!("{name}:\n  {before:?}\n  {:?}", told.notices));
                    }
                }
            }
        }
    }
    assert!(notices > 100, "{notices}");
    assert_none(&violations);
}
