//! Classic pcap: a file header, then records, all in the byte order of the machine that captured.
//!
//! Read by hand: the whole format is six numbers and then four per record.
//! <https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-05.html>

use super::bytes::ByteOrder;
use super::record::{Cut, Format, MAX_RECORD, Record, Stamp, Step};
use crate::frame::LinkType;
use crate::source::Interface;
use crate::source::link::link_type;
use crate::time::Timestamp;

/// The length of the file header.
pub(super) const FILE_HEADER: usize = 24;

/// Microsecond time stamps.
const MAGIC_MICROS: u32 = 0xA1B2_C3D4;
/// Nanosecond time stamps.
const MAGIC_NANOS: u32 = 0xA1B2_3C4D;
/// Alexey Kuznetsov's patched libpcap of old Linux distributions: eight more octets (interface, protocol, direction) in every record header.
const MAGIC_MODIFIED: u32 = 0xA1B2_CD34;

/// Classic pcap after its file header.
#[derive(Debug)]
pub(super) struct Legacy {
    order: ByteOrder,
    link: LinkType,
    /// Nanoseconds in one unit of a stamp's fraction.
    unit: u32,
    lengths: Lengths,
    record_header: usize,
    /// The one interface there is, until it is asked for.
    interface: Option<Interface>,
}

/// In which order a record gives its two lengths. It changed with version 2.3, and not every writer of 2.3 knew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lengths {
    CapturedFirst,
    WireFirst,
    SmallerIsCaptured,
}

impl Legacy {
    /// Whether `start` is the start of a pcap file.
    pub(super) fn recognises(start: &[u8]) -> bool {
        Self::magic(start).is_some()
    }

    /// The reader for a file that begins with `start`; `None` where that is no pcap file header.
    ///
    /// # Errors
    /// A version that nobody knows, for people.
    pub(super) fn open(start: &[u8]) -> Option<Result<Self, String>> {
        let (order, magic) = Self::magic(start)?;
        let [_, version, _zone, _sigfigs, snaplen, network] = order.words(start)?;
        let lengths = match order.halves(version) {
            (2, 0..=2) => Lengths::WireFirst,
            (2, 3) => Lengths::SmallerIsCaptured,
            (2, _) => Lengths::CapturedFirst,
            (major, minor) => return Some(Err(format!("pcap version {major}.{minor} is not known"))),
        };
        // The upper half tells about frame check sequences.
        let link = link_type(network as u16);
        let interface = Interface { name: None, description: None, link, snaplen };
        Some(Ok(Self {
            order,
            link,
            unit: if magic == MAGIC_NANOS { 1 } else { 1_000 },
            lengths,
            record_header: if magic == MAGIC_MODIFIED { 24 } else { 16 },
            interface: Some(interface),
        }))
    }

    fn magic(start: &[u8]) -> Option<(ByteOrder, u32)> {
        let octets = *start.first_chunk()?;
        [ByteOrder::Little, ByteOrder::Big]
            .map(|order| (order, order.u32(octets)))
            .into_iter()
            .find(|(_, magic)| [MAGIC_MICROS, MAGIC_NANOS, MAGIC_MODIFIED].contains(magic))
    }

    /// Captured length and wire length from the two numbers of a record.
    const fn lengths(&self, first: u32, second: u32) -> (u32, u32) {
        match self.lengths {
            Lengths::CapturedFirst => (first, second),
            Lengths::WireFirst => (second, first),
            Lengths::SmallerIsCaptured if first > second => (second, first),
            Lengths::SmallerIsCaptured => (first, second),
        }
    }

    fn stamp(&self, seconds: u32, fraction: u32) -> Stamp {
        let nanos = i64::from(fraction) * i64::from(self.unit);
        if nanos < 1_000_000_000 { Timestamp::new(seconds.into(), nanos).into() } else { Stamp::Impossible }
    }
}

impl Format for Legacy {
    #[inline]
    fn step(&mut self, data: &[u8]) -> Step {
        let Some([seconds, fraction, first, second]) = self.order.words(data) else {
            return Step::More(self.record_header);
        };
        let (cap_len, wire_len) = self.lengths(first, second);
        if cap_len > MAX_RECORD {
            return Step::Broken(format!("the record claims {cap_len} bytes, more than any can have"));
        }
        let len = self.record_header + cap_len as usize;
        if data.len() < len {
            return Step::More(len);
        }
        Step::Frame(Record {
            len,
            start: self.record_header,
            cap_len,
            wire_len,
            link: self.link,
            interface: 0,
            stamp: self.stamp(seconds, fraction),
            malformed: cap_len > wire_len,
        })
    }

    fn take_described(&mut self) -> Vec<Interface> {
        self.interface.take().into_iter().collect()
    }

    fn cut(&self, rest: &[u8]) -> Cut {
        let there = rest.len().checked_sub(self.record_header);
        let detail = match (self.order.words::<4>(rest), there) {
            (Some([_, _, first, second]), Some(there)) => {
                format!("the record claims {} bytes, {there} are there", self.lengths(first, second).0)
            }
            _ => format!("a record header has {} bytes, {} are there", self.record_header, rest.len()),
        };
        Cut { in_frame: true, detail }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file header and one record of four captured bytes, eight on the wire, at 5.25 s.
    fn file(order: ByteOrder, magic: u32, version: (u16, u16), fraction: u32, extra: usize) -> Vec<u8> {
        let word =
            |value: u32| if order == ByteOrder::Big { value.to_be_bytes() } else { value.to_le_bytes() };
        let half =
            |value: u16| if order == ByteOrder::Big { value.to_be_bytes() } else { value.to_le_bytes() };
        let mut bytes = word(magic).to_vec();
        bytes.extend(half(version.0));
        bytes.extend(half(version.1));
        bytes.extend([0, 0, 65_535, 0x1400_0001, 5, fraction, 4, 8].into_iter().flat_map(word));
        bytes.extend(vec![0xEE; extra]);
        bytes.extend(b"data");
        bytes
    }

    #[track_caller]
    fn check(bytes: &[u8]) -> Record {
        let mut format = Legacy::open(bytes).unwrap().unwrap();
        let Step::Frame(record) = format.step(&bytes[FILE_HEADER..]) else { panic!("no frame") };
        assert_eq!(&bytes[FILE_HEADER..][record.start..record.len], b"data");
        record
    }

    #[test]
    fn both_byte_orders_and_both_resolutions() {
        for order in [ByteOrder::Little, ByteOrder::Big] {
            for (magic, fraction) in [(MAGIC_MICROS, 250_000), (MAGIC_NANOS, 250_000_000)] {
                let record = check(&file(order, magic, (2, 4), fraction, 0));
                assert_eq!(record.stamp, Stamp::At(Timestamp(5_250_000_000)));
                assert_eq!((record.cap_len, record.wire_len, record.link), (4, 8, LinkType(1)));
                assert!(!record.malformed);
            }
        }
    }

    #[test]
    fn the_modified_format_has_longer_record_headers() {
        for order in [ByteOrder::Little, ByteOrder::Big] {
            check(&file(order, MAGIC_MODIFIED, (2, 4), 0, 8));
        }
    }

    #[test]
    fn old_versions_give_the_lengths_the_other_way_round() {
        let mut bytes = file(ByteOrder::Little, MAGIC_MICROS, (2, 2), 0, 0);
        bytes[FILE_HEADER + 8] = 8;
        bytes[FILE_HEADER + 12] = 4;
        assert_eq!(check(&bytes).wire_len, 8);
        bytes[6] = 3;
        assert_eq!(check(&bytes).wire_len, 8);
    }

    #[test]
    fn what_cannot_be_is_marked_and_what_is_absurd_is_broken() {
        let mut bytes = file(ByteOrder::Little, MAGIC_MICROS, (2, 4), 1_000_000, 0);
        assert_eq!(check(&bytes).stamp, Stamp::Impossible);
        bytes[FILE_HEADER + 12] = 3;
        assert!(check(&bytes).malformed);
        bytes[FILE_HEADER + 11] = 0x7F;
        let mut format = Legacy::open(&bytes).unwrap().unwrap();
        assert!(matches!(format.step(&bytes[FILE_HEADER..]), Step::Broken(_)));
    }

    #[test]
    fn a_version_from_the_future_is_named() {
        let bytes = file(ByteOrder::Big, MAGIC_MICROS, (3, 1), 0, 0);
        assert_eq!(Legacy::open(&bytes).unwrap().unwrap_err(), "pcap version 3.1 is not known");
    }
}
