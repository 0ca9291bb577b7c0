//! Which flows an expectation is about.

use super::address::Network;
use crate::decode::Tuple;
use crate::explain;
use crate::flow::Side;
use crate::report::Flow;
use std::ops::RangeInclusive;

/// Narrows the selection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Selector {
    /// An end, or this one, has such a port.
    Port(Option<Side>, RangeInclusive<u16>),
    /// An end, or this one, has such an address.
    Host(Option<Side>, Network),
    /// By its number or its Community ID.
    Flow(explain::Selector),
    /// An end probes, or that one which the expectation is about.
    Probing,
}

/// The flows that fit all selectors, and of them one end or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Selection {
    pub(super) selectors: Vec<Selector>,
    /// The end as prober.
    pub(super) side: Option<Side>,
}

impl Selection {
    pub(super) fn selects(&self, flow: &Flow) -> bool {
        self.selectors.iter().all(|selector| selector.selects(flow, self.side))
    }

    /// Whether every flow of every capture is selected.
    pub(super) const fn is_everything(&self) -> bool {
        self.selectors.is_empty()
    }
}

impl Selector {
    /// Whether it tells an address, or the id that is made of addresses.
    pub(super) const fn names_an_address(&self) -> bool {
        matches!(self, Self::Host(..) | Self::Flow(explain::Selector::Id(_)))
    }

    pub(super) fn selects(&self, flow: &Flow, prober: Option<Side>) -> bool {
        let tuple = &flow.tuple;
        match self {
            Self::Port(side, ports) => sides(*side).any(|side| ports.contains(&end(tuple, side).1)),
            Self::Host(side, network) => {
                sides(*side).any(|side| network.holds(end(tuple, side).0, tuple.is_ipv6))
            }
            Self::Flow(wanted) => wanted.chooses(flow.index, tuple),
            Self::Probing => sides(prober).any(|side| flow.prober(side).probes > 0),
        }
    }
}

fn sides(one: Option<Side>) -> impl Iterator<Item = Side> {
    Side::BOTH.into_iter().filter(move |side| one.is_none_or(|one| one == *side))
}

/// Address and port of an end: the tuple of a flow goes from client to server.
const fn end(tuple: &Tuple, side: Side) -> ([u8; 16], u16) {
    match side {
        Side::Client => (tuple.src, tuple.src_port),
        Side::Server => (tuple.dst, tuple.dst_port),
    }
}
