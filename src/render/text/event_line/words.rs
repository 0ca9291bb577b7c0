//! What happened, in a few words.

use crate::analyzer::EndReason;
use crate::flow::Side;
use crate::render::text::figure::{count, counted, duration};
use crate::render::text::style::Tone;
use crate::render::text::table;
use crate::report::{Flow, Loss, Notice, NoticeKind, State, icmp};
use crate::run::{AnsweredBy, Doubt, Event, EventKind, Outcome, Run};
use crate::time::Span;

/// What was decided, and its colour; `None` where nothing is to be said beside what was.
pub(crate) fn of_event(event: &Event) -> Option<(String, Tone)> {
    Some(match &event.kind {
        EventKind::Probe { number, idle, interval, .. } => (probe(*number, *idle, *interval), Tone::Plain),
        EventKind::Answer { rtt, by, .. } => (answer(*rtt, *by), Tone::Good),
        EventKind::WindowProbe { .. } => ("zero-window probe".into(), Tone::Plain),
        EventKind::KeepaliveOrWindowProbe { .. } => ("keepalive or zero-window probe".into(), Tone::Doubtful),
        EventKind::KeepaliveOrRetransmission { .. } => ("keepalive or retransmission".into(), Tone::Doubtful),
        EventKind::OneByteRetransmission { .. } => {
            ("one-byte retransmission, no keepalive".into(), Tone::Faint)
        }
        EventKind::IcmpError { icmp_type, icmp_code, from } => {
            let text = icmp::text(from.is_ipv6(), *icmp_type, *icmp_code);
            (format!("ICMP from {from}: {text}"), Tone::Doubtful)
        }
        EventKind::RunEnd(run) => run_end(run, event.side)?,
    })
}

fn probe(number: u64, idle: Option<Span>, interval: Option<Span>) -> String {
    let after = match (idle, interval) {
        (Some(idle), _) => format!(" after {} of quiet", duration(idle)),
        (None, Some(interval)) => format!(", {} later", duration(interval)),
        (None, None) => String::new(),
    };
    format!("probe {}{after}", count(number))
}

fn answer(rtt: Option<Span>, by: AnsweredBy) -> String {
    let by = match by {
        AnsweredBy::Ack => "",
        AnsweredBy::Data => " with data",
        AnsweredBy::Fin => " with FIN",
    };
    let after = rtt.map_or_else(String::new, |rtt| format!(" after {}", duration(rtt)));
    format!("answered{by}{after}")
}

/// How a run ended; an answer to its only probe says so by itself.
fn run_end(run: &Run, side: Side) -> Option<(String, Tone)> {
    let outcome = run.outcome.unwrap_or(Outcome::Pending);
    let (prober, peer) = (side.name(), (!side).name());
    let probes = counted(run.probes, "probe");
    let quiet = run.detected_after.map_or_else(String::new, |after| format!(", {} quiet", duration(after)));
    let words = match outcome {
        Outcome::Answered => return None,
        Outcome::Recovered => {
            format!("recovered: {} went unanswered before", counted(run.probes.saturating_sub(1), "probe"))
        }
        Outcome::Reset => format!("reset: the {peer}, or a box on the way, sent RST after {probes}{quiet}"),
        Outcome::Ignored => format!("ignored: the {peer} is alive but did not answer {probes}"),
        Outcome::Superseded => {
            format!("superseded: the {prober} sent data or FIN after {probes} without answer")
        }
        Outcome::TimedOut => format!("gave up: timed out after {probes}{quiet}"),
        Outcome::Closed => format!("closed: the {prober} aborted after {probes}, not by its probe timer"),
        Outcome::Unknown => format!("unknown: {probes}, and the answering direction was not captured"),
        Outcome::Stopped => format!("stopped: nothing more from the {prober} after {probes} without answer"),
        Outcome::Pending => format!("pending: {probes} without answer so far"),
    };
    let doubt = if run.doubt.contains(&Doubt::Drops) { " (doubtful: frames were lost)" } else { "" };
    Some((words + doubt, table::tone(outcome)))
}

/// What did not happen, and its colour.
pub(crate) fn of_notice(notice: &Notice) -> (String, Tone) {
    match notice.kind {
        NoticeKind::ProbeUnanswered { number, waited, next, .. } => {
            let next = next.map(|next| next.since(notice.at)).filter(|wait| *wait > Span::ZERO);
            let next = next.map_or_else(String::new, |wait| format!(", next expected in {}", duration(wait)));
            (format!("probe {} unanswered for {}{next}", count(number), duration(waited)), Tone::Doubtful)
        }
        NoticeKind::ProbeOverdue { number, waited, expected, .. } => {
            let expected = expected.map_or_else(String::new, |expected| {
                format!(", expected after {}", duration(expected.since(notice.time)))
            });
            let number = count(number);
            (
                format!("overdue: nothing for {} after probe {number}{expected}", duration(waited)),
                Tone::Doubtful,
            )
        }
        NoticeKind::Silent { idle, quiet } => {
            let (quiet, idle) = (duration(quiet), duration(idle));
            let end = notice.side.name();
            (format!("silent for {quiet}: the {end} used to probe after {idle} of quiet"), Tone::Doubtful)
        }
    }
}

/// What was lost.
pub(super) fn of_loss(loss: &Loss) -> String {
    let dropped = |number: u64, by: &str| {
        (number > 0).then(|| format!("{} dropped by the {by}", counted(number, "frame")))
    };
    let parts = [dropped(loss.more.kernel, "kernel"), dropped(loss.more.interface, "interface")];
    let total = loss.total.kernel.saturating_add(loss.total.interface);
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("{} ({} in all): what seems unanswered may have been lost here", parts.join(", "), count(total))
}

/// What became of a flow that is final, and its colour.
pub(super) fn of_flow(flow: &Flow, reason: EndReason) -> (String, Tone) {
    let when = match reason {
        EndReason::Ended => "is over",
        EndReason::Evicted => "is followed no further, as the table is full",
        EndReason::EndOfCapture => "when the capture ends",
    };
    let state = match flow.state {
        State::Open => "open",
        State::HalfClosed => "half-closed",
        State::Closed => "closed",
        State::Reset => "reset",
    };
    let lasted = flow.end.since(flow.start);
    let lasted = if lasted > Span::ZERO { format!(" after {}", duration(lasted)) } else { String::new() };
    let mut words =
        format!("flow {} {when}: {state}{lasted}, {}", flow.index, counted(flow.segments, "segment"));
    for side in Side::BOTH {
        let prober = flow.prober(side);
        if prober.probes > 0 {
            let (answered, probes) = (count(prober.answered), counted(prober.probes, "probe"));
            words += &format!(", {answered} of {probes} from the {} answered", side.name());
        }
    }
    (words, Tone::Title)
}
