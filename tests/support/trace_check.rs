//! Holds a text trace to what it says of itself: the labels behind `#`, and the lines that begin with `=>`.

use super::analysis::{Analysis, FinalFlow};
use super::expectation::{Conclusion, Stated, Subject, label};
use super::{facts, findings};
use keepscope::flow::Side;
use keepscope::report::Finding;
use keepscope::run::Event;
use keepscope::source::trace::{Trace, TraceLine};
use std::fmt::Write as _;

const RULER: &str = "────────────────────────────────────────────────────────────────────────";

/// Whether a trace is what it says of itself: if not, why, with both blocks for a person to compare.
///
/// Lines that begin with `=>` are conclusions (see [`Conclusion::parse`]); all others are the notation of [`keepscope::source::trace`]. A
/// segment must get exactly the label that its comment states (see [`label`]), and none where it states none.
pub(crate) fn verdict_on_trace(text: &str, max_flows: Option<u64>) -> Result<(), String> {
    let is_conclusion = |line: &str| line.trim_start().starts_with("=>");
    // Blank lines in their place keep the numbers of the others.
    let scene: String = text
        .lines()
        .map(|line| if is_conclusion(line) { "\n".into() } else { format!("{line}\n") })
        .collect();
    let trace = Trace::parse(&scene).map_err(|error| error.to_string())?;
    if trace.lines().is_empty() {
        return Err("a trace without frames tests nothing".to_owned());
    }
    let analysis = Analysis::of(&mut trace.source(), max_flows);

    let mut blocks = Blocks::default();
    for line in trace.lines() {
        let shown = text.lines().nth(line.line_no - 1).unwrap_or_default();
        blocks.frame(shown, line, &trace, &analysis)?;
    }
    let stated = text.lines().filter_map(|line| line.trim_start().strip_prefix("=>"));
    let conclusions = stated.map(Conclusion::parse).collect::<Result<Vec<_>, _>>()?;
    blocks.conclude(&conclusions, &trace, &analysis)?;

    let broken = analysis.broken_invariants();
    if broken.is_empty() && blocks.expected == blocks.actual {
        return Ok(());
    }
    Err(blocks.compared(&broken))
}

/// The trace as it is expected, and as it is.
#[derive(Default)]
struct Blocks {
    expected: Vec<String>,
    actual: Vec<String>,
}

impl Blocks {
    fn frame(
        &mut self,
        shown: &str,
        line: &TraceLine,
        trace: &Trace,
        analysis: &Analysis,
    ) -> Result<(), String> {
        let wrong = |why: String| format!("line {}: {why}", line.line_no);
        let expected = label(line.expectation.as_deref().unwrap_or_default()).map_err(wrong)?;
        let segment = shown.split('#').next().unwrap_or_default().trim();
        let with = |label: Option<String>| {
            label.map_or(segment.to_owned(), |label| format!("{segment:<56} # {label}"))
        };

        let mut actual = Vec::new();
        for event in analysis.labels().filter(|event| event.frame == line.frame) {
            actual.push(told_like(expected.as_ref(), event, trace).map_err(wrong)?);
        }
        self.actual.push(with((!actual.is_empty()).then(|| actual.join(", "))));
        self.expected.push(with(expected.as_ref().map(Stated::text)));
        Ok(())
    }

    fn conclude(
        &mut self,
        conclusions: &[Conclusion],
        trace: &Trace,
        analysis: &Analysis,
    ) -> Result<(), String> {
        let mut told_runs: Vec<(u64, Side)> = Vec::new();
        for conclusion in conclusions {
            let mut actual = conclusion.clone();
            let stated = &conclusion.stated;
            match conclusion.subject {
                Subject::Run(index, side) => {
                    let nth = told_runs.iter().filter(|told| **told == (index, side)).count();
                    told_runs.push((index, side));
                    let run = find_flow(analysis, index)?.flow.prober(side).runs.get(nth);
                    actual.stated = match run {
                        Some(run) => {
                            let (outcome, facts) = facts::run(run, trace);
                            stated.found(outcome, &facts)?
                        }
                        None => Stated { name: "no_such_run".to_owned(), facts: Vec::new() },
                    };
                }
                // Runs that are there are told below.
                Subject::NoRuns(..) => {}
                Subject::Side(index, side) => {
                    let prober = find_flow(analysis, index)?.flow.prober(side);
                    actual.stated = stated.found("side", &facts::side(prober, trace))?;
                }
                Subject::Flow(index) => {
                    actual.stated = stated.found("", &facts::flow(find_flow(analysis, index)?, trace))?;
                }
                Subject::Capture => actual.stated = stated.found("", &facts::capture(analysis))?,
                Subject::Finding(flow, side) => {
                    let found = findings::about(analysis, flow);
                    let is_it = |f: &&&Finding| f.id == stated.name && (side.is_none() || f.side == side);
                    actual.stated = match found.iter().find(is_it) {
                        Some(finding) => stated.found(finding.id, &facts::finding(finding, trace))?,
                        None => told(&found),
                    };
                }
                Subject::NoFinding(flow, side) => {
                    let mut found = findings::about(analysis, flow);
                    found.retain(|f| f.id == stated.name && (side.is_none() || f.side == side));
                    if !found.is_empty() {
                        actual.stated = told(&found);
                    }
                }
                Subject::Healthy => {
                    let alarms = findings::alarms(analysis);
                    if !alarms.is_empty() {
                        actual.stated = Stated { name: alarms.join("; "), facts: Vec::new() };
                    }
                }
                Subject::Ending(index) | Subject::NoEnding(index) => {
                    actual.stated = match (&find_flow(analysis, index)?.flow.ending, conclusion.subject) {
                        (None, _) => Stated { name: "none".to_owned(), facts: Vec::new() },
                        (Some(ending), Subject::Ending(_)) => {
                            stated.found("", &facts::ending(ending, trace))?
                        }
                        (Some(ending), _) => Stated { name: format!("{ending:?}"), facts: Vec::new() },
                    }
                }
            }
            self.expected.push(conclusion.text());
            self.actual.push(actual.text());
        }
        let about_runs = |c: &Conclusion| matches!(c.subject, Subject::Run(..) | Subject::NoRuns(..));
        if conclusions.iter().any(about_runs) {
            self.untold_runs(&told_runs, trace, analysis);
        }
        Ok(())
    }

    /// Runs that the trace does not tell of, although it tells of runs.
    fn untold_runs(&mut self, told: &[(u64, Side)], trace: &Trace, analysis: &Analysis) {
        for FinalFlow { flow, .. } in &analysis.flows {
            for side in Side::BOTH {
                let known = told.iter().filter(|told| **told == (flow.index, side)).count();
                for run in flow.prober(side).runs.iter().skip(known) {
                    let (outcome, facts) = facts::run(run, trace);
                    let facts: String = facts.iter().map(|(key, value)| format!(" {key} {value}")).collect();
                    self.actual.push(format!("=> flow {} {} {outcome}{facts}", flow.index, side.name()));
                }
            }
        }
    }

    /// Both blocks between rulers; what differs is marked.
    fn compared(&self, broken: &[String]) -> String {
        let mut text = String::new();
        let both = [("expected", &self.expected, &self.actual), ("found", &self.actual, &self.expected)];
        for (name, block, other) in both {
            let _ = writeln!(text, "{RULER}\n{name}\n{RULER}");
            for (at, line) in block.iter().enumerate() {
                let mark = if other.get(at) == Some(line) { ' ' } else { '!' };
                let _ = writeln!(text, "{mark} {line}");
            }
        }
        let _ = writeln!(text, "{RULER}");
        for invariant in broken {
            let _ = writeln!(text, "broken: {invariant}");
        }
        text
    }
}

/// An event in the words of the label that is expected in its place.
fn told_like(expected: Option<&Stated>, event: &Event, trace: &Trace) -> Result<String, String> {
    let Some((name, facts)) = facts::label(event, trace) else { return Ok(String::new()) };
    let plain = Stated { name: name.to_owned(), facts: Vec::new() };
    let of = Stated { name: name.to_owned(), facts: vec![("of".to_owned(), String::new())] };
    let template = match expected {
        Some(expected) if expected.name == name => expected,
        _ if name == "keepalive_answer" => &of,
        _ => &plain,
    };
    Ok(template.found(name, &facts)?.text())
}

/// What was found instead.
fn told(found: &[&Finding]) -> Stated {
    let shown: Vec<String> = found.iter().map(|finding| findings::shown(finding)).collect();
    Stated { name: format!("found: {}", shown.join("; ")), facts: Vec::new() }
}

fn find_flow(analysis: &Analysis, index: u64) -> Result<&FinalFlow, String> {
    let flow = analysis.flows.iter().find(|last| last.flow.index == index);
    flow.ok_or_else(|| format!("there is no flow {index}"))
}
