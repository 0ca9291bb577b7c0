//! Who sent a RST: the end it claims to come from, or a box on the way.

use super::distance::is_anothers;
use crate::notes::Reset;
use crate::time::Span;

/// Where a RST came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It looks like the packets of the end it claims to come from.
    End,
    /// It does not.
    Middlebox {
        /// Its TTL is that of another machine; else only its timing tells, or a TTL that a change of route would explain.
        by_ttl: bool,
    },
    /// Nothing to compare with was captured, or nothing that a box cannot have sent as well.
    Unknown,
}

/// An answer that takes less than this part of the round trip cannot have come from the far end.
const TOO_FAST: i64 = 3;

/// Below this a round trip says nothing: a host is as near as a box.
const FAR: Span = Span::from_millis(2);

/// Who sent `reset`. `rtt`: from the capture point to its claimed sender and back, where the handshake showed it.
///
/// Every packet of an end passes the same number of routers, so its TTL is the same, unless the route changes; a box nearer to the capture
/// point shows a higher one, and begins from its own initial value.
#[must_use]
pub fn origin(reset: &Reset, rtt: Option<Span>) -> Origin {
    let provoked = !reset.has_ack && reset.is_at_acknowledged == Some(true);
    let too_fast = provoked
        && rtt
            .filter(|rtt| *rtt >= FAR)
            .zip(reset.after_other)
            .is_some_and(|(rtt, after)| after.scale(TOO_FAST, 1) < rtt);
    match reset.sender_ttl {
        Some(own) if own != reset.ttl && !reset.is_sender_ttl_proven => Origin::Unknown,
        Some(own) if own != reset.ttl => Origin::Middlebox { by_ttl: is_anothers(reset.ttl, own) },
        _ if too_fast => Origin::Middlebox { by_ttl: false },
        Some(_) => Origin::End,
        None => Origin::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::{Origin, origin};
    use crate::flow::Side;
    use crate::frame::FrameNo;
    use crate::notes::Reset;
    use crate::time::{Span, Timestamp};

    fn reset(ttl: u8, sender_ttl: Option<u8>, after_ms: i64) -> Reset {
        Reset {
            frame: FrameNo::FIRST,
            at: Timestamp(0),
            from: Side::Server,
            ttl,
            ip_id: Some(0),
            has_ack: false,
            is_at_snd_nxt: Some(true),
            is_at_acknowledged: Some(true),
            sender_ttl,
            is_sender_ttl_proven: true,
            sender_ip_id: None,
            after_other: Some(Span::from_millis(after_ms)),
        }
    }

    #[test]
    fn another_ttl_is_another_sender() {
        assert_eq!(origin(&reset(255, Some(52), 10), None), Origin::Middlebox { by_ttl: true });
        assert_eq!(origin(&reset(122, Some(121), 10), None), Origin::Middlebox { by_ttl: false }, "a detour");
        assert_eq!(origin(&reset(52, Some(52), 10), None), Origin::End);
        assert_eq!(origin(&reset(52, None, 10), None), Origin::Unknown);
    }

    #[test]
    fn what_a_box_may_have_sent_as_well_is_nothing_to_compare_with() {
        let unproven = Reset { is_sender_ttl_proven: false, ..reset(45, Some(248), 10) };
        assert_eq!(origin(&unproven, None), Origin::Unknown);
        assert_eq!(
            origin(&Reset { ttl: 248, ..unproven }, None),
            Origin::End,
            "the same has answered all along"
        );
    }

    #[test]
    fn nothing_comes_back_sooner_than_it_can() {
        let far = Some(Span::from_millis(30));
        assert_eq!(origin(&reset(52, Some(52), 1), far), Origin::Middlebox { by_ttl: false });
        assert_eq!(origin(&reset(52, Some(52), 29), far), Origin::End);
        assert_eq!(origin(&reset(64, Some(64), 0), Some(Span(300_000))), Origin::End);
        let abort = Reset { has_ack: true, ..reset(52, Some(52), 1) };
        assert_eq!(origin(&abort, far), Origin::End, "it need not be an answer");
    }
}
