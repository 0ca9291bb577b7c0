//! Flows that are counted and not shown.

use super::{Flow, Status};
use crate::time::Span;

/// How many flows were left out, and what the capture can say of their keepalive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Others {
    /// How many.
    pub flows: u64,
    /// In how many of them keepalive is off at both ends.
    pub off: u64,
    /// The longest time in which a probe would have been seen in any.
    pub longest_quiet: Option<Span>,
}

impl Others {
    /// Counts a flow.
    pub fn add(&mut self, flow: &Flow) {
        let off = flow.client.status == Status::Off && flow.server.status == Status::Off;
        self.add_one(off, flow.client.longest_quiet.max(flow.server.longest_quiet));
    }

    /// Counts a flow in which keepalive is `off` at both ends, or may not be, and whose longest quiet is known.
    pub fn add_one(&mut self, off: bool, longest_quiet: Option<Span>) {
        self.flows += 1;
        self.off += u64::from(off);
        self.longest_quiet = self.longest_quiet.max(longest_quiet);
    }

    /// Counts others' too.
    pub fn join(&mut self, more: &Self) {
        self.flows += more.flows;
        self.off += more.off;
        self.longest_quiet = self.longest_quiet.max(more.longest_quiet);
    }
}
