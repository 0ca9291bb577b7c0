//! Paths: which quiet times connections survived on them and which they died of, beside the time-outs of known boxes.

use super::Teller;
use crate::decode::Tuple;
use crate::infer::Catalogue;
use crate::infer::middleboxes::IdleTimeout;
use crate::render::schema;
use crate::report::{Flow, Gap, Path};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// How many paths are drawn, the most telling first.
const MAX_DRAWN: usize = 60;

/// How many quiet times of each kind are drawn for a path.
const MAX_POINTS: usize = 100;

/// A path and the quiet times on it.
#[derive(Debug, Serialize)]
pub(super) struct Way<'a> {
    path: schema::Path<'a>,
    /// Quiet times that were survived: seconds, and the flow.
    survived: Vec<(f64, u64)>,
    /// Quiet times that were not.
    died: Vec<(f64, u64)>,
}

/// A time-out, and the boxes that have it.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    timeout_s: u32,
    boxes: Vec<String>,
}

/// What finds the path of a flow: the clients' network and the server.
type Key = ([u8; 16], [u8; 16], u16, u32);

/// The paths, and how many there are in all.
pub(super) fn ways<'a>(flows: &[&Flow], teller: Teller<'a>) -> (Vec<Way<'a>>, usize) {
    let mut paths: Vec<&Path> = teller.background.conclusions.paths.iter().collect();
    // A bracket first, then a death, then the longest survival.
    paths.sort_by_key(|path| {
        let length = |gap: Option<(Gap, u64)>| gap.map_or(0, |(gap, _)| gap.length.0);
        (path.idle_timeout.is_none(), path.died.is_none(), std::cmp::Reverse(length(path.survived)))
    });
    let total = paths.len();
    paths.truncate(MAX_DRAWN);
    let mut ways: Vec<Way<'_>> = paths
        .iter()
        .map(|path| Way {
            path: schema::Path::new(path, teller.pieces),
            survived: path.survived.iter().map(|(gap, flow)| point(*gap, *flow)).collect(),
            died: path.died.iter().map(|(gap, flow)| point(*gap, *flow)).collect(),
        })
        .collect();
    let places: HashMap<Key, usize> =
        paths.iter().enumerate().map(|(place, path)| (key(&path.tuple, path), place)).collect();
    let Some(sample) = paths.first() else { return (ways, total) };
    for flow in flows {
        let of_family = paths.iter().find(|path| path.tuple.is_ipv6 == flow.tuple.is_ipv6).unwrap_or(sample);
        let Some(way) = places.get(&key(&flow.tuple, of_family)).and_then(|place| ways.get_mut(*place))
        else {
            continue;
        };
        let gaps =
            [(flow.survived.map(|s| s.gap), &mut way.survived), (flow.death.map(|d| d.gap), &mut way.died)];
        for (gap, points) in gaps {
            if let Some(gap) = gap {
                let point = point(gap, flow.index);
                if points.len() < MAX_POINTS && !points.contains(&point) {
                    points.push(point);
                }
            }
        }
    }
    (ways, total)
}

fn point(gap: Gap, flow: u64) -> (f64, u64) {
    (gap.length.as_secs_f64(), flow)
}

/// The key of `tuple`, its client cut to a network as that of `path` is.
fn key(tuple: &Tuple, path: &Path) -> Key {
    let bits = u32::from(path.prefix) + if path.tuple.is_ipv6 { 0 } else { 96 };
    let mask = u128::MAX.checked_shl(u128::BITS.saturating_sub(bits)).unwrap_or(0);
    let net = u128::from_be_bytes(tuple.src) & mask;
    (net.to_be_bytes(), tuple.dst, tuple.dst_port, tuple.network.0)
}

/// The time-outs of all boxes that have one default, in order.
pub(super) fn lines(catalogue: &Catalogue) -> Vec<Line> {
    let mut lines: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for middlebox in catalogue.middleboxes() {
        if let IdleTimeout::Fixed(seconds) = middlebox.idle_timeout {
            lines.entry(seconds).or_default().push(middlebox.name.to_string());
        }
    }
    lines.into_iter().map(|(timeout_s, boxes)| Line { timeout_s, boxes }).collect()
}
