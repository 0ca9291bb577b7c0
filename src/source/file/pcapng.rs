//! pcapng: sections of blocks, each section in its own byte order and with its own interfaces.
//!
//! The blocks that carry frames are read by hand, as every frame passes here; the rare ones by `pcap-parser`.
//! <https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html>

use super::bytes::ByteOrder;
use super::interface::{self, Interface};
use super::record::{Cut, Format, MAX_RECORD, Record, Stamp, Step};
use crate::frame::LinkType;
use crate::source::{self, Dropped, MAX_INTERFACES as MAX_DESCRIBED};
use pcap_parser::{BOM_MAGIC, EPB_MAGIC, IDB_MAGIC, ISB_MAGIC, SHB_MAGIC, SPB_MAGIC};
use pcap_parser::{
    parse_interfacedescriptionblock_be, parse_interfacedescriptionblock_le,
    parse_interfacestatisticsblock_be, parse_interfacestatisticsblock_le,
};

/// The obsolete Packet Block, which `pcap-parser` does not know.
const PB_MAGIC: u32 = 2;
/// Block type and length before the body.
const BLOCK_HEADER: usize = 8;
/// The length again, after the body.
const TRAILER: usize = 4;
/// Where the frame starts in an Enhanced Packet Block, and in the obsolete one.
const PACKET_START: usize = 28;
/// Where the frame starts in a Simple Packet Block.
const SIMPLE_START: usize = 12;
/// The length of a section header without options.
pub(super) const SECTION_HEADER: usize = 28;
/// How many interfaces a section may have: the obsolete Packet Block could not name more either.
const MAX_INTERFACES: usize = 1 << 16;
/// The link type of a frame whose interface was never described; no decoder claims it.
const NO_LINK: LinkType = LinkType(u16::MAX);

/// pcapng, at some block of some section.
#[derive(Debug)]
pub(super) struct Pcapng {
    order: ByteOrder,
    interfaces: Vec<Interface>,
    /// How many interfaces were described, in all sections.
    described: u32,
    /// Those that were not asked for yet.
    fresh: Vec<source::Interface>,
    /// What the interfaces of earlier sections dropped.
    dropped_before: Option<Dropped>,
}

impl Pcapng {
    /// The reader for a file that begins with `start`; `None` where that is no section header.
    ///
    /// # Errors
    /// A section header that cannot be, for people.
    pub(super) fn open(start: &[u8]) -> Option<Result<Self, String>> {
        let kind = ByteOrder::Little.u32(*start.first_chunk()?);
        (kind == SHB_MAGIC).then(|| {
            let order = section_order(start).ok_or("a pcapng section header without a byte order mark")?;
            Ok(Self { order, interfaces: Vec::new(), described: 0, fresh: Vec::new(), dropped_before: None })
        })
    }

    /// What was lost while capturing, summed over interfaces and sections, as far as statistics blocks have said.
    pub(super) fn dropped(&self) -> Option<Dropped> {
        self.interfaces
            .iter()
            .filter_map(|interface| interface.dropped)
            .chain(self.dropped_before)
            .reduce(Dropped::plus)
    }

    fn section(&mut self, data: &[u8]) -> Step {
        if data.len() < BLOCK_HEADER + 8 {
            return Step::More(BLOCK_HEADER + 8);
        }
        let Some(order) = section_order(data) else {
            return Step::Broken("a section header without a byte order mark".to_owned());
        };
        let len = match block_len(data, order) {
            Ok(len) => len,
            Err(step) => return step,
        };
        if let Some([_, _, _, version]) = order.words(data)
            && let (major, minor) = order.halves(version)
            && major != 1
        {
            return Step::Broken(format!("pcapng version {major}.{minor} is not known"));
        }
        self.dropped_before = self.dropped();
        self.order = order;
        self.interfaces.clear();
        Step::Skip(len)
    }

    /// Enhanced Packet Block and obsolete Packet Block: they differ in how they name the interface.
    #[inline]
    fn packet(&self, block: &[u8], obsolete: bool) -> Step {
        let Some([_, _, id, high, low, cap_len, wire_len]) = self.order.words(block) else {
            return Step::Frame(impossible(block));
        };
        let id = if obsolete { self.order.halves(id).0.into() } else { id };
        let Some(interface) = self.interfaces.get(id as usize) else {
            return Step::Frame(impossible(block));
        };
        let stamp = interface.stamp(high, low);
        Step::Frame(frame(block, PACKET_START, cap_len, wire_len, interface, stamp))
    }

    fn simple_packet(&self, block: &[u8]) -> Step {
        let (Some([_, _, wire_len]), Some(interface)) = (self.order.words(block), self.interfaces.first())
        else {
            return Step::Frame(impossible(block));
        };
        let cap_len = if interface.snaplen == 0 { wire_len } else { wire_len.min(interface.snaplen) };
        Step::Frame(frame(block, SIMPLE_START, cap_len, wire_len, interface, Stamp::Absent))
    }

    fn describe_interface(&mut self, block: &[u8]) -> Step {
        let parsed = match self.order {
            ByteOrder::Little => parse_interfacedescriptionblock_le(block),
            ByteOrder::Big => parse_interfacedescriptionblock_be(block),
        };
        match parsed {
            Ok((_, described)) if self.interfaces.len() < MAX_INTERFACES => {
                self.interfaces.push(Interface::new(&described, self.order, self.described));
                if (self.described as usize) < MAX_DESCRIBED {
                    self.fresh.push(interface::described(&described));
                }
                self.described = self.described.saturating_add(1);
                Step::Skip(block.len())
            }
            Ok(_) => Step::Broken(format!("more than {MAX_INTERFACES} interfaces in one section")),
            Err(_) => Step::Broken("an interface description that cannot be read".to_owned()),
        }
    }

    fn count_drops(&mut self, block: &[u8]) -> Step {
        let parsed = match self.order {
            ByteOrder::Little => parse_interfacestatisticsblock_le(block),
            ByteOrder::Big => parse_interfacestatisticsblock_be(block),
        };
        // Statistics that cannot be read, or of no interface, lose nothing but themselves.
        if let Ok((_, statistics)) = parsed
            && let Some(interface) = self.interfaces.get_mut(statistics.if_id as usize)
        {
            interface.count(&statistics, self.order);
        }
        Step::Skip(block.len())
    }
}

impl Format for Pcapng {
    #[inline]
    fn step(&mut self, data: &[u8]) -> Step {
        let Some([kind]) = self.order.words(data) else { return Step::More(BLOCK_HEADER + TRAILER) };
        // Reads the same in both byte orders: only inside, the section says which is its own.
        if kind == SHB_MAGIC {
            return self.section(data);
        }
        let len = match block_len(data, self.order) {
            Ok(len) => len,
            Err(step) => return step,
        };
        let block = data.get(..len).unwrap_or(data);
        match kind {
            EPB_MAGIC => self.packet(block, false),
            PB_MAGIC => self.packet(block, true),
            SPB_MAGIC => self.simple_packet(block),
            IDB_MAGIC => self.describe_interface(block),
            ISB_MAGIC => self.count_drops(block),
            _ => Step::Skip(len),
        }
    }

    fn take_described(&mut self) -> Vec<source::Interface> {
        std::mem::take(&mut self.fresh)
    }

    fn cut(&self, rest: &[u8]) -> Cut {
        let order = section_order(rest).unwrap_or(self.order);
        let (in_frame, detail) = match order.words(rest) {
            Some([kind, len]) => (
                [EPB_MAGIC, SPB_MAGIC, PB_MAGIC].contains(&kind),
                format!("the block claims {len} bytes, {} are there", rest.len()),
            ),
            None => (false, format!("a block header has {BLOCK_HEADER} bytes, {} are there", rest.len())),
        };
        Cut { in_frame, detail }
    }
}

/// The byte order a section header declares.
fn section_order(block: &[u8]) -> Option<ByteOrder> {
    [ByteOrder::Little, ByteOrder::Big].into_iter().find(
        |order| matches!(order.words(block), Some([kind, _, mark]) if kind == SHB_MAGIC && mark == BOM_MAGIC),
    )
}

/// The length of the block at the start of `data`, all of which is there and whose two lengths agree. Some writers do not count the padding.
#[inline]
fn block_len(data: &[u8], order: ByteOrder) -> Result<usize, Step> {
    let Some([_, claimed]) = order.words(data) else { return Err(Step::More(BLOCK_HEADER + TRAILER)) };
    let len = (claimed as usize).next_multiple_of(4);
    if len < BLOCK_HEADER + TRAILER {
        return Err(Step::Broken(format!("the block claims {claimed} bytes, fewer than any has")));
    }
    if claimed > MAX_RECORD {
        return Err(Step::Broken(format!("the block claims {claimed} bytes, more than any can have")));
    }
    let Some(trailer) = data.get(..len).and_then(<[u8]>::last_chunk) else { return Err(Step::More(len)) };
    let again = order.u32(*trailer);
    if again != claimed {
        return Err(Step::Broken(format!("the block's length is {claimed} in front and {again} behind")));
    }
    Ok(len)
}

/// A frame that starts at `start` in its block. One that claims more bytes than the block holds gets those that are there.
#[inline]
fn frame(
    block: &[u8],
    start: usize,
    cap_len: u32,
    wire_len: u32,
    interface: &Interface,
    stamp: Stamp,
) -> Record {
    // No block is longer than MAX_RECORD, so the room fits in 32 bits.
    let room = block.len().saturating_sub(start + TRAILER) as u32;
    let malformed = cap_len > wire_len || cap_len > room;
    let link = interface.link;
    Record {
        len: block.len(),
        start,
        cap_len: cap_len.min(room),
        wire_len,
        link,
        interface: interface.number,
        stamp,
        malformed,
    }
}

/// The frame of a block that is too short for its fields or belongs to no interface: counted, not read.
fn impossible(block: &[u8]) -> Record {
    Record {
        len: block.len(),
        start: BLOCK_HEADER,
        cap_len: 0,
        wire_len: 0,
        link: NO_LINK,
        interface: u32::MAX,
        stamp: Stamp::Absent,
        malformed: true,
    }
}

#[cfg(test)]
mod tests;
