//! Other addresses for the same truth, so that results can be shown to strangers.
//!
//! Addresses are encrypted so that those with a common prefix keep one of the same length, and no more (ipcrypt-pfx,
//! <https://www.ietf.org/archive/id/draft-denis-ipcrypt-14.html>; what Crypto-PAn does, without its weak padding). The mapping depends on the
//! key alone: the same key gives the same addresses in every run. It is applied behind the decoder, before anything is remembered: Community
//! IDs, filters, paths, findings and what ICMP errors quote are made of the new addresses, and nothing after it has ever seen the old ones.
//! Ports and times stay.

mod packet;
mod source;

pub use packet::{Packet, rebuild};
pub use source::{Masked, alias, without_names};

use crate::decode::{AddrBytes, Decoded, Tuple, ip_addr};
use ipcrypt_rs::IpcryptPfx;
use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;

/// How long a key is, in bytes.
pub const KEY_LEN: usize = IpcryptPfx::KEY_BYTES;

/// How many addresses are remembered with their substitutes. Beyond, they are worked out anew each time.
const MAX_REMEMBERED: usize = 1 << 20;

/// A key whose halves are the same: the two ciphers would cancel each other out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeakKey;

impl fmt::Display for WeakKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("both halves of the key are the same")
    }
}

impl std::error::Error for WeakKey {}

/// Gives addresses substitutes.
pub struct Anonymizer {
    cipher: IpcryptPfx,
    known: HashMap<(AddrBytes, bool), AddrBytes>,
}

impl fmt::Debug for Anonymizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither the key nor what it would undo.
        f.debug_struct("Anonymizer").finish_non_exhaustive()
    }
}

impl Anonymizer {
    /// With this key.
    ///
    /// # Errors
    /// A key whose halves are the same.
    pub fn new(key: [u8; KEY_LEN]) -> Result<Self, WeakKey> {
        let (first, second) = key.split_at(KEY_LEN / 2);
        if first == second {
            return Err(WeakKey);
        }
        Ok(Self { cipher: IpcryptPfx::new(key), known: HashMap::new() })
    }

    /// Replaces the addresses in what a frame holds.
    pub fn mask(&mut self, content: &mut Decoded) {
        match content {
            Decoded::Segment(seg) => self.mask_tuple(&mut seg.tuple),
            Decoded::Icmp(icmp) => {
                self.mask_tuple(&mut icmp.quoted);
                icmp.from = self.address(icmp.from);
            }
        }
    }

    /// The substitute of `address`.
    pub fn address(&mut self, address: IpAddr) -> IpAddr {
        let (bytes, is_ipv6) = match address {
            IpAddr::V4(v4) => (v4.to_ipv6_mapped().octets(), false),
            IpAddr::V6(v6) => (v6.octets(), true),
        };
        ip_addr(self.substitute(bytes, is_ipv6), is_ipv6)
    }

    fn mask_tuple(&mut self, tuple: &mut Tuple) {
        tuple.src = self.substitute(tuple.src, tuple.is_ipv6);
        tuple.dst = self.substitute(tuple.dst, tuple.is_ipv6);
    }

    fn substitute(&mut self, address: AddrBytes, is_ipv6: bool) -> AddrBytes {
        if let Some(substitute) = self.known.get(&(address, is_ipv6)) {
            return *substitute;
        }
        let substitute = match self.cipher.encrypt_ipaddr(ip_addr(address, is_ipv6)) {
            IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
            IpAddr::V6(v6) => v6.octets(),
        };
        if self.known.len() < MAX_REMEMBERED {
            self.known.insert((address, is_ipv6), substitute);
        }
        substitute
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    fn anonymizer(seed: u8) -> Anonymizer {
        let mut key = [seed; KEY_LEN];
        key[0] = !seed;
        Anonymizer::new(key).unwrap()
    }

    fn v4(anonymizer: &mut Anonymizer, address: Ipv4Addr) -> u32 {
        let bytes = anonymizer.substitute(address.to_ipv6_mapped().octets(), false);
        match ip_addr(bytes, false) {
            IpAddr::V4(v4) => v4.into(),
            IpAddr::V6(v6) => panic!("{address} became {v6}"),
        }
    }

    #[test]
    fn a_common_prefix_stays_and_grows_no_longer() {
        let mut anonymizer = anonymizer(7);
        let base = Ipv4Addr::new(10, 20, 30, 40);
        let of_base = v4(&mut anonymizer, base);
        assert_ne!(of_base, u32::from(base));
        for common in 0..32 {
            let other = Ipv4Addr::from(u32::from(base) ^ (1 << (31 - common)));
            assert_eq!((v4(&mut anonymizer, other) ^ of_base).leading_zeros(), common, "{other}");
        }
        let base: u128 = "2001:db8::11:22ff:fe33:4455".parse::<Ipv6Addr>().unwrap().into();
        let mut v6 = |address: u128| u128::from_be_bytes(anonymizer.substitute(address.to_be_bytes(), true));
        let of_base = v6(base);
        for common in 0..128 {
            assert_eq!((v6(base ^ (1 << (127 - common))) ^ of_base).leading_zeros(), common);
        }
    }

    #[test]
    fn the_key_alone_decides() {
        let address = Ipv4Addr::new(192, 0, 2, 1);
        assert_eq!(v4(&mut anonymizer(1), address), v4(&mut anonymizer(1), address));
        assert_ne!(v4(&mut anonymizer(1), address), v4(&mut anonymizer(2), address));
    }

    #[test]
    fn a_key_of_two_equal_halves_is_refused() {
        assert_eq!(Anonymizer::new([3; KEY_LEN]).unwrap_err(), WeakKey);
    }
}
