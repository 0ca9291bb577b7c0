//! TCP options.

use super::Options;
use crate::seq::SeqNum;

impl Options {
    /// Reads the options that count from what was captured of them (RFC 9293 §3.1).
    ///
    /// An option with a length that cannot be, or one that was cut off, ends the reading but not the segment: what stood
    /// before it holds. A known kind with another length than its own is stepped over.
    pub(super) fn read(mut bytes: &[u8]) -> Self {
        let mut options = Self::default();
        while let Some((&kind, rest)) = bytes.split_first() {
            match kind {
                END => break,
                NOP => {
                    bytes = rest;
                    continue;
                }
                _ => {}
            }
            let Some((&len, rest)) = rest.split_first() else { break };
            let Some((value, rest)) = usize::from(len).checked_sub(2).and_then(|n| rest.split_at_checked(n))
            else {
                break;
            };
            options.note(kind, value);
            bytes = rest;
        }
        options
    }

    /// Notes one option; where a kind comes twice the last one counts, as it does for the receiver.
    fn note(&mut self, kind: u8, value: &[u8]) {
        match (kind, value) {
            (WINDOW_SCALE, &[shift]) => self.window_scale = Some(shift),
            (SACK_PERMITTED, []) => self.sack_permitted = true,
            (SACK, &[a, b, c, d, e, f, g, h, ..]) if value.len().is_multiple_of(8) => {
                self.first_sack = Some((seq([a, b, c, d]), seq([e, f, g, h])));
                self.sack_blocks = (value.len() / 8) as u8;
            }
            (TIMESTAMPS, &[a, b, c, d, e, f, g, h]) => {
                self.timestamps = Some((u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h])));
            }
            _ => {}
        }
    }
}

/// A sequence number in network order.
const fn seq(bytes: [u8; 4]) -> SeqNum {
    SeqNum(u32::from_be_bytes(bytes))
}

/// End of option list.
const END: u8 = 0;
/// No operation.
pub(super) const NOP: u8 = 1;
/// Window scale (RFC 7323 §2).
const WINDOW_SCALE: u8 = 3;
/// SACK permitted (RFC 2018 §2).
const SACK_PERMITTED: u8 = 4;
/// SACK blocks (RFC 2018 §3).
const SACK: u8 = 5;
/// Timestamps (RFC 7323 §3).
pub(super) const TIMESTAMPS: u8 = 8;

#[cfg(test)]
mod tests {
    use super::{Options, SeqNum};

    #[test]
    fn the_options_of_a_linux_syn() {
        let o = Options::read(&[2, 4, 5, 0xB4, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 0, 1, 3, 3, 7]);
        assert_eq!((o.window_scale, o.sack_permitted, o.timestamps), (Some(7), true, Some((9, 0))));
        assert_eq!((o.first_sack, o.sack_blocks), (None, 0));
    }

    #[test]
    fn a_duplicate_sack_and_the_block_behind_it() {
        let o = Options::read(&[1, 1, 5, 18, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 9, 0, 0, 0, 12]);
        assert_eq!((o.first_sack, o.sack_blocks), (Some((SeqNum(1), SeqNum(2))), 2));
    }

    #[test]
    fn unknown_kinds_are_stepped_over() {
        let md5 = [19, 18, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 3, 3, 2];
        assert_eq!(Options::read(&md5).window_scale, Some(2));
    }

    #[test]
    fn a_broken_length_ends_the_reading_and_keeps_what_was_read() {
        for broken in
            [&[3, 3, 5, 8, 0, 4, 2][..], &[3, 3, 5, 8, 1, 4, 2], &[3, 3, 5, 8, 10, 4, 2], &[3, 3, 5, 4]]
        {
            let o = Options::read(broken);
            assert_eq!((o.window_scale, o.sack_permitted, o.timestamps), (Some(5), false, None));
        }
        assert!(!Options::read(&[0, 4, 2]).sack_permitted);
    }

    #[test]
    fn a_known_kind_of_another_length_says_nothing() {
        let o = Options::read(&[3, 2, 8, 6, 0, 0, 0, 0, 5, 9, 0, 0, 0, 0, 0, 0, 0, 5, 2, 4, 2]);
        assert_eq!(o, Options { sack_permitted: true, ..Options::default() });
    }
}
