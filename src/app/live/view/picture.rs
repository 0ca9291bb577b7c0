//! All that the screen shows: the last snapshot, and what is remembered beside it.

use super::logbook::Logbook;
use super::moments::Histories;
use super::snapshot::{MAX_FLOWS, Snapshot};
use crate::analyzer::Output;
use crate::report::Flow;
use crate::time::{Span, Timestamp};
use std::collections::{HashSet, VecDeque};

/// How long a flow stays after it is final.
const STAYS: Span = Span::from_secs(300);

/// Over how long the rate of frames is taken.
const RATE_OVER: Span = Span::from_secs(5);

/// What the screen shows.
#[derive(Clone, Debug, Default)]
pub(super) struct Picture {
    pub(super) snapshot: Snapshot,
    pub(super) histories: Histories,
    pub(super) log: Logbook,
    /// Flows that are final, and when they became so.
    ended: VecDeque<(Timestamp, Flow)>,
    /// Frames by the time of the last snapshots.
    frames: VecDeque<(Timestamp, u64)>,
}

impl Picture {
    /// Takes what was decided.
    pub(super) fn take(&mut self, output: &Output) {
        // Also of flows that the next snapshot will show.
        self.histories.take(output, 2 * MAX_FLOWS);
        self.log.take(output);
        if let Output::Flow { flow, .. } = output
            && flow.is_relevant()
        {
            self.log.take_findings(flow, self.snapshot.now.max(flow.end));
            // The last snapshot has it too, as it was.
            self.snapshot.flows.remove(flow.index);
            if self.ended.len() == MAX_FLOWS {
                self.ended.pop_front();
            }
            self.ended.push_back((self.snapshot.now.max(flow.end), (**flow).clone()));
        }
    }

    /// Takes a snapshot.
    pub(super) fn refresh(&mut self, mut snapshot: Snapshot) {
        let now = snapshot.now;
        snapshot.flows.trim(now);
        snapshot.flows.iter().for_each(|flow| self.log.take_findings(flow, now));
        snapshot.conclusions.findings.iter().for_each(|across| self.log.take_across(across, now));
        while self.ended.front().is_some_and(|(since, _)| now.since(*since) > STAYS) {
            self.ended.pop_front();
        }
        self.frames.push_back((now, snapshot.capture.frames));
        while self.frames.get(1).is_some_and(|(at, _)| now.since(*at) >= RATE_OVER) {
            self.frames.pop_front();
        }
        self.snapshot = snapshot;
        let shown: HashSet<u64> = self.flows().map(|flow| flow.index).collect();
        self.histories.retain(|index| shown.contains(&index));
        self.log.retain(|index| shown.contains(&index));
    }

    /// The flows to show: those that are open, and those that were until a while ago.
    pub(super) fn flows(&self) -> impl Iterator<Item = &Flow> {
        // What is open comes first; the rest may have the room that is left, the newest of it.
        let open = self.snapshot.flows.iter();
        let room = MAX_FLOWS.saturating_sub(self.snapshot.flows.iter().count()).max(MAX_FLOWS / 10);
        open.chain(self.ended.iter().rev().take(room).map(|(_, flow)| flow))
    }

    /// How many relevant flows have no room.
    pub(super) const fn left_out(&self) -> u64 {
        self.snapshot.flows.left_out()
    }

    /// Frames in a second, of late; `None` while there is nothing to go by.
    pub(super) fn frames_per_second(&self) -> Option<u64> {
        let ((from, before), (to, after)) = (self.frames.front()?, self.frames.back()?);
        let span = to.since(*from);
        (span > Span::ZERO)
            .then(|| (after.saturating_sub(*before) as f64 / span.as_secs_f64()).round() as u64)
    }
}
