//! Numbers in less room.

/// A 48-bit count: frames and octets of one flow need no more, and a record is kept for each of millions of flows.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct U48([u16; 3]);

impl U48 {
    /// `value`, or the largest there is.
    pub(super) fn new(value: u64) -> Self {
        let v = value.min((1 << 48) - 1);
        Self([v as u16, (v >> 16) as u16, (v >> 32) as u16])
    }

    /// As a number to count with.
    pub(super) fn get(self) -> u64 {
        u64::from(self.0[0]) | u64::from(self.0[1]) << 16 | u64::from(self.0[2]) << 32
    }
}
