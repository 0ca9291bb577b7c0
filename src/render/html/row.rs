//! A row of the table: an end that probes, or may; or a flow in which neither does.

use crate::flow::Side;
use crate::render::schema::{self, SideName};
use crate::render::text::table;
use crate::report::{Count, Ending, Flow, How, Killer, Severity};
use crate::run::Outcome;
use crate::time::Span;
use serde::Serialize;

/// What one row shows: figures to sort by, and their words.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    /// The place of its flow among those shown, from 0.
    place: usize,
    /// The flow's number in the capture.
    index: u64,
    prober: String,
    peer: String,
    /// Who probes; `None`: neither.
    #[serde(skip_serializing_if = "Option::is_none")]
    side: Option<SideName>,
    status: schema::Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idle_s: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interval_s: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    /// Of its probes, what part was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    answered: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rtt_s: Option<f64>,
    /// The words of idle, interval, count, answers and round trip.
    #[serde(skip_serializing_if = "Option::is_none")]
    cells: Option<[String; 5]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    /// Instead of figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ending: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<&'static str>,
}

/// The rows of `flow`, which stands at `place`.
pub(super) fn rows(place: usize, flow: &Flow) -> Vec<Row> {
    let probing: Vec<Row> = Side::BOTH
        .into_iter()
        .filter(|side| flow.prober(*side).is_relevant())
        .map(|side| probing(place, flow, side))
        .collect();
    if probing.is_empty() { vec![quiet(place, flow)] } else { probing }
}

fn probing(place: usize, flow: &Flow, side: Side) -> Row {
    let prober = flow.prober(side);
    let mut row = Row { side: Some(side.into()), ..bare(place, flow, side) };
    if prober.probes == 0 {
        row.words = Some(table::look_alikes(prober));
        return row;
    }
    let median = |stat: Option<crate::measure::Stat>| stat.map(|stat| seconds(stat.median));
    row.idle_s = median(prober.idle);
    row.interval_s = median(prober.interval);
    row.rtt_s = median(prober.rtt);
    row.count = prober.settings.as_ref().and_then(|settings| settings.count).map(|count| match count {
        Count::Exact(n) | Count::AtLeast(n) | Count::ExactOrUserTimeout(n) => n,
    });
    row.answered = Some(prober.answered as f64 / prober.probes as f64);
    row.outcome = prober.outcome.map(Outcome::name);
    row.cells = Some(table::cells(prober));
    row
}

fn quiet(place: usize, flow: &Flow) -> Row {
    Row { words: Some(table::quiet_words(flow)), ..bare(place, flow, Side::Client) }
}

fn bare(place: usize, flow: &Flow, side: Side) -> Row {
    Row {
        place,
        index: flow.index,
        prober: table::end(flow, side).to_string(),
        peer: table::end(flow, !side).to_string(),
        side: None,
        status: flow.prober(side).status.into(),
        severity: flow.gravest().map(Severity::name),
        idle_s: None,
        interval_s: None,
        count: None,
        answered: None,
        rtt_s: None,
        cells: None,
        outcome: None,
        words: None,
        ending: flow.ending.as_ref().map(ending),
        findings: flow.findings.iter().map(|finding| finding.id).collect(),
    }
}

/// What ended a flow, for a narrow column: `client RST, keepalive`.
fn ending(ending: &Ending) -> String {
    let by = match ending.by {
        _ if ending.how == How::Silence => "",
        Killer::End(side) => side.name(),
        Killer::Middlebox => "box",
        Killer::Unknown => "",
    };
    let how = match ending.how {
        How::Fin => "FIN",
        How::Rst => "RST",
        How::Silence => "silence",
    };
    let timer = ending.timer.map_or(String::new(), |timer| format!(", {}", timer.name()));
    format!("{by} {how}{timer}").trim_start().to_owned()
}

fn seconds(span: Span) -> f64 {
    span.as_secs_f64()
}
