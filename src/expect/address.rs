//! Networks.

use crate::decode::AddrBytes;
use std::net::IpAddr;

/// Bits of an address as 16 bytes.
const BITS: u8 = 128;

/// Bits before an IPv4 address in 16 bytes (RFC 4291 §2.5.5.2).
const MAPPED: u8 = 96;

/// A network, or a single address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Network {
    address: u128,
    is_ipv6: bool,
    /// How many of the 128 bits count.
    bits: u8,
}

impl Network {
    /// `address`, or `address/bits`; with what is wrong, and whether that is the number of bits.
    pub(super) fn parse(text: &str) -> Result<Self, (bool, String)> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address
            .parse()
            .map_err(|_| (false, "expected an IPv4 or IPv6 address (names are never resolved)".to_owned()))?;
        let is_ipv6 = address.is_ipv6();
        let most = if is_ipv6 { BITS } else { BITS - MAPPED };
        let bits = match bits {
            None => most,
            Some(bits) => {
                let number = bits.parse::<u8>().ok().filter(|n| *n <= most && !bits.starts_with('+'));
                number.ok_or_else(|| (true, format!("expected the length of a network: 0 to {most}")))?
            }
        };
        let address = match address {
            IpAddr::V4(v4) => v4.to_ipv6_mapped().into(),
            IpAddr::V6(v6) => v6.into(),
        };
        Ok(Self { address, is_ipv6, bits: bits + (BITS - most) })
    }

    pub(super) fn holds(&self, address: AddrBytes, is_ipv6: bool) -> bool {
        let differing = self.address ^ u128::from_be_bytes(address);
        is_ipv6 == self.is_ipv6 && (self.bits == 0 || differing >> (BITS - self.bits) == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::Network;
    use std::net::IpAddr;

    fn holds(network: &str, address: &str) -> bool {
        let bytes = match address.parse().unwrap() {
            IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
            IpAddr::V6(v6) => v6.octets(),
        };
        Network::parse(network).unwrap().holds(bytes, address.contains(':'))
    }

    #[test]
    fn a_network_holds_its_addresses_and_no_neighbour() {
        assert!(holds("10.0.0.7", "10.0.0.7") && !holds("10.0.0.7", "10.0.0.6"));
        assert!(holds("10.0.0.7/24", "10.0.0.200") && !holds("10.0.0.0/24", "10.0.1.0"));
        assert!(holds("0.0.0.0/0", "203.0.113.1") && !holds("0.0.0.0/0", "fd00::1"));
        assert!(holds("::/0", "fd00::1") && !holds("::/0", "10.0.0.1"));
        assert!(holds("fd00::/64", "fd00::1") && !holds("fd00::/64", "fd00:0:0:1::1"));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for (text, is_length) in
            [("db1", false), ("10.0.0", false), ("10.0.0.1/33", true), ("::1/129", true), ("10.0.0.1/", true)]
        {
            assert_eq!(Network::parse(text).unwrap_err().0, is_length, "{text}");
        }
    }
}
