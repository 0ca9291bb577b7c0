//! Which flows are shown, and in which order: a row for each end that probes.

use super::standing::{self, Standing};
use crate::flow::Side;
use crate::render::text::{table, worst};
use crate::report::{Flow, Prober};
use crate::time::Timestamp;
use std::cmp::Reverse;

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// The flow's number.
    pub(super) index: u64,
    /// Which end probes; `None`: neither.
    pub(super) side: Option<Side>,
}

/// An end of a flow that probes, or a flow in which neither does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    pub(super) flow: &'a Flow,
    pub(super) side: Option<Side>,
}

impl<'a> Row<'a> {
    /// What it is about.
    pub(super) const fn key(&self) -> Key {
        Key { index: self.flow.index, side: self.side }
    }

    /// The end that probes, where one does.
    pub(super) fn prober(&self) -> Option<&'a Prober> {
        self.side.map(|side| self.flow.prober(side))
    }

    /// `prober → peer`; client and server where neither probes.
    pub(super) fn name(&self) -> (String, String) {
        let side = self.side.unwrap_or(Side::Client);
        (table::end(self.flow, side).to_string(), table::end(self.flow, !side).to_string())
    }

    /// Whether each word of `filter` stands in its addresses, ports, outcome, state or findings.
    fn has(&self, filter: &str, now: Timestamp) -> bool {
        let (from, to) = self.name();
        let outcome = standing::words(self.flow, self.side, now).long;
        let severity = self.flow.gravest().map_or("", |severity| severity.name());
        let side = self.side.map_or("", |side| side.name());
        let state = standing::state(self.flow);
        let mut text = format!("{from} {to} {outcome} {state} {severity} {side}");
        for finding in &self.flow.findings {
            text += " ";
            text += finding.id;
        }
        let text = text.to_lowercase();
        filter.split_whitespace().all(|word| text.contains(&word.to_lowercase()))
    }
}

/// What rows are ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Order {
    /// Findings first, then how the probing stands.
    #[default]
    Worst,
    /// The next probe that is due.
    Due,
    /// The slowest round trip.
    Rtt,
    /// The longest idle time.
    Idle,
    /// The prober's address.
    Name,
}

impl Order {
    const ALL: [Self; 5] = [Self::Worst, Self::Due, Self::Rtt, Self::Idle, Self::Name];

    /// The next one.
    pub(super) fn next(self) -> Self {
        Self::ALL.into_iter().cycle().skip_while(|order| *order != self).nth(1).unwrap_or_default()
    }

    /// What it is called.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Worst => "worst first",
            Self::Due => "next due first",
            Self::Rtt => "slowest answer first",
            Self::Idle => "longest idle first",
            Self::Name => "by address",
        }
    }
}

/// How the rows are wanted.
#[derive(Clone, Debug, Default)]
pub(super) struct Wishes {
    pub(super) order: Order,
    /// The last first.
    pub(super) reversed: bool,
    /// Words that a row must have; none: all rows.
    pub(super) filter: String,
}

/// How bad a flow is at `now`, the worst first. A closed connection of which nothing is wrong comes after what is still open.
pub(super) fn rank(flow: &Flow, now: Timestamp) -> (u8, usize, bool) {
    let standing =
        Side::BOTH.map(|side| Standing::of(flow, side, now)).into_iter().min_by_key(|s| s.gravity());
    rank_of(flow, standing.unwrap_or(Standing::Unseen))
}

/// Who waits in vain for an answer is to be looked at like a warning, before anything is found.
fn rank_of(flow: &Flow, standing: Standing) -> (u8, usize, bool) {
    let (severity, _) = worst::rank(flow);
    let severity = if standing.waits_in_vain() { severity.min(1) } else { severity };
    (severity, standing.gravity(), standing::is_over(flow))
}

/// The rows of `flows`, as they are wanted; and how many there are without the filter.
pub(super) fn rows<'a>(
    flows: impl Iterator<Item = &'a Flow>,
    wishes: &Wishes,
    now: Timestamp,
) -> (Vec<Row<'a>>, usize) {
    let mut rows: Vec<Row<'a>> = flows.flat_map(rows_of).collect();
    let all = rows.len();
    if !wishes.filter.trim().is_empty() {
        rows.retain(|row| row.has(&wishes.filter, now));
    }
    // Whatever the order, what is equal stays where it is: by the number of the flow.
    rows.sort_by_key(|row| (row.flow.index, row.side == Some(Side::Server)));
    match wishes.order {
        Order::Worst => rows.sort_by_key(|row| worst_first(row, now)),
        Order::Due => rows.sort_by_key(|row| due(row).map_or((true, Timestamp::default()), |at| (false, at))),
        Order::Rtt => {
            rows.sort_by_key(|row| Reverse(row.prober().and_then(|prober| prober.rtt).map(|rtt| rtt.median)));
        }
        Order::Idle => {
            rows.sort_by_key(|row| {
                Reverse(row.prober().and_then(|prober| prober.idle).map(|idle| idle.median))
            });
        }
        Order::Name => {
            rows.sort_by_key(|row| table::end(row.flow, row.side.unwrap_or(Side::Client)));
        }
    }
    if wishes.reversed {
        rows.reverse();
    }
    (rows, all)
}

/// When the next probe of a row is due, while one is to be expected.
pub(super) fn due(row: &Row<'_>) -> Option<Timestamp> {
    row.prober()?.due.filter(|_| !standing::is_over(row.flow)).map(|due| due.at)
}

fn worst_first(row: &Row<'_>, now: Timestamp) -> (u8, usize, bool) {
    rank_of(row.flow, row.side.map_or(Standing::Unseen, |side| Standing::of(row.flow, side, now)))
}

fn rows_of(flow: &Flow) -> impl Iterator<Item = Row<'_>> {
    let probing = Side::BOTH.into_iter().filter(|side| flow.prober(*side).is_relevant());
    let neither = (!flow.is_relevant_by_probes()).then_some(None);
    probing.map(Some).chain(neither).map(move |side| Row { flow, side })
}
