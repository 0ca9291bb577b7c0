//! The document of `keepscope check --format json`.

use super::endpoint::ends;
use super::value::{FrameRefs, Frames};
use super::{Endpoint, Generator, SideName};
use crate::expect;
use crate::render::{CommunityId, Pieces};
use schemars::JsonSchema;
use serde::Serialize;

/// Whether captures are as expected.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "keepscope.check/1")]
pub struct Check<'a> {
    /// Name and number of this schema.
    pub schema: CheckSchema,
    /// Who wrote it.
    pub generator: Generator,
    /// The captures, in the order they were given.
    pub captures: Vec<CheckedCapture<'a>>,
    /// Sums.
    pub summary: CheckSummary,
}

/// The schema of a check.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub enum CheckSchema {
    /// Number 1.
    #[serde(rename = "keepscope.check/1")]
    V1,
}

/// A capture, and whether it is as expected.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CheckedCapture<'a> {
    /// How it was given.
    pub name: &'a str,
    /// Its files, in the order they were read.
    pub sources: Vec<&'a str>,
    /// Why it could not be read; null where it could.
    pub error: Option<&'a str>,
    /// Damage and oddities, a line each.
    pub warnings: &'a [String],
    /// For each expectation, in the order they were given, what came of it; empty where the capture could not be read.
    pub expectations: Vec<JudgedExpectation<'a>>,
}

/// What came of an expectation.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct JudgedExpectation<'a> {
    /// Its name; where it has none, the expectation.
    pub name: &'a str,
    /// The expectation as it was written.
    pub expression: &'a str,
    /// Whether it holds.
    pub verdict: Verdict,
    /// Whether that is accepted: it holds, or it is inconclusive and that is allowed.
    pub passes: bool,
    /// How many flows it was asked of.
    pub flows_selected: u64,
    /// Why, at most 16 reasons.
    pub reasons: Vec<Reason<'a>>,
    /// How many reasons there are.
    pub reasons_total: u64,
}

/// Whether an expectation holds.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The capture shows that it is so.
    Holds,
    /// The capture shows that it is not so.
    Fails,
    /// The capture cannot show it.
    Inconclusive,
}

/// Why an expectation holds, fails, or cannot be decided.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Reason<'a> {
    /// The check it is about, as it was written; "" where it is about the selection.
    pub check: &'a str,
    /// The flow; null: all that were selected.
    pub flow: Option<ReasonFlow>,
    /// The end, where it is about one.
    pub side: Option<SideName>,
    /// One sentence for people.
    pub text: &'a str,
    /// The frames that show it, a few of them where there are many.
    pub frames: Frames<'a>,
    /// Where these frames lie; only where several files were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame_refs: Option<FrameRefs>,
}

/// A flow by its names.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct ReasonFlow {
    /// Community ID, version 1, seed 0.
    #[schemars(with = "String")]
    pub id: CommunityId,
    /// Its number in the capture, from 0.
    pub index: u64,
    /// The client.
    pub client: Endpoint,
    /// The server.
    pub server: Endpoint,
}

/// How many captures and judgements there are.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct CheckSummary {
    /// Captures.
    pub captures: u64,
    /// Of them those that could not be read.
    pub unreadable: u64,
    /// Judgements that an expectation holds.
    pub holds: u64,
    /// … that it fails.
    pub fails: u64,
    /// … that cannot be decided.
    pub inconclusive: u64,
    /// Whether everything could be read and passes.
    pub passed: bool,
}

impl<'a> Check<'a> {
    /// The document.
    #[must_use]
    pub fn new(suite: &'a expect::Suite) -> Self {
        let expect::Totals { captures, unreadable, holds, fails, inconclusive, .. } = suite.totals();
        let passed = suite.totals().passed();
        Self {
            schema: CheckSchema::V1,
            generator: Generator::THIS,
            captures: suite.checked.iter().map(|checked| CheckedCapture::new(suite, checked)).collect(),
            summary: CheckSummary { captures, unreadable, holds, fails, inconclusive, passed },
        }
    }
}

impl<'a> CheckedCapture<'a> {
    fn new(suite: &'a expect::Suite, checked: &'a expect::Checked) -> Self {
        let name = checked.name.as_str();
        match &checked.result {
            Err(why) => {
                Self { name, sources: Vec::new(), error: Some(why), warnings: &[], expectations: Vec::new() }
            }
            Ok((capture, judgements)) => {
                let sources = &capture.sources;
                let pieces = if sources.len() > 1 { Pieces::several(sources) } else { Pieces::SINGLE };
                let judged = suite.judgements(judgements);
                Self {
                    name,
                    sources: sources.iter().map(|piece| piece.name.as_str()).collect(),
                    error: None,
                    warnings: &capture.warnings,
                    expectations: judged
                        .map(|(rule, one)| JudgedExpectation::new(rule, one, pieces))
                        .collect(),
                }
            }
        }
    }
}

impl<'a> JudgedExpectation<'a> {
    fn new(rule: &'a expect::Rule, judgement: &'a expect::Judgement, pieces: Pieces<'_>) -> Self {
        Self {
            name: &rule.name,
            expression: &judgement.expectation,
            verdict: match judgement.verdict {
                expect::Verdict::Holds => Verdict::Holds,
                expect::Verdict::Fails => Verdict::Fails,
                expect::Verdict::Inconclusive => Verdict::Inconclusive,
            },
            passes: rule.passes(judgement.verdict),
            flows_selected: judgement.selected,
            reasons: judgement.grounds.iter().map(|ground| Reason::new(ground, pieces)).collect(),
            reasons_total: judgement.grounds_total,
        }
    }
}

impl<'a> Reason<'a> {
    fn new(ground: &'a expect::Ground, pieces: Pieces<'_>) -> Self {
        Self {
            check: &ground.check,
            flow: ground.flow.map(|flow| {
                let (client, server) = ends(&flow.tuple);
                ReasonFlow { id: CommunityId::of(&flow.tuple), index: flow.index, client, server }
            }),
            side: ground.side.map(Into::into),
            text: &ground.text,
            frames: Frames(&ground.frames),
            frame_refs: FrameRefs::of(ground.frames.iter().copied(), pieces),
        }
    }
}
