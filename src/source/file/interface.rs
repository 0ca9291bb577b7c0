//! A pcapng interface: link type, snapshot length, the meaning of its time stamps, and what it dropped.

use super::bytes::ByteOrder;
use super::record::Stamp;
use crate::frame::LinkType;
use crate::source::link::link_type;
use crate::source::{self, Dropped};
use crate::time::{NANOS_PER_SECOND, Timestamp};
use pcap_parser::{InterfaceDescriptionBlock, InterfaceStatisticsBlock, OptionCode, PcapNGOption};

/// How many characters of a name or a description are remembered.
const MAX_TEXT: usize = 256;

/// One interface of a section.
#[derive(Debug)]
pub(super) struct Interface {
    /// Its place among all interfaces that the file described so far.
    pub(super) number: u32,
    /// The link type of its frames.
    pub(super) link: LinkType,
    /// How many bytes of a frame it captures at most; 0: no limit.
    pub(super) snaplen: u32,
    resolution: Resolution,
    /// What its latest statistics block counts.
    pub(super) dropped: Option<Dropped>,
}

/// What one unit of a time stamp is, and when unit 0 was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Resolution {
    unit: Unit,
    /// Nanoseconds from the epoch to the time stamp 0.
    offset: i128,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    /// So many nanoseconds.
    Nanos(u64),
    /// So many of them are a nanosecond.
    PerNano(u128),
    /// Two to the power of so many of them are a second.
    PowerOfTwo(u32),
}

impl Interface {
    /// The interface a description block describes, in a section of this byte order: the file's interface `number`.
    pub(super) fn new(block: &InterfaceDescriptionBlock<'_>, order: ByteOrder, number: u32) -> Self {
        let tsresol = option(&block.options, OptionCode::IfTsresol).and_then(|value| value.first().copied());
        let tsoffset = option(&block.options, OptionCode::IfTsoffset).and_then(|value| order.u64(value));
        Self {
            number,
            link: link_type(block.linktype.0 as u16),
            snaplen: block.snaplen,
            resolution: Resolution::new(tsresol.unwrap_or(6), tsoffset.unwrap_or(0) as i64),
            dropped: None,
        }
    }

    /// The point in time of a stamp that was written as two halves.
    #[inline]
    pub(super) fn stamp(&self, high: u32, low: u32) -> Stamp {
        self.resolution.time(u64::from(high) << 32 | u64::from(low)).into()
    }

    /// Takes over what a statistics block counts. Counters run, so the latest block holds for the whole capture.
    pub(super) fn count(&mut self, block: &InterfaceStatisticsBlock<'_>, order: ByteOrder) {
        let counter = |code| option(&block.options, code).and_then(|value| order.u64(value));
        let kernel = counter(OptionCode::IsbOsDrop);
        let interface = counter(OptionCode::IsbIfDrop);
        if kernel.is_some() || interface.is_some() {
            let before = self.dropped.unwrap_or_default();
            self.dropped = Some(Dropped {
                kernel: kernel.unwrap_or(before.kernel),
                interface: interface.unwrap_or(before.interface),
            });
        }
    }
}

impl Resolution {
    /// From the options: `tsresol` is a power of ten, or of two where its highest bit is set; `tsoffset` is in seconds.
    fn new(tsresol: u8, tsoffset: i64) -> Self {
        let exponent = u32::from(tsresol & 0x7F);
        let unit = if tsresol & 0x80 != 0 {
            Unit::PowerOfTwo(exponent)
        } else if exponent <= 9 {
            Unit::Nanos(10_u64.pow(9 - exponent))
        } else {
            // Beyond 10^38 every stamp is less than a nanosecond anyway.
            Unit::PerNano(10_u128.checked_pow(exponent - 9).unwrap_or(u128::MAX))
        };
        Self { unit, offset: i128::from(tsoffset) * i128::from(NANOS_PER_SECOND) }
    }

    /// `None` where 64 bits of nanoseconds cannot hold it.
    #[inline]
    fn time(self, stamp: u64) -> Option<Timestamp> {
        let since_offset = match self.unit {
            Unit::Nanos(nanos) => u128::from(stamp) * u128::from(nanos),
            Unit::PerNano(units) => u128::from(stamp) / units,
            Unit::PowerOfTwo(exponent) => (u128::from(stamp) * NANOS_PER_SECOND as u128) >> exponent,
        };
        // Below 2^94, and the offset below 2^94: an i128 holds the sum.
        i64::try_from(since_offset as i128 + self.offset).ok().map(Timestamp)
    }
}

/// What others may know of an interface: its name, and what was said of it.
pub(super) fn described(block: &InterfaceDescriptionBlock<'_>) -> source::Interface {
    let text = |code| {
        let text = String::from_utf8_lossy(option(&block.options, code)?).trim_end_matches('\0').to_owned();
        let short = text.char_indices().nth(MAX_TEXT).map_or(text.len(), |(end, _)| end);
        Some(text.get(..short).unwrap_or_default().to_owned()).filter(|text| !text.is_empty())
    };
    source::Interface {
        name: text(OptionCode::IfName),
        description: text(OptionCode::IfDescription),
        link: link_type(block.linktype.0 as u16),
        snaplen: block.snaplen,
    }
}

/// The value of an option, without its padding; `None` where the block has it not.
fn option<'a>(options: &'a [PcapNGOption<'_>], code: OptionCode) -> Option<&'a [u8]> {
    options.iter().find(|option| option.code == code)?.as_bytes().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(tsresol: u8, tsoffset: i64, stamp: u64, expected: Option<i64>) {
        assert_eq!(Resolution::new(tsresol, tsoffset).time(stamp), expected.map(Timestamp));
    }

    #[test]
    fn powers_of_ten() {
        check(0, 0, 7, Some(7_000_000_000));
        check(3, 0, 1_500, Some(1_500_000_000));
        check(6, 0, 1_500_000, Some(1_500_000_000));
        check(9, 0, 1_500_000_000, Some(1_500_000_000));
        check(12, 0, 1_500_000_000_999, Some(1_500_000_000));
        check(127, 0, u64::MAX, Some(0));
    }

    #[test]
    fn powers_of_two() {
        check(0x80, 0, 3, Some(3_000_000_000));
        check(0x80 | 10, 0, 1_536, Some(1_500_000_000));
        check(0x80 | 32, 0, 3 << 31, Some(1_500_000_000));
        check(0xFF, 0, u64::MAX, Some(0));
    }

    #[test]
    fn an_offset_moves_the_epoch_both_ways() {
        check(6, 1_700_000_000, 1, Some(1_700_000_000_000_001_000));
        check(6, -1, 0, Some(-1_000_000_000));
    }

    #[test]
    fn what_64_bits_of_nanoseconds_cannot_hold_is_none() {
        check(9, 0, i64::MAX as u64, Some(i64::MAX));
        check(9, 0, i64::MAX as u64 + 1, None);
        check(0, i64::MAX, u64::MAX, None);
        check(6, i64::MIN, 0, None);
    }
}
