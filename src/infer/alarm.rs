//! When patience with an end that probes runs out, and what is said then.

use crate::flow::{FlowRecord, Side};
use crate::frame::FrameNo;
use crate::measure::LATENESS;
use crate::report::{NoticeKind, State};
use crate::run::{Awaited, Track};
use crate::time::{Span, Timestamp};

/// An answer is waited for so many times the longest that was seen on the way …
const LONGEST_ANSWERS: i64 = 4;

/// … and at least so long. A probe is answered at once, but by a delayed acknowledgement after up to 200 ms, and not at all where something
/// else was answered less than 500 ms ago (Linux `tcp_invalid_ratelimit`); and before a first answer nobody knows how far away the peer is:
/// a second is what RFC 6298 §2.1 allows any way.
const SHORTEST_PATIENCE: Span = Span::from_secs(1);

/// What a timer may be later than its own lateness: Linux tries again after 50 ms where the socket is busy, and after 500 ms where the
/// interface is; lwIP's tick is 500 ms.
const TRIED_AGAIN: Span = Span::from_millis(500);

/// What happens when patience runs out, in the order in which it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The newest probe counts as unanswered.
    Unanswered,
    /// The next probe is late.
    Overdue,
    /// The run is over.
    Over,
    /// The flow is silent.
    Silent,
}

/// A moment at which something is said, if nothing happens before.
#[derive(Clone, Copy, Debug)]
pub struct Alarm {
    /// When.
    pub at: Timestamp,
    /// What happens then.
    pub stage: Stage,
    /// The segment since which nothing happened.
    pub frame: FrameNo,
    /// Its time.
    pub time: Timestamp,
    /// What is said; `None` where an event says it.
    pub kind: Option<NoticeKind>,
}

/// The next alarm about `side` of a flow, after what was `told` of it and of which segment; `None` where nothing is expected of it.
#[must_use]
pub fn next_alarm(
    record: &FlowRecord,
    track: &Track,
    side: Side,
    told: Option<(FrameNo, Stage)>,
) -> Option<Alarm> {
    // Where one direction was not captured, nothing is known to be missing.
    if record.is_one_sided() {
        return None;
    }
    let is_new =
        |alarm: &Alarm| told.is_none_or(|(frame, stage)| frame != alarm.frame || stage < alarm.stage);
    match track.awaited(side) {
        Some(awaited) => {
            let of_run = [unanswered(&awaited, record.rtt(!side)), overdue(&awaited), over(&awaited)];
            of_run.into_iter().flatten().find(is_new)
        }
        None => silent(record, track, side).filter(is_new),
    }
}

/// Later than `span` after `since` by more than timers are.
fn late(since: Timestamp, span: Span) -> Timestamp {
    let (late, of) = LATENESS;
    since + span + span.scale(late, of) + TRIED_AGAIN.min(span)
}

/// `rtt`: from the capture point to the peer and back, as the handshake shows it.
fn unanswered(awaited: &Awaited, rtt: Option<Span>) -> Option<Alarm> {
    let longest = awaited.largest_rtt.max(rtt).unwrap_or_default();
    let patience = SHORTEST_PATIENCE.max(longest.scale(LONGEST_ANSWERS, 1));
    // The next probe shows by itself that this one has no answer.
    let waited = awaited.interval.map_or(patience, |interval| patience.min(interval));
    let Awaited { run, probes: number, frame, since: time, .. } = *awaited;
    let next = awaited.interval.map(|interval| time + interval);
    let kind = Some(NoticeKind::ProbeUnanswered { run, number, waited, next });
    Some(Alarm { at: time + waited, stage: Stage::Unanswered, frame, time, kind })
}

fn overdue(awaited: &Awaited) -> Option<Alarm> {
    let Awaited { run, probes: number, frame, since: time, .. } = *awaited;
    let at = match awaited.interval {
        Some(interval) => late(time, interval),
        None => awaited.gives_up?,
    };
    let expected = awaited.interval.map(|interval| time + interval);
    let kind = Some(NoticeKind::ProbeOverdue { run, number, waited: at.since(time), expected });
    Some(Alarm { at, stage: Stage::Overdue, frame, time, kind })
}

/// Without an interval nobody knows when the run is over.
fn over(awaited: &Awaited) -> Option<Alarm> {
    let Awaited { frame, since: time, .. } = *awaited;
    let at = awaited.gives_up.filter(|_| awaited.interval.is_some())?;
    Some(Alarm { at, stage: Stage::Over, frame, time, kind: None })
}

/// The probe that is due after the quiet of the whole flow: it is only certain to be missing where nothing keeps its sender from probing.
fn silent(record: &FlowRecord, track: &Track, side: Side) -> Option<Alarm> {
    let may_probe =
        record.half(side).has_nothing_in_flight() && record.half(!side).offers_zero_window() == Some(false);
    if record.state() != State::Open || !may_probe {
        return None;
    }
    let (idle, patience) = track.patience(side)?;
    let (time, frame) = (record.end(), record.last_frame());
    let at = late(time, patience);
    let kind = Some(NoticeKind::Silent { idle, quiet: at.since(time) });
    Some(Alarm { at, stage: Stage::Silent, frame, time, kind })
}
