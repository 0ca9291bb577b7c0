//! How many flows there are of each kind, counted as they change.

use crate::report::State;
use crate::run::Track;

/// The flows of one partition that are in its table.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    /// In the order of [`place`].
    states: [u64; 4],
    pub(super) probing: u64,
    pub(super) waiting: u64,
}

/// What of a track is counted: whether an end has probed, and whether a run is open.
pub(super) fn marks(track: Option<&Track>) -> (bool, bool) {
    track.map_or((false, false), |track| (track.has_any_probes(), track.is_waiting()))
}

const fn place(state: State) -> usize {
    match state {
        State::Open => 0,
        State::HalfClosed => 1,
        State::Closed => 2,
        State::Reset => 3,
    }
}

impl Tally {
    /// How many are in this state.
    pub(super) fn of(&self, state: State) -> u64 {
        self.states.get(place(state)).copied().unwrap_or_default()
    }

    /// A flow came.
    pub(super) fn enter(&mut self, state: State) {
        if let Some(count) = self.states.get_mut(place(state)) {
            *count += 1;
        }
    }

    /// A flow left.
    pub(super) fn leave(&mut self, state: State) {
        if let Some(count) = self.states.get_mut(place(state)) {
            *count = count.saturating_sub(1);
        }
    }

    /// What is counted of a flow's track changed.
    pub(super) fn track(&mut self, before: (bool, bool), after: (bool, bool)) {
        let count = |counter: &mut u64, before: bool, after: bool| match (before, after) {
            (false, true) => *counter += 1,
            (true, false) => *counter = counter.saturating_sub(1),
            _ => {}
        };
        count(&mut self.probing, before.0, after.0);
        count(&mut self.waiting, before.1, after.1);
    }
}
