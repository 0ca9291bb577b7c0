//! Quiet time is time: what does not happen is noticed when it should have happened.
//!
//! For each end that probes there is one alarm at most, the next. Alarms are kept lazily: a segment that puts one off leaves it where it
//! is, and when its time comes it is worked out anew. So a busy flow costs nothing here but a look, and memory is bounded by the number of
//! probing ends in the table.

use super::{Analyzer, FlowRef, Output};
use crate::flow::Side;
use crate::frame::FrameNo;
use crate::infer::{self, Alarm, Stage};
use crate::report::Notice;
use crate::time::Timestamp;
use ahash::RandomState;
use std::collections::{BTreeSet, HashMap};

/// What is watched for.
#[derive(Debug, Default)]
pub(super) struct Watch {
    queue: BTreeSet<(Timestamp, FlowRef, Side)>,
    ends: HashMap<(FlowRef, Side), End, RandomState>,
}

/// An end that is watched.
#[derive(Clone, Copy, Debug, Default)]
struct End {
    /// Its place in the queue.
    queued: Option<Timestamp>,
    /// What was said last, and the segment it was about.
    told: Option<(FrameNo, Stage)>,
}

impl Watch {
    /// Whether an alarm's time is over at `now`.
    #[inline]
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        self.queue.first().is_some_and(|(at, ..)| *at < now)
    }

    /// Takes the next alarm whose time is over at `now`.
    fn pop_due(&mut self, now: Timestamp) -> Option<(Timestamp, FlowRef, Side)> {
        let (at, flow, side) = self.queue.first().filter(|(at, ..)| *at < now).copied()?;
        self.queue.pop_first();
        if let Some(end) = self.ends.get_mut(&(flow, side)) {
            end.queued = None;
        }
        Some((at, flow, side))
    }

    fn told(&self, flow: FlowRef, side: Side) -> Option<(FrameNo, Stage)> {
        self.ends.get(&(flow, side))?.told
    }

    fn tell(&mut self, flow: FlowRef, side: Side, what: (FrameNo, Stage)) {
        self.ends.entry((flow, side)).or_default().told = Some(what);
    }

    /// Sees to it that an end is looked at again at `at`, or before.
    fn set(&mut self, flow: FlowRef, side: Side, at: Timestamp) {
        let end = self.ends.entry((flow, side)).or_default();
        if let Some(queued) = end.queued {
            if queued <= at {
                return;
            }
            self.queue.remove(&(queued, flow, side));
        }
        end.queued = Some(at);
        self.queue.insert((at, flow, side));
    }

    /// Forgets a flow that is final.
    pub(super) fn forget(&mut self, flow: FlowRef) {
        for side in Side::BOTH {
            if let Some(queued) = self.ends.remove(&(flow, side)).and_then(|end| end.queued) {
                self.queue.remove(&(queued, flow, side));
            }
        }
    }
}

impl Analyzer {
    /// Sees to it that what is expected of a flow, now that a segment of it came, is looked for in time.
    #[cold]
    pub(super) fn look_out(&mut self, flow: FlowRef) {
        for side in Side::BOTH {
            if let Some(alarm) = self.next_alarm(flow, side) {
                self.watch.set(flow, side, alarm.at);
            }
        }
    }

    fn next_alarm(&self, flow: FlowRef, side: Side) -> Option<Alarm> {
        let record = self.record(flow).filter(|record| !record.is_retired())?;
        let track = self.partitions.get(usize::from(flow.partition))?.track(flow.id)?;
        infer::next_alarm(record, track, side, self.watch.told(flow, side))
    }

    /// Time has moved on, and for some end patience has run out.
    #[cold]
    pub(super) fn sound_alarms(&mut self, decided: Option<FrameNo>) {
        while let Some((at, flow, side)) = self.watch.pop_due(self.now) {
            let Some(alarm) = self.next_alarm(flow, side) else { continue };
            // What was put off, and what comes next of this end, waits for its turn: all is told in the order of time.
            if alarm.at <= at {
                self.watch.tell(flow, side, (alarm.frame, alarm.stage));
                self.sound(flow, side, &alarm, decided);
            }
            if let Some(next) = self.next_alarm(flow, side) {
                self.watch.set(flow, side, next.at);
            }
        }
    }

    fn sound(&mut self, flow: FlowRef, side: Side, alarm: &Alarm, decided: Option<FrameNo>) {
        let now = self.now;
        let Some(record) = self.record(flow) else { return };
        let (tuple, index) = (record.tuple(), u64::from(record.index()));
        if let Some(kind) = alarm.kind {
            let Alarm { at, frame, time, .. } = *alarm;
            let notice = Notice { at, time, frame, tuple, index, side, kind };
            self.outbox.push_at_once(Output::Notice(notice));
        } else if let Some(partition) = self.partitions.get_mut(usize::from(flow.partition)) {
            let decisions = &mut self.outbox.decisions;
            partition.with_track(flow.id, false, decided, decisions, |track, one_sided, ctx| {
                track.run_out(side, now, one_sided, ctx);
            });
        }
    }
}
