//! What is told of a flow when it is opened.

use super::Teller;
use super::packed::{self, Chunk};
use super::timeline::{Timeline, timeline};
use crate::flow::Side;
use crate::render::schema::{self, Outcome, Run};
use crate::render::text::headline::capitalised;
use crate::render::text::{about, ready, story};
use crate::report::Flow;
use serde::Serialize;
use std::io;

/// How many flows are read together: few, so that opening one is quick; enough for compression to find what they have in common.
pub(super) const FLOWS_PER_CHUNK: usize = 64;

/// How many runs of an end are told, by level of detail.
const MAX_RUNS: [usize; 3] = [64, 12, 2];

#[derive(Debug, Serialize)]
struct Detail<'a> {
    flow: schema::Flow<'a>,
    /// What became of it, in the words of the text report.
    story: String,
    /// What else is known of it, a line each.
    about: Vec<String>,
    ready: Vec<Ready>,
    timeline: Timeline,
}

/// Lines to copy.
#[derive(Debug, Serialize)]
struct Ready {
    side: schema::SideName,
    name: &'static str,
    lines: String,
}

/// All that is told of `flows`, in chunks of [`FLOWS_PER_CHUNK`].
pub(super) fn pack(flows: &[&Flow], teller: Teller<'_>) -> io::Result<Vec<Chunk>> {
    let chunks: Vec<&[&Flow]> = flows.chunks(FLOWS_PER_CHUNK).collect();
    packed::pack(chunks.len(), MAX_RUNS.len(), |number, level| {
        let flows = chunks.get(number).copied().unwrap_or_default();
        let runs = MAX_RUNS.get(level).copied().unwrap_or(0);
        let details: io::Result<Vec<Detail<'_>>> =
            flows.iter().map(|flow| detail(flow, runs, teller)).collect();
        Ok(serde_json::to_string(&details?)?)
    })
}

fn detail<'a>(flow: &'a Flow, runs: usize, teller: Teller<'a>) -> io::Result<Detail<'a>> {
    let mut told = schema::Flow::new(flow, teller.pieces);
    for side in [&mut told.client_keepalive, &mut told.server_keepalive] {
        thin(&mut side.runs, runs);
    }
    let mut lines = Vec::new();
    for side in Side::BOTH {
        for (name, text) in ready::blocks(flow, side, teller.background.capture.end)? {
            lines.push(Ready { side: side.into(), name, lines: text });
        }
    }
    Ok(Detail {
        flow: told,
        story: story(flow, teller),
        about: about::lines(flow, teller.dial),
        ready: lines,
        timeline: timeline(flow, teller),
    })
}

/// What became of `flow`, in a sentence or two.
pub(super) fn story(flow: &Flow, teller: Teller<'_>) -> String {
    let words = story::sentence(flow, story::hero(flow), teller.dial, teller.background.conclusions);
    capitalised(&words)
}

/// Leaves `keep` of the runs: the first and the last, then those that were not plainly answered.
fn thin(runs: &mut Vec<Run<'_>>, keep: usize) {
    if runs.len() <= keep {
        return;
    }
    let last = runs.len().saturating_sub(1);
    let mut places: Vec<usize> = (0..runs.len()).collect();
    places.sort_by_key(|place| {
        let is_answered = runs.get(*place).is_some_and(|run| matches!(run.outcome, Outcome::Answered));
        (*place != 0 && *place != last, is_answered)
    });
    places.truncate(keep);
    let mut place = 0;
    runs.retain(|_| {
        place += 1;
        places.contains(&(place - 1))
    });
}
