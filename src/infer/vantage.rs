//! From where a prober is seen, and what its probes look like.

use crate::report::Prober;
use crate::time::Span;

/// What is allowed for the way between capture point and prober and back where nothing tells it: the initial retransmission timeout
/// (RFC 6298 §2.1), which was chosen because hardly any path is longer.
const UNKNOWN_RTT: Span = Span::from_secs(1);

/// A round trip may later take so much longer than in the handshake: half as long again.
const LONGER_LATER: (i64, i64) = (3, 2);

/// The TTLs (hop limits) that packets begin with: one of these has passed no router.
const INITIAL_TTLS: [u8; 3] = [64, 128, 255];

/// From where a prober is seen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Vantage {
    /// From the capture point to the prober and back, as the handshake shows it.
    pub rtt: Option<Span>,
    /// The TTL or hop limit of the prober's packets.
    pub ttl: Option<u8>,
    /// Whether the prober sends time stamps (RFC 7323) on this connection.
    pub has_timestamps: bool,
}

impl Vantage {
    /// How much longer a wait may look from here than it was at the prober, which hears the peer later and is heard later.
    #[must_use]
    pub fn bias(&self) -> Span {
        let near = self.ttl.is_some_and(|ttl| INITIAL_TTLS.contains(&ttl));
        match self.rtt {
            Some(rtt) => rtt.scale(LONGER_LATER.0, LONGER_LATER.1),
            None if near => Span::ZERO,
            None => UNKNOWN_RTT,
        }
    }
}

/// Which stacks' timers may have sent the probes, by their shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clockwork {
    /// Empty probes that keep the connection's time stamps: Linux, or one that is less late (FreeBSD).
    Wheel,
    /// Empty probes on a connection without time stamps: Linux, or one that counts in half seconds (lwIP, XNU).
    WheelOrHalfSeconds,
    /// Empty probes that drop the connection's time stamps: XNU, or a network card.
    HalfSeconds,
    /// Probes with an octet: Windows, or one that is exact (smoltcp).
    Ticks,
}

/// Windows' timers are late by up to one tick of its clock, 15.6 ms.
const WINDOWS_TICK: Span = Span::from_millis(16);

/// XNU lets timers that are due within its coarsest quantum fire together, early or late.
const XNU_QUANTUM: Span = Span::from_millis(500);

/// lwIP counts in ticks of half a second, and waits until more than the idle time has passed.
const LWIP_LATENESS: Span = Span::from_secs(1);

impl Clockwork {
    pub(super) const fn of(prober: &Prober, vantage: Vantage) -> Self {
        if prober.one_byte_probes * 2 > prober.probes {
            Self::Ticks
        } else if !vantage.has_timestamps {
            Self::WheelOrHalfSeconds
        } else if prober.probes_with_timestamps * 2 > prober.probes {
            Self::Wheel
        } else {
            Self::HalfSeconds
        }
    }

    /// Whether it may be Linux.
    pub(super) const fn may_be_wheel(self) -> bool {
        matches!(self, Self::Wheel | Self::WheelOrHalfSeconds)
    }

    /// How much earlier and how much later than configured the timers that are not Linux' may fire; `None` where they are less late than
    /// Linux'.
    pub(super) const fn others(self) -> Option<(Span, Span)> {
        match self {
            Self::Wheel => None,
            Self::WheelOrHalfSeconds => Some((XNU_QUANTUM, LWIP_LATENESS)),
            Self::HalfSeconds => Some((XNU_QUANTUM, XNU_QUANTUM)),
            Self::Ticks => Some((Span::ZERO, WINDOWS_TICK)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Span, UNKNOWN_RTT, Vantage};

    #[test]
    fn the_bias_is_the_handshakes_or_what_the_ttl_allows() {
        let ms = Span::from_millis;
        let of = |rtt, ttl| Vantage { rtt, ttl, has_timestamps: true }.bias();
        assert_eq!(of(Some(ms(100)), Some(64)), ms(150));
        assert_eq!(of(None, Some(64)), Span::ZERO);
        assert_eq!(of(None, Some(63)), UNKNOWN_RTT);
        assert_eq!(of(None, None), UNKNOWN_RTT);
    }
}
