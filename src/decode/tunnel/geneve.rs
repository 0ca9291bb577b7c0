//! Geneve (RFC 8926).

use crate::decode::encapsulation::Layer;
use crate::decode::reader::Reader;
use crate::decode::surroundings::{Found, Surroundings};
use crate::decode::udp::not_a_tunnel;
use crate::decode::{NetworkId, Skip, ethernet};

/// Geneve: version and length of the options, flags, protocol (2), network (3), reserved (1), options; Ethernet or IP
/// inside.
pub(in crate::decode) fn read(mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    let [version_and_options, _flags, p0, p1, a, b, c, _]: [u8; 8] = reader.take().map_err(not_a_tunnel)?;
    let protocol = u16::from_be_bytes([p0, p1]);
    if version_and_options >> 6 != 0
        || !matches!(protocol, ethernet::BRIDGED | ethernet::IPV4 | ethernet::IPV6)
    {
        return Err(Skip::NotTcp);
    }
    let options = usize::from(version_and_options & 0x3F) * 4;
    reader.skip(options).map_err(not_a_tunnel)?;
    let vni = u32::from_be_bytes([0, a, b, c]);
    around.tunnel(Layer::Geneve(vni))?;
    around.network = NetworkId::geneve(vni);
    match protocol {
        ethernet::BRIDGED => ethernet::read(reader, around),
        ether_type => ethernet::payload(ether_type, reader, around),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::ethernet::{BRIDGED, IPV4, IPV6};
    use crate::decode::testing::*;

    fn geneve(first: u8, protocol: u16, rest: &[u8]) -> Vec<u8> {
        v4(17, &udp(6081, &join(&[&[first, 0], &protocol.to_be_bytes(), &[0, 1, 2, 0], rest])))
    }

    #[test]
    fn ethernet_or_ip_in_a_network() {
        let frame = geneve(0, BRIDGED, &ethernet(IPV4, &v4(TCP, &probe())));
        assert_eq!(assert_probe(101, &frame), ["geneve 258"]);
        assert_eq!(segment(101, &frame).tuple.network, NetworkId::geneve(258));
        assert_probe(101, &geneve(0, IPV4, &v4(TCP, &probe())));
        assert_probe(101, &geneve(0, IPV6, &v6(TCP, &probe())));
    }

    #[test]
    fn options_are_stepped_over() {
        assert_probe(101, &geneve(3, IPV4, &join(&[&[0xEE; 12], &v4(TCP, &probe())])));
    }

    #[test]
    fn another_version_or_payload_or_too_many_options_are_plain_udp() {
        assert_skip(101, &geneve(0x40, IPV4, &v4(TCP, &probe())), Skip::NotTcp);
        assert_skip(101, &geneve(0, 0x0806, &v4(TCP, &probe())), Skip::NotTcp);
        assert_skip(101, &geneve(0x3F, IPV4, &v4(TCP, &probe())), Skip::NotTcp);
    }
}
