//! Random numbers that are the same in every run.

/// SplitMix64.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Less than `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    pub(crate) fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.next() as u8).collect()
    }

    /// Changes a few of `bytes`, mostly in ways that lengths and counts dislike.
    pub(crate) fn damage(&mut self, bytes: &mut [u8]) {
        if bytes.is_empty() {
            return;
        }
        for _ in 0..=self.below(6) {
            let at = self.below(bytes.len());
            let byte = &mut bytes[at];
            *byte = match self.below(6) {
                0 => 0,
                1 => 0xFF,
                2 => byte.wrapping_add(1),
                3 => byte.wrapping_sub(1),
                4 => *byte ^ 1 << self.below(8),
                _ => self.next() as u8,
            };
        }
    }
}
