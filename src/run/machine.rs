//! One direction's runs: probes in, outcomes out.
//!
//! ```text
//!            probe                     probe (interval)
//!   quiet ──────────► open run ─────────┐
//!     ▲                │  ▲─────────────┘
//!     │                ▼
//!     └── reset · answered · recovered · ignored · superseded · timed_out · closed · unknown · stopped · pending
//! ```
//! Facts arrive in the order of the capture and are certain: what had to be settled was settled before.

use super::context::Context;
use super::event::{AnsweredBy, EventKind};
use super::fact::{Fact, Probe};
use super::figures::Figures;
use super::interval::next_interval;
use super::list::RunList;
use super::marks::Marks;
use super::outcome::{Doubt, IcmpNote, MAX_LISTED_FRAMES, Outcome, Run};
use crate::classify::ProbeRule;
use crate::frame::FrameNo;
use crate::measure::{LATENESS, SHORTEST_WAIT};
use crate::report::{AnsweredInVain, Prober};
use crate::seq::SeqNum;
use crate::time::{Span, Timestamp};
use std::borrow::Cow;

/// Data or FIN of the peer within this time of the newest probe may be its answer (R4).
const ANSWERED_BY_DATA: Span = Span::from_secs(1);

/// … or within this many of the smallest round-trip times seen, if that is longer.
const ANSWERED_BY_DATA_RTTS: i64 = 4;

/// A prober's RST this near, in percent of the last interval, is its timer giving up (R11).
const GIVING_UP_PERCENT: (i64, i64) = (85, 115);

/// A run has stopped after this many intervals without another probe …
const STOPPED_INTERVALS: i64 = 3;

/// … or this many idle times where no interval was seen, and the lateness of timers on top.
const STOPPED_IDLES: i64 = 2;

/// What is waited between probes where nobody asks for anything else: Linux, BSD and macOS.
const USUAL_INTERVAL: Span = Span::from_secs(75);

/// How many of the last runs tell how long an end waits before it probes.
const LATELY: usize = 8;

/// What an open run waits for.
#[derive(Clone, Copy, Debug)]
pub struct Awaited {
    /// Its number among its side's runs, from 0.
    pub run: u32,
    /// How many probes it has so far.
    pub probes: u64,
    /// The newest probe's frame.
    pub frame: FrameNo,
    /// The newest probe's time.
    pub since: Timestamp,
    /// How long after it the next probe is expected, or the RST that gives up; `None` while no interval was seen.
    pub interval: Option<Span>,
    /// The longest time that an answer took so far.
    pub largest_rtt: Option<Span>,
    /// When the run counts as stopped if nothing more comes: a guess where there is no interval, and `None` where nothing tells.
    pub gives_up: Option<Timestamp>,
}

/// The open run and its newest probe.
#[derive(Clone, Debug)]
struct Open {
    run: Run,
    newest: Newest,
}

/// What of the newest probe matters while its answer is awaited.
#[derive(Clone, Copy, Debug)]
struct Newest {
    frame: FrameNo,
    ts: Timestamp,
    snd_nxt: SeqNum,
    ahead: Span,
}

impl Newest {
    const fn of(probe: &Probe) -> Self {
        Self { frame: probe.frame, ts: probe.ts, snd_nxt: probe.snd_nxt(), ahead: probe.ahead }
    }
}

/// Why nothing more will come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    /// The capture ended.
    Capture,
    /// The flow was evicted.
    Evicted,
    /// The flow is over: closed, reset, or its tuple used again.
    Flow,
}

/// The probing of one direction.
#[derive(Clone, Debug, Default)]
pub(super) struct Machine {
    open: Option<Open>,
    runs: RunList,
    newest_seq: SeqNum,
    figures: Figures,
    smallest_rtt: Option<Span>,
    largest_rtt: Option<Span>,
    last_idle: Option<Span>,
    last_interval: Option<Span>,
    /// Whether the prober's counter may not have begun at zero with the next run: peer data that acknowledges nothing new leaves Linux's
    /// alone on the fast path, and a RST that was captured may not have been accepted.
    counts_on: bool,
    /// Answers that did not reach the prober, as its giving up shows.
    in_vain: Option<Box<AnsweredInVain>>,
    /// The frame that answered last, until it is asked for.
    answered_by: Option<FrameNo>,
}

impl Machine {
    /// Whether a run is open.
    pub(super) const fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// The frame that answered since the last call.
    pub(super) const fn take_answer(&mut self) -> Option<FrameNo> {
        self.answered_by.take()
    }

    /// The run that nothing has ended yet.
    pub(super) fn open_run(&self) -> Option<&Run> {
        Some(&self.open.as_ref()?.run)
    }

    /// Whether there ever was a probe.
    pub(super) const fn has_probes(&self) -> bool {
        self.figures.has_probes()
    }

    /// When the open run counts as stopped if no further probe comes; `None` while nothing tells.
    fn deadline(&self) -> Option<Timestamp> {
        let open = self.open.as_ref()?;
        let patience = match (self.last_interval, self.last_idle) {
            (Some(interval), _) => interval.scale(STOPPED_INTERVALS, 1),
            (None, Some(idle)) => idle.scale(STOPPED_IDLES, 1),
            (None, None) => return None,
        };
        let (late, of) = LATENESS;
        Some(open.newest.ts + patience + patience.scale(late, of))
    }

    /// Takes the next fact. `one_sided`: nothing of the peer was captured so far.
    pub(super) fn apply(&mut self, fact: &Fact, one_sided: bool, ctx: &mut Context<'_>) {
        match *fact {
            Fact::Probe(ref probe, rule) => {
                // Without an interval to go by the deadline is a guess, and a further probe, however late, refutes it.
                if self.last_interval.is_some() {
                    self.expire(probe.ts, one_sided, ctx);
                }
                self.probe(probe, rule, ctx);
            }
            Fact::PeerAck { frame, ts, ack, ttl } => {
                // As with a further probe: where the deadline is a guess, the answer refutes it.
                if self.last_interval.is_some() {
                    self.expire(ts, one_sided, ctx);
                }
                if self.acknowledges_newest(ack) {
                    self.figures.take_answer(frame, ttl);
                    self.answer(frame, ts, AnsweredBy::Ack, ctx);
                }
            }
            Fact::PeerData { frame, ts, ack, fin } => {
                self.expire(ts, one_sided, ctx);
                if self.acknowledges_newest(ack) {
                    self.peer_is_alive(frame, ts, if fin { AnsweredBy::Fin } else { AnsweredBy::Data }, ctx);
                }
            }
            Fact::PeerReset { frame, ts } => {
                self.expire(ts, one_sided, ctx);
                self.end(Outcome::Reset, Some((frame, ts)), ctx);
            }
            Fact::OwnNew { frame, ts } => {
                self.expire(ts, one_sided, ctx);
                self.end(Outcome::Superseded, Some((frame, ts)), ctx);
            }
            Fact::OwnReset { frame, ts, at_snd_nxt, ahead } => {
                self.expire(ts, one_sided, ctx);
                self.own_reset(frame, ts, at_snd_nxt, ahead, ctx);
            }
            Fact::Icmp { ref note, seq } => self.icmp(note, seq),
        }
    }

    /// Ends the open run if its time was over at `now`.
    fn expire(&mut self, now: Timestamp, one_sided: bool, ctx: &mut Context<'_>) {
        if self.deadline().is_some_and(|deadline| now > deadline) {
            self.end(if one_sided { Outcome::Unknown } else { Outcome::Stopped }, None, ctx);
        }
    }

    /// Ends the open run if its time is over at `now` by an interval that was seen. Whatever comes later would find the same: where the
    /// interval is a guess, or one direction is missing so far, it may not, and nothing is decided.
    pub(super) fn run_out(&mut self, now: Timestamp, one_sided: bool, ctx: &mut Context<'_>) {
        if self.last_interval.is_some() && !one_sided {
            self.expire(now, one_sided, ctx);
        }
    }

    /// What the open run waits for.
    pub(super) fn awaited(&self) -> Option<Awaited> {
        let open = self.open.as_ref()?;
        let intervals =
            if open.run.intervals.len() < MAX_LISTED_FRAMES { open.run.intervals.as_slice() } else { &[] };
        Some(Awaited {
            run: open.run.number,
            probes: open.run.probes,
            frame: open.newest.frame,
            since: open.newest.ts,
            interval: self.last_interval.map(|last| next_interval(intervals, last)),
            largest_rtt: self.largest_rtt,
            gives_up: self.deadline(),
        })
    }

    /// The idle time seen last, and after how much quiet the next run begins at the latest, but for the lateness of timers; `None` where
    /// nothing tells, or where the prober was not seen to go on.
    pub(super) fn patience(&self) -> Option<(Span, Span)> {
        let last = self.runs.newest().filter(|_| self.open.is_none())?;
        if matches!(last.outcome?, Outcome::Stopped | Outcome::Unknown | Outcome::Pending) {
            return None;
        }
        let idle = last.idle?;
        // After an answered probe Linux waits for its interval, where that is longer than idle (R12). So the longest of those seen lately
        // counts, but only if one of them followed a probe. Else nobody knows the interval, and most leave it as it is.
        let lately = || self.runs.iter_last().take(LATELY);
        let mut pairs = lately().zip(lately().skip(1));
        let patience = if pairs.any(|(run, before)| run.quiet_since == Some(before.end)) {
            lately().filter_map(|run| run.idle).max().unwrap_or(idle)
        } else {
            idle.scale(STOPPED_IDLES, 1).max(USUAL_INTERVAL)
        };
        Some((idle, patience))
    }

    /// Ends the open run, at `now`, because nothing more will come.
    pub(super) fn close(&mut self, why: Close, now: Timestamp, one_sided: bool, ctx: &mut Context<'_>) {
        self.expire(now, one_sided, ctx);
        let outcome = match why {
            _ if one_sided => Outcome::Unknown,
            Close::Flow => Outcome::Stopped,
            Close::Capture | Close::Evicted => Outcome::Pending,
        };
        self.end(outcome, None, ctx);
    }

    /// Fills in what it knows.
    pub(super) fn report(&self, prober: &mut Prober) {
        self.figures.report(prober);
        prober.answered_in_vain = self.in_vain.as_deref().cloned();
        prober.runs = self.runs.iter().map(Cow::into_owned).collect();
        prober.runs_total = self.runs.total();
        prober.outcome = self.runs.newest().and_then(|run| run.outcome);
    }

    /// What the probes look like.
    pub(super) const fn marks(&self) -> Marks {
        self.figures.marks
    }

    fn acknowledges_newest(&self, ack: SeqNum) -> bool {
        self.open.as_ref().is_some_and(|open| !ack.is_before(open.newest.snd_nxt))
    }

    fn probe(&mut self, probe: &Probe, rule: ProbeRule, ctx: &mut Context<'_>) {
        self.figures.count_probe(probe, rule);
        self.newest_seq = probe.seq;
        let (mut idle, mut interval) = (None, None);
        if self.open.is_none() && probe.has_not_heard {
            self.note_lost_answer(probe);
        }
        let open = match &mut self.open {
            Some(open) => {
                interval = ctx.elapsed(open.newest.ts, probe.ts);
                note_step(&mut open.run, interval);
                if let Some(interval) = interval.filter(|interval| *interval >= SHORTEST_WAIT) {
                    self.figures.interval.push(interval);
                    self.last_interval = Some(interval);
                }
                let jumped = probe.ahead - open.newest.ahead;
                if jumped != Span::ZERO {
                    open.run.own_figures();
                }
                if let Some(own) = &mut open.run.own {
                    extend_bounded(&mut own.intervals, probe.ts.since(open.newest.ts) - jumped);
                }
                if let Some(interval) = interval {
                    extend_bounded(&mut open.run.intervals, interval);
                }
                open
            }
            none => {
                idle = probe.t_acc.and_then(|t_acc| ctx.elapsed(t_acc, probe.ts));
                let any = probe.t_any.and_then(|t_any| ctx.elapsed(t_any, probe.ts));
                self.figures.take_idle(idle, any);
                self.last_idle = idle.or(self.last_idle);
                let number = self.runs.total() as u32;
                let mut run = Run::begun(number, (probe.frame, probe.ts), probe.t_acc, idle);
                run.counts_on = self.counts_on;
                if probe.jumped != Some(Span::ZERO) {
                    let own =
                        probe.t_acc.zip(probe.jumped).map(|(t_acc, jumped)| probe.ts.since(t_acc) - jumped);
                    run.own_figures().idle = own.filter(|own| *own >= Span::ZERO);
                }
                if idle.is_none() && probe.t_acc.is_some() {
                    note_step(&mut run, None);
                }
                none.insert(Open { run, newest: Newest::of(probe) })
            }
        };
        open.newest = Newest::of(probe);
        open.run.probes += 1;
        open.run.end = probe.ts;
        extend_bounded(&mut open.run.probe_frames, probe.frame);
        let (run, number) = (open.run.number, open.run.probes);
        ctx.emit(probe.frame, probe.ts, || EventKind::Probe {
            run,
            number,
            seq: probe.seq,
            payload: probe.payload,
            idle,
            interval,
            rule: rule.name(),
        });
    }

    /// The prober's time stamps tell that the answer before did not reach it: if it waited for less than an idle time, it was for its
    /// interval (R12).
    fn note_lost_answer(&mut self, probe: &Probe) {
        let idle = probe.t_acc.map(|t_acc| probe.ts.since(t_acc));
        let (_, as_late) = GIVING_UP_PERCENT;
        let is_shorter = match (idle, self.last_idle) {
            (Some(idle), Some(last)) => !last.is_within_percent_of(idle, 0, as_late),
            _ => false,
        };
        let goes_on = self.runs.iter_last().nth(1).is_some_and(|run| run.answer_lost.is_some());
        if (is_shorter || goes_on)
            && let Some(run) = self.runs.newest_mut()
            && run.outcome == Some(Outcome::Answered)
            && Some(run.end) == probe.t_acc
        {
            run.answer_lost = Some(probe.ts.since(run.start));
        }
    }

    /// The peer sent data or FIN: the answer if the newest probe can have caused it, else a sign that the peer ignores probes.
    fn peer_is_alive(&mut self, frame: FrameNo, ts: Timestamp, by: AnsweredBy, ctx: &mut Context<'_>) {
        let Some(open) = &self.open else { return };
        let after = ts.since(open.newest.ts);
        let rtt = self.smallest_rtt.unwrap_or_default();
        if after < rtt {
            // It was on its way before the probe arrived; the answer still comes.
            return;
        }
        if after <= ANSWERED_BY_DATA.max(rtt.scale(ANSWERED_BY_DATA_RTTS, 1)) {
            self.answer(frame, ts, by, ctx);
        } else {
            self.end(Outcome::Ignored, Some((frame, ts)), ctx);
        }
    }

    fn answer(&mut self, frame: FrameNo, ts: Timestamp, by: AnsweredBy, ctx: &mut Context<'_>) {
        let Some(open) = &mut self.open else { return };
        let (only, newest) = (open.run.probes == 1, open.newest);
        // With several probes open, nobody can say which one was answered (Karn's rule).
        let rtt = if only { ctx.elapsed(newest.ts, ts) } else { None };
        if only {
            note_step(&mut open.run, rtt);
        }
        if let Some(rtt) = rtt {
            self.figures.rtt.push(rtt);
            self.smallest_rtt = Some(self.smallest_rtt.map_or(rtt, |smallest| smallest.min(rtt)));
            self.largest_rtt = self.largest_rtt.max(Some(rtt));
        }
        self.counts_on = by != AnsweredBy::Ack;
        self.answered_by = Some(frame);
        ctx.emit_for_peer(frame, ts, || EventKind::Answer { probe_frame: newest.frame, rtt, by });
        self.end(if only { Outcome::Answered } else { Outcome::Recovered }, Some((frame, ts)), ctx);
    }

    fn own_reset(
        &mut self,
        frame: FrameNo,
        ts: Timestamp,
        at_snd_nxt: bool,
        ahead: Span,
        ctx: &mut Context<'_>,
    ) {
        let Some(open) = &mut self.open else {
            if at_snd_nxt {
                self.reconsider_answers(frame, ts);
            }
            return;
        };
        let wait = ctx.elapsed(open.newest.ts, ts);
        let (low, high) = GIVING_UP_PERCENT;
        let by_timer = match (wait, self.last_interval) {
            (Some(wait), Some(interval)) => wait.is_within_percent_of(interval, low, high),
            // With one probe, and no interval seen in the flow, the wait itself is the interval.
            (Some(_), None) => open.run.probes == 1,
            (None, _) => false,
        };
        if at_snd_nxt && by_timer {
            let jumped = ahead - open.newest.ahead;
            if jumped != Span::ZERO {
                open.run.own_figures();
            }
            open.run.last_wait = wait;
            if let Some(own) = &mut open.run.own {
                own.last_wait = wait.map(|wait| wait - jumped);
            }
            if let Some(wait) = wait {
                self.figures.interval.push(wait);
                self.last_interval = Some(wait);
            }
            self.end(Outcome::TimedOut, Some((frame, ts)), ctx);
        } else {
            note_step(&mut open.run, wait);
            self.end(Outcome::Closed, Some((frame, ts)), ctx);
        }
    }

    /// The prober gave up although its last probes were answered in the capture: if they, and the RST, came at an even spacing that is
    /// shorter than the wait before the first of them, the answers did not reach it. Then only that first wait was its idle time, and the
    /// spacing is its interval (R12).
    fn reconsider_answers(&mut self, reset: FrameNo, reset_at: Timestamp) {
        let (low, high) = GIVING_UP_PERCENT;
        let mut series = Vec::new();
        let mut frames = vec![reset];
        let mut next = reset_at;
        for run in self.runs.iter_last().take_while(|run| run.outcome == Some(Outcome::Answered)) {
            let spacing = next.since(run.start);
            if series.first().is_some_and(|(first, _)| !spacing.is_within_percent_of(*first, low, high)) {
                break;
            }
            series.push((spacing, run.idle));
            frames.extend([run.first_frame].into_iter().chain(run.end_frame));
            next = run.start;
        }
        let Some((_, Some(first_idle))) = series.last().copied() else { return };
        let Some((spacing, _)) = series.first().copied() else { return };
        if series.len() < 2 || first_idle.is_within_percent_of(spacing, 0, high) {
            return;
        }
        let later = series.iter().rev().skip(1);
        later.filter_map(|(_, idle)| *idle).for_each(|idle| self.figures.take_back_idle(idle));
        series.iter().for_each(|(spacing, _)| self.figures.interval.push(*spacing));
        // In this order: no more runs are asked for than are added to.
        for ((spacing, _), run) in series.iter().zip(self.runs.iter_last_mut()) {
            run.answer_lost = Some(*spacing);
        }
        self.last_interval = Some(spacing);
        frames.truncate(MAX_LISTED_FRAMES);
        self.in_vain = Some(Box::new(AnsweredInVain { probes: series.len() as u64, spacing, frames }));
    }

    /// An ICMP error about a probe belongs to the open run, or, when it comes late, to the newest.
    fn icmp(&mut self, note: &IcmpNote, seq: SeqNum) {
        if seq != self.newest_seq {
            return;
        }
        let run = match &mut self.open {
            Some(open) => Some(&mut open.run),
            None => self.runs.newest_mut(),
        };
        if let Some(run) = run {
            extend_bounded(&mut run.icmp, note.clone());
        }
    }

    fn end(&mut self, outcome: Outcome, at: Option<(FrameNo, Timestamp)>, ctx: &mut Context<'_>) {
        let Some(open) = self.open.take() else { return };
        let Open { mut run, newest } = open;
        self.figures.end_run(run.probes, outcome);
        self.counts_on |= matches!(outcome, Outcome::Ignored | Outcome::Reset);
        run.outcome = Some(outcome);
        run.end_frame = at.map(|(frame, _)| frame);
        run.end = at.map_or(newest.ts, |(_, ts)| ts);
        if matches!(outcome, Outcome::TimedOut | Outcome::Reset) {
            run.detected_after = run.quiet_since.and_then(|since| ctx.elapsed(since, run.end));
        }
        // Of what came since the quiet began, something is missing: a probe or its answer may have been. Where an answer was seen at once,
        // nothing is.
        let quiet_since = run.quiet_since.unwrap_or(run.start);
        if outcome != Outcome::Answered && ctx.lost.is_some_and(|lost| quiet_since <= lost) {
            run.doubt.push(Doubt::Drops);
        }
        let (frame, time) = (run.end_frame.unwrap_or(newest.frame), run.end);
        ctx.emit(frame, time, || EventKind::RunEnd(Box::new(run.clone())));
        self.runs.push(run);
    }
}

/// Marks a run in which a sample had to be dropped because time ran backwards.
fn note_step(run: &mut Run, sample: Option<Span>) {
    if sample.is_none() && !run.doubt.contains(&Doubt::TimeStep) {
        run.doubt.push(Doubt::TimeStep);
    }
}

/// Adds an item to a list that has room.
fn extend_bounded<T>(list: &mut (impl Extend<T> + AsRef<[T]>), item: T) {
    if list.as_ref().len() < MAX_LISTED_FRAMES {
        list.extend([item]);
    }
}
