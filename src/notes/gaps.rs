//! Silences, and what came of them: how long one the flow survived, and after which one it was dead.
//!
//! After a silence of both ends the next segment that calls for an answer is a question: data, FIN or a probe. What acknowledges it shows
//! that the flow survived the silence. If nothing does, although it is repeated, or if a RST comes instead, the flow was dead after it. A
//! probe is a question after any wait, so that the interval between unanswered probes is not taken for a silence.

use crate::classify::Class;
use crate::flow::{Observation, Side};
use crate::frame::FrameNo;
use crate::report::Gap;
use crate::seq::SeqNum;
use crate::time::{Span, Timestamp};

/// A silence shorter than this is not noted.
const LONG: Span = Span::from_secs(1);

/// … nor, in a flow about which nothing else is, one shorter than this: no box forgets an established connection sooner.
const LONG_ALONE: Span = Span::from_secs(30);

/// A question that was repeated this often …
const REPEATS: u32 = 2;

/// … over at least this long without an answer found nobody.
const ASKED_FOR: Span = Span::from_secs(1);

/// A silence that the flow survived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Survived {
    /// The silence.
    pub gap: Gap,
    /// The frame that shows it: the other end acknowledges what came after the silence.
    pub by: FrameNo,
}

/// How a flow turned out to be dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// A RST came instead of an answer: one without ACK, as a host sends that knows no such connection, or any in answer to a probe, which
    /// no application sees (RFC 9293 §3.5.2).
    Rst,
    /// A RST with ACK answered data or FIN: the other end may just have given up the connection itself.
    Abort,
    /// Nothing came, although the question was repeated.
    Silence,
}

/// A silence after which the flow was dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Death {
    /// The silence.
    pub gap: Gap,
    /// Who spoke after it.
    pub asked_by: Side,
    /// Whether the other end had sent its FIN before: then it may have forgotten the connection in good order (FIN-WAIT-2 times out).
    pub is_half_closed: bool,
    /// How it turned out.
    pub how: How,
    /// The first sign: the RST, or the first repetition.
    pub at: Timestamp,
    /// The frame of that sign.
    pub frame: FrameNo,
    /// How often the question was repeated.
    pub repeats: u32,
}

/// What came after a silence, until it is acknowledged.
#[derive(Clone, Copy, Debug)]
struct Question {
    gap: Gap,
    at: Timestamp,
    last: Timestamp,
    /// The first repetition, or the RST that came first.
    sign: Option<(Timestamp, FrameNo)>,
    /// The number the answer has to reach.
    end: SeqNum,
    repeats: u32,
    side: Side,
    is_probe: bool,
    is_half_closed: bool,
    reset: Option<How>,
}

/// The silences of one flow.
#[derive(Clone, Debug, Default)]
pub struct Gaps {
    longest: Option<Gap>,
    survived: Option<Survived>,
    question: Option<Question>,
}

const _: () = assert!(size_of::<Gaps>() <= 136);

impl Gaps {
    /// Whether the segment comes after a long silence. Most come soon after another of the same end: that is asked first.
    pub(super) fn begins_with(o: &Observation<'_>) -> bool {
        let was_silent = |last: Option<Timestamp>| last.is_none_or(|last| o.seg.ts.since(last) >= LONG_ALONE);
        was_silent(o.sender.last_sent()) && was_silent(o.receiver.last_sent()) && o.before.is_some()
    }

    /// Takes the next segment; `was_reset`: a RST ended the flow before, so that what is said now finds nobody.
    pub(super) fn observe(&mut self, o: &Observation<'_>, class: Class, was_reset: bool) {
        let (Some(quiet), Some(before)) = (o.quiet(), o.before) else { return };
        let gap = Gap { length: quiet, from: before, to: o.seg.frame };
        if quiet >= LONG && self.longest.is_none_or(|longest| quiet > longest.length) {
            self.longest = Some(gap);
        }
        match &mut self.question {
            Some(question) if question.side == o.side => question.repeat(o, class),
            Some(question) if class == Class::Reset => question.refuse(o),
            Some(question) if question.is_answered_by(o, class) => {
                let gap = question.gap;
                if gap.length >= LONG && self.survived.is_none_or(|longest| gap.length > longest.gap.length) {
                    self.survived = Some(Survived { gap, by: o.seg.frame });
                }
                self.question = None;
            }
            _ => {}
        }
        if self.question.is_none() && !was_reset {
            self.question = Question::of(gap, o, class);
        }
    }

    /// The longest silence, survived or not, of those that were long.
    #[must_use]
    pub const fn longest(&self) -> Option<Gap> {
        self.longest
    }

    /// The longest silence that the flow survived.
    #[must_use]
    pub const fn survived(&self) -> Option<Survived> {
        self.survived
    }

    /// The silence after which the flow was dead, as far as is known.
    #[must_use]
    pub fn death(&self) -> Option<Death> {
        let question = self.question.filter(|question| question.gap.length >= LONG)?;
        let asked_for = question.last.since(question.at);
        let is_silent = question.repeats >= REPEATS && asked_for >= ASKED_FOR;
        let how = question.reset.or(is_silent.then_some(How::Silence))?;
        let (at, frame) = question.sign?;
        Some(Death {
            gap: question.gap,
            asked_by: question.side,
            is_half_closed: question.is_half_closed,
            how,
            at,
            frame,
            repeats: question.repeats,
        })
    }
}

impl Question {
    /// The question a segment asks, if it does: with something of its sender in flight, an earlier one is open.
    fn of(gap: Gap, o: &Observation<'_>, class: Class) -> Option<Self> {
        let is_long = gap.length >= LONG;
        let end = match class {
            Class::Data | Class::Fin => {
                (is_long && o.sends_new() && o.sender.has_nothing_in_flight()).then(|| o.seg.end())?
            }
            Class::Probe(_) => o.seg.seq.advance(1),
            _ => return None,
        };
        Some(Self {
            gap,
            at: o.seg.ts,
            last: o.seg.ts,
            sign: None,
            end,
            repeats: 0,
            side: o.side,
            is_probe: matches!(class, Class::Probe(_)),
            is_half_closed: o.receiver.is_fin_last(),
            reset: None,
        })
    }

    /// Its sender says more.
    fn repeat(&mut self, o: &Observation<'_>, class: Class) {
        let again = match class {
            Class::Probe(_) | Class::Data | Class::Retransmission | Class::OneOctetRetransmission => true,
            Class::Fin => !o.sends_new(),
            _ => false,
        };
        // What follows at once is the rest of the question.
        if again && (class != Class::Data || o.seg.ts.since(self.last) >= ASKED_FOR) {
            self.repeats = self.repeats.saturating_add(1);
            self.last = o.seg.ts;
            self.sign.get_or_insert((o.seg.ts, o.seg.frame));
        }
    }

    /// The other end sends a RST; the first one counts.
    fn refuse(&mut self, o: &Observation<'_>) {
        if self.reset.is_none() {
            self.sign = Some((o.seg.ts, o.seg.frame));
            let is_abort = o.seg.ack.is_some() && !self.is_probe;
            self.reset = Some(if is_abort { How::Abort } else { How::Rst });
        }
    }

    fn is_answered_by(&self, o: &Observation<'_>, class: Class) -> bool {
        !class.is_probe_like() && o.seg.ack.is_some_and(|ack| !ack.is_before(self.end))
    }
}
