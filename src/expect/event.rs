//! `reset`, `probe` and `finding`, and that there is none.

use super::Verdict;
use super::ground::Answer;
use super::selection::Selection;
use super::wanted::Wanted;
use super::words::last_few;
use crate::flow::Side;
use crate::report::words::counted;
use crate::report::{Conclusions, Finding, Flow, Severity, State};

/// What may have been there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A connection was reset.
    Reset,
    /// A keepalive probe.
    Probe,
    /// A finding that meets all conditions.
    Finding(Vec<Condition>),
}

/// What a finding must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Id { id: &'static str, is_not: bool },
    Severity(Wanted),
}

impl Condition {
    /// A severity as a number: the graver, the larger.
    pub(super) const fn rank(severity: Severity) -> i64 {
        match severity {
            Severity::Problem => 2,
            Severity::Warning => 1,
            Severity::Info => 0,
        }
    }

    fn is_met_by(&self, finding: &Finding) -> bool {
        match self {
            Self::Id { id, is_not } => (finding.id == *id) != *is_not,
            Self::Severity(wanted) => wanted.is_met_by(Self::rank(finding.severity)) == Verdict::Holds,
        }
    }
}

/// The flows that were asked for an event so far, and those that may have had it unseen.
#[derive(Clone, Debug, Default)]
pub(super) struct Search {
    /// The flows, where findings that span flows count. They come in order.
    flows: Vec<u64>,
    one_sided: u64,
}

impl Event {
    /// What there is of it in `flow`, for the end that is asked about.
    pub(super) fn look(&self, search: &mut Search, flow: &Flow, side: Option<Side>) -> Vec<Answer> {
        // What a port scan meets may be silent; of a connection both ends speak.
        search.one_sided += u64::from(flow.one_sided && flow.is_established());
        let concerns = |about: Option<Side>| side.is_none() || about.is_none() || side == about;
        match self {
            Self::Reset => reset(flow).into_iter().filter(|found| concerns(found.side)).collect(),
            Self::Probe => {
                let asked = Side::BOTH.into_iter().filter(|one| concerns(Some(*one)));
                asked.filter_map(|side| probe(flow, side)).collect()
            }
            Self::Finding(conditions) => {
                search.flows.push(flow.index);
                let met = |finding: &&Finding| {
                    concerns(finding.side) && conditions.iter().all(|condition| condition.is_met_by(finding))
                };
                flow.findings.iter().filter(met).map(told).collect()
            }
        }
    }

    /// What there is of it in what spans flows.
    pub(super) fn look_across(
        &self,
        search: &Search,
        conclusions: &Conclusions,
        selection: &Selection,
    ) -> Vec<Answer> {
        let Self::Finding(conditions) = self else { return Vec::new() };
        let mut answers = Vec::new();
        for across in &conclusions.findings {
            let finding = &across.finding;
            if !conditions.iter().all(|condition| condition.is_met_by(finding)) {
                continue;
            }
            let is_selected = |flow: &u64| search.flows.binary_search(flow).is_ok();
            if selection.is_everything() || across.flows.iter().any(is_selected) {
                answers.push(told(finding));
            } else if across.flows_total > across.flows.len() as u64 {
                let text = format!("{}, of which not all are named", finding.text);
                answers.push(Answer { verdict: Verdict::Inconclusive, text, ..told(finding) });
            }
        }
        answers
    }

    /// What is said where nothing of it was found in so many flows.
    pub(super) fn not_found(&self, search: &Search, selected: u64, lost: u64) -> Answer {
        let flows = counted(selected, "flow");
        let what = match self {
            Self::Reset => "no reset",
            Self::Probe => "no probe",
            Self::Finding(conditions) if conditions.is_empty() => "no finding",
            Self::Finding(_) => "no such finding",
        };
        let doubt = match (lost, one_sided(search)) {
            (0, None) => return Answer::new(Verdict::Fails, format!("{what} in {flows}")),
            (0, Some(doubt)) => doubt,
            (lost, _) => format!("{} lost while capturing", counted(lost, "frame")),
        };
        Answer::new(Verdict::Inconclusive, format!("{what} in {flows}, but {doubt}"))
    }
}

/// Of how many flows one direction is missing.
fn one_sided(search: &Search) -> Option<String> {
    let flows = counted(search.one_sided, "flow");
    (search.one_sided > 0).then(|| format!("only one direction of {flows} captured"))
}

fn told(finding: &Finding) -> Answer {
    let text = format!("{} {}: {}", finding.severity.name(), finding.id, finding.text);
    let mut answer = Answer::new(Verdict::Holds, text).shown_by(last_few(finding.frames.iter().copied()));
    answer.side = finding.side;
    answer
}

fn reset(flow: &Flow) -> Option<Answer> {
    if flow.state != State::Reset {
        return None;
    }
    let last = flow.last_word.filter(|word| word.is_reset);
    let found = flow.reset.map(|reset| (reset.from, reset.frame));
    let found = found.or(last.map(|word| (word.from, word.frame)));
    let by = flow.ending.map_or("", |ending| match ending.by.name() {
        "middlebox" => ", which a middlebox sent",
        _ => "",
    });
    Some(match found {
        Some((from, frame)) => Answer::new(Verdict::Holds, format!("a RST from the {}{by}", from.name()))
            .shown_by(vec![frame])
            .of(from),
        None => Answer::new(Verdict::Holds, "a RST"),
    })
}

fn probe(flow: &Flow, side: Side) -> Option<Answer> {
    let prober = flow.prober(side);
    let frames = last_few(prober.runs.iter().map(|run| run.first_frame));
    if prober.probes > 0 {
        return Some(Answer::new(Verdict::Holds, counted(prober.probes, "probe")).shown_by(frames).of(side));
    }
    let text = format!("{} that may be", counted(prober.ambiguous_probes, "segment"));
    (prober.ambiguous_probes > 0).then(|| Answer::new(Verdict::Inconclusive, text).of(side))
}
