//! What does not follow from frames: another witness tells it.

use super::Finding;
use crate::decode::Tuple;
use crate::frame::FrameNo;
use crate::time::Timestamp;

/// A conclusion about a flow to which the capture alone does not lead, as it becomes known: what this host's kernel says contradicts what is on
/// the wire. The report of the flow has it too, among its findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// When it became known, by the capture's clock.
    pub at: Timestamp,
    /// The time of the flow's last segment so far.
    pub time: Timestamp,
    /// The frame of that segment.
    pub frame: FrameNo,
    /// Which flow: its tuple from client to server.
    pub tuple: Tuple,
    /// Which flow: its number in the capture, from 0.
    pub index: u64,
    /// What was concluded.
    pub finding: Finding,
}
