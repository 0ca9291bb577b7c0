//! GRE (RFC 2784, RFC 2890).

use super::erspan;
use crate::decode::encapsulation::Layer;
use crate::decode::reader::Reader;
use crate::decode::surroundings::{Found, Surroundings};
use crate::decode::{Skip, ethernet};

/// GRE version 0 with IP, Ethernet or ERSPAN inside. Source routes (RFC 1701, gone since RFC 2784) and version 1
/// (PPTP) are not read.
pub(in crate::decode) fn read(mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    let flags = reader.u16()?;
    let protocol = reader.u16()?;
    if flags & (VERSION | ROUTING) != 0 {
        return Err(Skip::NotTcp);
    }
    if flags & CHECKSUM != 0 {
        reader.skip(4)?;
    }
    let key = if flags & KEY != 0 { Some(reader.u32()?) } else { None };
    let has_sequence = flags & SEQUENCE != 0;
    if has_sequence {
        reader.skip(4)?;
    }
    around.tunnel(Layer::Gre(key))?;
    match protocol {
        ethernet::BRIDGED => ethernet::read(reader, around),
        // Type I of ERSPAN is nothing but Ethernet, and the missing sequence number is what tells it from type II.
        ERSPAN if !has_sequence => ethernet::read(reader, around),
        ERSPAN => erspan::v2(reader, around),
        ERSPAN_III => erspan::v3(reader, around),
        ether_type => ethernet::payload(ether_type, reader, around),
    }
}

/// A checksum and a reserved field follow.
const CHECKSUM: u16 = 0x8000;
/// Source routes follow.
const ROUTING: u16 = 0x4000;
/// A key follows.
const KEY: u16 = 0x2000;
/// A sequence number follows.
const SEQUENCE: u16 = 0x1000;
/// The version's bits.
const VERSION: u16 = 0x0007;
/// ERSPAN types I and II.
const ERSPAN: u16 = 0x88BE;
/// ERSPAN type III.
const ERSPAN_III: u16 = 0x22EB;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::ethernet::{BRIDGED, IPV4, IPV6};
    use crate::decode::testing::*;

    fn gre(flags: u16, protocol: u16, rest: &[&[u8]]) -> Vec<u8> {
        v4(47, &join(&[&flags.to_be_bytes(), &protocol.to_be_bytes(), &join(rest)]))
    }

    #[test]
    fn ip_behind_every_optional_field() {
        let packet = v4(TCP, &probe());
        assert_eq!(assert_probe(101, &gre(0, IPV4, &[&packet])), ["gre"]);
        assert_eq!(assert_probe(101, &gre(CHECKSUM, IPV4, &[&[9; 4], &packet])), ["gre"]);
        assert_eq!(assert_probe(101, &gre(KEY, IPV4, &[&[0, 0, 0, 7], &packet])), ["gre 7"]);
        assert_eq!(assert_probe(101, &gre(SEQUENCE, IPV4, &[&[9; 4], &packet])), ["gre"]);
        let all =
            gre(CHECKSUM | KEY | SEQUENCE, IPV6, &[&[9; 4], &[0, 0, 0, 7], &[9; 4], &v6(TCP, &probe())]);
        assert_eq!(assert_probe(101, &all), ["gre 7"]);
    }

    #[test]
    fn ethernet_and_mpls_inside() {
        let frame = ethernet(0x8100, &vlan(5, IPV4, &v4(TCP, &probe())));
        assert_eq!(assert_probe(101, &gre(0, BRIDGED, &[&frame])), ["gre", "vlan 5"]);
        let labelled = gre(0, ethernet::MPLS, &[&[0, 1, 0x11, 64], &v4(TCP, &probe())]);
        assert_eq!(assert_probe(101, &labelled), ["gre", "mpls 17"]);
    }

    #[test]
    fn routing_version_1_and_other_payloads_are_not_tcp() {
        for (flags, protocol) in [(ROUTING, IPV4), (KEY | 1, 0x880B), (1, IPV4), (0, 0x0806)] {
            assert_skip(101, &gre(flags, protocol, &[&v4(TCP, &probe())]), Skip::NotTcp);
        }
    }
}
