//! `--metrics`, `--metrics-file`: OpenMetrics text for Prometheus and whatever else reads it.
//!
//! Names have the prefix `keepscope_` and end in their unit, which is a base unit. Counters end in `_total` and never fall. What a label
//! may say is enumerated in this program: however many connections there are, the number of series is the same.

mod buckets;
mod families;
mod keys;
mod plain;
mod standing;
mod table;

pub use plain::plain;
pub use standing::Standing;

use crate::analyzer::{EndReason, Output};
use crate::decode::Skip;
use crate::report::{Capture, Flow, FlowCounts, State};
use crate::run::{Event, EventKind, Outcome, Run};
use crate::time::{Span, Timestamp};
use families::Families;
use keys::{Cause, Fate, Kind, Loser, Matter, Packet};
use prometheus_client::encoding::text;
use prometheus_client::registry::Registry;
use table::raise;

/// The media type of [`Metrics::encode`]'s text.
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The media type of [`plain`]'s text.
pub const PLAIN_MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What is counted while an analysis goes on.
///
/// Three things feed it: [`take`](Self::take) everything that a streaming analysis hands out, in any order, each once;
/// [`refresh`](Self::refresh) the sums that the analysis keeps itself; [`stand`](Self::stand) a look at the flows that are open.
#[derive(Debug)]
pub struct Metrics {
    families: Families,
    registry: Registry,
}

impl Metrics {
    /// All zero. `version`: of this program.
    #[must_use]
    pub fn new(version: &'static str) -> Self {
        let families = Families::new();
        let registry = families.registry(version);
        Self { families, registry }
    }

    /// Counts what was decided.
    pub fn take(&mut self, output: &Output) {
        match output {
            Output::Event(event) => self.event(event),
            Output::Flow { flow, reason, .. } => self.flow(flow, *reason),
            Output::Notice(notice) => self.families.notices.count(Matter::of(&notice.kind), 1),
            // The sums are in what was captured, and findings are counted with their flows.
            Output::Loss(_) | Output::Told(_) => {}
        }
    }

    /// Takes over what the analysis has read so far, and how many flows it holds now.
    pub fn refresh(&mut self, capture: &Capture, counts: &FlowCounts) {
        let all = &self.families;
        all.packets.raise(Packet::Segment, capture.segments);
        all.packets.raise(Packet::IcmpError, capture.icmp_errors);
        all.packets.raise(Packet::Duplicate, capture.duplicates);
        for (skip, frames) in Skip::ALL.into_iter().zip(capture.skipped) {
            all.packets.raise(Packet::Skipped(skip), frames);
        }
        raise(&all.bytes, capture.bytes);
        raise(&all.time_steps, capture.time_steps);
        raise(&all.evicted, capture.evicted_flows);
        if let Some(dropped) = capture.dropped {
            let table = all.dropped.known();
            table.raise(Loser::Kernel, dropped.kernel);
            table.raise(Loser::Interface, dropped.interface);
        }
        for (gauge, moment) in [(&all.first_frame, capture.start), (&all.last_frame, capture.end)] {
            if let Some(moment) = moment {
                gauge.known().set(seconds_since_1970(moment));
            }
        }
        all.flows.set(State::Open, counts.open);
        all.flows.set(State::HalfClosed, counts.half_closed);
        all.flows.set(State::Closed, counts.closed);
        all.flows.set(State::Reset, counts.reset);
        for (gauge, flows) in [(&all.probing_flows, counts.probing), (&all.waiting_flows, counts.waiting)] {
            gauge.set(flows.try_into().unwrap_or(i64::MAX));
        }
        raise(&all.flows_seen, counts.total);
    }

    /// Takes over which findings hold now. Until it is told once, nothing is said of them.
    pub fn stand(&mut self, standing: &Standing) {
        let gauges = self.families.standing_findings.known();
        for (kind, count) in standing.counts() {
            gauges.set(kind, count);
        }
    }

    /// Which findings hold now is not known any more: nothing is said of them until they are told again.
    pub fn look_away(&mut self) {
        self.families.standing_findings.forget();
    }

    /// The text of all metrics, as OpenMetrics 1.0 has it.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut page = String::new();
        // Writing into a string cannot fail, and every metric is written by the crate that reads its own types.
        let _ = text::encode(&mut page, &self.registry);
        page
    }

    fn event(&self, event: &Event) {
        let (all, side) = (&self.families, event.side);
        match &event.kind {
            EventKind::Probe { idle, interval, .. } => {
                all.probes_sent.count(side, 1);
                if let Some(idle) = idle {
                    all.idle.observe(side, idle.as_secs_f64());
                }
                if let Some(interval) = interval {
                    all.interval.observe(side, interval.as_secs_f64());
                }
            }
            // The answer's sender is not the prober.
            EventKind::Answer { rtt: Some(rtt), .. } => all.rtt.observe(!side, rtt.as_secs_f64()),
            EventKind::Answer { rtt: None, .. } => {}
            EventKind::WindowProbe { .. } => all.window_probes.count(side, 1),
            EventKind::KeepaliveOrWindowProbe { .. } | EventKind::KeepaliveOrRetransmission { .. } => {
                all.ambiguous_probes.count(side, 1);
            }
            EventKind::RunEnd(run) => self.run(event, run),
            EventKind::OneByteRetransmission { .. } | EventKind::IcmpError { .. } => {}
        }
    }

    /// A run has ended: now the fates of its probes are known.
    fn run(&self, event: &Event, run: &Run) {
        let (all, side) = (&self.families, event.side);
        let Some(outcome) = run.outcome else { return };
        all.runs.count(outcome, 1);
        for (fate, probes) in fates(outcome, run.probes) {
            all.probes.count((side, fate), probes);
        }
        // Only who gives up waits for an interval after the last probe.
        if outcome == Outcome::TimedOut
            && let Some(wait) = run.last_wait
        {
            all.interval.observe(side, wait.as_secs_f64());
        }
    }

    fn flow(&self, flow: &Flow, reason: EndReason) {
        if let Some(cause) = Cause::of(flow, reason) {
            self.families.flow_ends.count(cause, 1);
        }
        for finding in &flow.findings {
            self.families.findings.count(Kind::of(finding), 1);
        }
    }
}

/// What became of the `probes` of a run that ended so: as a report counts them.
fn fates(outcome: Outcome, probes: u64) -> [(Fate, u64); 2] {
    let before = probes.saturating_sub(1);
    match outcome {
        Outcome::Answered | Outcome::Recovered => [(Fate::Unanswered, before), (Fate::Answered, 1)],
        Outcome::Pending => [(Fate::Unanswered, before), (Fate::Undecided, 1)],
        Outcome::Unknown => [(Fate::Unanswered, 0), (Fate::Undecided, probes)],
        Outcome::Reset
        | Outcome::Ignored
        | Outcome::Superseded
        | Outcome::TimedOut
        | Outcome::Closed
        | Outcome::Stopped => [(Fate::Unanswered, probes), (Fate::Undecided, 0)],
    }
}

fn seconds_since_1970(moment: Timestamp) -> f64 {
    Span(moment.0).as_secs_f64()
}
