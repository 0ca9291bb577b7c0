//! Looking at the sockets again and again, to learn their settings from their timers.

use super::reading::read;
use super::socket::{Keepalive, Socket};
use super::table::Table;
use super::timing::{Certainty, Fact, Inferred, JIFFY, Look, Range, SHORTEST, Setting, fact, switched_on};
use crate::infer::nearest;
use crate::report::{Count, SettingRange};
use crate::time::Span;
use std::collections::HashMap;

/// How many sockets that vanished are remembered.
const MAX_GONE: usize = 256;

/// What was learned of sockets by looking at them several times. To be given every look, in order; the shorter the time between two, the
/// more they tell: less than a second is needed to see probes being sent, 250 ms are plenty.
#[derive(Debug, Default)]
pub struct Watch {
    tracks: HashMap<[u8; 8], Track>,
    gone: Vec<(Socket, Inferred)>,
    looks: u64,
}

impl Watch {
    /// Takes a look into account; owners need to be looked for once only. `before` and `after`: when the kernel was asked and when it had answered, by a clock that never steps.
    pub fn take(&mut self, table: &Table, before: Span, after: Span) {
        self.looks += 1;
        for socket in table.sockets() {
            let look = Look::at(socket, before, after);
            match self.tracks.get_mut(&socket.cookie) {
                Some(track) => track.add(socket, look, self.looks),
                None => {
                    self.tracks.insert(socket.cookie, Track::new(socket, look, self.looks));
                }
            }
        }
        let (now, gone) = (self.looks, &mut self.gone);
        self.tracks.retain(|_, track| {
            let is_there = track.seen == now;
            if !is_there && track.most_unanswered > 0 && gone.len() < MAX_GONE {
                gone.push((track.socket.clone(), track.inferred(Some(after))));
            }
            is_there
        });
    }

    /// What is known of the settings of `socket`, which was in the last look.
    #[must_use]
    pub fn inferred(&self, socket: &Socket) -> Inferred {
        self.tracks.get(&socket.cookie).map_or_else(|| read(socket), |track| track.inferred(None))
    }

    /// Sockets that vanished after probes had gone unanswered, as they were last seen: the first 256.
    #[must_use]
    pub fn gone(&self) -> &[(Socket, Inferred)] {
        &self.gone
    }
}

/// What is known of one socket.
#[derive(Clone, Debug)]
struct Track {
    /// As it was last seen.
    socket: Socket,
    last: Look,
    /// Whether keepalive was off before the last look too.
    was_off_before: bool,
    idle: Option<Learned>,
    interval: Option<Learned>,
    /// The longest time seen from the last arrival to when the timer was due.
    longest_rest: Span,
    /// What the look with that made of it.
    read: Inferred,
    most_unanswered: u8,
    /// The look it was last in.
    seen: u64,
}

/// A range that narrows.
#[derive(Clone, Copy, Debug)]
struct Learned {
    range: Range,
    samples: u64,
}

impl Learned {
    /// What is known after `new`: what both allow, or the newer where they exclude each other, as somebody changed it.
    fn with(known: Option<Self>, new: Option<Range>) -> Option<Self> {
        let Some(new) = new else { return known };
        let both = known.and_then(|known| Some((known.range.intersection(new)?, known.samples)));
        let (range, samples) = both.unwrap_or((new, 0));
        Some(Self { range, samples: samples + 1 })
    }

    fn setting(self, likely: Option<Span>) -> Setting {
        let Range { low, high } = self.range;
        let likely = likely.filter(|likely| low <= *likely && *likely <= high);
        // Where only the upper end is sure, the roundest number below it is no better than any other.
        let nearest = likely.or_else(|| nearest(low, high, &[]).filter(|_| low > Span::ZERO));
        let range = SettingRange { low: low.max(Span::ZERO), high, nearest, samples: self.samples };
        Setting { range, certainty: Certainty::Seen }
    }
}

impl Track {
    fn new(socket: &Socket, last: Look, seen: u64) -> Self {
        let (idle, interval) = (None, None);
        let mut track = Self {
            socket: socket.clone(),
            last,
            was_off_before: false,
            idle,
            interval,
            longest_rest: Span::ZERO,
            read: Inferred::default(),
            most_unanswered: 0,
            seen,
        };
        track.read(socket);
        track.count(&last);
        track
    }

    fn add(&mut self, socket: &Socket, look: Look, seen: u64) {
        let was_off = self.last.keepalive == Keepalive::Off;
        // While the timer's own handler runs none is pending: one look without it does not mean that keepalive was off.
        let fact = if was_off && self.was_off_before {
            switched_on(&self.last, &look)
        } else {
            fact(&self.last, &look)
        };
        self.learn(fact);
        self.read(socket);
        self.count(&look);
        self.was_off_before = was_off;
        let owners = std::mem::take(&mut self.socket.owners);
        (self.last, self.socket, self.seen) = (look, socket.clone(), seen);
        if self.socket.owners.is_empty() {
            self.socket.owners = owners;
        }
    }

    fn learn(&mut self, fact: Fact) {
        if fact.is_set_anew {
            (self.idle, self.read, self.longest_rest) = (None, Inferred::default(), Span::ZERO);
        }
        self.idle = Learned::with(self.idle, fact.idle);
        self.interval = Learned::with(self.interval, fact.interval);
    }

    /// Arrivals after the timer was armed only shorten the rest, by any amount: what is shorter than the longest says nothing, and would
    /// look like whole seconds sooner or later.
    fn read(&mut self, socket: &Socket) {
        let (Keepalive::On { left, unanswered: 0 }, Some(elapsed)) = (socket.keepalive(), socket.elapsed())
        else {
            return;
        };
        let rest = left + elapsed;
        if left > Span::ZERO && rest > self.longest_rest {
            if rest > self.longest_rest + JIFFY {
                self.read = Inferred::default();
            }
            self.longest_rest = rest;
        }
        if rest + JIFFY >= self.longest_rest {
            let new = read(socket);
            if new != Inferred::default() {
                self.read = new;
            }
        }
    }

    fn count(&mut self, look: &Look) {
        if let Keepalive::On { unanswered, .. } = look.keepalive {
            self.most_unanswered = self.most_unanswered.max(unanswered);
        }
    }

    /// What follows so far. `gone_by`: when it was first seen missing.
    fn inferred(&self, gone_by: Option<Span>) -> Inferred {
        let either = self.read.idle_or_interval;
        let likely = |setting: Option<Setting>| setting.and_then(|setting| setting.range.nearest);
        let interval = self.interval.map(|learned| learned.setting(likely(either)));
        let either_as_idle =
            either.filter(|either| !interval.is_some_and(|interval| overlap(interval, *either)));
        let likely_idle = likely(self.read.idle).or(likely(either_as_idle));
        let idle = self.idle.map(|learned| learned.setting(likely_idle)).or(self.read.idle);
        let idle_or_interval =
            either_as_idle.filter(|either| !idle.is_some_and(|idle| overlap(idle, *either)));
        Inferred { idle, interval, idle_or_interval, count: self.probes(gone_by) }
    }

    fn probes(&self, gone_by: Option<Span>) -> Option<Count> {
        let most = u64::from(self.most_unanswered);
        if most == 0 {
            return None;
        }
        // It vanished when the next probe was due, and too soon after for another one: the kernel gave up.
        let gave_up = gone_by.is_some_and(|gone| match self.last.keepalive {
            Keepalive::On { left, unanswered } => {
                let due = self.last.before + left - JIFFY;
                unanswered == self.most_unanswered
                    && due <= gone
                    && gone - due.max(self.last.before) < SHORTEST
            }
            _ => false,
        });
        Some(if gave_up { Count::ExactOrUserTimeout(most) } else { Count::AtLeast(most) })
    }
}

/// Whether both can be the same setting.
fn overlap(a: Setting, b: Setting) -> bool {
    a.range.low <= b.range.high && b.range.low <= a.range.high
}
