//! What an analysis found: domain values, not yet in any output format.

mod change;
mod ending;
mod finding;
pub mod icmp;
mod others;
mod traffic;
pub mod words;

pub use change::{Changed, SettingChange};
pub use ending::{Ending, Errno, How, Killer, LastWord, Timer};
pub use finding::{CaptureFinding, Confidence, Finding, Severity};
pub use others::Others;
pub use traffic::{Gap, Heartbeat, HeartbeatFrom, Http, HttpConnection, HttpVersion, Path};

use crate::decode::{Layer, Skip, Tuple};
use crate::flow::Side;
use crate::frame::FrameNo;
use crate::infer::LadderEnd;
use crate::measure::Stat;
use crate::notes;
use crate::run::{Outcome, Run};
use crate::source::{Dropped, SourcePiece};
use crate::time::{Span, Timestamp};

/// What was read, and what became of every frame.
#[derive(Clone, Debug, Default)]
pub struct Capture {
    /// The inputs.
    pub sources: Vec<SourcePiece>,
    /// The first frame's time.
    pub start: Option<Timestamp>,
    /// The last frame's time.
    pub end: Option<Timestamp>,
    /// All frames.
    pub frames: u64,
    /// Their bytes on the wire.
    pub bytes: u64,
    /// Frames that held a TCP segment, without duplicates.
    pub segments: u64,
    /// Frames that held an ICMP error about a TCP segment.
    pub icmp_errors: u64,
    /// Second copies of segments.
    pub duplicates: u64,
    /// Frames that held neither, by reason, in the order of [`Skip::ALL`].
    pub skipped: [u64; Skip::ALL.len()],
    /// Samples that were dropped because time ran backwards.
    pub time_steps: u64,
    /// Frames the capturing machine lost; `None` where the capture does not say.
    pub dropped: Option<Dropped>,
    /// Flows that left the table because it was full.
    pub evicted_flows: u64,
    /// Damage and oddities of the input, a line each.
    pub warnings: Vec<String>,
}

/// How client and server were told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Roles {
    /// By the SYN or SYN-ACK.
    Handshake,
    /// By the ports, or by who sent first.
    Assumed,
}

/// What became of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Neither FIN nor RST was seen.
    Open,
    /// One end sent FIN.
    HalfClosed,
    /// Both did.
    Closed,
    /// An end sent RST.
    Reset,
}

impl State {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::HalfClosed => "half_closed",
            Self::Closed => "closed",
            Self::Reset => "reset",
        }
    }
}

/// Everything known of one connection.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Its number in the capture, in the order of first frames, from 0.
    pub index: u64,
    /// Both ends, from client to server.
    pub tuple: Tuple,
    /// How client and server were told apart.
    pub roles: Roles,
    /// VLANs and tunnels around its first segment, outermost first.
    pub encapsulation: Vec<Layer>,
    /// The first segment's time.
    pub start: Timestamp,
    /// The last segment's time.
    pub end: Timestamp,
    /// The first segment's frame.
    pub first_frame: FrameNo,
    /// The last segment's frame.
    pub last_frame: FrameNo,
    /// Segments, without duplicates.
    pub segments: u64,
    /// Octets of new data sent by the client.
    pub client_bytes: u64,
    /// Octets of new data sent by the server.
    pub server_bytes: u64,
    /// When the last new data was sent.
    pub last_data: Option<Timestamp>,
    /// What became of it.
    pub state: State,
    /// Whether only one direction was captured.
    pub one_sided: bool,
    /// What the client sends as prober.
    pub client: Prober,
    /// What the server sends as prober.
    pub server: Prober,
    /// What the ends, and the ways to them, look like from the capture point: the client's, then the server's.
    pub views: [View; 2],
    /// The segment that ended it.
    pub last_word: Option<LastWord>,
    /// What ended it, and whose fault that was.
    pub ending: Option<Ending>,
    /// The RST that ended it, and what it looks like.
    pub reset: Option<notes::Reset>,
    /// The longest silence of both ends, where it was long.
    pub longest_gap: Option<notes::Gap>,
    /// The longest silence it survived.
    pub survived: Option<notes::Survived>,
    /// The silence after which it was dead.
    pub death: Option<notes::Death>,
    /// The retransmissions it ended with, of the client and of the server.
    pub ladders: [Option<LadderEnd>; 2],
    /// ICMP errors about what was in flight: the first of them.
    pub quotes: Vec<notes::Quote>,
    /// An exchange of data that recurs.
    pub heartbeat: Option<Heartbeat>,
    /// What HTTP/1 headers say.
    pub http: Option<Http>,
    /// Conclusions, the gravest first.
    pub findings: Vec<Finding>,
}

/// What an end looks like from the capture point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// From the capture point to it and back, as the handshake shows it.
    pub rtt: Option<Span>,
    /// The TTL or hop limit of its packets.
    pub ttl: Option<u8>,
    /// Whether a box cannot have sent the packet with that TTL in its place.
    pub is_ttl_proven: bool,
    /// Whether it sends time stamps.
    pub has_timestamps: bool,
    /// Whether it sent FIN.
    pub has_sent_fin: bool,
    /// When it last sent a segment.
    pub last_sent: Option<Timestamp>,
    /// Whether anything of it is unacknowledged at the end.
    pub has_unacknowledged: bool,
    /// Whether the window it offered last is zero.
    pub offers_zero_window: bool,
}

impl Flow {
    /// What `side` sends as prober.
    #[must_use]
    pub const fn prober(&self, side: Side) -> &Prober {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }

    /// The retransmissions of `side` that it ended with.
    #[must_use]
    pub const fn ladder(&self, side: Side) -> Option<&LadderEnd> {
        let [client, server] = &self.ladders;
        match side {
            Side::Client => client.as_ref(),
            Side::Server => server.as_ref(),
        }
    }

    /// What `side` looks like from the capture point.
    #[must_use]
    pub const fn view(&self, side: Side) -> &View {
        let [client, server] = &self.views;
        match side {
            Side::Client => client,
            Side::Server => server,
        }
    }

    /// Whether either end has probes, window probes or ambiguous ones.
    #[must_use]
    pub fn is_relevant_by_probes(&self) -> bool {
        Side::BOTH.into_iter().any(|side| self.prober(side).is_relevant())
    }

    /// The gravest severity of its findings.
    #[must_use]
    pub fn gravest(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).min()
    }

    /// Whether `--flows relevant` shows it: probes, window or ambiguous probes on either side, a heartbeat, or a finding that is more than
    /// worth knowing.
    #[must_use]
    pub fn is_relevant(&self) -> bool {
        self.is_relevant_by_probes()
            || self.heartbeat.is_some()
            || self.gravest().is_some_and(|severity| severity < Severity::Info)
    }
}

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

/// A configured time: the range it must lie in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettingRange {
    /// Not below. Zero where only the upper end is sure: then `nearest` stands for the likelier reading.
    pub low: Span,
    /// Not above.
    pub high: Span,
    /// The nearest plausible value in whole seconds, where one is known.
    pub nearest: Option<Span>,
    /// From how many samples.
    pub samples: u64,
}

/// What is known of the probe count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// The prober gave up after this many.
    Exact(u64),
    /// It sent this many and did not give up.
    AtLeast(u64),
    /// It gave up after this many, by its count or by a user timeout.
    ExactOrUserTimeout(u64),
}

/// What the measurements say of the configured values.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// TCP_KEEPIDLE.
    pub idle: Option<SettingRange>,
    /// TCP_KEEPINTVL.
    pub interval: Option<SettingRange>,
    /// TCP_KEEPCNT.
    pub count: Option<Count>,
    /// TCP_USER_TIMEOUT, where it may have been what ended the probing.
    pub user_timeout: Option<(Span, Span)>,
    /// From the last sign of life until the prober gives up.
    pub detection_time: Option<(Span, Span)>,
    /// TCP implementations whose probes look so, the most specific first.
    pub stack: Vec<&'static str>,
    /// Systems and programs whose defaults these are, the most specific first. Some names may be a stranger's words.
    pub profiles: Vec<String>,
}

/// What was concluded from all flows together.
#[derive(Clone, Debug, Default)]
pub struct Conclusions {
    /// What the network between clients and servers does to quiet connections.
    pub paths: Vec<Path>,
    /// Findings that span flows, the gravest first.
    pub findings: Vec<CaptureFinding>,
}

/// Sums over all flows.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// All flows.
    pub flows: u64,
    /// Flows in which either end probed.
    pub flows_with_probes: u64,
    /// All probes.
    pub probes: u64,
    /// Of them answered.
    pub answered: u64,
    /// The last runs' outcomes of all probing ends, in the order of [`Outcome::ALL`].
    pub outcomes: [u64; Outcome::ALL.len()],
    /// Findings, those that span flows included, in the order of [`Severity::ALL`].
    pub findings: [u64; Severity::ALL.len()],
}

impl Summary {
    /// Counts a flow that is final.
    pub fn add(&mut self, flow: &Flow) {
        self.flows += 1;
        let mut probes = 0;
        for prober in Side::BOTH.map(|side| flow.prober(side)) {
            probes += prober.probes;
            self.answered += prober.answered;
            let last = prober.outcome.and_then(|outcome| Outcome::ALL.iter().position(|o| *o == outcome));
            if let Some(count) = last.and_then(|i| self.outcomes.get_mut(i)) {
                *count += 1;
            }
        }
        self.probes += probes;
        self.flows_with_probes += u64::from(probes > 0);
        self.count_findings(&flow.findings);
    }

    /// Counts a flow without probes, on which there are so many remarks and nothing graver.
    pub fn add_plain(&mut self, remarks: u64) {
        self.flows += 1;
        let [.., infos] = &mut self.findings;
        *infos += remarks;
    }

    /// Counts findings by their severity.
    pub fn count_findings<'a>(&mut self, findings: impl IntoIterator<Item = &'a Finding>) {
        for finding in findings {
            let severity = Severity::ALL.iter().position(|severity| *severity == finding.severity);
            if let Some(count) = severity.and_then(|i| self.findings.get_mut(i)) {
                *count += 1;
            }
        }
    }
}
