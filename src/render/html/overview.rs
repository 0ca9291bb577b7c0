//! What a page tells before any flow is opened.

use super::finding::Group;
use super::headline::{Headline, Shade};
use super::spread::Spreads;
use super::way::{Line, Way, lines, ways};
use super::{Report, Teller, detail};
use crate::render::schema;
use crate::render::text::{head, others_words, story, table, worst};
use crate::report::{Flow, Severity};
use crate::run::Outcome;
use serde::Serialize;

/// How many flows are told of at once.
const MAX_STORIES: usize = 3;

#[derive(Debug, Serialize)]
pub(super) struct Overview<'a> {
    generator: schema::Generator,
    headline: &'a Headline,
    capture: schema::Capture<'a>,
    /// When it was captured, how long, and how much; then what did not make it into the figures.
    facts: Vec<String>,
    summary: schema::Summary,
    /// The outcomes that there were, the worst first.
    outcomes: Vec<Counted>,
    /// What every outcome means.
    shades: Vec<(&'static str, Shade)>,
    stories: Vec<Story>,
    /// Findings that span flows.
    across: Vec<schema::CaptureFinding<'a>>,
    findings: Vec<&'a Group>,
    spreads: &'a Spreads,
    ways: Vec<Way<'a>>,
    ways_total: usize,
    boxes: Vec<Line>,
    /// How many flows the table would show if there were room.
    listed: u64,
    flows_per_chunk: usize,
    /// What is said of flows that are not listed.
    others: Option<String>,
    notes: Vec<String>,
}

/// How many probing ends fared so.
#[derive(Debug, Serialize)]
struct Counted {
    name: &'static str,
    words: &'static str,
    shade: Shade,
    ends: u64,
}

/// What became of a flow.
#[derive(Debug, Serialize)]
struct Story {
    index: u64,
    name: String,
    severity: Option<&'static str>,
    words: String,
}

impl<'a> Overview<'a> {
    pub(super) fn of(
        report: &'a Report,
        flows: &[&'a Flow],
        headline: &'a Headline,
        teller: Teller<'a>,
    ) -> Self {
        let background = teller.background;
        let (ways, ways_total) = ways(flows, teller);
        let mut facts = head::frames(background.capture, background.summary, teller.dial);
        facts.extend(head::losses(background.capture));
        Self {
            generator: schema::Generator::THIS,
            headline,
            capture: background.capture.into(),
            facts,
            summary: background.summary.into(),
            outcomes: outcomes(background.summary.outcomes),
            shades: Outcome::ALL
                .iter()
                .map(|outcome| (outcome.name(), table::tone(*outcome).into()))
                .collect(),
            stories: stories(flows, teller),
            across: background
                .conclusions
                .findings
                .iter()
                .map(|across| schema::CaptureFinding::new(across, teller.pieces))
                .collect(),
            findings: report.findings.list(),
            spreads: &report.spreads,
            ways,
            ways_total,
            boxes: lines(background.catalogue),
            listed: report.listed,
            flows_per_chunk: detail::FLOWS_PER_CHUNK,
            others: others_words(&report.others, report.listed > 0),
            notes: report.limits.notes(background.capture, report.listed),
        }
    }
}

fn outcomes(counts: [u64; Outcome::ALL.len()]) -> Vec<Counted> {
    let mut counted: Vec<(Outcome, u64)> =
        Outcome::ALL.into_iter().zip(counts).filter(|(_, ends)| *ends > 0).collect();
    counted.sort_by_key(|(outcome, _)| worst::gravity(*outcome));
    let counted = counted.into_iter().map(|(outcome, ends)| Counted {
        name: outcome.name(),
        words: table::words(outcome),
        shade: table::tone(outcome).into(),
        ends,
    });
    counted.collect()
}

/// The flows that a reader should hear of first; the only one in any case.
fn stories(flows: &[&Flow], teller: Teller<'_>) -> Vec<Story> {
    let told = flows.iter().filter(|flow| worst::is_bad(flow) || flows.len() == 1).take(MAX_STORIES);
    let told = told.map(|flow| {
        let side = story::hero(flow);
        Story {
            index: flow.index,
            name: format!("{} → {}", table::end(flow, side), table::end(flow, !side)),
            severity: flow.gravest().map(Severity::name),
            words: detail::story(flow, teller),
        }
    });
    told.collect()
}
