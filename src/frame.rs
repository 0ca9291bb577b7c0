//! Frames as a source hands them over: bytes, link type, time, number.

use crate::time::Timestamp;
use std::fmt;
use std::num::NonZeroU64;

/// The number of a frame: 1-based, counted before any filter, through all files of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FrameNo(NonZeroU64);

impl FrameNo {
    /// The first frame of a capture.
    pub const FIRST: Self = Self(NonZeroU64::MIN);

    /// The frame with this 1-based number; `None` for 0.
    #[must_use]
    pub const fn new(number: u64) -> Option<Self> {
        match NonZeroU64::new(number) {
            Some(n) => Some(Self(n)),
            None => None,
        }
    }

    /// The 1-based number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0.get()
    }

    /// The frame after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for FrameNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A link type: the LINKTYPE_ number of a savefile (<https://www.tcpdump.org/linktypes.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LinkType(pub u16);

impl LinkType {
    /// LINKTYPE_ETHERNET.
    pub const ETHERNET: Self = Self(1);
    /// LINKTYPE_RAW: frames begin with the IP header.
    pub const RAW: Self = Self(101);
}

/// Which of a capture's interfaces a frame was captured on: its place in [`SourceNotes::interfaces`](crate::source::SourceNotes::interfaces).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct InterfaceNo(pub u16);

impl InterfaceNo {
    /// The interface that comes `later` by so many; all that cannot be numbered share the last number.
    #[must_use]
    pub fn later(self, by: u32) -> Self {
        Self(u16::try_from(u32::from(self.0).saturating_add(by)).unwrap_or(u16::MAX))
    }
}

/// What a source already knows to be wrong with a frame, or why it leaves it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The capture filter (`-f`) does not match it.
    Filtered,
    /// Its time stamp or its lengths cannot be (a stamp outside 1677..2262, more bytes captured than were on the wire).
    Malformed,
}

/// One captured frame, borrowed from its batch.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Its number in the capture.
    pub no: FrameNo,
    /// When it was captured.
    pub ts: Timestamp,
    /// How its first bytes are to be read.
    pub link: LinkType,
    /// How many bytes it had on the wire; at least `data.len()`, unless the frame is [faulty](Fault::Malformed).
    pub wire_len: u32,
    /// The bytes that were captured.
    pub data: &'a [u8],
    /// Set where the source leaves it out or knows it to be broken.
    pub fault: Option<Fault>,
}

/// Where one frame of a [`FrameBatch`] lies, and what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct FrameMeta {
    /// Its number in the capture.
    pub no: FrameNo,
    /// When it was captured.
    pub ts: Timestamp,
    /// How its first bytes are to be read.
    pub link: LinkType,
    /// How many bytes it had on the wire.
    pub wire_len: u32,
    /// Where its captured bytes start in the batch.
    pub offset: u32,
    /// How many bytes were captured.
    pub cap_len: u32,
    /// Which interface captured it.
    pub interface: InterfaceNo,
    /// Set where the source leaves it out or knows it to be broken.
    pub fault: Option<Fault>,
}

/// How many frames a batch holds at most. Small enough that a batch and what is decoded from it stay in the L2 cache.
pub const MAX_BATCH_FRAMES: usize = 256;

/// A row of frames that owns its bytes: what travels from a source to the analysis, and later between threads.
///
/// A source reads straight into [`bytes`](Self::bytes) and pushes a [`FrameMeta`] for each frame it finds there.
#[derive(Debug, Default)]
pub struct FrameBatch {
    /// The bytes the frames lie in. What lies between frames (record headers) has no meaning.
    pub bytes: Vec<u8>,
    /// The frames, in capture order; at most [`MAX_BATCH_FRAMES`].
    pub frames: Vec<FrameMeta>,
}

impl FrameBatch {
    /// Forgets the frames and keeps the memory.
    pub fn clear(&mut self) {
        self.frames.clear();
    }

    /// Whether no further frame fits.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.frames.len() >= MAX_BATCH_FRAMES
    }

    /// The frames with their bytes.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Frame<'_>> {
        self.frames.iter().map(|meta| self.frame(meta))
    }

    /// One of the frames with its bytes. A meta that points outside the bytes yields an empty frame, never a panic.
    #[must_use]
    #[inline]
    pub fn frame(&self, meta: &FrameMeta) -> Frame<'_> {
        let start = meta.offset as usize;
        Frame {
            no: meta.no,
            ts: meta.ts,
            link: meta.link,
            wire_len: meta.wire_len,
            data: self.bytes.get(start..start + meta.cap_len as usize).unwrap_or_default(),
            fault: meta.fault,
        }
    }
}
