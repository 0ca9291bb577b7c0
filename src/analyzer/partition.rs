//! One partition: its flows, and the annexes of those about which there is more to remember than a record holds.

use super::FlowRef;
use super::evictor::{Evictor, Rank};
use super::output::Decisions;
use super::tally::{self, Tally};
use crate::flow::{AnnexId, FlowId, FlowRecord, FlowTable, Hasher, Side, prefetch};
use crate::frame::FrameNo;
use crate::notes::Notes;
use crate::run::{Close, Context, Track};
use crate::time::Timestamp;

/// What is remembered of a flow beside its record.
#[derive(Debug, Default)]
struct Annex {
    /// Its probes.
    track: Option<Box<Track>>,
    /// Everything else.
    notes: Option<Box<Notes>>,
}

/// One of the partitions that flows are spread over.
#[derive(Debug)]
pub(super) struct Partition {
    pub(super) table: FlowTable,
    pub(super) evictor: Evictor,
    pub(super) tally: Tally,
    annexes: Vec<Annex>,
    free: Vec<AnnexId>,
}

impl Partition {
    pub(super) fn new(bound: Option<usize>) -> Self {
        Self {
            table: FlowTable::default(),
            evictor: Evictor::new(bound),
            tally: Tally::default(),
            annexes: Vec::new(),
            free: Vec::new(),
        }
    }

    /// The track of a flow, if it has one.
    pub(super) fn track(&self, id: FlowId) -> Option<&Track> {
        self.annex(id)?.track.as_deref()
    }

    /// The track of a flow as it would be if everything were over at `now`, in so far as that differs from what it is.
    pub(super) fn track_if_over(&self, id: FlowId, now: Timestamp, lost: Option<Timestamp>) -> Option<Track> {
        let record = self.table.get(id)?;
        let mut track = self.track(id).filter(|track| track.is_unsettled())?.clone();
        let mut context = Context {
            events: None,
            tuple: record.tuple(),
            index: u64::from(record.index()),
            decided: None,
            time_steps: &mut 0,
            lost,
            side: Side::Client,
        };
        track.close(Close::Capture, now, record.is_one_sided(), &mut context);
        Some(track)
    }

    /// The notes on a flow, if there are any.
    pub(super) fn notes(&self, id: FlowId) -> Option<&Notes> {
        self.annex(id)?.notes.as_deref()
    }

    fn annex(&self, id: FlowId) -> Option<&Annex> {
        let AnnexId(place) = self.table.get(id)?.annex()?;
        self.annexes.get(place as usize)
    }

    /// Asks for the memory of a flow's record.
    pub(super) fn approach(&self, id: FlowId) {
        if let Some(record) = self.table.get(id) {
            prefetch(record);
        }
    }

    /// Asks for the memory of what is remembered of a flow beside its record: the third pass over the lookups of a row, and whoever takes
    /// flows one after the other.
    pub(super) fn approach_annex(&self, record: Option<&FlowRecord>) {
        let place = record.and_then(FlowRecord::annex);
        let Some(annex) = place.and_then(|AnnexId(place)| self.annexes.get(place as usize)) else { return };
        if let Some(track) = annex.track.as_deref() {
            prefetch(track);
        }
        if let Some(notes) = annex.notes.as_deref() {
            prefetch(notes);
        }
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

    /// Lets `act` work on a flow's track. Where there is none, one is made if it `begins` now, and dropped again if it has nothing to
    /// remember. `act` is told whether the flow is one-sided so far.
    pub(super) fn with_track(
        &mut self,
        id: FlowId,
        begins: bool,
        decided: Option<FrameNo>,
        decisions: &mut Decisions,
        act: impl FnOnce(&mut Track, bool, &mut Context<'_>),
    ) {
        let Some(record) = self.table.get(id) else { return };
        let mut context = Context {
            events: decisions.wanted.then_some(&mut decisions.events),
            tuple: record.tuple(),
            index: u64::from(record.index()),
            decided,
            time_steps: &mut decisions.time_steps,
            lost: decisions.lost,
            side: Side::Client,
        };
        let one_sided = record.is_one_sided();
        let (mut before, mut after) = Default::default();
        self.with_annex(id, |annex| {
            if annex.track.is_none() && !begins {
                return;
            }
            before = tally::marks(annex.track.as_deref());
            let track = annex.track.get_or_insert_default();
            act(track, one_sided, &mut context);
            annex.track.take_if(|track| track.is_empty());
            after = tally::marks(annex.track.as_deref());
        });
        if before != after {
            self.tally.track(before, after);
        }
    }

    /// Lets `act` work on the notes on a flow, as [`with_track`](Self::with_track) does on its track.
    pub(super) fn with_notes(&mut self, id: FlowId, begins: bool, act: impl FnOnce(&mut Notes)) {
        self.with_annex(id, |annex| {
            if annex.notes.is_none() && !begins {
                return;
            }
            act(annex.notes.get_or_insert_default());
            annex.notes.take_if(|notes| notes.is_empty());
        });
    }

    /// Lets `act` work on a flow's annex, which is made for it where there is none, and given back where it ends empty.
    fn with_annex(&mut self, id: FlowId, act: impl FnOnce(&mut Annex)) {
        let place = self.table.get(id).and_then(FlowRecord::annex);
        let kept = place.and_then(|AnnexId(place)| self.annexes.get_mut(place as usize));
        let mut annex = kept.map(std::mem::take).unwrap_or_default();
        act(&mut annex);
        let keep = annex.track.is_some() || annex.notes.is_some();
        let place = match place {
            Some(place) => place,
            None if keep => self.new_place(),
            None => return,
        };
        if let Some(slot) = self.annexes.get_mut(place.0 as usize) {
            *slot = annex;
        }
        self.give_place(id, place, keep);
    }

    /// Takes a flow out of the table's index: no further segment joins it.
    pub(super) fn retire(&mut self, id: FlowId, now: Timestamp, hasher: &Hasher) {
        if let Some(record) = self.table.get(id) {
            self.tally.leave(record.state());
            self.tally.track(tally::marks(self.track(id)), (false, false));
        }
        self.table.retire(id, now, hasher);
    }

    /// Drops everything about a flow that is forgotten, but its record.
    pub(super) fn drop_annex(&mut self, id: FlowId) {
        if let Some(place) = self.table.get(id).and_then(FlowRecord::annex) {
            if let Some(slot) = self.annexes.get_mut(place.0 as usize) {
                *slot = Annex::default();
            }
            self.give_place(id, place, false);
        }
    }

    fn give_place(&mut self, id: FlowId, place: AnnexId, keep: bool) {
        if !keep {
            self.free.push(place);
        }
        if let Some(record) = self.table.get_mut(id) {
            record.set_annex(keep.then_some(place));
        }
    }

    fn new_place(&mut self) -> AnnexId {
        self.free.pop().unwrap_or_else(|| {
            self.annexes.push(Annex::default());
            AnnexId(self.annexes.len() as u32 - 1)
        })
    }
}
