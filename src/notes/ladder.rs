//! Data that was sent again and again: what the other end has not acknowledged since it was last heard of.

use super::at;
use crate::classify::Class;
use crate::flow::{Observation, Side};
use crate::frame::FrameNo;
use crate::seq::SeqNum;
use crate::time::Timestamp;
use smallvec::SmallVec;

/// How many of the first retransmissions are kept, and how many of the last.
const KEPT: usize = 8;

/// A transmission: when, and in which frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rung {
    /// When it was sent.
    pub at: Timestamp,
    /// Its frame.
    pub frame: FrameNo,
}

/// What one end sent while nothing of it was in flight: the oldest octets that may be unacknowledged.
#[derive(Clone, Copy, Debug)]
struct Flight {
    rung: Rung,
    seq: SeqNum,
}

/// The retransmissions of one end since the other was last heard of.
#[derive(Clone, Debug, Default)]
pub struct Ladder {
    original: Option<Rung>,
    newest_at: Option<Timestamp>,
    total: u32,
    /// The first eight, and behind them the last eight as a ring.
    rungs: SmallVec<[Rung; 2]>,
}

/// The ladders of both ends.
#[derive(Clone, Debug, Default)]
pub(super) struct Ladders {
    flights: [Option<Flight>; 2],
    ladders: [Option<Box<Ladder>>; 2],
}

impl Ladders {
    /// Whether the segment carries, once more, what is not acknowledged.
    pub(super) fn begins_with(o: &Observation<'_>, class: Class) -> bool {
        let again = match class {
            Class::Retransmission | Class::OneOctetRetransmission => true,
            Class::Fin => !o.sends_new(),
            _ => false,
        };
        again && o.sender.snd_una().is_none_or(|una| o.seg.end().is_after(una))
    }

    pub(super) fn observe(&mut self, o: &Observation<'_>, class: Class) {
        let is_sign_of_life = !matches!(class, Class::Reset) && !class.is_probe_like();
        if is_sign_of_life {
            self.hear(o);
        }
        let rung = Rung { at: o.seg.ts, frame: o.seg.frame };
        let (Some(flight), Some(ladder)) =
            (self.flights.get_mut(at(o.side)), self.ladders.get_mut(at(o.side)))
        else {
            return;
        };
        if Self::begins_with(o, class) {
            let original = flight.as_ref().filter(|flight| !flight.seq.is_after(o.seg.seq));
            let ladder = ladder.get_or_insert_default();
            if ladder.total == 0 {
                ladder.original = original.map(|flight| flight.rung);
                ladder.newest_at = o.sender.new_at();
            }
            ladder.push(rung);
        } else if matches!(class, Class::Data | Class::Fin)
            && o.sends_new()
            && o.sender.has_nothing_in_flight()
        {
            *flight = Some(Flight { rung, seq: o.seg.seq });
        }
    }

    /// The other end is alive: what was repeated before tells nothing of its end. What it acknowledges is no longer in flight.
    fn hear(&mut self, o: &Observation<'_>) {
        let peer = at(!o.side);
        let acknowledges = |seq: SeqNum| o.seg.ack.is_some_and(|ack| ack.is_after(seq));
        if let Some(flight) = self.flights.get_mut(peer) {
            flight.take_if(|flight| acknowledges(flight.seq));
        }
        if let Some(Some(ladder)) = self.ladders.get_mut(peer) {
            ladder.total = 0;
            ladder.rungs.clear();
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        Side::BOTH.into_iter().all(|side| self.of(side).is_none())
    }

    pub(super) fn of(&self, side: Side) -> Option<&Ladder> {
        self.ladders.get(at(side))?.as_deref().filter(|ladder| ladder.total > 0)
    }
}

impl Ladder {
    fn push(&mut self, rung: Rung) {
        if self.rungs.len() < KEPT * 2 {
            self.rungs.push(rung);
        } else if let Some(place) = self.rungs.get_mut(KEPT + self.total as usize % KEPT) {
            *place = rung;
        }
        self.total = self.total.saturating_add(1);
    }

    /// The first transmission of what was repeated; `None` where it was sent while more was in flight, or before there were notes.
    #[must_use]
    pub const fn original(&self) -> Option<Rung> {
        self.original
    }

    /// When its sender last sent something new before the first retransmission: the original is not later.
    #[must_use]
    pub const fn newest_at(&self) -> Option<Timestamp> {
        self.newest_at
    }

    /// How many retransmissions there were.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.total as u64
    }

    /// The first of them, up to eight, in order.
    pub fn first(&self) -> impl DoubleEndedIterator<Item = Rung> + '_ {
        self.rungs.iter().take(KEPT).copied()
    }

    /// The last of them behind [`first`](Self::first), up to eight, in order.
    pub fn last(&self) -> impl DoubleEndedIterator<Item = Rung> + '_ {
        let ring = self.rungs.get(KEPT..).unwrap_or_default();
        let oldest = if self.rungs.len() < KEPT * 2 { 0 } else { self.total as usize % KEPT };
        let (newer, older) = ring.split_at(oldest.min(ring.len()));
        older.iter().chain(newer).copied()
    }
}
