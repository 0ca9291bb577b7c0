//! ERSPAN: mirrored Ethernet frames in GRE (draft-foschiano-erspan).

use crate::decode::encapsulation::Layer;
use crate::decode::reader::Reader;
use crate::decode::surroundings::{Found, Surroundings};
use crate::decode::{Skip, ethernet, ip};

/// Type II: version, VLAN, class, session, port index (8 octets). It comes in GRE, which has counted as the tunnel.
pub(in crate::decode) fn v2(mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    session(&mut reader, 1, around)?;
    reader.skip(4)?;
    ethernet::read(reader, around)
}

/// Type III: adds a time stamp, the kind of frame, and sometimes a platform's own header (12 or 20 octets).
pub(in crate::decode) fn v3(mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    session(&mut reader, 2, around)?;
    reader.skip(6)?;
    let flags = reader.u16()?;
    if flags & HAS_PLATFORM_HEADER != 0 {
        reader.skip(8)?;
    }
    match flags >> 10 & 0x1F {
        FRAME_ETHERNET => ethernet::read(reader, around),
        FRAME_IP => ip::read(reader, around),
        _ => Err(Skip::NotTcp),
    }
}

/// The first four octets, which both types share.
fn session(reader: &mut Reader<'_>, version: u16, around: &mut Surroundings<'_>) -> Result<(), Skip> {
    let version_and_vlan = reader.u16()?;
    let session = reader.u16()? & 0x03FF;
    if version_and_vlan >> 12 != version {
        return Err(Skip::NotTcp);
    }
    around.tag(Layer::Erspan(session));
    Ok(())
}

/// Type III: the last bit.
const HAS_PLATFORM_HEADER: u16 = 0x0001;
/// Type III, kind of frame.
const FRAME_ETHERNET: u16 = 0;
/// Type III, kind of frame.
const FRAME_IP: u16 = 2;

#[cfg(test)]
mod tests {
    use crate::decode::Skip;
    use crate::decode::ethernet::IPV4;
    use crate::decode::testing::*;

    fn mirrored(gre: [u8; 4], header: &[u8], inner: &[u8]) -> Vec<u8> {
        let sequence: &[u8] = if gre[0] & 0x10 != 0 { &[0, 0, 0, 1] } else { &[] };
        v4(47, &join(&[&gre, sequence, header, inner]))
    }

    #[test]
    fn types_1_2_and_3() {
        let frame = ethernet(IPV4, &v4(TCP, &probe()));
        assert_eq!(assert_probe(101, &mirrored([0, 0, 0x88, 0xBE], &[], &frame)), ["gre"]);
        let two = [0x10, 0x07, 0xFC, 0x05, 0, 0, 0, 9];
        assert_eq!(assert_probe(101, &mirrored([0x10, 0, 0x88, 0xBE], &two, &frame)), ["gre", "erspan 5"]);
        let three = [0x20, 0x07, 0, 5, 9, 9, 9, 9, 0, 0, 0, 0];
        assert_eq!(assert_probe(101, &mirrored([0x10, 0, 0x22, 0xEB], &three, &frame)), ["gre", "erspan 5"]);
        let platform = [0x20, 0x07, 0, 5, 9, 9, 9, 9, 0, 0, 0, 1, 8, 8, 8, 8, 8, 8, 8, 8];
        assert_probe(101, &mirrored([0x10, 0, 0x22, 0xEB], &platform, &frame));
        let ip = [0x20, 0x07, 0, 5, 9, 9, 9, 9, 0, 0, 0x08, 0];
        assert_probe(101, &mirrored([0x10, 0, 0x22, 0xEB], &ip, &v4(TCP, &probe())));
    }

    #[test]
    fn another_version_is_not_read() {
        let frame = ethernet(IPV4, &v4(TCP, &probe()));
        let odd = [0x30, 0x07, 0, 5, 0, 0, 0, 9];
        assert_skip(101, &mirrored([0x10, 0, 0x88, 0xBE], &odd, &frame), Skip::NotTcp);
    }
}
