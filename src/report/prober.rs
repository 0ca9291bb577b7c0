//! What one end of a connection sends as prober.

use super::{Due, Gap, SettingChange, Settings};
use crate::frame::FrameNo;
use crate::measure::Stat;
use crate::run::{Outcome, Run};
use crate::time::{Span, Timestamp};

/// Whether an end probes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// At least one probe was seen.
    Probing,
    /// None was seen, in longer quiet than any keepalive waits by default.
    Off,
    /// None was seen, and the capture cannot exclude it.
    #[default]
    NotObservable,
}

impl Status {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Probing => "probing",
            Self::Off => "off",
            Self::NotObservable => "not_observable",
        }
    }
}

/// What one end of a connection sends as prober.
#[derive(Clone, Debug, Default)]
pub struct Prober {
    /// Whether it probes.
    pub status: Status,
    /// The longest time in which a probe would have been seen.
    pub longest_quiet: Option<Span>,
    /// Keepalive probes.
    pub probes: u64,
    /// Of them answered.
    pub answered: u64,
    /// Of them not.
    pub unanswered: u64,
    /// Of them open when the capture ended.
    pub undecided: u64,
    /// Of them with one octet.
    pub one_byte_probes: u64,
    /// Of them with time stamps (RFC 7323).
    pub probes_with_timestamps: u64,
    /// Zero-window probes.
    pub window_probes: u64,
    /// Segments that may be probes.
    pub ambiguous_probes: u64,
    /// From the first to the last zero-window probe.
    pub stall: Option<Gap>,
    /// The last zero-window probe.
    pub last_window_probe: Option<(FrameNo, Timestamp)>,
    /// Answers whose TTL is not the peer's.
    pub alien_answers: Option<AlienAnswers>,
    /// Probes that were answered in the capture, while the prober behaved as if they were not, and gave up.
    pub answered_in_vain: Option<AnsweredInVain>,
    /// From the last acceptable segment received to the first probe of a run.
    pub idle: Option<Stat>,
    /// From the last segment of any kind, where that differs.
    pub idle_any: Option<Stat>,
    /// Between unanswered probes, and the wait before the RST of a timed-out run.
    pub interval: Option<Stat>,
    /// From probe to answer, where one probe was open.
    pub rtt: Option<Stat>,
    /// The first, the last, and up to 256 other runs that are not plainly answered.
    pub runs: Vec<Run>,
    /// How many runs there were.
    pub runs_total: u64,
    /// The run that nothing has ended yet, as it is; none once the capture or the flow is over. In `runs` it is the last, and pending.
    pub open_run: Option<Run>,
    /// What it will do next, where it was seen doing it before.
    pub due: Option<Due>,
    /// The last run's outcome.
    pub outcome: Option<Outcome>,
    /// What follows for the configured values; `None` where nothing does.
    pub settings: Option<Settings>,
    /// Settings that were others before, in the order of the capture.
    pub changes: Vec<SettingChange>,
}

impl Prober {
    /// Whether it has probes, window probes or ambiguous ones.
    #[must_use]
    pub const fn is_relevant(&self) -> bool {
        self.probes > 0 || self.window_probes > 0 || self.ambiguous_probes > 0
    }
}

/// Bare ACKs that answered probes, but came with another TTL than what only the peer itself can have sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlienAnswers {
    /// How many.
    pub answers: u64,
    /// The TTL of the last of them.
    pub ttl: u8,
    /// The TTL of the peer's data.
    pub own_ttl: u8,
    /// Their frames, at most [`MAX_LISTED_FRAMES`](crate::run::MAX_LISTED_FRAMES).
    pub frames: Vec<FrameNo>,
}

/// Probes whose answers the capture shows, but which came an interval apart, like unanswered ones, before the prober's RST.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnsweredInVain {
    /// How many probes.
    pub probes: u64,
    /// How far apart they, and the RST, were.
    pub spacing: Span,
    /// The probes, their answers, and the RST: at most [`MAX_LISTED_FRAMES`](crate::run::MAX_LISTED_FRAMES).
    pub frames: Vec<FrameNo>,
}
