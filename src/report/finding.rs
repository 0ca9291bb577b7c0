//! Conclusions, with the frames that show them.

use crate::flow::Side;
use crate::frame::FrameNo;
use crate::run::MAX_LISTED_FRAMES;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something is wrong.
    Problem,
    /// Something may go wrong.
    Warning,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// All, the gravest first.
    pub const ALL: [Self; 3] = [Self::Problem, Self::Warning, Self::Info];

    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// How sure a conclusion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// The capture leaves no other explanation.
    Certain,
    /// Everything seen fits, and other explanations are far-fetched.
    Likely,
    /// Others are as good.
    Possible,
}

impl Confidence {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Possible => "possible",
        }
    }
}

/// A conclusion about a flow, or about several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its name, for example "reset-by-middlebox".
    pub id: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// Whom it is about; `None`: both ends, or neither.
    pub side: Option<Side>,
    /// One sentence for people.
    pub text: String,
    /// The frames that show it, in order, at most [`MAX_LISTED_FRAMES`]. Never empty.
    pub frames: Vec<FrameNo>,
    /// How many there are.
    pub frames_total: u64,
    /// How sure it is.
    pub confidence: Confidence,
}

impl Finding {
    /// The finding `id`, shown by `frames`, which are put in order and listed once each.
    pub fn new(
        id: &'static str,
        severity: Severity,
        confidence: Confidence,
        side: Option<Side>,
        text: String,
        frames: impl IntoIterator<Item = FrameNo>,
    ) -> Self {
        let mut frames: Vec<FrameNo> = frames.into_iter().collect();
        frames.sort_unstable();
        frames.dedup();
        let frames_total = frames.len() as u64;
        frames.truncate(MAX_LISTED_FRAMES);
        Self { id, severity, side, text, frames, frames_total, confidence }
    }
}

/// A conclusion that spans flows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureFinding {
    /// What was concluded.
    pub finding: Finding,
    /// The indexes of the flows it is about, in order, at most [`MAX_LISTED_FRAMES`].
    pub flows: Vec<u64>,
    /// How many there are.
    pub flows_total: u64,
}

/// The names of all findings there are: one that is misspelt would never be found, and nobody would notice.
pub const FINDING_IDS: [&str; 28] = [
    "answered-by-middlebox",
    "answers-not-reaching-prober",
    "dead-peer-detected",
    "eager-probing",
    "half-open",
    "half-open-inventory",
    "heartbeat-and-keepalive",
    "heartbeat-masks-keepalive",
    "http-keep-alive-is-not-tcp-keepalive",
    "icmp-path-error",
    "keepalive-not-observed",
    "keepalive-off",
    "kept-alive-by-probes-only",
    "kernel-ignores-answers",
    "kernel-probes-not-on-wire",
    "killed-together",
    "path-idle-timeout",
    "peer-state-gone",
    "probes-ignored",
    "probes-lost",
    "probes-on-the-same-beat",
    "reset-by-middlebox",
    "reset-by-peer-or-middlebox",
    "retransmission-timeout",
    "setting-changed",
    "short-connection",
    "slower-than-middlebox",
    "zero-window-stall",
];
