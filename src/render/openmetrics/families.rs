//! All metrics: their names, units and meanings. `docs/metrics.md` is held to this list by a test.

use super::buckets::{IDLES, INTERVALS, ROUND_TRIPS};
use super::keys::{Cause, Fate, Kind, Loser, Matter, Packet};
use super::table::{Known, Table};
use crate::flow::Side;
use crate::report::State;
use crate::run::Outcome;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use std::sync::atomic::AtomicU64;

/// Seconds since 1970, known from the first frame on.
pub(super) type Moment = Known<Gauge<f64, AtomicU64>>;

/// The metrics, shared with the registry that writes them.
#[derive(Debug)]
pub(super) struct Families {
    pub(super) packets: Table<Packet, Counter>,
    pub(super) bytes: Counter,
    pub(super) dropped: Known<Table<Loser, Counter>>,
    pub(super) time_steps: Counter,
    pub(super) first_frame: Moment,
    pub(super) last_frame: Moment,
    pub(super) flows: Table<State, Gauge>,
    pub(super) probing_flows: Gauge,
    pub(super) waiting_flows: Gauge,
    pub(super) flows_seen: Counter,
    pub(super) flow_ends: Table<Cause, Counter>,
    pub(super) evicted: Counter,
    pub(super) probes_sent: Table<Side, Counter>,
    pub(super) probes: Table<(Side, Fate), Counter>,
    pub(super) window_probes: Table<Side, Counter>,
    pub(super) ambiguous_probes: Table<Side, Counter>,
    pub(super) rtt: Table<Side, Histogram>,
    pub(super) idle: Table<Side, Histogram>,
    pub(super) interval: Table<Side, Histogram>,
    pub(super) runs: Table<Outcome, Counter>,
    pub(super) notices: Table<Matter, Counter>,
    pub(super) findings: Table<Kind, Counter>,
    pub(super) standing_findings: Known<Table<Kind, Gauge>>,
}

impl Families {
    pub(super) fn new() -> Self {
        let counter = Counter::default;
        let sides_and_fates = Side::BOTH.into_iter().flat_map(|side| Fate::ALL.map(|fate| (side, fate)));
        Self {
            packets: Table::new(Packet::all(), counter),
            bytes: counter(),
            dropped: Known::not_yet(Table::new(Loser::ALL, counter)),
            time_steps: counter(),
            first_frame: Moment::default(),
            last_frame: Moment::default(),
            flows: Table::new(STATES, Gauge::default),
            probing_flows: Gauge::default(),
            waiting_flows: Gauge::default(),
            flows_seen: counter(),
            flow_ends: Table::new(Cause::ALL, counter),
            evicted: counter(),
            probes_sent: Table::new(Side::BOTH, counter),
            probes: Table::new(sides_and_fates, counter),
            window_probes: Table::new(Side::BOTH, counter),
            ambiguous_probes: Table::new(Side::BOTH, counter),
            rtt: Table::new(Side::BOTH, || Histogram::new(ROUND_TRIPS)),
            idle: Table::new(Side::BOTH, || Histogram::new(IDLES)),
            interval: Table::new(Side::BOTH, || Histogram::new(INTERVALS)),
            runs: Table::new(Outcome::ALL, counter),
            notices: Table::new(Matter::ALL, counter),
            findings: Table::new(Kind::all(), counter),
            standing_findings: Known::not_yet(Table::new(Kind::all(), Gauge::default)),
        }
    }

    /// A registry that writes them, and which build this is.
    ///
    /// The crate ends each explanation with a full stop, and counters with `_total`.
    pub(super) fn registry(&self, version: &'static str) -> Registry {
        let mut all = Registry::with_prefix("keepscope");
        all.register("build", "Which keepscope this is", Info::new(vec![("version", version)]));
        self.register_capture(&mut all);
        self.register_flows(&mut all);
        self.register_probes(&mut all);
        self.register_conclusions(&mut all);
        all
    }

    fn register_capture(&self, all: &mut Registry) {
        let seconds = || Unit::Seconds;
        all.register(
            "packets",
            "Frames captured, by what they held; the sum is all frames",
            self.packets.clone(),
        );
        all.register_with_unit("packet", "Length of the frames on the wire", Unit::Bytes, self.bytes.clone());
        all.register(
            "capture_dropped_packets",
            "Frames that were lost while capturing, by who lost them; they make unanswered probes doubtful",
            self.dropped.clone(),
        );
        all.register(
            "capture_time_steps",
            "Samples that were left out because the clock of the capture ran backwards",
            self.time_steps.clone(),
        );
        all.register_with_unit(
            "capture_first_frame_timestamp",
            "When the first frame was captured, since 1970",
            seconds(),
            self.first_frame.clone(),
        );
        all.register_with_unit(
            "capture_last_frame_timestamp",
            "When the last frame was captured, since 1970",
            seconds(),
            self.last_frame.clone(),
        );
    }

    fn register_flows(&self, all: &mut Registry) {
        all.register(
            "flows",
            "Flows in the table now, by state; ended ones stay for a minute",
            self.flows.clone(),
        );
        all.register(
            "probing_flows",
            "Flows in the table now in which an end has sent keepalive probes",
            self.probing_flows.clone(),
        );
        all.register(
            "waiting_flows",
            "Flows in the table now in which a keepalive probe has no answer yet",
            self.waiting_flows.clone(),
        );
        all.register(
            "flows_seen",
            "Flows that began, or were met while they went on",
            self.flows_seen.clone(),
        );
        all.register("flow_ends", "Flows that are final, by what ended them", self.flow_ends.clone());
        all.register(
            "flows_evicted",
            "Flows that left the table because it was full; nothing more is learnt of them",
            self.evicted.clone(),
        );
    }

    fn register_probes(&self, all: &mut Registry) {
        let seconds = || Unit::Seconds;
        all.register("probes_sent", "Keepalive probes seen, by who sent them", self.probes_sent.clone());
        all.register(
            "probes",
            "Keepalive probes of runs that ended, by who sent them and what became of them",
            self.probes.clone(),
        );
        all.register("window_probes", "Zero-window probes, by who sent them", self.window_probes.clone());
        all.register(
            "ambiguous_probes",
            "Segments that may be keepalive probes, by who sent them",
            self.ambiguous_probes.clone(),
        );
        all.register_with_unit(
            "probe_rtt",
            "From a keepalive probe to its answer at the capture point, by who probed",
            seconds(),
            self.rtt.clone(),
        );
        all.register_with_unit(
            "keepalive_idle",
            "From the last sign of life to the first probe of a run, by who probed",
            seconds(),
            self.idle.clone(),
        );
        all.register_with_unit(
            "keepalive_interval",
            "Between unanswered probes, and from the last one to giving up, by who probed",
            seconds(),
            self.interval.clone(),
        );
        all.register("runs", "Rows of probes that ended, by outcome", self.runs.clone());
    }

    fn register_conclusions(&self, all: &mut Registry) {
        all.register(
            "notices",
            "What did not happen in time on flows that are open, told when it was due",
            self.notices.clone(),
        );
        all.register("findings", "Findings on flows that are final, by kind", self.findings.clone());
        all.register(
            "standing_findings",
            "Findings that hold now, on flows that are open and across flows, by kind",
            self.standing_findings.clone(),
        );
    }
}

/// All states, from open to over.
const STATES: [State; 4] = [State::Open, State::HalfClosed, State::Closed, State::Reset];
