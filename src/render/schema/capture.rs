//! What was read, and sums over it.

use super::value::{Seconds, Time};
use crate::decode::Skip;
use crate::report::{self, Severity};
use crate::run::Outcome;
use crate::source;
use crate::time::Span;
use schemars::JsonSchema;
use serde::Serialize;

/// What was read, and what became of every frame: `frames == segments + icmp_errors + duplicates + sum(skipped)`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Capture<'a> {
    /// The inputs as they were named, in the order they were read.
    pub sources: Vec<&'a str>,
    /// The first frame's time.
    pub start: Option<Time>,
    /// The last frame's time.
    pub end: Option<Time>,
    /// From `start` to `end`; null where there is no frame, or where time ran backwards between the two.
    pub duration_s: Option<Seconds>,
    /// All frames.
    pub frames: u64,
    /// Their bytes on the wire.
    pub bytes: u64,
    /// Frames that held a TCP segment, without duplicates: the sum over all flows, evicted ones included.
    pub segments: u64,
    /// Frames that held an ICMP error about a TCP segment.
    pub icmp_errors: u64,
    /// Second copies of segments; they belong to no flow.
    pub duplicates: u64,
    /// Frames that held neither, by reason.
    pub skipped: Skipped,
    /// Samples that were dropped because time ran backwards.
    pub time_steps: u64,
    /// Frames the capturing machine lost; null where the capture does not say.
    pub dropped: Option<Dropped>,
    /// Flows that left the flow table because it was full.
    pub evicted_flows: u64,
    /// Damage and oddities of the input, a line each.
    pub warnings: &'a [String],
}

/// Frames that held neither a TCP segment nor an ICMP error about one, by reason.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Skipped {
    /// Left out by the filter (`-f`).
    pub filtered: u64,
    /// No IP packet.
    pub not_ip: u64,
    /// IP, but neither TCP nor an ICMP error about TCP.
    pub not_tcp: u64,
    /// A fragment other than the first.
    pub fragment: u64,
    /// Cut off before the TCP header's end.
    pub truncated: u64,
    /// Lengths or stamps that cannot be.
    pub malformed: u64,
    /// A link type that is not known.
    pub unsupported_link: u64,
    /// A segment whose length cannot be known.
    pub length_unknown: u64,
}

/// Frames that were lost while capturing.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Dropped {
    /// Lost by the operating system.
    pub kernel: u64,
    /// Lost by the interface.
    pub interface: u64,
}

/// Sums over all flows.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Summary {
    /// All flows.
    pub flows: u64,
    /// Flows in which either end probed.
    pub flows_with_probes: u64,
    /// All keepalive probes.
    pub probes: u64,
    /// Of them answered.
    pub answered: u64,
    /// How the last run of every probing end came out.
    pub outcomes: OutcomeCounts,
    /// Findings by severity.
    pub findings: FindingCounts,
}

/// How many probing ends' last run came out how.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[expect(missing_docs, reason = "each is an Outcome, and explained there")]
pub struct OutcomeCounts {
    pub reset: u64,
    pub answered: u64,
    pub recovered: u64,
    pub ignored: u64,
    pub superseded: u64,
    pub timed_out: u64,
    pub closed: u64,
    pub unknown: u64,
    pub stopped: u64,
    pub pending: u64,
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, Serialize, JsonSchema)]
pub struct FindingCounts {
    /// Something is wrong.
    pub problem: u64,
    /// Something may go wrong.
    pub warning: u64,
    /// Worth knowing.
    pub info: u64,
}

impl<'a> From<&'a report::Capture> for Capture<'a> {
    fn from(capture: &'a report::Capture) -> Self {
        let duration = capture.end.zip(capture.start).map(|(end, start)| end.since(start));
        Self {
            sources: capture.sources.iter().map(|piece| piece.name.as_str()).collect(),
            start: capture.start.map(Time),
            end: capture.end.map(Time),
            duration_s: duration.filter(|d| *d >= Span::ZERO).map(Seconds),
            frames: capture.frames,
            bytes: capture.bytes,
            segments: capture.segments,
            icmp_errors: capture.icmp_errors,
            duplicates: capture.duplicates,
            skipped: Skipped::from(capture.skipped),
            time_steps: capture.time_steps,
            dropped: capture.dropped.map(Dropped::from),
            evicted_flows: capture.evicted_flows,
            warnings: &capture.warnings,
        }
    }
}

impl From<[u64; Skip::ALL.len()]> for Skipped {
    fn from(counts: [u64; Skip::ALL.len()]) -> Self {
        let count = |reason| by_name(Skip::ALL, counts, reason);
        Self {
            filtered: count(Skip::Filtered),
            not_ip: count(Skip::NotIp),
            not_tcp: count(Skip::NotTcp),
            fragment: count(Skip::Fragment),
            truncated: count(Skip::Truncated),
            malformed: count(Skip::Malformed),
            unsupported_link: count(Skip::UnsupportedLink),
            length_unknown: count(Skip::LengthUnknown),
        }
    }
}

impl From<&report::Summary> for Summary {
    fn from(summary: &report::Summary) -> Self {
        let count = |outcome| by_name(Outcome::ALL, summary.outcomes, outcome);
        Self {
            flows: summary.flows,
            flows_with_probes: summary.flows_with_probes,
            probes: summary.probes,
            answered: summary.answered,
            outcomes: OutcomeCounts {
                reset: count(Outcome::Reset),
                answered: count(Outcome::Answered),
                recovered: count(Outcome::Recovered),
                ignored: count(Outcome::Ignored),
                superseded: count(Outcome::Superseded),
                timed_out: count(Outcome::TimedOut),
                closed: count(Outcome::Closed),
                unknown: count(Outcome::Unknown),
                stopped: count(Outcome::Stopped),
                pending: count(Outcome::Pending),
            },
            findings: FindingCounts {
                problem: by_name(Severity::ALL, summary.findings, Severity::Problem),
                warning: by_name(Severity::ALL, summary.findings, Severity::Warning),
                info: by_name(Severity::ALL, summary.findings, Severity::Info),
            },
        }
    }
}

/// The count that stands where `wanted` stands in `all`.
fn by_name<T: PartialEq, const N: usize>(all: [T; N], counts: [u64; N], wanted: T) -> u64 {
    all.into_iter().zip(counts).find_map(|(it, count)| (it == wanted).then_some(count)).unwrap_or(0)
}

impl From<source::Dropped> for Dropped {
    fn from(dropped: source::Dropped) -> Self {
        Self { kernel: dropped.kernel, interface: dropped.interface }
    }
}
