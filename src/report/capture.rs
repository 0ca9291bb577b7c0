//! What was read.

use crate::decode::Skip;
use crate::source::{Dropped, SourcePiece};
use crate::time::Timestamp;

/// What was read, and what became of every frame.
#[derive(Clone, Debug, Default)]
pub struct Capture {
    /// The inputs.
    pub sources: Vec<SourcePiece>,
    /// The first frame's time.
    pub start: Option<Timestamp>,
    /// The last frame's time.
    pub end: Option<Timestamp>,
    /// All frames.
    pub frames: u64,
    /// Their bytes on the wire.
    pub bytes: u64,
    /// Frames that held a TCP segment, without duplicates.
    pub segments: u64,
    /// Frames that held an ICMP error about a TCP segment.
    pub icmp_errors: u64,
    /// Second copies of segments.
    pub duplicates: u64,
    /// Frames that held neither, by reason, in the order of [`Skip::ALL`].
    pub skipped: [u64; Skip::ALL.len()],
    /// Samples that were dropped because time ran backwards.
    pub time_steps: u64,
    /// Frames the capturing machine lost; `None` where the capture does not say.
    pub dropped: Option<Dropped>,
    /// Flows that left the table because it was full.
    pub evicted_flows: u64,
    /// Damage and oddities of the input, a line each.
    pub warnings: Vec<String>,
}
