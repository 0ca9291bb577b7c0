//! Evidence: the frames of chosen flows as a pcapng of their own, each label and each finding a comment on its frame, for Wireshark.
//!
//! What is written is what was captured: the interfaces, the nanoseconds, the lengths. The numbers in the comments are those of the
//! original capture; Wireshark numbers the frames of the new one from 1, so each comment of a frame begins with its old number.

mod comments;
mod mask;
mod recorder;

pub use comments::Comments;
pub use mask::Mask;
pub use recorder::{MAX_MEMORY, Recorder};

use crate::decode::ip_addr;
use crate::frame::{FrameBatch, FrameMeta, InterfaceNo, LinkType};
use crate::report::Flow;
use crate::source::{Dropped, Interface};
use comments::comment;
use pcap_file::pcapng::PcapNgBlock;
use pcap_file::pcapng::PcapNgWriter;
use pcap_file::pcapng::blocks::enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption};
use pcap_file::pcapng::blocks::interface_description::{
    InterfaceDescriptionBlock, InterfaceDescriptionOption,
};
use pcap_file::pcapng::blocks::interface_statistics::{InterfaceStatisticsBlock, InterfaceStatisticsOption};
use pcap_file::pcapng::blocks::section_header::{SectionHeaderBlock, SectionHeaderOption};
use pcap_file::{DataLink, Endianness, PcapError};
use std::borrow::Cow;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;

/// `if_tsresol` for nanoseconds.
const NANOSECONDS: u8 = 9;

/// A pcapng that is being written.
pub struct Evidence<W: Write> {
    out: PcapNgWriter<W>,
    /// The interfaces written so far: a frame's own, by its link type, as an interface that was not remembered may have any.
    interfaces: Vec<(InterfaceNo, LinkType)>,
    /// When the last frame was captured, in nanoseconds since 1970: the format has no time before.
    last: u64,
}

impl<W: Write> Evidence<W> {
    /// Begins a file whose section says `summary`.
    ///
    /// # Errors
    /// What `out` reports, here as below.
    pub fn begin(out: W, summary: &str) -> io::Result<Self> {
        let version = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));
        let mut options: Vec<SectionHeaderOption<'static>> =
            summary.lines().map(|line| SectionHeaderOption::Comment(Cow::Owned(comment(line)))).collect();
        options.push(SectionHeaderOption::UserApplication(Cow::Borrowed(version)));
        let section =
            SectionHeaderBlock { endianness: Endianness::Little, options, ..SectionHeaderBlock::default() };
        let out = PcapNgWriter::with_section_header(out, section).map_err(io_error)?;
        Ok(Self { out, interfaces: Vec::new(), last: 0 })
    }

    /// Adds a frame with what is said of it. `interfaces` are those of the source.
    ///
    /// # Errors
    /// What the output reports.
    pub fn frame(
        &mut self,
        batch: &FrameBatch,
        meta: &FrameMeta,
        said: &[String],
        interfaces: &[Interface],
    ) -> io::Result<()> {
        let data = batch.frame(meta).data;
        self.write(meta, data, said, interfaces)
    }

    /// The same, with other bytes than those captured.
    ///
    /// # Errors
    /// What the output reports.
    pub fn write(
        &mut self,
        meta: &FrameMeta,
        data: &[u8],
        said: &[String],
        interfaces: &[Interface],
    ) -> io::Result<()> {
        let interface_id = self.interface(meta, interfaces)?;
        self.last = u64::try_from(meta.ts.0).unwrap_or(0);
        let numbered = |words: &String| Cow::Owned(format!("#{} {words}", meta.no));
        let block = EnhancedPacketBlock {
            interface_id,
            timestamp: Duration::from_nanos(self.last),
            original_len: meta.wire_len,
            data: Cow::Borrowed(data),
            options: said.iter().map(numbered).map(EnhancedPacketOption::Comment).collect(),
        };
        self.out.write_block(&block.into_block()).map(|_| ()).map_err(io_error)
    }

    /// Says that the capture goes on until `end`: that nothing more came is evidence, too. Of that frame only its time is told.
    ///
    /// # Errors
    /// What the output reports.
    pub fn goes_on_until(&mut self, end: &FrameMeta, interfaces: &[Interface]) -> io::Result<()> {
        let said = ["the capture goes on until here; what the frame holds is left out".to_owned()];
        // Of some link types Wireshark takes no frame without the header that it is to begin with.
        let link = if end.link == LinkType::ETHERNET { end.link } else { LinkType::RAW };
        self.write(&FrameMeta { link, ..*end }, &[], &said, interfaces)
    }

    /// The number that the interface of a frame has here. It is described before its first frame.
    fn interface(&mut self, meta: &FrameMeta, interfaces: &[Interface]) -> io::Result<u32> {
        let key = (meta.interface, meta.link);
        if let Some(known) = self.interfaces.iter().position(|interface| *interface == key) {
            return Ok(known as u32);
        }
        let source = interfaces.get(usize::from(meta.interface.0)).filter(|source| source.link == meta.link);
        let mut options = vec![InterfaceDescriptionOption::IfTsResol(NANOSECONDS)];
        if let Some(Interface { name, description, .. }) = source {
            let text = |text: &String| Cow::Owned(comment(text));
            options.extend(name.as_ref().map(text).map(InterfaceDescriptionOption::IfName));
            options.extend(description.as_ref().map(text).map(InterfaceDescriptionOption::IfDescription));
        }
        let block = InterfaceDescriptionBlock {
            linktype: DataLink::from(u32::from(meta.link.0)),
            snaplen: source.map_or(0, |source| source.snaplen),
            options,
        };
        self.out.write_block(&block.into_block()).map_err(io_error)?;
        self.interfaces.push(key);
        Ok(self.interfaces.len() as u32 - 1)
    }

    /// Says what was lost while capturing, after the last frame: whoever reads only this is to doubt what the whole capture leaves in
    /// doubt. Where nobody knows, nothing is said.
    ///
    /// # Errors
    /// What the output reports.
    pub fn lost(&mut self, dropped: Option<Dropped>) -> io::Result<()> {
        let Some(Dropped { kernel, interface }) = dropped.filter(|_| !self.interfaces.is_empty()) else {
            return Ok(());
        };
        let block = InterfaceStatisticsBlock {
            // On whichever it was: the sum is what counts.
            interface_id: 0,
            // Two words, the higher one first, whatever their byte order; the crate writes one long word.
            timestamp: self.last.rotate_left(u32::BITS),
            options: vec![
                InterfaceStatisticsOption::IsbIfDrop(interface),
                InterfaceStatisticsOption::IsbOsDrop(kernel),
            ],
        };
        self.out.write_block(&block.into_block()).map(|_| ()).map_err(io_error)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// What the output reports.
    pub fn end(self) -> io::Result<()> {
        self.out.into_inner().flush()
    }
}

/// A flow in one line: its ends, and what was found.
#[must_use]
pub fn about(flow: &Flow) -> String {
    let ids: Vec<&str> = flow.findings.iter().map(|finding| finding.id).collect();
    let ids = if ids.is_empty() { "no finding".to_owned() } else { ids.join(", ") };
    let end = |addr, port| SocketAddr::new(ip_addr(addr, flow.tuple.is_ipv6), port);
    let (client, server) =
        (end(flow.tuple.src, flow.tuple.src_port), end(flow.tuple.dst, flow.tuple.dst_port));
    format!("flow {}: {client} → {server}: {ids}", flow.index)
}

fn io_error(error: PcapError) -> io::Error {
    match error {
        PcapError::IoError(error) => error,
        other => io::Error::other(other),
    }
}
