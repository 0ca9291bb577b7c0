//! What is remembered of a flow beyond its sequence numbers: lazily, in bounded memory, fed segment by segment.
//!
//! Nothing here decides what a segment is, and nothing here knows of the configured values: [`infer`](crate::infer) says what follows. A
//! flow pays only for what it has: most flows have no notes at all.

mod beats;
mod gaps;
mod http;
mod ladder;
mod quotes;
mod reset;
#[cfg(test)]
pub(crate) mod testing;

pub use beats::{Beats, Series};
pub use gaps::{Death, Gaps, How, Survived};
pub use http::Messages;
pub use ladder::{Ladder, Rung};
pub use quotes::{Quote, Quotes};
pub use reset::Reset;

use crate::classify::Class;
use crate::decode::IcmpError;
use crate::flow::{Observation, Side};
use ladder::Ladders;

/// The notes on one flow.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    beats: Option<Box<Beats>>,
    http: Option<Box<Messages>>,
    gaps: Option<Box<Gaps>>,
    ladders: Option<Box<Ladders>>,
    reset: Option<Box<Reset>>,
    quotes: Option<Box<Quotes>>,
}

const _: () = assert!(size_of::<Notes>() <= 64);

impl Notes {
    /// Whether data begins an exchange after a pause. What happens once or twice is nothing to note unless it is tiny; what recurs may be a
    /// heartbeat, so a flow gets notes with its third exchange.
    #[must_use]
    pub fn pauses(o: &Observation<'_>, class: Class) -> bool {
        class == Class::Data && Beats::may_begin_with(o)
    }

    /// Whether this segment must be noted even in a flow without notes. Called for every segment: nearly all are acknowledgements in
    /// passing, or data without a long silence before it.
    #[must_use]
    pub fn begins_with(o: &Observation<'_>, class: Class) -> bool {
        match class {
            Class::Data => Beats::looks_like_one(o) || Gaps::begins_with(o) || Messages::may_begin_with(o),
            Class::BareAck | Class::Candidate(_) | Class::WindowProbe => Gaps::begins_with(o),
            Class::Fin => Gaps::begins_with(o) || Ladders::begins_with(o, class),
            Class::Probe(_) => true,
            Class::Retransmission | Class::OneOctetRetransmission => Ladders::begins_with(o, class),
            Class::Reset => Reset::begins_with(o),
            Class::Handshake => false,
        }
    }

    /// Takes the next segment; `payload`: the captured part of its data, empty where none was captured.
    pub fn observe(&mut self, o: &Observation<'_>, class: Class, payload: &[u8]) {
        if class == Class::Data {
            if self.beats.is_some() || Beats::begins_with(o) {
                self.beats.get_or_insert_default().observe(o);
            }
            if self.http.is_some() || Messages::begins_with(o, payload) {
                self.http.get_or_insert_default().observe(o, payload);
                self.http.take_if(|http| http.is_empty());
            }
        }
        if self.gaps.is_some() || Gaps::begins_with(o) || matches!(class, Class::Probe(_)) {
            self.gaps.get_or_insert_default().observe(o, class, self.reset.is_some());
        }
        // The first transmission of what stays unacknowledged can only be noted beforehand: worth it in a flow that pauses.
        let may_stay =
            matches!(class, Class::Data | Class::Fin) && (self.beats.is_some() || self.gaps.is_some());
        if self.ladders.is_some() || may_stay || Ladders::begins_with(o, class) {
            self.ladders.get_or_insert_default().observe(o, class);
        }
        Reset::observe(&mut self.reset, o, class);
    }

    /// Takes an ICMP error that quotes what `side` has in flight.
    pub fn quoted(&mut self, side: Side, icmp: &IcmpError) {
        self.quotes.get_or_insert_default().push(side, icmp);
    }

    /// Whether there is nothing to remember.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.beats.is_none()
            && self.http.is_none()
            && self.gaps.is_none()
            && self.reset.is_none()
            && self.quotes.is_none()
            && self.ladders.as_ref().is_none_or(|ladders| ladders.is_empty())
    }

    /// The exchanges of data, where any began after a pause.
    #[must_use]
    pub fn beats(&self) -> Option<&Beats> {
        self.beats.as_deref()
    }

    /// What HTTP/1.x headers said.
    #[must_use]
    pub fn http(&self) -> Option<&Messages> {
        self.http.as_deref()
    }

    /// The silences, where there was a long one, or a probe.
    #[must_use]
    pub fn gaps(&self) -> Option<&Gaps> {
        self.gaps.as_deref()
    }

    /// What `side` retransmitted since the other end was last heard of.
    #[must_use]
    pub fn ladder(&self, side: Side) -> Option<&Ladder> {
        self.ladders.as_ref()?.of(side)
    }

    /// The ICMP errors about what was in flight.
    #[must_use]
    pub fn quotes(&self) -> Option<&Quotes> {
        self.quotes.as_deref()
    }

    /// The RST that ended it.
    #[must_use]
    pub fn reset(&self) -> Option<&Reset> {
        self.reset.as_deref()
    }
}

/// The place of a side in a pair.
const fn at(side: Side) -> usize {
    match side {
        Side::Client => 0,
        Side::Server => 1,
    }
}

#[cfg(test)]
mod tests;
