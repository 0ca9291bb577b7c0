//! What one end of a connection sends as prober.

use super::run::{Outcome, Run};
use super::value::{Bounds, Seconds};
use crate::render::Pieces;
use crate::{flow, measure, report};
use schemars::JsonSchema;
use serde::Serialize;

/// What one end of a connection sends as prober.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Side<'a> {
    /// Whether it probes.
    pub status: Status,
    /// The longest time in which a probe would have been seen.
    pub longest_quiet_s: Option<Seconds>,
    /// Every configured idle up to this is excluded; null while probing.
    pub idle_excluded_s: Option<Seconds>,
    /// Keepalive probes: `answered + unanswered + undecided`.
    pub probes: u64,
    /// Probes that were answered.
    pub answered: u64,
    /// Probes that were not, those drawn into an RST included.
    pub unanswered: u64,
    /// Probes still open at the end of the capture.
    pub undecided: u64,
    /// Probes that carried one octet.
    pub one_byte_probes: u64,
    /// Zero-window probes.
    pub window_probes: u64,
    /// Segments that may be probes.
    pub ambiguous_probes: u64,
    /// From the last acceptable segment the prober received to the first probe of a run.
    pub idle_s: Option<Stat>,
    /// From the last segment of any kind; only where that differs.
    pub idle_any_s: Option<Stat>,
    /// Between unanswered probes, and the wait before the RST of a run that timed out.
    pub interval_s: Option<Stat>,
    /// From probe to answer at the capture point, where one probe was open.
    pub rtt_s: Option<Stat>,
    /// The first 16 runs, the last 16, and up to 256 others that are not plainly answered.
    pub runs: Vec<Run<'a>>,
    /// How many runs there were.
    pub runs_total: u64,
    /// The last run's outcome.
    pub outcome: Option<Outcome>,
    /// What follows for the configured values.
    pub settings: Option<Settings>,
}

/// Whether an end probes.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// At least one probe was seen.
    Probing,
    /// None was seen in longer than 2 h 15 min of quiet time.
    Off,
    /// None was seen, and the capture cannot exclude it.
    NotObservable,
}

/// An end of a connection.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SideName {
    /// The end that opened it.
    Client,
    /// The end that accepted it.
    Server,
}

/// A summary of samples, in seconds.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Stat {
    /// The smallest.
    pub min: Seconds,
    /// The middle one.
    pub median: Seconds,
    /// 95 % lie at or below.
    pub p95: Seconds,
    /// 99 % lie at or below.
    pub p99: Seconds,
    /// The largest.
    pub max: Seconds,
    /// How many there were.
    pub samples: u64,
    /// True where the quantiles come from a histogram (within 0.1 %); left out where they are exact.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub approximate: bool,
}

/// What the measurements say of the configured values.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Settings {
    /// TCP_KEEPIDLE.
    pub idle_s: Option<SettingRange>,
    /// TCP_KEEPINTVL.
    pub interval_s: Option<SettingRange>,
    /// TCP_KEEPCNT.
    pub count: Option<Count>,
    /// TCP_USER_TIMEOUT, where it may have been what ended the probing.
    pub user_timeout_s: Option<Bounds>,
    /// From the last sign of life until the prober gives up.
    pub detection_time_s: Option<Bounds>,
    /// TCP implementations that behave like this.
    pub stack: Vec<&'static str>,
    /// Programs whose defaults these are.
    pub profiles: Vec<String>,
}

/// The range a configured time must lie in.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct SettingRange {
    /// Not below this.
    pub low: Seconds,
    /// Not above this.
    pub high: Seconds,
    /// The nearest plausible value.
    pub nearest: Option<Seconds>,
    /// From how many samples.
    pub samples: u64,
}

/// What is known of the probe count.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Count {
    /// How many.
    pub value: u64,
    /// What is known of that number.
    pub kind: CountKind,
}

/// What is known of a probe count.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CountKind {
    /// The prober gave up after this many.
    Exact,
    /// It sent this many and did not give up.
    AtLeast,
    /// It gave up after this many, by its count or by a user timeout.
    ExactOrUserTimeout,
}

impl<'a> Side<'a> {
    pub(super) fn new(prober: &'a report::Prober, pieces: Pieces<'_>) -> Self {
        let longest_quiet = prober.longest_quiet.map(Seconds);
        let stat = |stat: &Option<measure::Stat>| stat.as_ref().map(Stat::from);
        Self {
            status: prober.status.into(),
            longest_quiet_s: longest_quiet,
            idle_excluded_s: longest_quiet.filter(|_| prober.status != report::Status::Probing),
            probes: prober.probes,
            answered: prober.answered,
            unanswered: prober.unanswered,
            undecided: prober.undecided,
            one_byte_probes: prober.one_byte_probes,
            window_probes: prober.window_probes,
            ambiguous_probes: prober.ambiguous_probes,
            idle_s: stat(&prober.idle),
            idle_any_s: stat(&prober.idle_any),
            interval_s: stat(&prober.interval),
            rtt_s: stat(&prober.rtt),
            runs: prober.runs.iter().map(|run| Run::new(run, pieces)).collect(),
            runs_total: prober.runs_total,
            outcome: prober.outcome.map(Outcome::from),
            settings: prober.settings.as_ref().map(Settings::from),
        }
    }
}

impl From<report::Status> for Status {
    fn from(status: report::Status) -> Self {
        match status {
            report::Status::Probing => Self::Probing,
            report::Status::Off => Self::Off,
            report::Status::NotObservable => Self::NotObservable,
        }
    }
}

impl From<flow::Side> for SideName {
    fn from(side: flow::Side) -> Self {
        match side {
            flow::Side::Client => Self::Client,
            flow::Side::Server => Self::Server,
        }
    }
}

impl From<&measure::Stat> for Stat {
    fn from(stat: &measure::Stat) -> Self {
        Self {
            min: Seconds(stat.min),
            median: Seconds(stat.median),
            p95: Seconds(stat.p95),
            p99: Seconds(stat.p99),
            max: Seconds(stat.max),
            samples: stat.samples,
            approximate: stat.approximate,
        }
    }
}

impl From<&report::Settings> for Settings {
    fn from(settings: &report::Settings) -> Self {
        Self {
            idle_s: settings.idle.map(SettingRange::from),
            interval_s: settings.interval.map(SettingRange::from),
            count: settings.count.map(Count::from),
            user_timeout_s: settings.user_timeout.map(Bounds::from),
            detection_time_s: settings.detection_time.map(Bounds::from),
            stack: settings.stack.clone(),
            profiles: settings.profiles.clone(),
        }
    }
}

impl From<report::SettingRange> for SettingRange {
    fn from(range: report::SettingRange) -> Self {
        Self {
            low: Seconds(range.low),
            high: Seconds(range.high),
            nearest: range.nearest.map(Seconds),
            samples: range.samples,
        }
    }
}

impl From<report::Count> for Count {
    fn from(count: report::Count) -> Self {
        let (value, kind) = match count {
            report::Count::Exact(value) => (value, CountKind::Exact),
            report::Count::AtLeast(value) => (value, CountKind::AtLeast),
            report::Count::ExactOrUserTimeout(value) => (value, CountKind::ExactOrUserTimeout),
        };
        Self { value, kind }
    }
}
