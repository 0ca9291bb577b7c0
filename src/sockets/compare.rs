//! The kernel's view of a connection beside the capture's: where they disagree, something on this host stands between the two.

use super::socket::{Keepalive, Socket};
use crate::flow::Side;
use crate::frame::FrameNo;
use crate::report::words::{counted, duration};
use crate::report::{Confidence, Finding, Flow, Prober, Severity};
use crate::run::{Outcome, Run};
use crate::time::{Span, Timestamp};

/// What the stamps of frames and the clock may be apart, and how late a capture may hand over its frames.
const LATE: Span = Span::from_secs(1);

/// So many probes of the kernel have to be missing in the capture: the last may be on its way to it.
const MISSING: u64 = 2;

/// How kernel and capture disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disagreement {
    /// The kernel counts probes that never came to the wire.
    ProbesNotOnWire {
        /// Probes the kernel has sent since the last sign of life.
        sent: u64,
        /// Of them in the capture.
        captured: u64,
        /// The last frame of the flow.
        last_frame: FrameNo,
    },
    /// Answers came to this host that the kernel did not count.
    AnswersIgnored {
        /// Probes the kernel holds for unanswered.
        unanswered: u64,
        /// Of them answered in the capture.
        answered: u64,
        /// The answered probes, and their answers.
        frames: Vec<FrameNo>,
    },
}

/// Compares what the capture knows of the probes that `side` of `flow` sends with the `socket` at that end, seen at `now`. `None`: they
/// agree, or nothing can be said.
///
/// Frames may come a second late, and the kernel may have counted a probe that the capture has yet to show: so it takes two missing
/// probes, or an answer older than a second. Whoever captures with losses should not ask: a lost frame looks like one that never left.
#[must_use]
pub fn compare(flow: &Flow, side: Side, socket: &Socket, now: Timestamp) -> Option<Disagreement> {
    let Keepalive::On { unanswered, .. } = socket.keepalive() else { return None };
    let unanswered = u64::from(unanswered);
    let last_sign = now - socket.elapsed()?;
    if unanswered == 0 || flow.start > last_sign + LATE || flow.one_sided {
        return None;
    }
    let prober = flow.prober(side);
    let since = |run: &&Run| run.start > last_sign + LATE;
    let answered: Vec<&Run> = prober
        .runs
        .iter()
        .filter(since)
        .filter(|run| matches!(run.outcome, Some(Outcome::Answered | Outcome::Recovered)))
        .filter(|run| run.end < now - LATE)
        .collect();
    if !answered.is_empty() {
        let frames = answered.iter().flat_map(|run| run.probe_frames.iter().copied().chain(run.end_frame));
        let answered = answered.len() as u64;
        return Some(Disagreement::AnswersIgnored { unanswered, answered, frames: frames.collect() });
    }
    let captured = captured_since(prober, last_sign);
    let is_missing = captured + MISSING <= unanswered;
    is_missing.then_some(Disagreement::ProbesNotOnWire {
        sent: unanswered,
        captured,
        last_frame: flow.last_frame,
    })
}

/// Probes in the capture after `last_sign`, and all that may be one. Data that arrives on the kernel's fast path does not clear its counter:
/// the probes of the run before, where there were several, may still be in it.
fn captured_since(prober: &Prober, last_sign: Timestamp) -> u64 {
    // An open run is the last of them.
    let runs = &prober.runs;
    let since: u64 = runs.iter().filter(|run| run.start > last_sign).map(|run| run.probes).sum();
    let before = runs.iter().rfind(|run| run.start <= last_sign).map_or(0, |run| run.probes);
    let counted_on = if before > 1 { before } else { 0 };
    since + counted_on + prober.ambiguous_probes + prober.window_probes
}

impl Disagreement {
    /// The finding that tells of it, about `side`.
    #[must_use]
    pub fn finding(&self, side: Side, socket: &Socket) -> Finding {
        let quiet = duration(socket.elapsed().unwrap_or_default());
        match self {
            Self::ProbesNotOnWire { sent, captured, last_frame } => {
                let seen = match captured {
                    0 => "none of them is on the wire".to_owned(),
                    some => format!("only {some} of them came to the wire"),
                };
                Finding::new(
                    "kernel-probes-not-on-wire",
                    Severity::Problem,
                    Confidence::Likely,
                    Some(side),
                    format!(
                        "the kernel has sent {} in {quiet} of silence, but {seen}: the neighbour does not answer (ARP, NDP), \
                         there is no route, or a firewall of this host drops what goes out",
                        counted(*sent, "keepalive probe")
                    ),
                    [*last_frame],
                )
            }
            Self::AnswersIgnored { unanswered, answered, frames } => Finding::new(
                "kernel-ignores-answers",
                Severity::Problem,
                Confidence::Likely,
                Some(side),
                format!(
                    "{} came back to this host, but its kernel holds {} for unanswered: a firewall of this host drops \
                     what comes in, or the kernel rejects it (checksum, time stamp, sequence number)",
                    counted(*answered, "answer"),
                    counted(*unanswered, "probe")
                ),
                frames.iter().copied(),
            ),
        }
    }
}
