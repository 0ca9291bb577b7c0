//! A segment that may be a probe, while nothing has settled it.

use super::fact::Probe;
use crate::classify::{Candidate, ProbeRule};
use crate::decode::Segment;
use crate::flow::OVERTAKING;

/// A candidate that waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub(super) probe: Probe,
    pub(super) why: Candidate,
    /// Whether a segment with equal SEQ and ACK came before or after.
    pub(super) repeats: bool,
}

impl Held {
    /// Whether it deserves a label although nothing settled it: a lone bare ACK does not.
    pub(super) const fn is_suspect(&self) -> bool {
        match self.why {
            Candidate::Unproven { known } => known || self.repeats,
            Candidate::UnprovenOctet { known } => known,
            Candidate::ZeroWindow | Candidate::Octet => true,
        }
    }

    /// What an octet is of which the peer now acknowledges the number.
    pub(super) fn octet_acknowledged(&self, by: &Segment) -> Option<Label> {
        let Probe { seq, psh, ts, new_at, .. } = self.probe;
        if by.ack != Some(self.probe.snd_nxt()) {
            return None;
        }
        let came_twice = by.options.first_sack == Some((seq, self.probe.snd_nxt()));
        let soon = new_at.is_some_and(|at| ts.since(at) < OVERTAKING);
        match (came_twice, self.why) {
            // With PSH it was data both times (R2).
            (true, _) if psh => Some(self.undecided()),
            // A D-SACK (RFC 2883).
            (true, _) => Some(Label::Probe(ProbeRule::Proved)),
            // It was sent twice within a second and is acknowledged only now (R6).
            (false, Candidate::UnprovenOctet { known: true }) if soon => Some(Label::Retransmission),
            _ => None,
        }
    }

    /// What it is when nothing settles it.
    pub(super) const fn undecided(&self) -> Label {
        if self.is_suspect() { Label::Undecided } else { Label::Nothing }
    }
}

/// What a candidate turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Probe(ProbeRule),
    WindowProbe,
    Retransmission,
    Undecided,
    Nothing,
}
