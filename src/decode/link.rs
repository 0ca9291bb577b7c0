//! Link types: how the first bytes of a frame are to be read.

use super::reader::Reader;
use super::surroundings::{Found, Surroundings};
use super::{Skip, ethernet, ip, ppp, sll, wifi};
use crate::frame::LinkType;

/// Reads the frame by its link type: one row for each that is understood, with its LINKTYPE_ name
/// (<https://www.tcpdump.org/linktypes.html>).
pub(super) fn read(reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    let read: fn(Reader<'_>, &mut Surroundings<'_>) -> Found = match around.frame.link {
        LinkType(0) => loopback, // NULL
        LinkType::ETHERNET => ethernet::read,
        LinkType(9) => ppp::read,        // PPP
        LinkType(12 | 14) => ip::read,   // DLT_RAW of this and that BSD, written as it is by old tools
        LinkType(50) => ppp::hdlc,       // PPP_HDLC
        LinkType(51) => ppp::over_ether, // PPP_ETHER
        LinkType::RAW => ip::read,
        LinkType(104) => ppp::cisco,     // C_HDLC
        LinkType(105) => wifi::read,     // IEEE802_11
        LinkType(108) => loopback,       // LOOP
        LinkType(113) => sll::v1,        // LINUX_SLL
        LinkType(127) => wifi::radiotap, // IEEE802_11_RADIOTAP
        LinkType(228) => ip::v4,         // IPV4
        LinkType(229) => ip::v6,         // IPV6
        LinkType(276) => sll::v2,        // LINUX_SLL2
        _ => return Err(Skip::UnsupportedLink),
    };
    read(reader, around)
}

/// BSD loopback: an address family, in the byte order of the capturing machine (NULL) or the network (LOOP). Both are
/// small numbers, so the other order cannot be mistaken for one, and a file from either kind of machine is read.
fn loopback(mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    let family = reader.u32()?;
    match family.min(family.swap_bytes()) {
        AF_INET => ip::v4(reader, around),
        AF_INET6_BSD | AF_INET6_FREEBSD | AF_INET6_DARWIN | AF_INET6_LINUX => ip::v6(reader, around),
        _ => Err(Skip::NotIp),
    }
}

/// 2 on every system.
const AF_INET: u32 = 2;
/// NetBSD, OpenBSD.
const AF_INET6_BSD: u32 = 24;
/// FreeBSD, DragonFly.
const AF_INET6_FREEBSD: u32 = 28;
/// macOS, iOS.
const AF_INET6_DARWIN: u32 = 30;
/// Linux.
const AF_INET6_LINUX: u32 = 10;

#[cfg(test)]
mod tests {
    use super::super::ethernet::IPV4;
    use super::super::testing::*;
    use super::Skip;

    #[test]
    fn raw_is_told_by_the_version() {
        for link in [12, 14, 101] {
            assert_probe(link, &v4(TCP, &probe()));
            assert_probe(link, &v6(TCP, &probe()));
            assert_skip(link, &[0x50; 60], Skip::NotIp);
        }
    }

    #[test]
    fn ipv4_and_ipv6_hold_only_their_own() {
        assert_probe(228, &v4(TCP, &probe()));
        assert_skip(228, &v6(TCP, &probe()), Skip::Malformed);
        assert_probe(229, &v6(TCP, &probe()));
        assert_skip(229, &v4(TCP, &probe()), Skip::Malformed);
    }

    #[test]
    fn loopback_families_come_in_either_byte_order() {
        for link in [0, 108] {
            assert_probe(link, &join(&[&[2, 0, 0, 0], &v4(TCP, &probe())]));
            assert_probe(link, &join(&[&[0, 0, 0, 2], &v4(TCP, &probe())]));
            for family in [10, 24, 28, 30] {
                assert_probe(link, &join(&[&[family, 0, 0, 0], &v6(TCP, &probe())]));
                assert_probe(link, &join(&[&[0, 0, 0, family], &v6(TCP, &probe())]));
            }
            assert_skip(link, &join(&[&[7, 0, 0, 0], &v4(TCP, &probe())]), Skip::NotIp);
        }
    }

    #[test]
    fn other_link_types_are_said_to_be_unsupported() {
        assert_skip(189, &ethernet(IPV4, &v4(TCP, &probe())), Skip::UnsupportedLink);
    }
}
