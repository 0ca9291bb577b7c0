//! Octets as numbers, in the byte order of the machine that wrote them.

/// The byte order of a capture, or of one section of a pcapng file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ByteOrder {
    /// Least significant octet first.
    Little,
    /// Most significant octet first.
    Big,
}

impl ByteOrder {
    /// Four octets as a number.
    pub(super) const fn u32(self, octets: [u8; 4]) -> u32 {
        match self {
            Self::Little => u32::from_le_bytes(octets),
            Self::Big => u32::from_be_bytes(octets),
        }
    }

    /// The first `N` 32-bit numbers of `data`; `None` where it is shorter.
    pub(super) fn words<const N: usize>(self, data: &[u8]) -> Option<[u32; N]> {
        let (words, _) = data.as_chunks::<4>();
        Some(words.first_chunk::<N>()?.map(|word| self.u32(word)))
    }

    /// The two 16-bit numbers a 32-bit number of this byte order was read from, in the order of the file.
    pub(super) const fn halves(self, word: u32) -> (u16, u16) {
        let (high, low) = ((word >> 16) as u16, word as u16);
        match self {
            Self::Little => (low, high),
            Self::Big => (high, low),
        }
    }

    /// Eight octets as a number; `None` where `data` is of another length.
    pub(super) fn u64(self, data: &[u8]) -> Option<u64> {
        let octets = data.try_into().ok()?;
        Some(match self {
            Self::Little => u64::from_le_bytes(octets),
            Self::Big => u64::from_be_bytes(octets),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::ByteOrder::{Big, Little};

    #[test]
    fn numbers_are_read_in_their_byte_order() {
        let octets = [0, 1, 2, 3, 4, 5, 6, 7];
        assert_eq!(Little.words::<2>(&octets), Some([0x0302_0100, 0x0706_0504]));
        assert_eq!(Big.words::<2>(&octets), Some([0x0001_0203, 0x0405_0607]));
        assert_eq!(Big.words::<3>(&octets), None);
        assert_eq!(Big.u64(&octets), Some(0x0001_0203_0405_0607));
        assert_eq!(Little.u64(&octets[1..]), None);
        for order in [Little, Big] {
            let halves = order.halves(order.u32([2, 0, 4, 0]));
            assert_eq!(halves, if order == Little { (2, 4) } else { (0x200, 0x400) });
        }
    }
}
