//! What a prober's probes look like, beside their numbers: each stack has its own way of making them.

use super::fact::Probe;
use crate::classify::ProbeRule;

/// How many of an end's probes had which mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Carried the timestamps option (RFC 7323).
    pub with_timestamps: u32,
    /// Carried PSH.
    pub with_psh: u32,
    /// Came while data of the prober was unacknowledged.
    pub over_unacknowledged_data: u32,
    /// Where it was known what the prober had acknowledged before …
    pub with_known_ack: u32,
    /// … and of them the ACK field was one below that.
    pub with_ack_behind: u32,
    /// TTL or hop limit of the newest probe.
    pub ttl: Option<u8>,
}

impl Marks {
    pub(super) fn take(&mut self, probe: &Probe, rule: ProbeRule) {
        let count = |counter: &mut u32, on: bool| *counter = counter.saturating_add(u32::from(on));
        count(&mut self.with_timestamps, probe.has_timestamps);
        count(&mut self.with_psh, probe.psh);
        count(&mut self.over_unacknowledged_data, rule == ProbeRule::OverUnacknowledgedData);
        count(&mut self.with_known_ack, probe.ack_is_behind.is_some());
        count(&mut self.with_ack_behind, probe.ack_is_behind == Some(true));
        self.ttl = Some(probe.ttl);
    }
}
