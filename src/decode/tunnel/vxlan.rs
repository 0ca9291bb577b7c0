//! VXLAN (RFC 7348) and VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe).

use super::mpls;
use crate::decode::encapsulation::Layer;
use crate::decode::reader::Reader;
use crate::decode::surroundings::{Found, Surroundings};
use crate::decode::udp::not_a_tunnel;
use crate::decode::{NetworkId, Skip, ethernet, ip};

/// VXLAN: flags, reserved (3; some vendors' policy group), network (3), reserved (1); Ethernet inside.
pub(in crate::decode) fn read(mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    header(&mut reader, around)?;
    ethernet::read(reader, around)
}

/// VXLAN-GPE: the same with a protocol in the last reserved octet, where a flag says so.
pub(in crate::decode) fn read_gpe(mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    let [flags, _, _, protocol] = header(&mut reader, around)?;
    match protocol {
        _ if flags & HAS_PROTOCOL == 0 => ethernet::read(reader, around),
        1 => ip::v4(reader, around),
        2 => ip::v6(reader, around),
        3 => ethernet::read(reader, around),
        5 => mpls::read(reader, around),
        _ => Err(Skip::NotTcp),
    }
}

/// Takes the header, enters the network, and gives the four octets before it.
fn header(reader: &mut Reader<'_>, around: &mut Surroundings<'_>) -> Result<[u8; 4], Skip> {
    let [first @ .., a, b, c, _]: [u8; 8] = reader.take().map_err(not_a_tunnel)?;
    let [flags, ..]: [u8; 4] = first;
    if flags & HAS_NETWORK == 0 {
        return Err(Skip::NotTcp);
    }
    let vni = u32::from_be_bytes([0, a, b, c]);
    around.tunnel(Layer::Vxlan(vni))?;
    around.network = NetworkId::vxlan(vni);
    Ok(first)
}

/// The network field is valid; without it the packet is none of VXLAN's (RFC 7348 §5).
const HAS_NETWORK: u8 = 0x08;
/// GPE: the protocol field is valid.
const HAS_PROTOCOL: u8 = 0x04;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::ethernet::IPV4;
    use crate::decode::testing::*;

    fn vxlan(port: u16, header: [u8; 4], vni: u8, inner: &[u8]) -> Vec<u8> {
        v4(17, &udp(port, &join(&[&header, &[0, 1, vni, 0], inner])))
    }

    #[test]
    fn ethernet_in_a_network() {
        let frame = ethernet(IPV4, &v4(TCP, &probe()));
        for port in [4789, 8472, 4790] {
            let packet = vxlan(port, [8, 0, 0, 0], 2, &frame);
            assert_eq!(assert_probe(101, &packet), ["vxlan 258"]);
            assert_eq!(segment(101, &packet).tuple.network, NetworkId::vxlan(258));
        }
    }

    #[test]
    fn the_innermost_network_counts() {
        let inner = ethernet(IPV4, &vxlan(4789, [8, 0, 0, 0], 2, &ethernet(IPV4, &v4(TCP, &probe()))));
        let packet = vxlan(4789, [8, 0, 0, 0], 1, &inner);
        assert_eq!(assert_probe(101, &packet), ["vxlan 257", "vxlan 258"]);
        assert_eq!(segment(101, &packet).tuple.network, NetworkId::vxlan(258));
    }

    #[test]
    fn without_the_network_flag_it_is_plain_udp() {
        let frame = ethernet(IPV4, &v4(TCP, &probe()));
        assert_skip(101, &vxlan(4789, [0xF7, 0, 0, 0], 2, &frame), Skip::NotTcp);
        assert_skip(101, &vxlan(4788, [8, 0, 0, 0], 2, &frame), Skip::NotTcp);
    }

    #[test]
    fn gpe_says_what_is_inside() {
        let frame = ethernet(IPV4, &v4(TCP, &probe()));
        assert_probe(101, &vxlan(4790, [0x0C, 0, 0, 1], 2, &v4(TCP, &probe())));
        assert_probe(101, &vxlan(4790, [0x0C, 0, 0, 2], 2, &v6(TCP, &probe())));
        assert_probe(101, &vxlan(4790, [0x0C, 0, 0, 3], 2, &frame));
        assert_probe(101, &vxlan(4790, [0x0C, 0, 0, 5], 2, &join(&[&[0, 1, 0x11, 64], &v4(TCP, &probe())])));
        assert_skip(101, &vxlan(4790, [0x0C, 0, 0, 4], 2, &frame), Skip::NotTcp);
    }
}
