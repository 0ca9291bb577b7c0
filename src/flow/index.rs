//! Finds a flow by the hash of its key.
//!
//! Our own table and not a library's for one reason: with hundreds of thousands of flows nearly all the time of a look-up is one cache
//! miss here and one at the record, and only a table whose slots can be [prefetched](Index::prefetch) lets those of a row of segments
//! overlap. On 500,000 interleaved flows that is worth a factor of two.

use super::id::FlowId;
use super::prefetch::prefetch;

/// An entry: 32 bits of the key's hash, and the flow.
#[derive(Clone, Copy, Debug)]
struct Slot {
    tag: u32,
    id: FlowId,
}

/// The smallest table that is made.
const SMALLEST: usize = 16;

/// Open addressing with linear probing, at most three quarters full (Knuth, TAOCP 6.4, Algorithm L and R).
#[derive(Debug, Default)]
pub(super) struct Index {
    /// A power of two of them, or none.
    slots: Vec<Option<Slot>>,
    len: usize,
}

impl Index {
    /// How many entries there are.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    const fn mask(&self) -> usize {
        self.slots.len().wrapping_sub(1)
    }

    /// The places where `tag` may be, in order, up to the first free one.
    fn probe(&self, tag: u32) -> impl Iterator<Item = (usize, Slot)> {
        let mask = self.mask();
        let places = (0..self.slots.len()).map(move |step| (tag as usize).wrapping_add(step) & mask);
        places.map_while(|place| Some((place, (*self.slots.get(place)?)?)))
    }

    /// Asks for the memory that looking up `tag` will touch.
    pub(super) fn prefetch(&self, tag: u32) {
        if let Some(slot) = self.slots.get(tag as usize & self.mask()) {
            prefetch(slot);
        }
    }

    /// The first entry with this tag that `is_it` accepts.
    pub(super) fn find(&self, tag: u32, mut is_it: impl FnMut(FlowId) -> bool) -> Option<FlowId> {
        self.probe(tag).find(|(_, slot)| slot.tag == tag && is_it(slot.id)).map(|(_, slot)| slot.id)
    }

    /// Adds an entry.
    pub(super) fn insert(&mut self, tag: u32, id: FlowId) {
        if self.len * 4 >= self.slots.len() * 3 {
            let larger = vec![None; (self.slots.len() * 2).max(SMALLEST)];
            for slot in std::mem::replace(&mut self.slots, larger).into_iter().flatten() {
                self.place(slot);
            }
        }
        self.place(Slot { tag, id });
        self.len += 1;
    }

    fn place(&mut self, slot: Slot) {
        let mask = self.mask();
        let mut place = slot.tag as usize & mask;
        while self.slots.get(place).is_some_and(Option::is_some) {
            place = (place + 1) & mask;
        }
        if let Some(free) = self.slots.get_mut(place) {
            *free = Some(slot);
        }
    }

    /// Removes the entry of a flow.
    pub(super) fn remove(&mut self, tag: u32, id: FlowId) {
        let Some((mut hole, _)) = self.probe(tag).find(|(_, slot)| slot.tag == tag && slot.id == id) else {
            return;
        };
        self.len -= 1;
        // What follows without a gap moves up where that brings it nearer to its own place.
        let mask = self.mask();
        let mut place = hole;
        loop {
            place = (place + 1) & mask;
            let next = self.slots.get(place).copied().flatten();
            let Some(slot) = next else { break };
            let distance = |to: usize| to.wrapping_sub(slot.tag as usize) & mask;
            if distance(hole) < distance(place) {
                if let Some(free) = self.slots.get_mut(hole) {
                    *free = next;
                }
                hole = place;
            }
        }
        if let Some(free) = self.slots.get_mut(hole) {
            *free = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FlowId, Index};
    use std::collections::HashMap;

    #[test]
    fn finds_what_a_hash_map_finds_whatever_comes_and_goes() {
        let (mut index, mut model) = (Index::default(), HashMap::new());
        let mut state = 7_u32;
        for step in 0..20_000_u32 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            // Few distinct tags, so that entries collide and wrap around the end.
            let (tag, id) = ((state >> 16) % 97 * 0x0101_0101, FlowId::new(state >> 20));
            if step % 3 == 0 {
                index.remove(tag, id);
                model.remove(&(tag, id));
            } else if model.insert((tag, id), ()).is_none() {
                index.insert(tag, id);
            }
            assert_eq!(index.find(tag, |found| found == id), model.contains_key(&(tag, id)).then_some(id));
            assert_eq!(index.len(), model.len());
        }
        assert!(model.keys().all(|&(tag, id)| index.find(tag, |found| found == id).is_some()));
    }
}
