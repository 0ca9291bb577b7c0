//! Ethernet: EtherTypes, VLAN tags, and LLC with SNAP.

use super::encapsulation::Layer;
use super::reader::Reader;
use super::surroundings::{Found, Surroundings};
use super::{Skip, ip, ppp, tunnel};

/// An Ethernet frame from its destination address on (IEEE 802.3). Preamble and frame check sequence are no matter.
pub(super) fn read(mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    reader.skip(ADDRESSES)?;
    let ether_type = reader.u16()?;
    payload(ether_type, reader, around)
}

/// What follows an EtherType, or the length that stands in its place in an 802.3 frame.
///
/// VLAN tags are a loop and not a descent: any number of them is read.
pub(super) fn payload(mut ether_type: u16, mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    loop {
        ether_type = match ether_type {
            IPV4 => return ip::v4(reader, around),
            IPV6 => return ip::v6(reader, around),
            VLAN | SERVICE_VLAN | QINQ | QINQ_OLD => {
                let tag = reader.u16()?;
                around.tag(Layer::Vlan(tag & 0x0FFF));
                reader.u16()?
            }
            ..=MAX_802_3_LENGTH => llc(&mut reader)?,
            MPLS | MPLS_MULTICAST => return tunnel::mpls::read(reader, around),
            PPPOE_SESSION => return ppp::over_ether(reader, around),
            _ => return Err(Skip::NotIp),
        }
    }
}

/// The EtherType inside LLC (IEEE 802.2) and SNAP (RFC 1042).
pub(super) fn llc(reader: &mut Reader<'_>) -> Result<u16, Skip> {
    match reader.take()? {
        [0xAA, 0xAA, 0x03] => match reader.take()? {
            // Encapsulated Ethernet, and its variant for bridges (RFC 1042, 802.1H).
            [0, 0, 0] | [0, 0, 0xF8] => reader.u16(),
            _ => Err(Skip::NotIp),
        },
        // IP has a service access point of its own.
        [0x06, 0x06, 0x03] => Ok(IPV4),
        _ => Err(Skip::NotIp),
    }
}

/// Whether IP may lie behind this EtherType.
pub(super) const fn leads_to_ip(ether_type: u16) -> bool {
    matches!(
        ether_type,
        IPV4 | IPV6 | VLAN | SERVICE_VLAN | QINQ | QINQ_OLD | MPLS | MPLS_MULTICAST | PPPOE_SESSION
    )
}

/// Octets of both addresses.
const ADDRESSES: usize = 12;
/// Up to here the field is the length of an 802.3 frame (IEEE 802.3 §3.2.6).
const MAX_802_3_LENGTH: u16 = 1500;
/// IPv4 (RFC 894).
pub(super) const IPV4: u16 = 0x0800;
/// IPv6 (RFC 2464).
pub(super) const IPV6: u16 = 0x86DD;
/// Ethernet inside another carrier ("transparent bridging").
pub(super) const BRIDGED: u16 = 0x6558;
/// 802.1Q.
const VLAN: u16 = 0x8100;
/// 802.1ad service tag.
const SERVICE_VLAN: u16 = 0x88A8;
/// QinQ before 802.1ad.
const QINQ: u16 = 0x9100;
/// The other QinQ before 802.1ad.
const QINQ_OLD: u16 = 0x9200;
/// MPLS (RFC 5332).
pub(super) const MPLS: u16 = 0x8847;
/// MPLS, upstream-assigned (RFC 5332).
const MPLS_MULTICAST: u16 = 0x8848;
/// PPPoE in its session stage (RFC 2516).
const PPPOE_SESSION: u16 = 0x8864;

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn ethernet_ii() {
        assert_probe(1, &ethernet(IPV4, &v4(TCP, &probe())));
        assert_probe(1, &ethernet(IPV6, &v6(TCP, &probe())));
        assert_skip(1, &ethernet(0x0806, &[0; 46]), Skip::NotIp);
        assert_skip(1, &ethernet(IPV4, &v6(TCP, &probe())), Skip::Malformed);
    }

    #[test]
    fn vlan_tags_of_every_kind_and_depth() {
        for tpid in [VLAN, SERVICE_VLAN, QINQ, QINQ_OLD] {
            let frame = ethernet(tpid, &vlan(7, IPV4, &v4(TCP, &probe())));
            assert_eq!(assert_probe(1, &frame), ["vlan 7"]);
        }
        let qinq = ethernet(SERVICE_VLAN, &vlan(0xE000 | 100, VLAN, &vlan(7, IPV6, &v6(TCP, &probe()))));
        assert_eq!(assert_probe(1, &qinq), ["vlan 100", "vlan 7"]);

        let deep =
            (0..5000).fold(v4(TCP, &probe()), |inner, i| vlan(i, if i == 0 { IPV4 } else { VLAN }, &inner));
        assert_eq!(assert_probe(1, &ethernet(VLAN, &deep)).len(), 12);
    }

    #[test]
    fn a_vlan_of_something_else() {
        assert_skip(1, &ethernet(VLAN, &vlan(7, 0x0806, &[0; 46])), Skip::NotIp);
    }

    #[test]
    fn an_802_3_frame_with_snap() {
        let packet = v4(TCP, &probe());
        let snap = join(&[&[0xAA, 0xAA, 3, 0, 0, 0, 8, 0], &packet]);
        assert_probe(1, &ethernet(snap.len() as u16, &snap));
        assert_probe(1, &ethernet(VLAN, &vlan(7, snap.len() as u16, &snap)));
        let cisco = join(&[&[0xAA, 0xAA, 3, 0, 0, 0x0C, 8, 0], &packet]);
        assert_skip(1, &ethernet(cisco.len() as u16, &cisco), Skip::NotIp);
        assert_probe(1, &ethernet(43, &join(&[&[6, 6, 3], &packet])));
        let spanning_tree = join(&[&[0x42, 0x42, 3], &packet]);
        assert_skip(1, &ethernet(43, &spanning_tree), Skip::NotIp);
    }
}
