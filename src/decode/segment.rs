//! What decoding yields: a TCP segment, an ICMP error about one, or the reason why neither.

use super::encapsulation::EncapsulationId;
use crate::frame::FrameNo;
use crate::seq::SeqNum;
use crate::time::Timestamp;
use std::net::IpAddr;

/// An address as 16 bytes; IPv4 as IPv4-mapped (RFC 4291 §2.5.5.2). [`Tuple::is_ipv6`] tells the two apart.
pub type AddrBytes = [u8; 16];

/// Both ends of a segment, in the direction it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tuple {
    /// The sender's address.
    pub src: AddrBytes,
    /// The receiver's address.
    pub dst: AddrBytes,
    /// The sender's port.
    pub src_port: u16,
    /// The receiver's port.
    pub dst_port: u16,
    /// Whether the packet was IPv6; a genuine `::ffff:a.b.c.d` on the wire is not an IPv4 flow.
    pub is_ipv6: bool,
    /// The VXLAN or Geneve network the segment travelled in: the only part of the encapsulation that is part of a flow's key.
    pub network: NetworkId,
}

/// A virtual network: none, or a VXLAN / Geneve network identifier (24 bits).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NetworkId(pub u32);

impl NetworkId {
    /// Not in a virtual network.
    pub const NONE: Self = Self(0);

    /// VXLAN network `vni` (RFC 7348).
    #[must_use]
    pub const fn vxlan(vni: u32) -> Self {
        Self(1 << 24 | vni & 0xFF_FFFF)
    }

    /// Geneve network `vni` (RFC 8926).
    #[must_use]
    pub const fn geneve(vni: u32) -> Self {
        Self(2 << 24 | vni & 0xFF_FFFF)
    }
}

/// `bytes` as an address for people.
#[must_use]
pub fn ip_addr(bytes: AddrBytes, is_ipv6: bool) -> IpAddr {
    let v6 = std::net::Ipv6Addr::from(bytes);
    match v6.to_ipv4_mapped() {
        Some(v4) if !is_ipv6 => IpAddr::V4(v4),
        _ => IpAddr::V6(v6),
    }
}

/// The TCP control bits (RFC 9293 §3.1), as in the header's 14th byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags(pub u8);

impl Flags {
    /// No more data from the sender.
    pub const FIN: u8 = 0x01;
    /// Synchronise sequence numbers.
    pub const SYN: u8 = 0x02;
    /// Reset the connection.
    pub const RST: u8 = 0x04;
    /// Push function.
    pub const PSH: u8 = 0x08;
    /// The acknowledgement field is valid.
    pub const ACK: u8 = 0x10;
    /// The urgent pointer is valid.
    pub const URG: u8 = 0x20;

    /// Whether any of `bits` is set.
    #[must_use]
    pub const fn any(self, bits: u8) -> bool {
        self.0 & bits != 0
    }

    /// FIN set.
    #[must_use]
    pub const fn fin(self) -> bool {
        self.any(Self::FIN)
    }

    /// SYN set.
    #[must_use]
    pub const fn syn(self) -> bool {
        self.any(Self::SYN)
    }

    /// RST set.
    #[must_use]
    pub const fn rst(self) -> bool {
        self.any(Self::RST)
    }

    /// PSH set.
    #[must_use]
    pub const fn psh(self) -> bool {
        self.any(Self::PSH)
    }
}

/// The TCP options that count here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Window scale shift (kind 3), as sent; RFC 7323 caps its use at 14.
    pub window_scale: Option<u8>,
    /// TSval and TSecr (kind 8).
    pub timestamps: Option<(u32, u32)>,
    /// The first SACK block (kind 5): left and right edge. The first is the one a D-SACK is told in (RFC 2883 §4).
    pub first_sack: Option<(SeqNum, SeqNum)>,
    /// How many SACK blocks there were.
    pub sack_blocks: u8,
    /// SACK permitted (kind 4).
    pub sack_permitted: bool,
}

/// One TCP segment as it was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The frame it came in.
    pub frame: FrameNo,
    /// When.
    pub ts: Timestamp,
    /// From whom to whom.
    pub tuple: Tuple,
    /// SEG.SEQ.
    pub seq: SeqNum,
    /// SEG.ACK, where the ACK bit is set.
    pub ack: Option<SeqNum>,
    /// Control bits.
    pub flags: Flags,
    /// SEG.WND as in the header, unscaled.
    pub window: u16,
    /// The options that count.
    pub options: Options,
    /// How many octets of data it carries, from the IP length, never from the captured bytes.
    pub payload_len: u32,
    /// The first octet of the data, if captured.
    pub first_octet: Option<u8>,
    /// The last octet of the data, if captured.
    pub last_octet: Option<u8>,
    /// TTL or hop limit of the innermost IP header.
    pub ttl: u8,
    /// The identification of the innermost IPv4 header; `None` for IPv6.
    pub ip_id: Option<u16>,
    /// Around it: VLANs and tunnels, outermost first.
    pub encapsulation: EncapsulationId,
    /// Where the captured part of the data lies in the bytes of its frame: offset and length.
    pub payload: (u32, u32),
}

impl Segment {
    /// SEG.LEN: the data plus one for SYN and one for FIN (RFC 9293 §3.3.1).
    #[must_use]
    pub const fn len(&self) -> u32 {
        self.payload_len + self.flags.syn() as u32 + self.flags.fin() as u32
    }

    /// Whether it occupies no sequence number.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The sequence number after its last octet.
    #[must_use]
    pub const fn end(&self) -> SeqNum {
        self.seq.advance(self.len())
    }

    /// ACK set, and SYN, FIN, RST and URG clear.
    #[must_use]
    pub const fn is_plain(&self) -> bool {
        self.ack.is_some() && !self.flags.any(Flags::SYN | Flags::FIN | Flags::RST | Flags::URG)
    }
}

/// An ICMP or ICMPv6 error that quotes the start of a TCP segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IcmpError {
    /// The frame it came in.
    pub frame: FrameNo,
    /// When.
    pub ts: Timestamp,
    /// Who sent the error.
    pub from: IpAddr,
    /// The identification of the error's own IPv4 header; `None` for ICMPv6.
    pub ip_id: Option<u16>,
    /// ICMP type.
    pub kind: u8,
    /// ICMP code.
    pub code: u8,
    /// The tuple of the quoted segment, in the direction *it* was sent.
    pub quoted: Tuple,
    /// SEG.SEQ of the quoted segment (the 8 octets every error quotes hold it).
    pub quoted_seq: SeqNum,
    /// The identification of the quoted IPv4 header.
    pub quoted_ip_id: Option<u16>,
}

/// What a frame holds for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decoded {
    /// A TCP segment.
    Segment(Segment),
    /// An ICMP error about a TCP segment.
    Icmp(IcmpError),
}

impl Decoded {
    /// The frame it came in.
    #[must_use]
    pub const fn frame(&self) -> FrameNo {
        match self {
            Self::Segment(seg) => seg.frame,
            Self::Icmp(icmp) => icmp.frame,
        }
    }
}

/// Why a frame holds neither: a counted fact, never an error of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Skip {
    /// Left out by the capture filter.
    Filtered,
    /// No IP packet.
    NotIp,
    /// IP, but not TCP, and no ICMP error about TCP.
    NotTcp,
    /// A fragment other than the first.
    Fragment,
    /// Cut before the end of the TCP header.
    Truncated,
    /// Lengths or stamps that cannot be.
    Malformed,
    /// A link type that is not understood.
    UnsupportedLink,
    /// The length of the segment cannot be known.
    LengthUnknown,
}

impl Skip {
    /// All reasons, in the order of the report.
    pub const ALL: [Self; 8] = [
        Self::Filtered,
        Self::NotIp,
        Self::NotTcp,
        Self::Fragment,
        Self::Truncated,
        Self::Malformed,
        Self::UnsupportedLink,
        Self::LengthUnknown,
    ];

    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Filtered => "filtered",
            Self::NotIp => "not_ip",
            Self::NotTcp => "not_tcp",
            Self::Fragment => "fragment",
            Self::Truncated => "truncated",
            Self::Malformed => "malformed",
            Self::UnsupportedLink => "unsupported_link",
            Self::LengthUnknown => "length_unknown",
        }
    }
}
