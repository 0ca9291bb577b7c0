//! Linux cooked captures: what `-i any` and interfaces without a link header give.

use super::reader::Reader;
use super::surroundings::{Found, Surroundings};
use super::{Skip, ethernet};

/// LINKTYPE_LINUX_SLL: packet type, ARPHRD_, address length, address (8), protocol.
pub(super) fn v1(mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    reader.skip(2)?;
    let device = reader.u16()?;
    reader.skip(10)?;
    let protocol = reader.u16()?;
    cooked(device, protocol, reader, around)
}

/// LINKTYPE_LINUX_SLL2: protocol, reserved (2), interface (4), ARPHRD_, packet type (1), address length (1), address (8).
pub(super) fn v2(mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    let protocol = reader.u16()?;
    reader.skip(6)?;
    let device = reader.u16()?;
    reader.skip(10)?;
    cooked(device, protocol, reader, around)
}

/// The protocol is an EtherType (with 4 for LLC, which reads like an 802.3 length), except on a few kinds of device.
fn cooked(device: u16, protocol: u16, reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    match device {
        ARPHRD_NETLINK | ARPHRD_IEEE80211..=ARPHRD_IEEE80211_RADIOTAP => Err(Skip::NotIp),
        _ => ethernet::payload(protocol, reader, around),
    }
}

/// Netlink messages: the protocol is a netlink family.
const ARPHRD_NETLINK: u16 = 824;
/// 802.11 in monitor mode: the protocol says nothing; this one, Prism and radiotap.
const ARPHRD_IEEE80211: u16 = 801;
/// 802.11 with radiotap.
const ARPHRD_IEEE80211_RADIOTAP: u16 = 803;

#[cfg(test)]
mod tests {
    use super::super::ethernet::{IPV4, IPV6};
    use super::super::testing::*;
    use super::Skip;

    fn sll(device: u16, protocol: u16, payload: &[u8]) -> Vec<u8> {
        let [d, p] = [device.to_be_bytes(), protocol.to_be_bytes()];
        join(&[&[0, 4], &d, &[0, 6, 2, 0, 0, 0, 0, 1, 0, 0], &p, payload])
    }

    fn sll2(device: u16, protocol: u16, payload: &[u8]) -> Vec<u8> {
        let [d, p] = [device.to_be_bytes(), protocol.to_be_bytes()];
        join(&[&p, &[0, 0, 0, 0, 0, 3], &d, &[4, 6, 2, 0, 0, 0, 0, 1, 0, 0], payload])
    }

    #[test]
    fn cooked_packets() {
        for (link, cook) in [(113, sll as fn(u16, u16, &[u8]) -> Vec<u8>), (276, sll2)] {
            assert_probe(link, &cook(1, IPV4, &v4(TCP, &probe())));
            assert_probe(link, &cook(772, IPV6, &v6(TCP, &probe())));
            let tagged = cook(1, 0x8100, &vlan(7, IPV4, &v4(TCP, &probe())));
            assert_eq!(assert_probe(link, &tagged), ["vlan 7"]);
            assert_probe(link, &cook(1, 4, &join(&[&[0xAA, 0xAA, 3, 0, 0, 0, 8, 0], &v4(TCP, &probe())])));
        }
    }

    #[test]
    fn netlink_and_arp_are_not_ip() {
        for (link, cook) in [(113, sll as fn(u16, u16, &[u8]) -> Vec<u8>), (276, sll2)] {
            assert_skip(link, &cook(824, IPV4, &v4(TCP, &probe())), Skip::NotIp);
            assert_skip(link, &cook(1, 0x0806, &[0; 28]), Skip::NotIp);
        }
    }
}
