//! Where things are in a frame, and changes to them. Checksums are left as they were: nothing reads them.

use super::capture::Shot;

pub(crate) const ETHERNET: u16 = 1;
pub(crate) const RAW: u16 = 101;
const SLL: u16 = 113;
const SLL2: u16 = 276;
const TCP: u8 = 6;

/// An IP packet in a frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ip {
    pub(crate) at: usize,
    pub is_v6: bool,
    /// Where what it carries begins.
    inner: usize,
    protocol: u8,
}

/// A TCP header in a frame, as it is sent or as an ICMP error quotes it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tcp {
    pub(crate) ip: Ip,
    pub(crate) at: usize,
    pub(crate) is_quoted: bool,
}

/// Who sends and who receives: address and port.
pub(crate) type End = (Vec<u8>, [u8; 2]);

fn be16(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes([*data.get(at)?, *data.get(at + 1)?]))
}

/// The IP packet of a frame that carries nothing but tags around it.
pub(crate) fn ip_of(shot: &Shot) -> Option<Ip> {
    let at = match shot.link {
        RAW => 0,
        SLL => 16,
        SLL2 => 20,
        ETHERNET => {
            let mut at = 12;
            while matches!(be16(&shot.data, at)?, 0x8100 | 0x88A8 | 0x9100) {
                at += 4;
            }
            matches!(be16(&shot.data, at)?, 0x0800 | 0x86DD).then_some(at + 2)?
        }
        _ => return None,
    };
    ip_at(&shot.data, at)
}

fn ip_at(data: &[u8], at: usize) -> Option<Ip> {
    match data.get(at)? >> 4 {
        4 => {
            let is_first = be16(data, at + 6)? & 0x1FFF == 0;
            let inner = at + usize::from(data.get(at)? & 0xF) * 4;
            is_first.then_some(Ip { at, is_v6: false, inner, protocol: *data.get(at + 9)? })
        }
        6 => Some(Ip { at, is_v6: true, inner: at + 40, protocol: *data.get(at + 6)? }),
        _ => None,
    }
}

impl Ip {
    fn addresses(self) -> [std::ops::Range<usize>; 2] {
        let (first, len) = if self.is_v6 { (self.at + 8, 16) } else { (self.at + 12, 4) };
        [first..first + len, first + len..first + 2 * len]
    }

    /// The packet that an ICMP error quotes.
    fn quoted(self, data: &[u8]) -> Option<Self> {
        let kind = *data.get(self.inner)?;
        let is_error = match self.protocol {
            1 => matches!(kind, 3 | 4 | 5 | 11 | 12),
            58 => kind < 128,
            _ => false,
        };
        is_error.then(|| ip_at(data, self.inner + 8))?
    }
}

/// The TCP header of a frame; that of the quoted packet where it is an ICMP error.
pub(crate) fn tcp_of(shot: &Shot) -> Option<Tcp> {
    let ip = ip_of(shot)?;
    let (ip, is_quoted) = match ip.quoted(&shot.data) {
        Some(quoted) => (quoted, true),
        None => (ip, false),
    };
    let has_numbers = ip.protocol == TCP && shot.data.len() >= ip.inner + if is_quoted { 8 } else { 20 };
    has_numbers.then_some(Tcp { ip, at: ip.inner, is_quoted })
}

impl Tcp {
    pub(crate) fn ends(self, data: &[u8]) -> (End, End) {
        let [src, dst] = self.ip.addresses();
        let port = |at: usize| [data[at], data[at + 1]];
        ((data[src].to_vec(), port(self.at)), (data[dst].to_vec(), port(self.at + 2)))
    }

    /// The IP identification; 0 in IPv6.
    pub(crate) fn id(self, data: &[u8]) -> u16 {
        if self.ip.is_v6 { 0 } else { be16(data, self.ip.at + 4).unwrap_or(0) }
    }

    /// The first number the segment occupies and the one behind its last; from the length on the wire.
    pub(crate) fn span(self, shot: &Shot) -> (u32, u32) {
        let data = &shot.data;
        let number = |at: usize| u32::from_be_bytes([data[at], data[at + 1], data[at + 2], data[at + 3]]);
        let ip_len = if self.ip.is_v6 {
            be16(data, self.ip.at + 4).map_or(0, |len| usize::from(len) + 40)
        } else {
            be16(data, self.ip.at + 2).map_or(0, usize::from)
        };
        let headers = self.at - self.ip.at + usize::from(data[self.at + 12] >> 4) * 4;
        let control = u32::from(data[self.at + 13] & 0x01 != 0) + u32::from(data[self.at + 13] & 0x02 != 0);
        let first = number(self.at + 4);
        (first, first.wrapping_add(ip_len.saturating_sub(headers) as u32 + control))
    }

    /// Where the TCP header ends, if it was captured as a whole.
    pub(crate) fn header_end(self, data: &[u8]) -> Option<usize> {
        let end = self.at + usize::from(*data.get(self.at + 12)? >> 4) * 4;
        (end <= data.len() && end >= self.at + 20).then_some(end)
    }

    pub(crate) fn is_reset(self, data: &[u8]) -> bool {
        data.get(self.at + 13).is_some_and(|flags| flags & 0x04 != 0)
    }

    fn has_ack(self, data: &[u8]) -> bool {
        data.get(self.at + 13).is_some_and(|flags| flags & 0x10 != 0)
    }
}

fn add(data: &mut [u8], at: usize, delta: u32) {
    if let Some(bytes) = data.get_mut(at..at + 4) {
        let number = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        bytes.copy_from_slice(&number.wrapping_add(delta).to_be_bytes());
    }
}

/// Adds to all sequence numbers of the lower end of each connection, and to those of the higher.
pub(crate) fn shift_numbers(shot: &Shot, by_lower: u32, by_higher: u32) -> Shot {
    let mut shot = shot.clone();
    let Some(tcp) = tcp_of(&shot) else { return shot };
    let (src, dst) = tcp.ends(&shot.data);
    let (own, other) = if src < dst { (by_lower, by_higher) } else { (by_higher, by_lower) };
    let (has_ack, header_end) = (tcp.has_ack(&shot.data), tcp.header_end(&shot.data));
    let data = &mut shot.data;
    add(data, tcp.at + 4, own);
    if has_ack {
        add(data, tcp.at + 8, other);
    }
    let (mut at, end) = (tcp.at + 20, header_end.unwrap_or(0));
    while at + 1 < end {
        let (kind, len) = (data[at], usize::from(data[at + 1]));
        match kind {
            0 => break,
            1 => at += 1,
            _ if len < 2 => break,
            5 => {
                (at + 2..at + len).step_by(4).for_each(|edge| add(data, edge, other));
                at += len;
            }
            _ => at += len,
        }
    }
    shot
}

/// Turns the bits of `mask` in the last octet of every address, or in all octets: bits turned in all of them reverse every order.
pub(crate) fn renumber(shot: &Shot, all_octets: bool) -> Shot {
    let mut shot = shot.clone();
    let Some(ip) = ip_of(&shot) else { return shot };
    let quoted = ip.quoted(&shot.data);
    for range in [Some(ip), quoted].into_iter().flatten().flat_map(Ip::addresses) {
        let range = if all_octets { range } else { range.end - 1..range.end };
        if let Some(octets) = shot.data.get_mut(range) {
            octets.iter_mut().for_each(|octet| *octet ^= 0xFF);
        }
    }
    shot
}

/// Counts every port from the other end.
pub(crate) fn reverse_ports(shot: &Shot) -> Shot {
    let mut shot = shot.clone();
    if let Some(tcp) = tcp_of(&shot) {
        shot.data[tcp.at..tcp.at + 4].iter_mut().for_each(|octet| *octet ^= 0xFF);
    }
    shot
}

/// Counts the TTL or hop limit down, as a router on the way does.
pub(crate) fn pass_router(shot: &Shot) -> Shot {
    let mut shot = shot.clone();
    if let Some(ip) = ip_of(&shot) {
        let at = if ip.is_v6 { ip.at + 7 } else { ip.at + 8 };
        shot.data[at] = shot.data[at].saturating_sub(1);
    }
    shot
}

/// Keeps `len` octets.
pub(crate) fn snap(shot: &Shot, len: usize) -> Shot {
    let mut shot = shot.clone();
    shot.data.truncate(len);
    shot
}

/// Keeps the headers: everything up to the first octet of data.
pub(crate) fn snap_to_headers(shot: &Shot) -> Shot {
    match tcp_of(shot).filter(|tcp| !tcp.is_quoted).and_then(|tcp| tcp.header_end(&shot.data)) {
        Some(end) => snap(shot, end),
        None => shot.clone(),
    }
}

/// The IP packet alone, or the frame as it is where it holds none.
fn strip(shot: &Shot) -> Option<(Vec<u8>, u32, bool)> {
    let ip = ip_of(shot)?;
    Some((shot.data[ip.at..].to_vec(), shot.wire_len.saturating_sub(ip.at as u32), ip.is_v6))
}

fn with_head(shot: &Shot, link: u16, head: &[u8], packet: &[u8], packet_len: u32) -> Shot {
    let data = [head, packet].concat();
    Shot { link, wire_len: packet_len + head.len() as u32, data, ..shot.clone() }
}

const MACS: [u8; 12] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];

const fn ethertype(is_v6: bool) -> [u8; 2] {
    if is_v6 { [0x86, 0xDD] } else { [0x08, 0x00] }
}

/// The same packet on Ethernet, behind `tags`.
fn on_ethernet(shot: &Shot, tags: &[u8]) -> Shot {
    let Some((packet, len, is_v6)) = strip(shot) else { return shot.clone() };
    with_head(shot, ETHERNET, &[&MACS, tags, &ethertype(is_v6)].concat(), &packet, len)
}

pub(crate) fn ethernet(shot: &Shot) -> Shot {
    on_ethernet(shot, &[])
}

pub(crate) fn vlan(shot: &Shot) -> Shot {
    on_ethernet(shot, &[0x81, 0x00, 0x00, 0x07])
}

pub(crate) fn qinq(shot: &Shot) -> Shot {
    on_ethernet(shot, &[0x88, 0xA8, 0x00, 0x63, 0x81, 0x00, 0x00, 0x07])
}

/// An outer IPv4 header on Ethernet for `len` octets of `protocol`.
fn outer(protocol: u8, len: u32, id: u16) -> Vec<u8> {
    let [len_high, len_low] = (len as u16 + 20).to_be_bytes();
    let [id_high, id_low] = id.to_be_bytes();
    let ip =
        [0x45, 0, len_high, len_low, id_high, id_low, 0, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];
    [&MACS[..], &[0x08, 0x00], &ip].concat()
}

pub(crate) fn vxlan(shot: &Shot) -> Shot {
    let inside = ethernet(shot);
    if strip(shot).is_none() {
        return inside;
    }
    let len = inside.wire_len + 16;
    let [len_high, len_low] = (len as u16).to_be_bytes();
    let udp = [0xC0, 0x01, 0x12, 0xB5, len_high, len_low, 0, 0];
    let head = [&outer(17, len, shot.origin as u16)[..], &udp, &[0x08, 0, 0, 0, 0, 0, 42, 0]].concat();
    with_head(shot, ETHERNET, &head, &inside.data, inside.wire_len)
}

pub(crate) fn gre(shot: &Shot) -> Shot {
    let Some((packet, len, is_v6)) = strip(shot) else { return shot.clone() };
    let head = [&outer(47, len + 4, shot.origin as u16)[..], &[0, 0], &ethertype(is_v6)].concat();
    with_head(shot, ETHERNET, &head, &packet, len)
}
