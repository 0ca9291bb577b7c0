//! ICMP errors in plain words.

use std::borrow::Cow;

/// What an ICMP (RFC 792) or ICMPv6 (RFC 4443) error says.
#[must_use]
pub fn text(is_v6: bool, kind: u8, code: u8) -> Cow<'static, str> {
    match if is_v6 { icmpv6(kind, code) } else { icmpv4(kind, code) } {
        Some(words) => Cow::Borrowed(words),
        None => Cow::Owned(format!("type {kind} code {code}")),
    }
}

/// Codes of destination unreachable: RFC 792, RFC 1122 §3.2.2.1, RFC 1812 §5.2.7.1.
const fn icmpv4(kind: u8, code: u8) -> Option<&'static str> {
    Some(match (kind, code) {
        (3, 0) => "network unreachable",
        (3, 1) => "host unreachable",
        (3, 2) => "protocol unreachable",
        (3, 3) => "port unreachable",
        (3, 4) => "fragmentation needed",
        (3, 5) => "source route failed",
        (3, 6) => "network unknown",
        (3, 7) => "host unknown",
        (3, 8) => "source host isolated",
        (3, 9) => "network administratively prohibited",
        (3, 10) => "host administratively prohibited",
        (3, 11) => "network unreachable for this type of service",
        (3, 12) => "host unreachable for this type of service",
        (3, 13) => "administratively prohibited",
        (3, 14) => "host precedence violation",
        (3, 15) => "precedence cutoff in effect",
        (4, _) => "source quench",
        (5, _) => "redirect",
        (11, 0) => "time to live exceeded",
        (11, 1) => "fragment reassembly time exceeded",
        (12, _) => "parameter problem",
        _ => return None,
    })
}

/// Codes of destination unreachable: RFC 4443 §3.1.
const fn icmpv6(kind: u8, code: u8) -> Option<&'static str> {
    Some(match (kind, code) {
        (1, 0) => "no route to destination",
        (1, 1) => "administratively prohibited",
        (1, 2) => "beyond scope of source address",
        (1, 3) => "address unreachable",
        (1, 4) => "port unreachable",
        (1, 5) => "source address failed policy",
        (1, 6) => "route rejected",
        (2, _) => "packet too big",
        (3, 0) => "hop limit exceeded",
        (3, 1) => "fragment reassembly time exceeded",
        (4, _) => "parameter problem",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn the_version_decides_what_a_type_means() {
        assert_eq!(text(false, 3, 1), "host unreachable");
        assert_eq!(text(false, 3, 13), "administratively prohibited");
        assert_eq!(text(true, 3, 0), "hop limit exceeded");
        assert_eq!(text(true, 1, 3), "address unreachable");
    }

    #[test]
    fn what_has_no_name_keeps_its_numbers() {
        assert_eq!(text(false, 3, 99), "type 3 code 99");
    }
}
