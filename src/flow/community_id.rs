//! Community ID v1: the name of a flow that other tools (Zeek, Suricata, Wireshark, Arkime) compute alike.
//!
//! <https://github.com/corelight/community-id-spec>: `1:` and the base64 of the SHA-1 over seed, both ends (the lower one
//! first, so that both directions have one name), protocol and padding.

use crate::decode::Tuple;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};
use std::fmt;
use std::str::FromStr;

/// `1:` and 28 characters of base64.
const LEN: usize = 30;
const SHA1_LEN: usize = 20;
const SEED: [u8; 2] = [0, 0];
const PROTOCOL_TCP: u8 = 6;
/// Where the IPv4 address starts in an IPv4-mapped one (RFC 4291 §2.5.5.2).
const MAPPED_PREFIX: usize = 12;

/// The Community ID of a connection, with seed 0.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CommunityId([u8; LEN]);

impl CommunityId {
    /// The id of the connection `tuple` belongs to, whichever direction it is of.
    #[must_use]
    pub fn of(tuple: &Tuple) -> Self {
        let unmapped_from = if tuple.is_ipv6 { 0 } else { MAPPED_PREFIX };
        let (src, dst) = ((tuple.src, tuple.src_port), (tuple.dst, tuple.dst_port));
        let (low, high) = if src <= dst { (src, dst) } else { (dst, src) };

        let mut sha1 = Sha1::new();
        sha1.update(SEED);
        for (address, _) in [&low, &high] {
            sha1.update(address.get(unmapped_from..).unwrap_or_default());
        }
        sha1.update([PROTOCOL_TCP, 0]);
        sha1.update(low.1.to_be_bytes());
        sha1.update(high.1.to_be_bytes());

        let mut text = *b"1:............................";
        let encoded = text.get_mut(2..).map(|slot| STANDARD.encode_slice(sha1.finalize(), slot));
        debug_assert_eq!(encoded, Some(Ok(LEN - 2)), "20 bytes are 28 characters of base64");
        Self(text)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// What is not written like a Community ID of version 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACommunityId;

impl FromStr for CommunityId {
    type Err = NotACommunityId;

    fn from_str(text: &str) -> Result<Self, NotACommunityId> {
        let hash = text.strip_prefix("1:").and_then(|hash| STANDARD.decode(hash).ok());
        if hash.is_none_or(|hash| hash.len() != SHA1_LEN) {
            return Err(NotACommunityId);
        }
        text.as_bytes().try_into().map(Self).map_err(|_| NotACommunityId)
    }
}

impl fmt::Display for CommunityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CommunityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::NetworkId;
    use std::net::IpAddr;

    fn id(src: &str, src_port: u16, dst: &str, dst_port: u16) -> String {
        let bytes = |addr: &str| match addr.parse().unwrap() {
            IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
            IpAddr::V6(v6) => v6.octets(),
        };
        let tuple = Tuple {
            src: bytes(src),
            dst: bytes(dst),
            src_port,
            dst_port,
            is_ipv6: src.contains(':'),
            network: NetworkId::NONE,
        };
        CommunityId::of(&tuple).to_string()
    }

    /// Expected values: the baseline of the specification's own test suite.
    #[test]
    fn agrees_with_the_specification() {
        let expected = "1:LQU9qZlK+B5F3KDmev6m5PMibrg=";
        assert_eq!(id("128.232.110.120", 34855, "66.35.250.204", 80), expected);
        assert_eq!(id("66.35.250.204", 80, "128.232.110.120", 34855), expected);
    }

    /// Expected value: pycommunityid's test of TCP over IPv6.
    #[test]
    fn knows_ipv6() {
        let expected = "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=";
        let (a, b) = ("2001:470:e5bf:dead:4957:2174:e82c:4887", "2607:f8b0:400c:c03::1a");
        assert_eq!(id(a, 63943, b, 25), expected);
        assert_eq!(id(b, 25, a, 63943), expected);
    }

    #[test]
    fn an_id_is_read_back_and_nothing_else() {
        let text = "1:LQU9qZlK+B5F3KDmev6m5PMibrg=";
        assert_eq!(text.parse::<CommunityId>().unwrap().as_str(), text);
        for other in ["", "7", "1:", "2:LQU9qZlK+B5F3KDmev6m5PMibrg=", "1:LQU9", &text[..29], "1:é"] {
            assert_eq!(other.parse::<CommunityId>(), Err(NotACommunityId), "{other}");
        }
    }

    #[test]
    fn equal_addresses_are_ordered_by_port() {
        assert_eq!(id("127.0.0.1", 5000, "127.0.0.1", 80), id("127.0.0.1", 80, "127.0.0.1", 5000));
    }
}
