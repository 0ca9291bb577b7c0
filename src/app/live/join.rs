//! The kernel's own view beside the wire's: this host's sockets are looked at every few seconds, those whose connections are captured show
//! their timers in the live view, and where kernel and capture disagree the analysis is told of it.
//!
//! It needs no privileges, and so goes on after they were given up.

use crate::analyzer::Analyzer;
use crate::flow::Side;
use crate::report::Flow;
use crate::sockets::{Disagreement, Keepalive, Socket, Table, Unavailable, compare, population};
use crate::time::{Span, Timestamp};
use std::rc::Rc;
use std::time::Duration;

/// How often is looked.
const EVERY: Duration = Duration::from_secs(2);

/// How often where the capture is of other hosts, or there are too many sockets.
const SELDOM: Duration = Duration::from_secs(10);

/// How many times as long as a look took there is none after it: it must not cost frames.
const REST: u32 = 50;

/// With more sockets nobody looks: asking the kernel for so many takes too long for a loop that has frames to fetch.
const MAX_SOCKETS: u64 = 20_000;

/// How many sockets are compared with the capture after a look. If there are more to compare, the others are after the next.
const MAX_COMPARED: usize = 500;

/// How far the time of day may go astray from one look to the next. More is a clock that was set: frames from before it and ages of the kernel
/// do not go together.
const ASTRAY: Span = Span::from_millis(500);

/// What the kernel said at a moment.
#[derive(Debug)]
pub(super) struct Look {
    /// When it had answered, by the clock that stamps frames.
    pub(super) at: Timestamp,
    /// The sockets of this host.
    pub(super) table: Table,
}

/// Looks, and what became of them.
#[derive(Debug)]
pub(super) struct Join {
    /// Whether a filter may leave probes out of the capture.
    is_filtered: bool,
    due: Duration,
    newest: Option<Rc<Look>>,
    /// Whether the newest look waits for the capture to get as far as it.
    is_pending: bool,
    /// The time of day and that of the run at the newest look.
    clocks: Option<(Timestamp, Span)>,
    /// Since when the time of day was not set.
    steady_since: Timestamp,
    /// How many sockets were compared so far.
    compared: usize,
}

impl Join {
    /// Nothing is known yet. `is_filtered`: a filter decides what is captured.
    pub(super) const fn new(is_filtered: bool) -> Self {
        Self {
            is_filtered,
            due: EVERY,
            newest: None,
            is_pending: false,
            clocks: None,
            steady_since: Timestamp(i64::MIN),
            compared: 0,
        }
    }

    /// What the kernel said last, while there is something in it about the capture.
    pub(super) const fn newest(&self) -> Option<&Rc<Look>> {
        self.newest.as_ref()
    }

    /// Looks where it is time to, and compares where the capture has got as far as the look; `elapsed` tells the time of the run.
    ///
    /// # Errors
    /// The kernel tells nothing, and will not later.
    pub(super) fn attend(
        &mut self,
        analyzer: &mut Analyzer,
        elapsed: &dyn Fn() -> Duration,
    ) -> Result<(), Unavailable> {
        let now = elapsed();
        if now >= self.due {
            let wait = self.look(analyzer, elapsed)?;
            let after = elapsed();
            self.due = after + wait.max(after.saturating_sub(now) * REST);
        }
        if self.is_pending
            && let Some(look) = self.newest.clone()
            && analyzer.now() >= Some(look.at)
        {
            self.is_pending = false;
            self.judge(analyzer, &look);
        }
        Ok(())
    }

    /// Asks the kernel, where there is something to ask for. Answers how long to wait before it is asked again.
    fn look(&mut self, analyzer: &Analyzer, elapsed: &dyn Fn() -> Duration) -> Result<Duration, Unavailable> {
        (self.newest, self.is_pending) = (None, false);
        if analyzer.flow_counts().in_table() == 0 {
            return Ok(EVERY);
        }
        if population().is_some_and(|sockets| sockets > MAX_SOCKETS) {
            return Ok(SELDOM);
        }
        let table = Table::sample()?;
        let at = wall();
        self.keep_time(at, elapsed());
        if !table.sockets().iter().any(|socket| analyzer.has_flow(&socket.tuple())) {
            return Ok(SELDOM);
        }
        self.newest = Some(Rc::new(Look { at, table }));
        self.is_pending = true;
        Ok(EVERY)
    }

    /// Notices that the time of day was set.
    fn keep_time(&mut self, at: Timestamp, elapsed: Duration) {
        let elapsed = Span(i64::try_from(elapsed.as_nanos()).unwrap_or(i64::MAX));
        if let Some((at_before, elapsed_before)) = self.clocks.replace((at, elapsed)) {
            let astray = at.since(at_before) - (elapsed - elapsed_before);
            if astray > ASTRAY || astray + ASTRAY < Span::ZERO {
                self.steady_since = at;
            }
        }
    }

    /// Compares what `look` found with the capture, which has got as far.
    fn judge(&mut self, analyzer: &mut Analyzer, look: &Look) {
        let waits = |socket: &&Socket| matches!(socket.keepalive(), Keepalive::On { unanswered: 1.., .. });
        let waiting: Vec<&Socket> = look.table.sockets().iter().filter(waits).collect();
        let first = self.compared.checked_rem(waiting.len()).unwrap_or(0);
        let turn = waiting.len().min(MAX_COMPARED);
        for socket in waiting.iter().cycle().skip(first).take(turn) {
            self.compare(analyzer, look.at, socket);
        }
        self.compared = if turn < waiting.len() { first + turn } else { 0 };
    }

    fn compare(&self, analyzer: &mut Analyzer, at: Timestamp, socket: &Socket) {
        let Some(last_sign) = socket.elapsed().map(|elapsed| at - elapsed) else { return };
        if last_sign < self.steady_since || analyzer.may_have_lost(last_sign, at) {
            return;
        }
        let tuple = socket.tuple();
        let Some(flow) = analyzer.open_flow(&tuple) else { return };
        let is_client = (flow.tuple.src, flow.tuple.src_port) == (tuple.src, tuple.src_port);
        let side = if is_client { Side::Client } else { Side::Server };
        if let Some(disagreement) = compare(&flow, side, socket, at)
            && !self.may_be_the_filter(&disagreement, &flow, side)
        {
            analyzer.handle_finding(flow.index, &flow.tuple, disagreement.finding(side, socket));
        }
    }

    /// A filter that has let no probe of this end pass may be what keeps them out.
    fn may_be_the_filter(&self, disagreement: &Disagreement, flow: &Flow, side: Side) -> bool {
        self.is_filtered
            && matches!(disagreement, Disagreement::ProbesNotOnWire { .. })
            && !flow.prober(side).is_relevant()
    }
}

/// The time of day, which is what frames are stamped with.
#[expect(
    clippy::disallowed_methods,
    reason = "the kernel tells ages, and of a moment that only the clock knows"
)]
fn wall() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests;
