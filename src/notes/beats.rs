//! Exchanges of data that recur.
//!
//! An exchange begins with new data after a pause of [`QUIET`] in the data of both ends. Its request is what the beginner sends, its reply
//! what the other end sends before the next pause. Acknowledgements, probes and retransmissions are no data. Exchanges of one beginner and
//! of like sizes are a [`Series`]; what its periods are is kept, so that a heartbeat is found amid other traffic too.

use crate::flow::{Observation, Side};
use crate::frame::FrameNo;
use crate::measure::{Samples, Stat};
use crate::time::{Span, Timestamp};

/// Data after a pause of this length begins an exchange: less than the shortest period looked for, more than most round trips.
const QUIET: Span = Span::from_millis(500);

/// … but the first data of the other end is the reply of the open exchange if it comes within this.
const REPLY_WITHIN: Span = Span::from_secs(2);

/// An exchange with more octets than this in either direction is no beat.
const MAX_OCTETS: u32 = 4096;

/// … and mostly much less: flows that never pause with so little are not looked at.
const SMALL: u32 = 400;

/// What is as small as this at once looks like one: a ping, a frame of HTTP/2 or MQTT.
const TINY: u32 = 100;

/// How many series are followed at a time.
const MAX_SERIES: usize = 4;

/// What a series gains by each beat that recurs, and how much it keeps at most. Where all series recurred, one of a new kind costs the
/// stalest one unit, or as much as a beat gains if it missed some beats already. Without credit it gives way, unless it is regular.
const GAIN: u8 = 4;
const MAX_CREDIT: u8 = 16;
const MISSED_BEATS: i64 = 4;

/// Spreads numbers (Knuth's multiplicative hash).
const LOT: u32 = 0x9E37_79B1;

/// Sizes are alike if they differ by at most an eighth, and by no more than this (padding, a counter that grows a digit).
const LIKE_OCTETS: u32 = 16;

/// A beat that other data came before is in time if its wait lies within this, in percent of the one before.
const IN_TIME_PERCENT: (i64, i64) = (75, 133);

/// So many waits, one less than beats, make a series regular or not.
const LEAST: u32 = 3;

/// How many waits are judged at a time: a series that is irregular by then begins anew, so that it stays small.
const JUDGED: u32 = 32;

/// Fewer periods than this are regular if they are spread over no more than a quarter of their median …
const FEW: u32 = 8;
const SPREAD: i64 = 4;

/// … and more of them if three quarters of all waits lie this near to it, in percent.
const REGULAR_PERCENT: (i64, i64) = (85, 118);

/// The exchanges of one flow.
#[derive(Clone, Debug, Default)]
pub struct Beats {
    open: Option<Exchange>,
    series: Vec<Series>,
    /// When the last data of the exchange before the open one was sent.
    previous_end: Timestamp,
    longest_pause: Span,
    /// How many exchanges were closed.
    closed: u32,
}

/// The open exchange.
#[derive(Clone, Copy, Debug)]
struct Exchange {
    start: Timestamp,
    last: Timestamp,
    frame: FrameNo,
    from: Side,
    request: u32,
    reply: u32,
}

/// Exchanges that one end began, of like sizes.
#[derive(Clone, Debug)]
pub struct Series {
    last_start: Timestamp,
    /// What a wait is held against: the last one that was in time; zero before any.
    reference: Span,
    periods: Samples,
    first_frame: FrameNo,
    last_frame: FrameNo,
    request: u32,
    reply: u32,
    /// Which exchange of the flow the last one was.
    serial: u32,
    count: u32,
    waits: u32,
    out_of_time: u32,
    from: Side,
    credit: u8,
    is_stray: bool,
    began_anew: bool,
}

/// What a flow with one series pays, beside its periods.
const _: () = assert!(size_of::<Beats>() + size_of::<Series>() <= 256);

impl Beats {
    /// Whether new data begins an exchange, as far as the halves tell: a late answer to what the other end sent last does not.
    pub(super) fn begins_with(o: &Observation<'_>) -> bool {
        let (own, other) = (o.sender.new_at(), o.receiver.new_at());
        let has_paused =
            |last: Option<Timestamp>, pause| last.is_none_or(|last| o.seg.ts.since(last) >= pause);
        if !has_paused(own, QUIET) || !has_paused(other, QUIET) {
            return false;
        }
        // Nobody knows of a pause before the first data.
        own.max(other).is_some() && (own >= other || has_paused(other, REPLY_WITHIN))
    }

    /// Whether such an exchange is so small that it is worth notes the first time.
    pub(super) fn looks_like_one(o: &Observation<'_>) -> bool {
        o.seg.payload_len <= TINY && Self::begins_with(o)
    }

    /// Whether such an exchange is small enough to be a heartbeat's, in a flow about which nothing is known yet.
    pub(super) fn may_begin_with(o: &Observation<'_>) -> bool {
        o.seg.payload_len <= SMALL && Self::begins_with(o)
    }

    /// Takes a segment with new data.
    pub(super) fn observe(&mut self, o: &Observation<'_>) {
        let (now, octets) = (o.seg.ts, o.seg.payload_len);
        if let Some(last) = o.sender.new_at().max(o.receiver.new_at()) {
            self.longest_pause = self.longest_pause.max(now.since(last));
        }
        if let Some(open) = &mut self.open {
            let pause = now.since(open.last);
            let is_reply = o.side != open.from && open.reply == 0 && pause < REPLY_WITHIN;
            if pause < QUIET || is_reply {
                let sum = if o.side == open.from { &mut open.request } else { &mut open.reply };
                *sum = sum.saturating_add(octets);
                open.last = now;
                return;
            }
        }
        self.close();
        let frame = o.seg.frame;
        self.open = Some(Exchange { start: now, last: now, frame, from: o.side, request: octets, reply: 0 });
    }

    fn close(&mut self) {
        let Some(exchange) = self.open.take() else { return };
        self.closed = self.closed.wrapping_add(1);
        if exchange.request <= MAX_OCTETS && exchange.reply <= MAX_OCTETS {
            let (serial, previous_end) = (self.closed, self.previous_end);
            match self.series.iter_mut().find(|series| series.has(&exchange)) {
                Some(series) => series.beat(&exchange, serial, previous_end),
                None => self.begin(Series::new(&exchange, serial)),
            }
        }
        self.previous_end = exchange.last;
    }

    fn begin(&mut self, series: Series) {
        if self.series.len() < MAX_SERIES {
            self.series.reserve_exact(1);
            self.series.push(series);
            return;
        }
        // Those that did not recur give way by lot: the oldest or the newest of them would let no beat wait for the next amid many others.
        let lot = self.closed.wrapping_mul(LOT) >> 16;
        let lone = self.series.iter().filter(|other| other.is_lone()).count();
        let place = if lone > 0 {
            self.series.iter_mut().filter(|other| other.is_lone()).nth(lot as usize % lone)
        } else {
            let stalest = self.series.iter_mut().min_by_key(|other| other.last_start);
            stalest.and_then(|stalest| stalest.gives_way(series.last_start).then_some(stalest))
        };
        if let Some(place) = place {
            *place = series;
        }
    }

    /// All series, the open exchange among them.
    #[must_use]
    pub fn series(&self) -> Vec<Series> {
        let mut settled = self.clone();
        settled.close();
        settled.series
    }

    /// The longest time without data, up to `until` if the flow was still open then.
    #[must_use]
    pub fn longest_pause(&self, until: Timestamp) -> Span {
        let rest = self.open.map_or(Span::ZERO, |open| until.since(open.last));
        self.longest_pause.max(rest)
    }
}

impl Series {
    fn new(first: &Exchange, serial: u32) -> Self {
        Self {
            last_start: first.start,
            reference: Span::ZERO,
            periods: Samples::default(),
            first_frame: first.frame,
            last_frame: first.frame,
            request: first.request,
            reply: first.reply,
            serial,
            count: 1,
            waits: 0,
            out_of_time: 0,
            from: first.from,
            credit: 0,
            is_stray: false,
            began_anew: false,
        }
    }

    fn has(&self, exchange: &Exchange) -> bool {
        let alike = |a: u32, b: u32| a.abs_diff(b) <= (a.max(b) / 8).min(LIKE_OCTETS);
        self.from == exchange.from
            && alike(self.request, exchange.request)
            && alike(self.reply, exchange.reply)
    }

    /// Takes the next exchange. Where nothing came between, the period is what lies between the two. Else it may be that, or, if other data
    /// restarts the timer, the wait since the end of what came between: whichever is in time; one that is neither counts against the series.
    fn beat(&mut self, exchange: &Exchange, serial: u32, previous_end: Timestamp) {
        let period = exchange.start.since(self.last_start);
        let is_next = self.serial.wrapping_add(1) == serial;
        let (low, high) = IN_TIME_PERCENT;
        let in_time = |wait: &Span| wait.is_within_percent_of(self.reference, low, high);
        let wait = if is_next || self.reference == Span::ZERO {
            Some(period)
        } else {
            [period, exchange.start.since(previous_end)].into_iter().find(in_time)
        };
        self.count = self.count.saturating_add(1);
        match wait.filter(|wait| *wait > Span::ZERO) {
            Some(wait) => {
                self.periods.push(wait);
                self.waits = self.waits.saturating_add(1);
                self.reference = wait;
                self.is_stray = false;
            }
            None => {
                self.out_of_time = self.out_of_time.saturating_add(1);
                // Twice in a row: what it is held against may be what is wrong.
                if self.is_stray && period > Span::ZERO {
                    self.reference = period;
                }
                self.is_stray = !self.is_stray;
            }
        }
        self.last_start = exchange.start;
        self.last_frame = exchange.frame;
        (self.request, self.reply) = (exchange.request, exchange.reply);
        self.serial = serial;
        self.credit = self.credit.saturating_add(GAIN).min(MAX_CREDIT);
        if self.waits.wrapping_add(self.out_of_time).is_multiple_of(JUDGED) && !self.has_one_period() {
            *self = Self { began_anew: true, ..Self::new(exchange, serial) };
        }
    }

    /// Whether it never recurred.
    const fn is_lone(&self) -> bool {
        self.count == 1 && !self.began_anew
    }

    /// Whether it gives way, at `now`, to a series that just begins.
    fn gives_way(&mut self, now: Timestamp) -> bool {
        let patience = self.reference.scale(MISSED_BEATS, 1);
        let has_missed = patience > Span::ZERO && now.since(self.last_start) > patience;
        self.credit = self.credit.saturating_sub(if has_missed { GAIN } else { 1 });
        if self.credit > 0 {
            return false;
        }
        if self.is_regular() {
            self.credit = MAX_CREDIT;
            return false;
        }
        true
    }

    /// Whether its waits show one period: all of them where they are few, most of them where they are many (a beat may have been missed,
    /// or put off), with hardly any that fit none.
    fn has_one_period(&self) -> bool {
        let Some(stat) = self.periods.stat() else { return false };
        if self.waits < FEW {
            return (stat.max - stat.min).scale(SPREAD, 1) <= stat.median
                && self.out_of_time <= self.waits / 4;
        }
        let (low, high) = REGULAR_PERCENT;
        let near = self.periods.within(stat.median.scale(low, 100), stat.median.scale(high, 100));
        near * 4 >= (u64::from(self.waits) + u64::from(self.out_of_time)) * 3
    }

    /// Whether it recurs at one period. A series that was irregular before has to show more.
    #[must_use]
    pub fn is_regular(&self) -> bool {
        let enough = if self.began_anew { JUDGED / 2 } else { LEAST };
        self.waits >= enough && self.has_one_period()
    }

    /// Who begins its exchanges.
    #[must_use]
    pub const fn from(&self) -> Side {
        self.from
    }

    /// Octets of the newest request.
    #[must_use]
    pub const fn request(&self) -> u32 {
        self.request
    }

    /// Octets of the newest reply.
    #[must_use]
    pub const fn reply(&self) -> u32 {
        self.reply
    }

    /// How many exchanges.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Its periods.
    #[must_use]
    pub fn periods(&self) -> Option<Stat> {
        self.periods.stat()
    }

    /// The frame that began its first exchange.
    #[must_use]
    pub const fn first_frame(&self) -> FrameNo {
        self.first_frame
    }

    /// The frame that began its last exchange.
    #[must_use]
    pub const fn last_frame(&self) -> FrameNo {
        self.last_frame
    }
}
