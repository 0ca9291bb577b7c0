//! PPP and what it comes in: HDLC framing, Cisco HDLC, PPPoE.

use super::encapsulation::Layer;
use super::reader::Reader;
use super::surroundings::{Found, Surroundings};
use super::{Skip, ethernet, ip, tunnel};

/// A PPP frame, with its address and control octets or, where they were negotiated away, without (RFC 1661, RFC 1662).
pub(super) fn read(mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    if reader.peek()? == [ALL_STATIONS, UNNUMBERED] {
        reader.skip(2)?;
    }
    payload(reader, around)
}

/// PPP in HDLC-like framing, or Cisco HDLC: the address tells.
pub(super) fn hdlc(reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    match reader.peek()? {
        [CISCO_UNICAST | CISCO_MULTICAST] => cisco(reader, around),
        [_] => read(reader, around),
    }
}

/// Cisco HDLC: address, control, and an EtherType.
pub(super) fn cisco(mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    reader.skip(2)?;
    let ether_type = reader.u16()?;
    ethernet::payload(ether_type, reader, around)
}

/// PPPoE from its version on; only session data holds PPP (RFC 2516 §4).
pub(super) fn over_ether(mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    if reader.take()? != [VERSION_1_TYPE_1, SESSION_DATA] {
        return Err(Skip::NotIp);
    }
    let session = reader.u16()?;
    let _length = reader.u16()?;
    around.tunnel(Layer::Pppoe(session))?;
    payload(reader, around)
}

/// What follows the protocol field, which has one octet or two: only the last one is odd (RFC 1661 §2).
fn payload(mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    let first = reader.u8()?;
    let protocol = if first & 1 == 1 { first.into() } else { u16::from_be_bytes([first, reader.u8()?]) };
    match protocol {
        IPV4 => ip::v4(reader, around),
        IPV6 => ip::v6(reader, around),
        MPLS | MPLS_MULTICAST => tunnel::mpls::read(reader, around),
        _ => Err(Skip::NotIp),
    }
}

/// The HDLC address of everyone, and the only one in PPP.
const ALL_STATIONS: u8 = 0xFF;
/// The HDLC control field of PPP.
const UNNUMBERED: u8 = 0x03;
/// Cisco HDLC address.
const CISCO_UNICAST: u8 = 0x0F;
/// Cisco HDLC broadcast address.
const CISCO_MULTICAST: u8 = 0x8F;
/// The first octet of PPPoE.
const VERSION_1_TYPE_1: u8 = 0x11;
/// The PPPoE code of a session's data.
const SESSION_DATA: u8 = 0;
/// PPP's number for IPv4 (RFC 1332).
const IPV4: u16 = 0x0021;
/// PPP's number for IPv6 (RFC 5072).
const IPV6: u16 = 0x0057;
/// PPP's number for MPLS (RFC 3032 §4.3).
const MPLS: u16 = 0x0281;
/// PPP's number for MPLS multicast (RFC 3032 §4.3).
const MPLS_MULTICAST: u16 = 0x0283;

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::Skip;

    #[test]
    fn ppp_with_and_without_its_compressible_fields() {
        for link in [9, 50] {
            assert_probe(link, &join(&[&[0xFF, 3, 0, 0x21], &v4(TCP, &probe())]));
            assert_probe(link, &join(&[&[0xFF, 3, 0x21], &v4(TCP, &probe())]));
            assert_probe(link, &join(&[&[0x00, 0x57], &v6(TCP, &probe())]));
            assert_probe(link, &join(&[&[0x57], &v6(TCP, &probe())]));
            assert_skip(link, &join(&[&[0xFF, 3, 0xC0, 0x21], &[0; 20]]), Skip::NotIp);
        }
    }

    #[test]
    fn cisco_hdlc_by_link_type_and_by_address() {
        for link in [50, 104] {
            assert_probe(link, &join(&[&[0x0F, 0, 0x08, 0x00], &v4(TCP, &probe())]));
            assert_probe(link, &join(&[&[0x8F, 0, 0x86, 0xDD], &v6(TCP, &probe())]));
            assert_skip(link, &join(&[&[0x8F, 0, 0x80, 0x35], &[0; 18]]), Skip::NotIp);
        }
    }

    #[test]
    fn pppoe_by_link_type_and_over_ethernet() {
        let packet = v4(TCP, &probe());
        let session = join(&[&[0x11, 0, 0, 9, 0, 42, 0, 0x21], &packet]);
        assert_eq!(assert_probe(51, &session), ["pppoe 9"]);
        assert_eq!(assert_probe(1, &ethernet(0x8864, &session)), ["pppoe 9"]);
        let discovery = join(&[&[0x11, 0x09, 0, 9, 0, 42, 0, 0x21], &packet]);
        assert_skip(51, &discovery, Skip::NotIp);
        assert_skip(1, &ethernet(0x8863, &discovery), Skip::NotIp);
    }
}
