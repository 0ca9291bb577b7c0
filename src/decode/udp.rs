//! UDP, for the tunnels in it.

use super::reader::Reader;
use super::surroundings::{Found, Surroundings};
use super::{Skip, tunnel};

/// A datagram (RFC 768). Tunnels are known by their destination port; by the source port only where that one alone fits.
pub(super) fn read(mut reader: Reader<'_>, around: &mut Surroundings<'_>) -> Found {
    let src_port = reader.u16()?;
    let dst_port = reader.u16()?;
    let _length_and_checksum: [u8; 4] = reader.take()?;
    match tunnel_at(dst_port).or_else(|| tunnel_at(src_port)) {
        Some(read) => read(reader, around),
        None => Err(Skip::NotTcp),
    }
}

/// What is spoken at `port`.
fn tunnel_at(port: u16) -> Option<fn(Reader<'_>, &mut Surroundings<'_>) -> Found> {
    match port {
        2152 => Some(tunnel::gtpu::read),
        4789 | 8472 => Some(tunnel::vxlan::read), // IANA's, and Linux' from before there was one
        4790 => Some(tunnel::vxlan::read_gpe),
        6081 => Some(tunnel::geneve::read),
        _ => None,
    }
}

/// A datagram that is too short to be its port's tunnel is something else at that port.
pub(super) const fn not_a_tunnel(skip: Skip) -> Skip {
    match skip {
        Skip::Malformed => Skip::NotTcp,
        skip => skip,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::Skip;

    #[test]
    fn plain_datagrams_are_not_tcp() {
        assert_skip(101, &v4(17, &udp(53, &probe())), Skip::NotTcp);
        for port in [2152, 4789, 8472, 4790, 6081] {
            assert_skip(101, &v4(17, &udp(port, &[])), Skip::NotTcp);
            assert_skip(101, &v4(17, &udp(port, &[0; 100])), Skip::NotTcp);
        }
    }

    #[test]
    fn the_source_port_decides_where_the_destination_says_nothing() {
        let mut datagram = udp(443, &join(&[&[0, 0, 8, 0, 0, 0, 7, 0], &v4(TCP, &probe())]));
        assert_skip(101, &v4(17, &datagram), Skip::NotTcp);
        datagram[..2].copy_from_slice(&6081_u16.to_be_bytes());
        assert_eq!(assert_probe(101, &v4(17, &datagram)), ["geneve 7"]);
    }
}
