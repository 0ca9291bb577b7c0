//! How an end's probing stands, in words.

use crate::flow::Side;
use crate::render::text::style::Tone;
use crate::render::text::{figure, table, worst};
use crate::report::{Count, Finding, Flow, Severity, State, Status};
use crate::run::Outcome;
use crate::time::{Span, Timestamp};

/// How long after its probe an answer is simply on its way.
const ON_ITS_WAY: Span = Span::from_secs(1);

/// How the probing of one end stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// A run is open.
    Waiting {
        /// How many of its probes have no answer.
        unanswered: u64,
        /// After how many this end gives up, where that was seen.
        of: Option<u64>,
        /// Since its newest probe.
        since: Span,
    },
    /// The last run ended so.
    Ended(Outcome),
    /// No probe is certain.
    Unseen,
}

impl Standing {
    /// How `side` of `flow` stands at `now`.
    pub(super) fn of(flow: &Flow, side: Side, now: Timestamp) -> Self {
        let prober = flow.prober(side);
        if let Some(run) = &prober.open_run {
            let of = prober.settings.as_ref().and_then(|settings| match settings.count? {
                Count::Exact(n) | Count::ExactOrUserTimeout(n) => Some(n),
                Count::AtLeast(_) => None,
            });
            return Self::Waiting { unanswered: run.probes, of, since: now.since(run.end) };
        }
        prober.outcome.filter(|_| prober.probes > 0).map_or(Self::Unseen, Self::Ended)
    }

    /// How much it asks to be looked at; less is more.
    pub(super) fn gravity(self) -> usize {
        let among = |outcome| 2 * worst::gravity(outcome);
        match self {
            // After what is lost already, before what may be.
            Self::Waiting { unanswered: 2.., .. } => among(Outcome::Ignored) + 1,
            Self::Waiting { since, .. } if since <= ON_ITS_WAY => among(Outcome::Answered),
            Self::Waiting { .. } => among(Outcome::Pending),
            Self::Ended(outcome) => among(outcome),
            Self::Unseen => 2 * Outcome::ALL.len(),
        }
    }

    /// Whether more than one probe has no answer.
    pub(super) const fn waits_in_vain(self) -> bool {
        matches!(self, Self::Waiting { unanswered: 2.., .. })
    }

    /// What it means to a reader.
    pub(super) fn tone(self) -> Tone {
        match self {
            Self::Waiting { unanswered: 2.., .. } => Tone::Doubtful,
            Self::Waiting { .. } => Tone::Plain,
            Self::Ended(outcome) => table::tone(outcome),
            Self::Unseen => Tone::Faint,
        }
    }
}

/// An outcome in words.
#[derive(Clone, Debug)]
pub(super) struct Words {
    /// What became of the probing: `answered`, `2 of 3 unanswered`.
    pub(super) short: String,
    /// The same with what it comes down to: `waiting: 2 of 3 unanswered`, `timed out — peer vanished`.
    pub(super) long: String,
    /// What it means to a reader.
    pub(super) tone: Tone,
}

/// The outcome of `side` in words.
pub(super) fn words(flow: &Flow, side: Option<Side>, now: Timestamp) -> Words {
    let Some(side) = side else { return without_probes(flow) };
    let standing = Standing::of(flow, side, now);
    let mut short = match standing {
        Standing::Waiting { unanswered: 1, since, .. } if since <= ON_ITS_WAY => "probe sent".into(),
        Standing::Waiting { unanswered, of: Some(of), .. } if of >= unanswered => {
            format!("{} of {} unanswered", figure::count(unanswered), figure::count(of))
        }
        Standing::Waiting { unanswered, .. } => format!("{} unanswered", figure::count(unanswered)),
        Standing::Ended(outcome) => table::words(outcome).into(),
        Standing::Unseen => table::look_alikes(flow.prober(side)),
    };
    let mut long = match standing {
        Standing::Waiting { unanswered, since, .. } if unanswered > 1 || since > ON_ITS_WAY => {
            format!("waiting: {short}")
        }
        _ => short.clone(),
    };
    let mut tone = standing.tone();
    if let Some((reason, severity)) = reason(flow, side) {
        long += &format!(" — {reason}");
        short = by_kernel(reason).map_or(short, str::to_owned);
        if tone != Tone::Bad {
            tone = grave(severity);
        }
    }
    Words { short, long, tone }
}

const fn grave(severity: Severity) -> Tone {
    match severity {
        Severity::Problem => Tone::Bad,
        Severity::Warning | Severity::Info => Tone::Doubtful,
    }
}

/// A flow in which neither end probes.
fn without_probes(flow: &Flow) -> Words {
    let is_off = Side::BOTH.into_iter().all(|side| flow.prober(side).status == Status::Off);
    let short: String = match &flow.heartbeat {
        Some(heartbeat) => format!("no probe, data every {}", figure::duration(heartbeat.period.median)),
        None if is_off => "keepalive is off".into(),
        None => "no probe".into(),
    };
    if let Some((reason, severity)) = flow.findings.iter().find_map(|finding| because(flow, finding)) {
        let long = format!("{short} — {reason}");
        return Words { long, short: by_kernel(reason).map_or(short, str::to_owned), tone: grave(severity) };
    }
    Words { long: short.clone(), short, tone: Tone::Faint }
}

/// What the kernel knows better, in short: what the wire alone says is not the truth then.
fn by_kernel(reason: &str) -> Option<&'static str> {
    match reason {
        NEVER_LEAVE => Some("never leaves"),
        IGNORED => Some("not counted"),
        _ => None,
    }
}

/// Why it stands so: by the gravest finding that says.
fn reason(flow: &Flow, side: Side) -> Option<(&'static str, Severity)> {
    let is_alone = !flow.prober(!side).is_relevant();
    let concerns = |finding: &&Finding| is_alone || finding.side.is_none_or(|about| about == side);
    flow.findings.iter().filter(concerns).find_map(|finding| because(flow, finding))
}

/// The kernel's probes do not come to the wire.
const NEVER_LEAVE: &str = "probes never leave";

/// The kernel does not count the answers on the wire.
const IGNORED: &str = "kernel ignores answers";

/// What a warning or a problem comes down to, in a word or two.
fn because(flow: &Flow, finding: &Finding) -> Option<(&'static str, Severity)> {
    if finding.severity == Severity::Info {
        return None;
    }
    let words = match finding.id {
        "dead-peer-detected" if lives_on(flow, finding.side) => "path broken",
        "dead-peer-detected" => "peer vanished",
        "reset-by-middlebox" => "a box reset it",
        "reset-by-peer-or-middlebox" => "peer or box reset it",
        "peer-state-gone" => "peer forgot it",
        "icmp-path-error" => "path error",
        "probes-ignored" => "peer never answers",
        "answers-not-reaching-prober" => "answers get lost",
        "answered-by-middlebox" => "a box answers",
        "retransmission-timeout" => "data unacknowledged",
        "zero-window-stall" => "window closed",
        "half-open" => "half open",
        "kernel-probes-not-on-wire" => NEVER_LEAVE,
        "kernel-ignores-answers" => IGNORED,
        "probes-lost" => "probes lost",
        "setting-changed" => "settings changed",
        "slower-than-middlebox" => "slower than boxes wait",
        "short-connection" => "short connection",
        _ => return None,
    };
    Some((words, finding.severity))
}

/// Whether the peer of `side` spoke after the probing began that it did not answer.
fn lives_on(flow: &Flow, side: Option<Side>) -> bool {
    let Some(side) = side else { return false };
    let began = flow.prober(side).runs.last().map(|run| run.start);
    flow.view(!side).last_sent.zip(began).is_some_and(|(spoke, began)| spoke > began)
}

/// What became of a connection, for people.
pub(super) fn state(flow: &Flow) -> &'static str {
    match flow.state {
        State::HalfClosed => "half-closed",
        other => other.name(),
    }
}

/// Whether nothing more is to be expected of it.
pub(super) const fn is_over(flow: &Flow) -> bool {
    matches!(flow.state, State::Closed | State::Reset)
}
