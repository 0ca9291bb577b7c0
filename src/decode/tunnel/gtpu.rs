//! GTP-U, the user plane of mobile networks (3GPP TS 29.281).

use crate::decode::encapsulation::Layer;
use crate::decode::reader::Reader;
use crate::decode::surroundings::{Found, Surroundings};
use crate::decode::udp::not_a_tunnel;
use crate::decode::{Skip, ip};

/// How many extension headers a message may have; the standard knows nine kinds, and one or two are met.
const MAX_EXTENSION_HEADERS: usize = 16;

/// A G-PDU: flags, message type, length (2), tunnel (4), and where a flag says so sequence number (2), N-PDU number and
/// the type of the first extension header; IP inside. Other messages, and sessions that carry Ethernet, are plain UDP.
pub(in crate::decode) fn read(mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    let [flags, message, _, _, teid @ ..]: [u8; 8] = reader.take().map_err(not_a_tunnel)?;
    if flags & VERSION_AND_PROTOCOL != VERSION_1_GTP || message != G_PDU {
        return Err(Skip::NotTcp);
    }
    if flags & HAS_OPTIONAL_FIELDS != 0 {
        let [_, _, _, next]: [u8; 4] = reader.take().map_err(not_a_tunnel)?;
        if flags & HAS_EXTENSION != 0 {
            skip_extensions(next, &mut reader)?;
        }
    }
    around.tunnel(Layer::Gtpu(u32::from_be_bytes(teid)))?;
    ip::read(reader, around)
}

/// Steps over extension headers: each starts with its length in units of four octets and ends with the next one's type.
fn skip_extensions(mut next: u8, reader: &mut Reader<'_>) -> Result<(), Skip> {
    for _ in 0..MAX_EXTENSION_HEADERS {
        if next == NO_MORE_EXTENSIONS {
            return Ok(());
        }
        let units = reader.u8().map_err(not_a_tunnel)?;
        let body = (usize::from(units) * 4).checked_sub(2).ok_or(Skip::NotTcp)?;
        reader.skip(body).map_err(not_a_tunnel)?;
        next = reader.u8().map_err(not_a_tunnel)?;
    }
    if next == NO_MORE_EXTENSIONS { Ok(()) } else { Err(Skip::Malformed) }
}

/// The bits of the version and of the protocol type.
const VERSION_AND_PROTOCOL: u8 = 0xF0;
/// Version 1, and GTP rather than GTP'.
const VERSION_1_GTP: u8 = 0x30;
/// E, S or PN: the optional fields are there, all of them.
const HAS_OPTIONAL_FIELDS: u8 = 0x07;
/// E: the last of them is valid.
const HAS_EXTENSION: u8 = 0x04;
/// The message that carries a user's packet.
const G_PDU: u8 = 255;
/// The type of no extension header.
const NO_MORE_EXTENSIONS: u8 = 0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::testing::*;

    fn gtpu(flags: u8, message: u8, rest: &[&[u8]]) -> Vec<u8> {
        v4(17, &udp(2152, &join(&[&[flags, message, 0, 0, 0, 0, 1, 2], &join(rest)])))
    }

    #[test]
    fn ip_in_a_tunnel() {
        assert_eq!(assert_probe(101, &gtpu(0x30, 255, &[&v4(TCP, &probe())])), ["gtpu 258"]);
        assert_eq!(assert_probe(101, &gtpu(0x30, 255, &[&v6(TCP, &probe())])), ["gtpu 258"]);
    }

    #[test]
    fn optional_fields_and_extension_headers() {
        let packet = v4(TCP, &probe());
        assert_probe(101, &gtpu(0x32, 255, &[&[0, 9, 0, 0x85], &packet]));
        assert_probe(101, &gtpu(0x34, 255, &[&[0, 0, 0, 0x85], &[1, 9, 9, 0], &packet]));
        let two = [1, 9, 9, 0xC0, 2, 9, 9, 9, 9, 9, 9, 0];
        assert_probe(101, &gtpu(0x36, 255, &[&[0, 9, 0, 0x85], &two, &packet]));
    }

    #[test]
    fn endless_extension_headers_cannot_be() {
        let chain = |n| join(&[&[1, 9, 9, 0x85].repeat(n), &[1, 9, 9, 0], &v4(TCP, &probe())]);
        assert_probe(101, &gtpu(0x34, 255, &[&[0, 0, 0, 0x85], &chain(15)]));
        assert_skip(101, &gtpu(0x34, 255, &[&[0, 0, 0, 0x85], &chain(16)]), Skip::Malformed);
    }

    #[test]
    fn echoes_other_versions_and_no_ip_are_plain_udp() {
        let packet = v4(TCP, &probe());
        assert_skip(101, &gtpu(0x30, 1, &[&packet]), Skip::NotTcp);
        assert_skip(101, &gtpu(0x20, 255, &[&packet]), Skip::NotTcp);
        assert_skip(101, &gtpu(0x50, 255, &[&packet]), Skip::NotTcp);
        assert_skip(101, &gtpu(0x34, 255, &[&[0, 0, 0, 0x85], &[0, 9, 9, 0], &packet]), Skip::NotTcp);
        assert_skip(101, &gtpu(0x30, 255, &[&[0; 60]]), Skip::NotTcp);
    }
}
