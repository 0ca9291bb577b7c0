//! What both capture formats are made of: records that follow one another, each with its length in front.

use crate::frame::LinkType;
use crate::source::Interface;
use crate::time::Timestamp;

/// The longest record or block that is believed. What claims more is damage, not an allocation.
pub(super) const MAX_RECORD: u32 = 16 << 20;

/// A capture format, read record by record.
pub(super) trait Format {
    /// Looks at `data`, which starts at a record and may end anywhere.
    fn step(&mut self, data: &[u8]) -> Step;

    /// Hands out the interfaces that were described since the last call.
    fn take_described(&mut self) -> Vec<Interface>;

    /// Where the capture ends inside a record: what is known of the record from its `rest`, which is not empty.
    fn cut(&self, rest: &[u8]) -> Cut;
}

/// What lies at the start of the data.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A frame.
    Frame(Record),
    /// A record of this many bytes that holds no frame.
    Skip(usize),
    /// A record that needs at least this many bytes to be understood; always more than there were.
    More(usize),
    /// A record that cannot be, and why. Nothing after it can be found.
    Broken(String),
}

/// A frame in its record.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// How long the whole record is, in bytes.
    pub(super) len: usize,
    /// Where in the record the frame's bytes start.
    pub(super) start: usize,
    /// How many bytes were captured. The record holds them all.
    pub(super) cap_len: u32,
    /// How many bytes there were on the wire.
    pub(super) wire_len: u32,
    /// The link type of its interface.
    pub(super) link: LinkType,
    /// Which of the file's interfaces captured it, in the order of their descriptions.
    pub(super) interface: u32,
    /// When it was captured.
    pub(super) stamp: Stamp,
    /// Whether its lengths contradict each other.
    pub(super) malformed: bool,
}

/// A record's time stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stamp {
    /// A point in time.
    At(Timestamp),
    /// The record has none.
    Absent,
    /// It has one that cannot be, or that 64 bits of nanoseconds cannot hold.
    Impossible,
}

impl From<Option<Timestamp>> for Stamp {
    fn from(ts: Option<Timestamp>) -> Self {
        ts.map_or(Self::Impossible, Self::At)
    }
}

/// The record a capture ends in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// Whether the record would have held a frame.
    pub(super) in_frame: bool,
    /// How much there is of how much, for people.
    pub(super) detail: String,
}
