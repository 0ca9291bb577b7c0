//! The last frames of flows, and what is said of each.

use super::MAX_FRAMES;
use crate::evidence::comments::comment;
use crate::frame::{FrameMeta, FrameNo};
use std::collections::{BTreeSet, HashMap, VecDeque};

/// What a flow takes beside its frames: its places in the maps.
const OVERHEAD: usize = size_of::<Ring>() + 2 * size_of::<(FrameNo, u64)>();

/// A frame that is kept.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) meta: FrameMeta,
    pub(super) data: Vec<u8>,
    /// What is said of it.
    pub(super) said: Vec<String>,
}

impl Kept {
    fn memory(&self) -> usize {
        let said = self.said.iter().map(|words| size_of::<String>() + words.capacity()).sum::<usize>();
        size_of::<Self>() + self.data.capacity() + said
    }
}

/// The last frames of a flow, in the order of the capture.
#[derive(Debug, Default)]
pub(super) struct Ring {
    frames: VecDeque<Kept>,
    /// How many frames were let go to make room for later ones.
    earlier: u64,
    memory: usize,
}

impl Ring {
    /// Adds a frame, in the place of the oldest where the ring is full: then nothing is allocated.
    fn push(&mut self, meta: &FrameMeta, data: &[u8]) {
        let is_full = self.frames.len() >= MAX_FRAMES;
        let oldest = if is_full { self.frames.pop_front() } else { None };
        let mut kept = match oldest {
            Some(oldest) => {
                self.earlier += 1;
                self.memory = self.memory.saturating_sub(oldest.memory());
                oldest
            }
            None => Kept { meta: *meta, data: Vec::with_capacity(data.len()), said: Vec::new() },
        };
        kept.meta = *meta;
        kept.data.clear();
        kept.data.extend_from_slice(data);
        kept.said.clear();
        self.memory += kept.memory();
        self.frames.push_back(kept);
    }

    fn say(&mut self, frame: FrameNo, words: impl FnOnce() -> String) {
        let Ok(place) = self.frames.binary_search_by_key(&frame, |kept| kept.meta.no) else { return };
        if let Some(kept) = self.frames.get_mut(place) {
            let words = comment(&words());
            self.memory += size_of::<String>() + words.capacity();
            kept.said.push(words);
        }
    }

    fn last(&self) -> Option<FrameNo> {
        self.frames.back().map(|kept| kept.meta.no)
    }
}

/// The rings of flows, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Rings {
    by_flow: HashMap<u64, Ring>,
    /// The last frame of each: those first that said nothing for longest.
    by_age: BTreeSet<(FrameNo, u64)>,
    memory: usize,
}

impl Rings {
    /// Whether there are frames of the flow `index`.
    pub(super) fn has(&self, index: u64) -> bool {
        self.by_flow.contains_key(&index)
    }

    /// How many flows there are.
    pub(super) fn len(&self) -> u64 {
        self.by_flow.len() as u64
    }

    /// How much memory they take, in bytes.
    pub(super) const fn memory(&self) -> usize {
        self.memory
    }

    /// How many frames of these flows were let go.
    pub(super) fn earlier(&self) -> u64 {
        self.by_flow.values().map(|ring| ring.earlier).sum()
    }

    /// All frames, in no order.
    pub(super) fn frames(&self) -> impl Iterator<Item = &Kept> {
        self.by_flow.values().flat_map(|ring| &ring.frames)
    }

    /// Adds a frame of the flow `index`, of which `data` is to be kept.
    pub(super) fn push(&mut self, index: u64, meta: &FrameMeta, data: &[u8]) {
        self.change(index, |ring| ring.push(meta, data));
    }

    /// Says `words` of a frame of the flow `index`, if it is still there.
    pub(super) fn say(&mut self, index: u64, frame: FrameNo, words: impl FnOnce() -> String) {
        if self.has(index) {
            self.change(index, |ring| ring.say(frame, words));
        }
    }

    /// Takes the frames of the flow `index` out.
    pub(super) fn take(&mut self, index: u64) -> Option<Ring> {
        let ring = self.by_flow.remove(&index)?;
        self.memory = self.memory.saturating_sub(ring.memory + OVERHEAD);
        ring.last().map(|last| self.by_age.remove(&(last, index)));
        Some(ring)
    }

    /// Puts the frames of the flow `index` in.
    pub(super) fn put(&mut self, index: u64, ring: Ring) {
        self.memory += ring.memory + OVERHEAD;
        ring.last().map(|last| self.by_age.insert((last, index)));
        self.by_flow.insert(index, ring);
    }

    /// Forgets the flow whose last frame is the oldest.
    pub(super) fn let_go_of_quietest(&mut self) {
        if let Some((_, index)) = self.by_age.first().copied() {
            self.take(index);
        }
    }

    fn change(&mut self, index: u64, change: impl FnOnce(&mut Ring)) {
        let ring = self.by_flow.entry(index).or_insert_with(|| {
            self.memory += OVERHEAD;
            Ring::default()
        });
        let (memory, last) = (ring.memory, ring.last());
        change(ring);
        self.memory = (self.memory + ring.memory).saturating_sub(memory);
        if ring.last() != last {
            last.map(|last| self.by_age.remove(&(last, index)));
            ring.last().map(|last| self.by_age.insert((last, index)));
        }
    }
}
