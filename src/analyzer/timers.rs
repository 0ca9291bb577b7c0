//! What capture time will settle: runs that stop, and flows whose end is waited out.

use super::FlowRef;
use crate::flow::Side;
use crate::time::Timestamp;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Something that is due.
#[derive(Clone, Copy, Debug)]
pub(super) enum Timer {
    /// A run of this side may have stopped.
    Run { flow: FlowRef, side: Side },
    /// A closed flow has had its time.
    Ending(FlowRef),
}

/// Waits of one kind, by time, then by flow: the same in every run of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Wait {
    until: Timestamp,
    index: u32,
    is_server: bool,
    flow: FlowRef,
}

/// All waits.
#[derive(Debug, Default)]
pub(super) struct Timers {
    runs: BinaryHeap<Reverse<Wait>>,
    /// All wait equally long and are asked for as time goes on, so a queue is in order.
    endings: VecDeque<(Timestamp, FlowRef)>,
}

impl Timers {
    pub(super) fn wait_for_run(&mut self, flow: FlowRef, side: Side, until: Timestamp) {
        let wait = Wait { until, index: flow.index, is_server: side == Side::Server, flow };
        self.runs.push(Reverse(wait));
    }

    pub(super) fn wait_for_end(&mut self, flow: FlowRef, until: Timestamp) {
        // A clock that ran backwards must not break the order.
        let until = self.endings.back().map_or(until, |(latest, _)| until.max(*latest));
        self.endings.push_back((until, flow));
    }

    /// The next wait that is over before `now`.
    pub(super) fn next_due(&mut self, now: Timestamp) -> Option<Timer> {
        if let Some(Reverse(wait)) = self.runs.peek()
            && wait.until < now
        {
            let Reverse(wait) = self.runs.pop()?;
            let side = if wait.is_server { Side::Server } else { Side::Client };
            return Some(Timer::Run { flow: wait.flow, side });
        }
        let (until, flow) = *self.endings.front()?;
        if until < now {
            self.endings.pop_front();
            return Some(Timer::Ending(flow));
        }
        None
    }
}
