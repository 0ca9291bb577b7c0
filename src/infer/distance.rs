//! What the TTLs of two packets tell of the places they come from.

use super::fingerprint::initial_ttl;

/// Ways to one host, and to the machines of one address, differ by this many hops: routes change, and loads are spread.
const DETOUR: u8 = 2;

/// How many routers a packet with this TTL has passed, if it began with one of the usual ones.
#[must_use]
pub const fn hops(ttl: u8) -> u8 {
    initial_ttl(ttl) - ttl
}

/// Whether a packet comes from elsewhere than its claimed sender, whose own packets have the TTL `own`: from further off than routes
/// change, or from right beside the capture point where that end is not.
///
/// A small difference is none to build on: answers of one host were seen to come with several TTLs.
#[must_use]
pub const fn is_elsewhere(ttl: u8, own: u8) -> bool {
    let beside = (hops(ttl) == 0) != (hops(own) == 0);
    ttl != own && (beside || hops(ttl).abs_diff(hops(own)) > DETOUR)
}

/// Whether a packet is of another machine than the one whose packets have the TTL `own`: it comes from elsewhere, or began with another
/// TTL. Several machines may share an address, so this says nothing of where it is.
#[must_use]
pub(super) const fn is_anothers(ttl: u8, own: u8) -> bool {
    is_elsewhere(ttl, own) || initial_ttl(ttl) != initial_ttl(own)
}

#[cfg(test)]
mod tests {
    use super::{hops, is_anothers, is_elsewhere};

    #[test]
    fn who_begins_with_another_ttl_is_another() {
        assert!(is_anothers(255, 64) && is_anothers(122, 57) && is_anothers(64, 63));
        assert!(!is_anothers(122, 121) && !is_anothers(57, 58) && !is_anothers(64, 64));
    }

    #[test]
    fn a_hop_or_two_are_a_detour() {
        assert!(is_elsewhere(255, 52) && is_elsewhere(64, 63) && is_elsewhere(60, 57));
        assert!(
            !is_elsewhere(122, 121)
                && !is_elsewhere(58, 57)
                && !is_elsewhere(122, 57)
                && !is_elsewhere(64, 64)
        );
    }

    #[test]
    fn hops_count_from_the_usual_beginnings() {
        assert_eq!([64, 63, 128, 120, 255, 248, 1].map(hops), [0, 1, 0, 8, 0, 7, 63]);
    }
}
