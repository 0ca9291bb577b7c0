//! When an end is due to probe next is when it does.

use super::capture::Sample;
use super::samples::samples;
use keepscope::analyzer::{Analyzer, Config, Output};
use keepscope::flow::Side;
use keepscope::report::Due;
use keepscope::run::EventKind;
use keepscope::time::{Span, Timestamp};
use std::collections::HashMap;

/// A probe, and when it had been expected before it came.
struct Probe {
    name: String,
    came: Timestamp,
    due: Option<Due>,
}

/// All probes of a capture that were certain at once.
fn probes(sample: &Sample) -> Vec<Probe> {
    let mut analyzer = Analyzer::new(Config { stream: true, ..Config::default() });
    let (mut probes, mut due) = (Vec::new(), HashMap::new());
    for batch in sample.batches(1) {
        analyzer.handle_batch(&batch);
        analyzer.drain(|output| {
            let Output::Event(event) = output else { return };
            let EventKind::Probe { run, number, .. } = event.kind else { return };
            if event.decided == Some(event.frame) {
                let name = format!(
                    "{} flow {} {} probe {run}.{number}",
                    sample.name,
                    event.index,
                    event.side.name()
                );
                let due = due.get(&(event.index, event.side)).copied();
                probes.push(Probe { name, came: event.time, due });
            }
        });
        due.clear();
        analyzer.open_flows(true, |flow| {
            for side in Side::BOTH {
                due.extend(flow.prober(side).due.map(|due| ((flow.index, side), due)));
            }
        });
    }
    probes
}

/// Probes that nobody could foretell.
const UNFORESEEN: &[&str] = &[
    // Probes were missed, or data was in flight.
    "data instead of an answer, half-closed, the port used again flow 1 client probe 1.1",
    "data outstanding, and an acknowledgement of lost data flow 0 client probe 1.1",
    // It takes an interval for an idle time while it looks answered.
    "answers-dropped-at-the-prober flow 0 client probe 2.1",
    "answers-dropped-at-the-prober flow 0 client probe 3.1",
    // The probe before it was lost on a path that was broken then.
    "demo flow 6 server probe 1.1",
    // Settings that were changed: a single long wait might as well have another cause.
    "idle-changed flow 0 client probe 3.1",
    "idle-changed flow 0 client probe 4.1",
    "idle-shortened flow 0 client probe 4.1",
    // The first wait was another one.
    "interval-longer-than-idle flow 0 client probe 1.1",
    "interval-longer-than-idle flow 0 client probe 2.1",
    "late-enabling flow 0 client probe 1.1",
];

#[test]
fn a_probe_comes_when_it_is_due() {
    let all: Vec<Probe> = samples().iter().flat_map(probes).collect();
    let foretold: Vec<_> = all.iter().filter_map(|probe| Some((probe, probe.due?))).collect();
    let is_off = |(probe, due): &&(&Probe, Due)| {
        let wait = due.at.since(due.since);
        let off = probe.came.since(due.at);
        // As late, or as early after a later one, as timers are.
        !off.is_within(wait.scale(13, 100) + Span::from_millis(20))
    };
    let off: Vec<&str> = foretold.iter().filter(is_off).map(|(probe, _)| probe.name.as_str()).collect();
    assert_eq!(off, UNFORESEEN, "{}", off.join("\n"));
    // The others are the first of their kind.
    assert!(foretold.len() * 10 > all.len() * 6, "{} of {}", foretold.len(), all.len());
}
