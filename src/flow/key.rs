//! What makes two segments belong to the same connection.

use crate::decode::Tuple;
use std::hash::{Hash, Hasher};

/// How many partitions the flows are spread over, whatever the number of threads: bounds are per partition, so that a result never
/// depends on how many threads worked on it.
pub const PARTITIONS: usize = 64;

/// A connection's key: both ends in a fixed order, so that both directions have the same one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FlowKey {
    low: [u64; 2],
    high: [u64; 2],
    ports: u32,
    /// The virtual network, and the IP version in the top bit.
    network: u32,
}

const IPV6: u32 = 1 << 31;

impl Hash for FlowKey {
    /// The words that differ between flows, where a derived one would also hash lengths and the constant part of IPv4-mapped addresses.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.fold((), |(), word| state.write_u64(word));
    }
}

/// 2^64 divided by the golden ratio: consecutive inputs end far apart (Knuth, TAOCP 6.4).
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

impl FlowKey {
    /// The key of a tuple, and whether its sender is the lower end.
    #[must_use]
    pub fn of(tuple: &Tuple) -> (Self, bool) {
        let src = (u128::from_be_bytes(tuple.src), tuple.src_port);
        let dst = (u128::from_be_bytes(tuple.dst), tuple.dst_port);
        let src_is_low = src <= dst;
        let (low, high) = if src_is_low { (src, dst) } else { (dst, src) };
        let halves = |a: u128| [(a >> 64) as u64, a as u64];
        let key = Self {
            low: halves(low.0),
            high: halves(high.0),
            ports: u32::from(low.1) << 16 | u32::from(high.1),
            network: tuple.network.0 | if tuple.is_ipv6 { IPV6 } else { 0 },
        };
        (key, src_is_low)
    }

    /// The tuple from the lower end to the higher, or the other way round.
    #[must_use]
    pub fn tuple(&self, from_low: bool) -> Tuple {
        let bytes = |h: [u64; 2]| (u128::from(h[0]) << 64 | u128::from(h[1])).to_be_bytes();
        let (low, high) =
            ((bytes(self.low), (self.ports >> 16) as u16), (bytes(self.high), self.ports as u16));
        let (src, dst) = if from_low { (low, high) } else { (high, low) };
        Tuple {
            src: src.0,
            dst: dst.0,
            src_port: src.1,
            dst_port: dst.1,
            is_ipv6: self.network & IPV6 != 0,
            network: crate::decode::NetworkId(self.network & !IPV6),
        }
    }

    /// Folds all that tells flows apart, in as few words as it takes: one, and one more for IPv4 or four more for IPv6.
    #[inline]
    fn fold<T>(&self, start: T, mut step: impl FnMut(T, u64) -> T) -> T {
        let ends = step(start, u64::from(self.ports) << 32 | u64::from(self.network));
        let [low, high] = [self.low, self.high];
        if self.network & IPV6 == 0 {
            step(ends, low[1] << 32 | high[1] & 0xFFFF_FFFF)
        } else {
            [low[0], low[1], high[0], high[1]].into_iter().fold(ends, step)
        }
    }

    /// Which partition the flow belongs to: by a fixed hash, so that it is the same on every machine.
    #[must_use]
    pub fn partition(&self) -> usize {
        let mix = |h: u64, w: u64| (h ^ w).wrapping_mul(GOLDEN).rotate_left(29);
        let mixed = self.fold(GOLDEN, mix);
        (mixed.wrapping_mul(GOLDEN) >> 58) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::{FlowKey, PARTITIONS};
    use crate::decode::{NetworkId, Tuple};

    fn tuple(last: u8, port: u16) -> Tuple {
        let mut src = [0; 16];
        src[15] = last;
        Tuple {
            src,
            dst: [7; 16],
            src_port: port,
            dst_port: 443,
            is_ipv6: true,
            network: NetworkId::vxlan(42),
        }
    }

    #[test]
    fn both_directions_have_one_key_and_give_their_tuples_back() {
        let there = tuple(1, 40_000);
        let back = Tuple {
            src: there.dst,
            dst: there.src,
            src_port: there.dst_port,
            dst_port: there.src_port,
            ..there
        };
        let ((a, from_low), (b, from_high)) = (FlowKey::of(&there), FlowKey::of(&back));
        assert_eq!(a, b);
        assert_ne!(from_low, from_high);
        assert_eq!(a.tuple(from_low), there);
        assert_eq!(a.tuple(from_high), back);
    }

    #[test]
    fn version_and_network_are_part_of_the_key() {
        let (a, _) = FlowKey::of(&tuple(1, 1));
        assert_ne!(a, FlowKey::of(&Tuple { is_ipv6: false, ..tuple(1, 1) }).0);
        assert_ne!(a, FlowKey::of(&Tuple { network: NetworkId::geneve(42), ..tuple(1, 1) }).0);
    }

    #[test]
    fn partitions_are_filled_evenly() {
        let mut filled = [0_u32; PARTITIONS];
        for port in 0..6400 {
            filled[FlowKey::of(&tuple((port % 7) as u8, port)).0.partition()] += 1;
        }
        assert!(filled.iter().all(|&n| 50 < n && n < 200), "{filled:?}");
    }
}
