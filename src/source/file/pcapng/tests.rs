use super::*;
use crate::time::Timestamp;

/// Writes pcapng blocks in one byte order.
struct Writer {
    order: ByteOrder,
    bytes: Vec<u8>,
}

impl Writer {
    fn new(order: ByteOrder) -> Self {
        Self { order, bytes: Vec::new() }
    }

    fn word(&self, value: u32) -> [u8; 4] {
        if self.order == ByteOrder::Little { value.to_le_bytes() } else { value.to_be_bytes() }
    }

    /// Two 16-bit numbers as the 32-bit number that is written the same.
    fn halves(&self, first: u16, second: u16) -> u32 {
        let (first, second) = (u32::from(first), u32::from(second));
        if self.order == ByteOrder::Little { second << 16 | first } else { first << 16 | second }
    }

    fn block(mut self, kind: u32, words: &[u32], tail: &[u8]) -> Self {
        let len = (12 + 4 * words.len() + tail.len().next_multiple_of(4)) as u32;
        for word in [kind, len].iter().chain(words) {
            self.bytes.extend(self.word(*word));
        }
        self.bytes.extend(tail);
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
        self.bytes.extend(self.word(len));
        self
    }

    fn section(self) -> Self {
        let version = self.halves(1, 0);
        self.block(SHB_MAGIC, &[BOM_MAGIC, version, u32::MAX, u32::MAX], &[])
    }

    fn interface(self, link: u16, snaplen: u32, options: &[u8]) -> Self {
        let link = self.halves(link, 0);
        self.block(IDB_MAGIC, &[link, snaplen], options)
    }

    fn option(&self, code: u16, value: &[u8]) -> Vec<u8> {
        let mut option = self.word(self.halves(code, value.len() as u16)).to_vec();
        option.extend(value);
        option.resize(option.len().next_multiple_of(4), 0);
        option
    }

    /// A 64-bit value as an option in this byte order.
    fn counter(&self, code: u16, value: u64) -> Vec<u8> {
        let octets = if self.order == ByteOrder::Little { value.to_le_bytes() } else { value.to_be_bytes() };
        self.option(code, &octets)
    }

    fn enhanced(self, interface: u32, stamp: u64, data: &[u8], wire_len: u32) -> Self {
        let words = [interface, (stamp >> 32) as u32, stamp as u32, data.len() as u32, wire_len];
        self.block(EPB_MAGIC, &words, data)
    }
}

/// All frames of `bytes` with their data; panics where something is broken or cut.
#[track_caller]
fn frames(bytes: &[u8]) -> (Vec<(Record, Vec<u8>)>, Pcapng) {
    let mut format = Pcapng::open(bytes).unwrap().unwrap();
    let (mut at, mut found) = (0, Vec::new());
    while at < bytes.len() {
        at += match format.step(&bytes[at..]) {
            Step::Frame(record) => {
                let data = bytes[at + record.start..][..record.cap_len as usize].to_vec();
                let len = record.len;
                found.push((record, data));
                len
            }
            Step::Skip(len) => len,
            stop => panic!("{stop:?} at {at}"),
        };
    }
    (found, format)
}

const BOTH: [ByteOrder; 2] = [ByteOrder::Little, ByteOrder::Big];

#[test]
fn interfaces_have_their_own_link_type_resolution_and_offset() {
    for order in BOTH {
        let w = Writer::new(order);
        let nanos = w.option(9, &[9]);
        let offset = [w.option(9, &[0x80]), w.counter(14, 1_700_000_000)].concat();
        let w = w.section().interface(1, 0, &[]).interface(113, 0, &nanos).interface(101, 0, &offset);
        let w = w.enhanced(1, 5_000_000_001, b"nanos", 5).enhanced(0, 5_000_001, b"micro", 60);
        let (frames, _) = frames(&w.enhanced(2, 3, b"", 0).bytes);
        let seen: Vec<_> =
            frames.iter().map(|(r, data)| (r.link.0, r.stamp, data.as_slice(), r.wire_len)).collect();
        let at = |ns| Stamp::At(Timestamp(ns));
        let expected: [(u16, Stamp, &[u8], u32); 3] = [
            (113, at(5_000_000_001), b"nanos", 5),
            (1, at(5_000_001_000), b"micro", 60),
            (101, at(1_700_000_003_000_000_000), b"", 0),
        ];
        assert_eq!(seen, expected);
    }
}

#[test]
fn every_section_has_its_own_byte_order_and_interfaces() {
    let mut bytes =
        Writer::new(ByteOrder::Big).section().interface(1, 0, &[]).enhanced(0, 1, b"one", 3).bytes;
    bytes.extend(
        Writer::new(ByteOrder::Little).section().interface(113, 0, &[]).enhanced(0, 2, b"two", 3).bytes,
    );
    bytes.extend(Writer::new(ByteOrder::Big).section().enhanced(0, 3, b"lost", 4).bytes);
    let (frames, _) = frames(&bytes);
    let seen: Vec<_> = frames.iter().map(|(r, data)| (r.link.0, data.as_slice(), r.malformed)).collect();
    let expected: [(u16, &[u8], bool); 3] =
        [(1, b"one", false), (113, b"two", false), (NO_LINK.0, b"", true)];
    assert_eq!(seen, expected);
}

#[test]
fn simple_packets_are_as_long_as_the_snapshot_length_lets_them() {
    for order in BOTH {
        let w = Writer::new(order).section().interface(1, 6, &[]);
        let w = w.block(SPB_MAGIC, &[9], b"sixsix").block(SPB_MAGIC, &[3], b"abc");
        let (frames, _) = frames(&w.bytes);
        let seen: Vec<_> = frames.iter().map(|(r, data)| (r.stamp, data.as_slice(), r.wire_len)).collect();
        let expected: [(Stamp, &[u8], u32); 2] = [(Stamp::Absent, b"sixsix", 9), (Stamp::Absent, b"abc", 3)];
        assert_eq!(seen, expected);
        assert!(frames.iter().all(|(record, _)| !record.malformed));
    }
}

#[test]
fn the_obsolete_packet_block_names_its_interface_in_16_bits() {
    for order in BOTH {
        let w = Writer::new(order).section().interface(1, 0, &[]).interface(113, 0, &[]);
        let interface = w.halves(1, 0xFFFF);
        let (frames, _) = frames(&w.block(PB_MAGIC, &[interface, 0, 7, 4, 4], b"data").bytes);
        assert_eq!(frames[0].0.link, LinkType(113));
        assert_eq!(frames[0].0.stamp, Stamp::At(Timestamp(7_000)));
        assert_eq!(frames[0].1, b"data");
    }
}

#[test]
fn the_latest_statistics_of_every_interface_are_summed() {
    for order in BOTH {
        let w = Writer::new(order).section().interface(1, 0, &[]).interface(1, 0, &[]);
        assert_eq!(frames(&w.bytes).1.dropped(), None);
        let (early, late) = (w.counter(7, 3), [w.counter(7, 5), w.counter(5, 2)].concat());
        let other = w.counter(7, 10);
        let w = w.block(ISB_MAGIC, &[0, 0, 0], &early).block(ISB_MAGIC, &[1, 0, 0], &other);
        let w = w.block(ISB_MAGIC, &[0, 0, 0], &late).block(ISB_MAGIC, &[9, 0, 0], &late);
        assert_eq!(frames(&w.bytes).1.dropped(), Some(Dropped { kernel: 15, interface: 2 }));
        let w = w.section().interface(1, 0, &[]);
        let one_more = w.counter(5, 1);
        let (_, format) = frames(&w.block(ISB_MAGIC, &[0, 0, 0], &one_more).bytes);
        assert_eq!(format.dropped(), Some(Dropped { kernel: 15, interface: 3 }));
    }
}

#[test]
fn unknown_blocks_are_skipped() {
    let w = Writer::new(ByteOrder::Little).section().block(0xBAD, &[1], b"custom").interface(1, 0, &[]);
    let (frames, _) = frames(&w.block(0x8000_1234, &[], b"?").enhanced(0, 0, b"data", 4).bytes);
    assert_eq!(frames.len(), 1);
}

#[test]
fn a_packet_that_claims_more_than_its_block_is_malformed_and_reading_goes_on() {
    let w = Writer::new(ByteOrder::Little).section().interface(1, 0, &[]);
    let w = w.block(EPB_MAGIC, &[0, 0, 1, u32::MAX, u32::MAX], b"data").block(EPB_MAGIC, &[0, 0], &[]);
    let (frames, _) = frames(&w.enhanced(0, 1, b"good", 4).enhanced(0, 1, b"long", 3).bytes);
    let seen: Vec<_> = frames.iter().map(|(r, data)| (data.as_slice(), r.malformed)).collect();
    let expected: [(&[u8], bool); 4] = [(b"data", true), (b"", true), (b"good", false), (b"long", true)];
    assert_eq!(seen, expected);
}

#[test]
fn a_block_length_that_does_not_count_the_padding_is_understood() {
    let mut bytes =
        Writer::new(ByteOrder::Little).section().interface(1, 0, &[]).enhanced(0, 1, b"three", 5).bytes;
    let len = bytes.len();
    bytes[len - 4] -= 3;
    bytes[len - 36] -= 3;
    let (frames, _) = frames(&bytes);
    assert_eq!(frames[0].1, b"three");
}

#[track_caller]
fn check_broken(words: &[u32], expected: &str) {
    let mut bytes = Writer::new(ByteOrder::Little).section().bytes;
    let at = bytes.len();
    bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    let mut format = Pcapng::open(&bytes).unwrap().unwrap();
    assert_eq!(format.step(&bytes[at..]), Step::Broken(expected.to_owned()));
}

#[test]
fn lengths_that_cannot_be_are_damage() {
    check_broken(&[6, 8, 8], "the block claims 8 bytes, fewer than any has");
    check_broken(&[6, 0xFFFF_FFF0, 0], "the block claims 4294967280 bytes, more than any can have");
    check_broken(&[6, 16, 0, 20], "the block's length is 16 in front and 20 behind");
    check_broken(&[IDB_MAGIC, 16, 0, 16], "an interface description that cannot be read");
    check_broken(&[SHB_MAGIC, 28, 0, 0], "a section header without a byte order mark");
    check_broken(&[SHB_MAGIC, 28, BOM_MAGIC, 2, 0, 0, 28], "pcapng version 2.0 is not known");
}

#[test]
fn interfaces_are_numbered_through_all_sections() {
    for order in [ByteOrder::Little, ByteOrder::Big] {
        let writer = Writer::new(order);
        let name = |name: &[u8]| writer.option(2, name);
        let (first, second) = (name(b"eth0"), name(b"wan\0"));
        let bytes = Writer::new(order)
            .section()
            .interface(1, 96, &first)
            .interface(101, 0, &[])
            .enhanced(1, 0, b"frame", 5)
            .section()
            .interface(1, 0, &second)
            .enhanced(0, 0, b"frame", 5)
            .bytes;
        let (found, mut format) = frames(&bytes);
        let numbers: Vec<u32> = found.iter().map(|(record, _)| record.interface).collect();
        assert_eq!(numbers, [1, 2]);
        let described = format.take_described();
        let told: Vec<_> = described.iter().map(|i| (i.name.as_deref(), i.link.0, i.snaplen)).collect();
        assert_eq!(told, [(Some("eth0"), 1, 96), (None, 101, 0), (Some("wan"), 1, 0)]);
        assert_eq!(format.take_described(), [], "each is told once");
    }
}
