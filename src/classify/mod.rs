//! What one segment is: an ordered list of rules, each a pure function of one [`Observation`].
//!
//! The first rule that answers wins, so the order of [`RULES`] is the precedence. A rule that needs what comes later answers with a
//! [`Candidate`]; settling it is [`run`](crate::run)'s work.

mod ordinary;
mod probe;
mod retransmission;
mod zero_window;

use crate::flow::Observation;

/// A rule: its short name, as events give it, and its test.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// What the rule is called.
    pub name: &'static str,
    /// Answers a class, or nothing where the rule does not apply.
    pub test: fn(&Observation<'_>) -> Option<Class>,
}

/// All rules, in their order of precedence.
pub const RULES: &[Rule] = &[
    Rule { name: "control", test: ordinary::control },
    Rule { name: "longer than a probe", test: ordinary::longer_than_a_probe },
    Rule { name: "acknowledgement in sequence", test: ordinary::acknowledgement_in_sequence },
    Rule { name: "window probe", test: zero_window::octet_beyond_the_window },
    Rule { name: "into a zero window", test: zero_window::into_a_zero_window },
    Rule { name: "unproven", test: probe::unproven },
    Rule { name: "in sequence", test: ordinary::in_sequence },
    Rule { name: "overtaken", test: ordinary::overtaken },
    Rule { name: "keepalive", test: probe::keepalive },
    Rule { name: "keepalive over unacknowledged data", test: probe::over_unacknowledged_data },
    Rule { name: "repeated octet", test: probe::repeated_octet },
    Rule { name: "one-octet retransmission", test: retransmission::one_octet },
];

/// By which rule a segment is a keepalive probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbeRule {
    /// One below SND.NXT, everything acknowledged, the window open.
    Certain,
    /// One below SND.UNA, with data outstanding.
    OverUnacknowledgedData,
    /// One octet, equal to the one at SND.NXT-1 or unknown, long after anything new.
    LoneOctet,
    /// Proved by what came later.
    Proved,
    /// Into a zero window, evenly spaced.
    ZeroWindow,
}

impl ProbeRule {
    /// Its name in events.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Certain => "R1",
            Self::OverUnacknowledgedData => "R1b",
            Self::LoneOctet => "R2",
            Self::Proved => "R3",
            Self::ZeroWindow => "R5",
        }
    }
}

/// Why a segment may be a probe, and what would settle it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Candidate {
    /// A bare ACK where SND.NXT is not proved: the peer's next acknowledgement tells (R3). Without one it is worth a label only if
    /// it is `known` to lie one below SND.NXT, or repeats.
    Unproven {
        /// SND.NXT is known; only that everything is acknowledged is not.
        known: bool,
    },
    /// One octet where the peer's acknowledgements are not known: a D-SACK or a repetition after the acknowledgement tells (R3).
    UnprovenOctet {
        /// As in [`Candidate::Unproven`].
        known: bool,
    },
    /// Of a probe's shape, into a zero window: the rhythm tells (R5).
    ZeroWindow,
    /// One octet at SND.NXT-1 that is or may be the true one, soon after it was sent: the rhythm tells (R2, R7).
    Octet,
}

/// What a segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A SYN or SYN-ACK, new or repeated.
    Handshake,
    /// A RST.
    Reset,
    /// A FIN, new or repeated.
    Fin,
    /// Carries something new.
    Data,
    /// Carries only what was sent before.
    Retransmission,
    /// A retransmission of the one octet at SND.NXT-1, which line-of-arithmetic tools call a keepalive.
    OneOctetRetransmission,
    /// Carries nothing, and is no probe.
    BareAck,
    /// A zero-window probe.
    WindowProbe,
    /// A keepalive probe.
    Probe(ProbeRule),
    /// Perhaps a probe.
    Candidate(Candidate),
}

impl Class {
    /// Whether it is, or may be, a probe of some kind: such a segment answers nothing.
    #[must_use]
    pub const fn is_probe_like(self) -> bool {
        match self {
            Self::Probe(_) | Self::WindowProbe => true,
            Self::Candidate(why) => !matches!(why, Candidate::Unproven { known: false }),
            _ => false,
        }
    }
}

/// Classifies one segment.
#[must_use]
#[inline]
pub fn classify(o: &Observation<'_>) -> Class {
    // The first rules answer nearly always, and only where they are named the compiler can see through them.
    ordinary::control(o)
        .or_else(|| ordinary::longer_than_a_probe(o))
        .or_else(|| ordinary::acknowledgement_in_sequence(o))
        .unwrap_or_else(|| classify_unusual(o))
}

/// Classifies what the first rules leave over.
#[inline(never)]
fn classify_unusual(o: &Observation<'_>) -> Class {
    RULES.iter().skip(NAMED.len()).find_map(|rule| (rule.test)(o)).unwrap_or(Class::BareAck)
}

/// The rules that [`classify`] names.
const NAMED: [&str; 3] = ["control", "longer than a probe", "acknowledgement in sequence"];

/// Classifies one segment, and names the rule that did; `None` where none applied.
#[must_use]
pub fn classify_by_rule(o: &Observation<'_>) -> (Option<&'static str>, Class) {
    let ruling = RULES.iter().find_map(|rule| Some((Some(rule.name), (rule.test)(o)?)));
    ruling.unwrap_or((None, Class::BareAck))
}

#[cfg(test)]
mod tests {
    use super::{NAMED, RULES};

    #[test]
    fn the_rules_that_are_named_are_the_first() {
        assert!(RULES.iter().map(|rule| rule.name).zip(NAMED).all(|(rule, name)| rule == name));
    }
}
