//! What two looks at a socket's keepalive timer say of its settings: the arithmetic of `tcp_keepalive_timer` (`net/ipv4/tcp_timer.c`),
//! backwards.
//!
//! When the timer fires, and less than the idle time has passed since anything arrived, it is armed for the rest of the idle time; else a
//! probe is sent, and it is armed for the interval. When something arrives it is left alone. With data in flight it is armed for the whole
//! idle time. Switching keepalive on arms it for the whole idle time, and a new TCP_KEEPIDLE for the rest of that.
//!
//! The moment of a look is known only to lie between two readings of a clock, and the kernel counts in jiffies: so everything is a range.

use super::socket::{Keepalive, Quiet, Socket};
use crate::report::{Count, SettingRange};
use crate::time::Span;

/// A jiffy of the slowest clock (100 Hz).
pub(super) const JIFFY: Span = Span::from_millis(10);

/// No idle time and no interval is shorter: they are set in whole seconds.
pub(super) const SHORTEST: Span = Span::from_secs(1);

/// After local congestion, or while the application holds the socket, the timer is armed for this at most (`TCP_RESOURCE_PROBE_INTERVAL`,
/// `HZ/20`): such a wait says nothing.
const TRIES_AGAIN: Span = Span::from_millis(520);

/// How sure a setting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// The timer was seen being armed.
    Seen,
    /// One look found the timer a whole number of seconds after the last arrival. Traffic that recurs after whole seconds can look so too.
    Read,
}

/// A setting of a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The range it must lie in; its samples are the armings that showed it.
    pub range: SettingRange,
    /// How sure that is.
    pub certainty: Certainty,
}

/// What the timer says of a socket's settings; `None` where nothing follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inferred {
    /// TCP_KEEPIDLE.
    pub idle: Option<Setting>,
    /// TCP_KEEPINTVL.
    pub interval: Option<Setting>,
    /// Set where one look cannot tell which of the two it is.
    pub idle_or_interval: Option<Setting>,
    /// TCP_KEEPCNT.
    pub count: Option<Count>,
}

/// What is kept of a look at a socket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// The kernel told of it no sooner …
    pub(super) before: Span,
    /// … and no later.
    pub(super) after: Span,
    pub(super) keepalive: Keepalive,
    pub(super) quiet: Option<Quiet>,
    pub(super) data_segments: Option<(u32, u32)>,
}

impl Look {
    pub(super) fn at(socket: &Socket, before: Span, after: Span) -> Self {
        Self {
            before,
            after,
            keepalive: socket.keepalive(),
            quiet: socket.quiet,
            data_segments: socket.traffic.and_then(|traffic| traffic.data_segments),
        }
    }

    /// The time left, the unanswered probes, and how long nothing had arrived, where the keepalive timer shows.
    fn timer(&self) -> Option<(Span, u8, Span)> {
        match (self.keepalive, self.quiet) {
            (Keepalive::On { left, unanswered }, Some(quiet)) => Some((left, unanswered, quiet.elapsed())),
            _ => None,
        }
    }
}

/// A range of points in time, or of spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) low: Span,
    pub(super) high: Span,
}

impl Range {
    const fn new(low: Span, high: Span) -> Self {
        Self { low, high }
    }

    pub(super) fn intersection(self, other: Self) -> Option<Self> {
        let (low, high) = (self.low.max(other.low), self.high.min(other.high));
        (low <= high).then_some(Self { low, high })
    }

    fn hull(self, other: Self) -> Self {
        Self::new(self.low.min(other.low), self.high.max(other.high))
    }
}

/// What a pair of looks says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) idle: Option<Range>,
    pub(super) interval: Option<Range>,
    /// Whether the application set it anew, so that what was known before may be over.
    pub(super) is_set_anew: bool,
}

impl Fact {
    const NOTHING: Self = Self { idle: None, interval: None, is_set_anew: false };

    const fn idle(range: Range) -> Self {
        Self { idle: Some(range), ..Self::NOTHING }
    }
}

/// What follows from a look and the next one at the same socket.
pub(super) fn fact(a: &Look, b: &Look) -> Fact {
    let (Some((left_a, unanswered_a, elapsed_a)), Some((left, unanswered, elapsed))) = (a.timer(), b.timer())
    else {
        return Fact::NOTHING;
    };
    let (due_a, due) = (due(a, left_a), due(b, left));
    let is_same = due_a.intersection(due).is_some() && unanswered <= unanswered_a;
    if is_same || left <= Span::ZERO {
        return Fact::NOTHING;
    }
    let (arrival_a, arrival) = (arrival(a, elapsed_a), arrival(b, elapsed));
    if b.after < due_a.low {
        // It was not due: the application did it.
        return set_anew(a, b, |on| on.hull(rest(left, elapsed)));
    }
    // It fires late, never early.
    let fired_from = due_a.low.max(a.before);
    // The interval cannot have passed twice.
    let fired_once = b.after - fired_from < SHORTEST;
    let by_probe = Range::new(left - JIFFY, due.high - fired_from);
    let quiet_at_most = b.after - arrival_a.low;
    if unanswered > unanswered_a {
        let interval = (fired_once && unanswered == unanswered_a.saturating_add(1)).then_some(by_probe);
        let idle = (unanswered_a == 0).then_some(Range::new(Span::ZERO, quiet_at_most));
        return Fact { idle, interval, ..Fact::NOTHING };
    }
    if unanswered > 0 || left <= TRIES_AGAIN {
        return Fact::NOTHING;
    }
    if arrival.high < fired_from {
        // Whatever arrived did so before: it was armed for the rest of the idle time.
        return Fact::idle(rest(left, elapsed));
    }
    if arrival_a.intersection(arrival).is_some() {
        // Nothing arrived in between, or within the same moment.
        return Fact::idle(Range::new(left + elapsed - JIFFY, due.high - arrival_a.low));
    }
    if quiet_at_most < SHORTEST {
        // Too short a silence for a probe: armed for the idle time, from an arrival in between, or with data in flight from then.
        return Fact::idle(Range::new(due.low - b.after, due.high - arrival_a.low));
    }
    let no_data = a.data_segments.is_some() && a.data_segments == b.data_segments;
    if no_data && fired_once {
        // A probe was sent, and answered at once.
        let interval = Range::new(due.low - arrival.high, by_probe.high);
        let idle = Range::new(Span::ZERO, quiet_at_most);
        return Fact { idle: Some(idle), interval: Some(interval), is_set_anew: false };
    }
    Fact::NOTHING
}

/// What follows where keepalive was off in one look and is on in the next: it was switched on, and armed for the whole idle time.
pub(super) fn switched_on(off: &Look, on: &Look) -> Fact {
    match on.timer() {
        Some((_, 0, _)) => set_anew(off, on, |on| on),
        _ => Fact::NOTHING,
    }
}

/// What follows where the application armed the timer between two looks, for the whole idle time or as `otherwise` makes of that. Where
/// the looks are a second apart, it may have fired since, and nothing follows but that.
fn set_anew(a: &Look, b: &Look, otherwise: impl FnOnce(Range) -> Range) -> Fact {
    let left = b.timer().map_or(Span::ZERO, |(left, ..)| left);
    let whole = Range::new(left - JIFFY, due(b, left).high - a.before);
    let idle = (b.after - a.before < SHORTEST).then(|| otherwise(whole));
    Fact { idle, interval: None, is_set_anew: true }
}

/// From the last arrival to the time it is due: the idle time, where nothing arrived since it was armed.
fn rest(left: Span, elapsed: Span) -> Range {
    Range::new(left + elapsed - JIFFY, left + elapsed + JIFFY)
}

/// When the timer is due.
fn due(look: &Look, left: Span) -> Range {
    Range::new(look.before + left - JIFFY, look.after + left)
}

/// When something last arrived.
fn arrival(look: &Look, elapsed: Span) -> Range {
    Range::new(look.before - elapsed - JIFFY, look.after - elapsed + JIFFY)
}
