//! One partition: its flows, and the tracks of those with look-alikes.

use super::FlowRef;
use super::evictor::{Evictor, Rank};
use super::output::Decisions;
use crate::flow::{FlowId, FlowTable, Side, TrackId};
use crate::frame::FrameNo;
use crate::run::{Context, Track};

/// One of the partitions that flows are spread over.
#[derive(Debug)]
pub(super) struct Partition {
    pub(super) table: FlowTable,
    pub(super) evictor: Evictor,
    tracks: Vec<Option<Box<Track>>>,
    free: Vec<TrackId>,
}

impl Partition {
    pub(super) fn new(bound: Option<usize>) -> Self {
        Self {
            table: FlowTable::default(),
            evictor: Evictor::new(bound),
            tracks: Vec::new(),
            free: Vec::new(),
        }
    }

    /// The track of a flow, if it has one.
    pub(super) fn track(&self, id: FlowId) -> Option<&Track> {
        let TrackId(place) = self.table.get(id)?.track()?;
        self.tracks.get(place as usize)?.as_deref()
    }

    /// The rank of a flow that is still in the table.
    pub(super) fn rank(&self, id: FlowId) -> Option<Rank> {
        let record = self.table.get(id).filter(|record| !record.is_retired())?;
        let probed =
            self.track(id).is_some_and(|track| Side::BOTH.into_iter().any(|side| track.has_probes(side)));
        Some(if probed {
            Rank::Probing
        } else if record.has_ended() {
            Rank::Ended
        } else if record.is_one_sided() {
            if record.began_with_handshake() { Rank::NeverEstablished } else { Rank::OneSided }
        } else {
            Rank::Established
        })
    }

    /// The flow that has to go before another can begin; `None` while there is room.
    pub(super) fn victim(&mut self) -> Option<FlowRef> {
        let mut evictor = std::mem::take(&mut self.evictor);
        let rank_of = |flow: FlowRef| {
            let is_it = self.table.get(flow.id).is_some_and(|record| record.index() == flow.index);
            if is_it { self.rank(flow.id) } else { None }
        };
        if evictor.is_overgrown() {
            evictor.prune(|flow| rank_of(flow).is_some());
        }
        let victim = if evictor.is_full(self.table.len()) { evictor.pick(rank_of) } else { None };
        self.evictor = evictor;
        victim
    }

    /// Lets `act` work on a flow's track, made for it where there is none; a track with nothing to remember is dropped again.
    /// `act` is told whether the flow is one-sided so far.
    pub(super) fn with_track(
        &mut self,
        id: FlowId,
        decided: Option<FrameNo>,
        decisions: &mut Decisions,
        act: impl FnOnce(&mut Track, bool, &mut Context<'_>),
    ) {
        let Some(record) = self.table.get(id) else { return };
        let place = record.track();
        let mut context = Context {
            events: decisions.wanted.then_some(&mut decisions.events),
            tuple: record.tuple(),
            index: u64::from(record.index()),
            decided,
            time_steps: &mut decisions.time_steps,
            side: Side::Client,
        };
        let one_sided = record.is_one_sided();
        let taken = place.and_then(|TrackId(p)| self.tracks.get_mut(p as usize)?.take());
        let mut track = taken.unwrap_or_default();
        act(&mut track, one_sided, &mut context);
        let keep = !track.is_empty();
        let place = match place {
            Some(place) => place,
            None if keep => self.new_place(),
            None => return,
        };
        if let Some(slot) = self.tracks.get_mut(place.0 as usize) {
            *slot = keep.then_some(track);
        }
        if !keep {
            self.free.push(place);
        }
        if let Some(record) = self.table.get_mut(id) {
            record.set_track(keep.then_some(place));
        }
    }

    /// Drops the track of a flow that is forgotten.
    pub(super) fn drop_track(&mut self, id: FlowId) {
        if let Some(record) = self.table.get_mut(id)
            && let Some(place) = record.track()
        {
            record.set_track(None);
            if let Some(slot) = self.tracks.get_mut(place.0 as usize) {
                *slot = None;
            }
            self.free.push(place);
        }
    }

    fn new_place(&mut self) -> TrackId {
        self.free.pop().unwrap_or_else(|| {
            self.tracks.push(None);
            TrackId(self.tracks.len() as u32 - 1)
        })
    }
}
