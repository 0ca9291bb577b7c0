//! Second copies of a segment, as SPAN ports, the `any` device and bridges deliver them.

use crate::decode::Segment;
use crate::time::{Span, Timestamp};

/// How far apart two copies come at most where the IP identification tells packets apart.
const TOLD_BY_IP_ID: Span = Span::from_millis(250);

/// How far apart where it does not (IPv6, or an identification that never changes).
const UNTOLD: Span = Span::from_millis(1);

/// Nanoseconds per unit of [`Prints::older_at`], as a shift: about 65 µs, so that 32 bits reach three days.
const UNIT_SHIFT: u32 = 16;

/// The identities of the last two segments of a half. The newer one's time is the half's `last_sent`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Prints {
    newer: u32,
    older: u32,
    older_at: u32,
}

fn coarse(ts: Timestamp) -> u32 {
    (ts.0 >> UNIT_SHIFT) as u32
}

impl Prints {
    /// Whether a segment with this identity, captured at `ts`, is a second copy of one of them. `last_sent`: the newer one's time;
    /// `told_by_id`: the sender's IP identifications tell its packets apart.
    pub(super) fn hold_copy(
        &self,
        print: u32,
        ts: Timestamp,
        last_sent: Timestamp,
        told_by_id: bool,
    ) -> bool {
        let apart = if told_by_id { TOLD_BY_IP_ID } else { UNTOLD };
        if self.newer == print {
            return ts.since(last_sent).is_within(apart);
        }
        let units = coarse(ts).wrapping_sub(self.older_at) as i32;
        self.older == print && i64::from(units.unsigned_abs()) << UNIT_SHIFT <= apart.0
    }

    /// Remembers a segment whose predecessor was sent at `last_sent`.
    pub(super) fn push(&mut self, print: u32, last_sent: Timestamp) {
        *self = Self { newer: print, older: self.newer, older_at: coarse(last_sent) };
    }
}

/// The identity of a segment: all that a copy shares with its original. Not the TTL, which a router counts down in between.
pub(super) fn print_of(seg: &Segment) -> u32 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let (tsval, tsecr) = seg.options.timestamps.unwrap_or_default();
    let (left, right) = seg.options.first_sack.unwrap_or_default();
    let words = [
        u64::from(seg.seq.0) << 32 | u64::from(seg.ack.unwrap_or_default().0),
        u64::from(tsval) << 32 | u64::from(tsecr),
        u64::from(left.0) << 32 | u64::from(right.0),
        u64::from(seg.payload_len) << 32
            | u64::from(seg.window) << 16
            | u64::from(seg.ip_id.unwrap_or_default()),
    ];
    let mixed =
        words.iter().fold(u64::from(seg.flags.0), |h, w| (h.rotate_left(23) ^ w).wrapping_mul(FACTOR));
    // 0 stands for "none yet".
    ((mixed >> 32) as u32).max(1)
}
