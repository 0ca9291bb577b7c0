//! What can be asked.

use super::event::Event;
use super::outcome::Ending;
use super::rtt::Quantile;
use super::wanted::Wanted;
use crate::report::Status;

/// A check as it was written, and what it asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Check {
    pub(super) text: String,
    pub(super) asks: Asks,
}

/// What a check asks, and of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asks {
    /// Of each flow.
    Each(Each),
    /// Of all flows together.
    Together(Together),
}

/// What is asked of each flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Each {
    Status { wanted: Status, is_not: bool },
    Idle(Wanted),
    Interval(Wanted),
    Count(Wanted),
    Probes(Wanted),
    Rtt(Quantile, Wanted),
    Outcome(Ending),
}

/// What is asked of all flows together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Together {
    /// What part of the probes was answered: so many of [`WHOLE`](super::quantity::WHOLE).
    Answered(Wanted),
    /// Whether there was something, or, if `absent`, nothing of the kind.
    Event { event: Event, absent: bool },
}
