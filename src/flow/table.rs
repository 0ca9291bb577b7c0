//! The flows of one partition: records in a slab, found through an index.

use super::id::FlowId;
use super::index::Index;
use super::key::FlowKey;
use super::prefetch::prefetch;
use super::record::FlowRecord;
use super::side::Side;
use crate::decode::{Segment, Tuple};
use crate::time::Timestamp;
use ahash::RandomState;

/// Records per chunk of the slab: growing never moves a record. So many that the list of chunks stays in the cache; what of the last one
/// was never touched is no memory yet.
const CHUNK: usize = 256;

/// A segment's key, hashed: what finds its flow.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lookup {
    key: FlowKey,
    tag: u32,
    /// Whether the sender is the lower end of the key.
    src_is_low: bool,
    /// Where a flow with this tag was when the batch began; a hint.
    hint: Option<FlowId>,
}

/// Turns tuples into [`Lookup`]s. The seed is random: tuples are chosen by strangers.
#[derive(Clone, Debug, Default)]
pub struct Hasher(RandomState);

impl Hasher {
    /// The lookup of a segment's tuple, and its partition.
    #[must_use]
    pub fn lookup(&self, tuple: &Tuple) -> (usize, Lookup) {
        let (key, src_is_low) = FlowKey::of(tuple);
        let tag = self.0.hash_one(key) as u32;
        (key.partition(), Lookup { key, tag, src_is_low, hint: None })
    }
}

/// What became of a segment that was looked up.
#[derive(Debug)]
pub enum Seen {
    /// It belongs to this flow; its sender is this end.
    Known(FlowId, Side),
    /// It begins a new connection on the tuple of this flow, which is over.
    Reused(FlowId),
    /// It belongs to no flow yet.
    New,
}

/// The flows of one partition.
#[derive(Debug, Default)]
pub struct FlowTable {
    index: Index,
    chunks: Vec<Vec<FlowRecord>>,
    free: Vec<FlowId>,
}

impl FlowTable {
    /// How many flows are in the index: those that segments can still join.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether no flow is in the index.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.index.len() == 0
    }

    /// The first pass over the lookups of a row: asks for the memory of their index entries, so that the cache misses overlap.
    pub fn approach(&self, lookup: &Lookup) {
        self.index.prefetch(lookup.tag);
    }

    /// The second pass: finds the likely record of a lookup and asks for its memory.
    pub fn prepare(&self, lookup: &mut Lookup) {
        lookup.hint = self.index.find(lookup.tag, |_| true);
        if let Some(record) = lookup.hint.and_then(|id| self.get(id)) {
            prefetch(record);
        }
    }

    /// After the second pass: the likely record of a lookup, which need not be the right one.
    #[must_use]
    pub fn likely(&self, lookup: &Lookup) -> Option<&FlowRecord> {
        self.get(lookup.hint?)
    }

    /// Finds the flow a segment belongs to.
    #[must_use]
    #[inline]
    pub fn find(&self, lookup: &Lookup, seg: &Segment) -> Seen {
        let Some((id, record)) = self.find_record(lookup) else { return Seen::New };
        let sender = record.side_of(lookup.src_is_low);
        if record.is_reused_by(sender, seg) { Seen::Reused(id) } else { Seen::Known(id, sender) }
    }

    /// The flow of a tuple and which end its `src` is: for quotations, which never begin a flow.
    #[must_use]
    pub fn find_quoted(&self, lookup: &Lookup) -> Option<(FlowId, Side)> {
        let (id, record) = self.find_record(lookup)?;
        Some((id, record.side_of(lookup.src_is_low)))
    }

    #[inline]
    fn find_record(&self, lookup: &Lookup) -> Option<(FlowId, &FlowRecord)> {
        match lookup.hint.and_then(|id| self.get_if(id, lookup)) {
            None => self.search(lookup),
            found => found,
        }
    }

    /// The way without a hint, or with one that was wrong.
    #[inline(never)]
    fn search(&self, lookup: &Lookup) -> Option<(FlowId, &FlowRecord)> {
        let id = self.index.find(lookup.tag, |id| self.get_if(id, lookup).is_some())?;
        self.get_if(id, lookup)
    }

    /// The record of a flow, if it is what `lookup` looks for.
    #[inline]
    fn get_if(&self, id: FlowId, lookup: &Lookup) -> Option<(FlowId, &FlowRecord)> {
        let record = self.get(id).filter(|record| !record.is_retired() && *record.key() == lookup.key)?;
        Some((id, record))
    }

    /// Begins a flow with its first segment, as number `index` of the capture.
    pub fn insert(&mut self, lookup: &Lookup, index: u32, seg: &Segment) -> (FlowId, Side) {
        let record = FlowRecord::new(lookup.key, lookup.src_is_low, index, seg);
        let sender = record.side_of(lookup.src_is_low);
        let id = self.store(record);
        self.index.insert(lookup.tag, id);
        (id, sender)
    }

    fn store(&mut self, record: FlowRecord) -> FlowId {
        if let Some(id) = self.free.pop()
            && let Some(slot) = self.get_mut(id)
        {
            *slot = record;
            return id;
        }
        let chunk = match self.chunks.last_mut() {
            Some(chunk) if chunk.len() < CHUNK => chunk,
            _ => {
                self.chunks.push(Vec::with_capacity(CHUNK));
                // Just pushed.
                #[expect(clippy::unwrap_used, reason = "a chunk was pushed the line before")]
                self.chunks.last_mut().unwrap()
            }
        };
        chunk.push(record);
        let place = chunk.len() - 1;
        FlowId::new(((self.chunks.len() - 1) * CHUNK + place) as u32)
    }

    /// The record of a flow.
    #[must_use]
    pub fn get(&self, id: FlowId) -> Option<&FlowRecord> {
        self.chunks.get(id.place() / CHUNK)?.get(id.place() % CHUNK)
    }

    /// The record of a flow, to be changed.
    pub fn get_mut(&mut self, id: FlowId) -> Option<&mut FlowRecord> {
        self.chunks.get_mut(id.place() / CHUNK)?.get_mut(id.place() % CHUNK)
    }

    /// Takes a flow out of the index: no further segment joins it. Its record stays until it is [forgotten](Self::forget).
    pub fn retire(&mut self, id: FlowId, now: Timestamp, hasher: &Hasher) {
        let Some(record) = self.get_mut(id) else { return };
        record.retire(now);
        let tag = hasher.0.hash_one(record.key()) as u32;
        self.index.remove(tag, id);
    }

    /// Gives the place of a retired flow to others.
    pub fn forget(&mut self, id: FlowId) {
        self.free.push(id);
    }

    /// All records that were not forgotten, in no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = (FlowId, &FlowRecord)> {
        let places = self.chunks.iter().flatten().enumerate();
        places.map(|(place, record)| (FlowId::new(place as u32), record))
    }
}
