//! Connections of which nothing but their record is known: no probes, and nothing worth a note.
//!
//! Nearly all connections of a large capture are such. They are counted, mostly not shown, and what can be remarked on them needs no report.

use super::{Case, absent, short_connection};
use crate::flow::Side;
use crate::report::{Roles, State};
use crate::time::{Span, Timestamp};

/// What the record of a connection tells.
#[derive(Clone, Copy, Debug)]
pub struct Plain {
    /// What became of it.
    pub state: State,
    /// How client and server were told apart.
    pub roles: Roles,
    /// Whether only one direction was captured.
    pub one_sided: bool,
    /// Its first segment's time.
    pub start: Timestamp,
    /// Its last segment's time.
    pub end: Timestamp,
    /// The latest time of the capture.
    pub now: Timestamp,
    /// The longest time in which a probe of either end would have been seen.
    pub longest_quiet: Span,
}

impl Plain {
    pub(super) fn of(case: &Case<'_>) -> Self {
        let flow = case.flow;
        let quiet = Side::BOTH.into_iter().filter_map(|side| flow.prober(side).longest_quiet).max();
        Self {
            state: flow.state,
            roles: flow.roles,
            one_sided: flow.one_sided,
            start: flow.start,
            end: flow.end,
            now: case.now,
            longest_quiet: quiet.unwrap_or_default(),
        }
    }

    /// How many remarks [`findings`](super::findings) would make on it.
    #[must_use]
    pub fn remarks(&self) -> u64 {
        u64::from(short_connection::applies(self))
            + u64::from(absent::applies(self) && absent::is_quiet_now(self))
    }
}
