//! Why a frame has its label: the rule, what it says, and the evidence.

use super::label;
use crate::classify::{Candidate, Class};
use crate::explain::{Label, Ruling, Step, Transcript};
use crate::flow::Observation;
use crate::render::text::wrap::tight;
use crate::render::text::{figure, table};
use crate::run::{AnsweredBy, EventKind, Outcome};
use crate::time::Span;

/// The reasons for a frame's label, a sentence each; none where the label tells nothing that a reader of TCP would not expect.
pub(super) fn of(step: &Step, transcript: &Transcript) -> Vec<String> {
    let mut reasons = Vec::new();
    let decision = step.labels.iter().find(|label| !matches!(label.kind, EventKind::RunEnd(_)));
    match (decision, &step.ruling) {
        (Some(decision), _) => {
            reasons.push(rule(decision, step) + &decided_by(decision, step));
        }
        (None, Some(ruling)) => reasons.extend(why_not(ruling, step)),
        (None, None) => {}
    }
    let is_judged_by_state =
        label::decided(step).is_none_or(|kind| !matches!(kind, EventKind::Answer { .. }));
    if !reasons.is_empty() && is_judged_by_state {
        reasons.extend(step.observation().map(|o| evidence(&o, transcript)));
    }
    reasons.extend(step.labels.iter().filter_map(|label| run_end(&label.kind)));
    reasons
}

/// The rule, and what it says.
fn rule(decision: &Label, step: &Step) -> String {
    match &decision.kind {
        EventKind::Probe { rule, payload, idle, interval, .. } => {
            format!("{rule}: {}{}", probe_rule(rule, *payload), timing(*idle, *interval))
        }
        EventKind::Answer { probe_frame, rtt, by } => {
            let what = match by {
                AnsweredBy::Ack => "a bare ACK from the peer",
                AnsweredBy::Data => "data from the peer, soon enough,",
                AnsweredBy::Fin => "a FIN from the peer, soon enough,",
            };
            let rtt = rtt.map_or_else(
                || "; which of several probes it answers nobody can tell (Karn)".into(),
                |rtt| format!(", {} after it", span(rtt)),
            );
            format!("R4: {what} acknowledges SND.NXT while probe #{probe_frame} is open{rtt}")
        }
        EventKind::WindowProbe { payload: 1, .. } => {
            "R5: one octet at SND.UNA, beyond a closed window, as BSD and Windows probe it".into()
        }
        EventKind::WindowProbe { .. } => "R5: of a probe's shape into a closed window, with doubling spacing".into(),
        EventKind::KeepaliveOrWindowProbe { .. } => match class(step) {
            Some(Class::Candidate(Candidate::ZeroWindow)) => {
                "R5: of a probe's shape into a closed window, and no spacing that tells a keepalive from a window probe".into()
            }
            _ => "R3: nothing, at what may be SND.NXT-1, and no acknowledgement that tells".into(),
        },
        EventKind::KeepaliveOrRetransmission { .. } => {
            "R2, R7: one octet at SND.NXT-1, and neither its spacing nor an acknowledgement tells".into()
        }
        EventKind::OneByteRetransmission { .. } => match class(step) {
            Some(Class::OneOctetRetransmission) => {
                if step.observation().is_some_and(|o| o.sender.has_nothing_in_flight()) {
                    "R7: the last octet again within a second, with PSH: its acknowledgement was lost".into()
                } else {
                    "R6: the last octet again, which is not acknowledged yet".into()
                }
            },
            _ => "R7: the last octet again, with the doubling spacing of a retransmission timer".into(),
        },
        EventKind::IcmpError { from, .. } => {
            format!("from {from}, quotes a segment of the {}; Linux ignores it if that was a probe", step.side.name())
        }
        EventKind::RunEnd(_) => String::new(),
    }
}

/// What the rules of probes say (R1 to R5).
fn probe_rule(name: &str, payload: u8) -> String {
    let what = if payload == 0 { "nothing" } else { "one octet" };
    match (name, payload) {
        ("R1", 0) => "nothing at SND.NXT-1, all acknowledged, window open".into(),
        ("R1", _) => "an octet that is not the true one at SND.NXT-1, all acknowledged, window open".into(),
        ("R1b", _) => "nothing at SND.UNA-1, more outstanding, the peer's window open, as BSD probes".into(),
        ("R2", _) => {
            "the octet at SND.NXT-1 again, all acknowledged, no PSH, too late for a retransmission".into()
        }
        ("R3", _) => format!("{what}; what came later proved that this is SND.NXT-1"),
        ("R5", _) => format!("{what} at SND.NXT-1 into a closed window, evenly spaced from the start"),
        _ => "a keepalive probe".into(),
    }
}

fn timing(idle: Option<Span>, interval: Option<Span>) -> String {
    match (idle, interval) {
        (Some(idle), _) => format!("; after {} of quiet", span(idle)),
        (_, Some(interval)) => format!("; {} after the probe before", span(interval)),
        (None, None) => String::new(),
    }
}

/// What settled it, where that was not the frame itself.
fn decided_by(decision: &Label, step: &Step) -> String {
    match decision.decided {
        Some(frame) if frame == step.frame => String::new(),
        Some(frame) => format!("; {}", tight(&format!("decided by #{frame}"))),
        None => "; decided by the end of the capture".into(),
    }
}

/// Why what looks like a probe is none.
fn why_not(ruling: &Ruling, step: &Step) -> Option<String> {
    let o = step.observation()?;
    let rule = ruling.rule?;
    match ruling.class {
        Class::Candidate(_) => {
            Some(format!("rule “{rule}”: perhaps a probe; nothing that came later showed one"))
        }
        _ if o.sender.is_look_alike(o.seg) => {
            Some(format!("no probe, though at SND.NXT-1: rule “{rule}”, {}", plain_rule(rule)))
        }
        _ => None,
    }
}

/// What the rules say that name other things than probes.
fn plain_rule(name: &str) -> &'static str {
    match name {
        "overtaken" => "it left before what it comes behind",
        "one-octet retransmission" => "the octet is not acknowledged yet",
        "repeated octet" => "the true octet with PSH, again within a second",
        "in sequence" | "acknowledgement in sequence" => "it lies at SND.NXT",
        _ => "which comes first",
    }
}

/// What was known before the segment, in the numbers of the table.
fn evidence(o: &Observation<'_>, transcript: &Transcript) -> String {
    let number = |n| transcript.relative(o.side, n);
    let mut facts = vec![format!("SEQ {}", number(o.seg.seq))];
    facts.push(match o.sender.snd_nxt() {
        Some(nxt) if o.sender.is_snd_nxt_proven() => format!("SND.NXT {}", number(nxt)),
        Some(nxt) => format!("SND.NXT {} (not proved)", number(nxt)),
        None => "SND.NXT unknown".into(),
    });
    facts.push(match o.sender.snd_una() {
        Some(una) => format!("SND.UNA {}", number(una)),
        None => "SND.UNA unknown".into(),
    });
    facts.push(match o.receiver.offers_zero_window() {
        Some(true) => "peer's window 0".into(),
        Some(false) => "peer's window open".into(),
        None => "peer's window unknown".into(),
    });
    facts.push(format!("LEN {}", o.seg.payload_len));
    if o.seg.payload_len == 1 {
        facts.push(match (o.seg.first_octet, o.sender.last_octet()) {
            (Some(sent), Some(known)) if sent == known => format!("octet {sent:#04x}, the true one"),
            (Some(sent), Some(known)) => format!("octet {sent:#04x}, not the true {known:#04x}"),
            (Some(sent), None) => format!("octet {sent:#04x}, the true one unknown"),
            (None, _) => "octet not captured".into(),
        });
    }
    facts.push(o.since_new().map_or_else(
        || "nothing new captured before".into(),
        |since| format!("last new octet {} ago", span(since)),
    ));
    facts.iter().map(|fact| tight(fact)).collect::<Vec<_>>().join(", ")
}

/// What became of a run that this frame ended.
fn run_end(kind: &EventKind) -> Option<String> {
    let EventKind::RunEnd(run) = kind else { return None };
    let outcome = table::words(run.outcome.unwrap_or(Outcome::Pending));
    let probes = figure::counted(run.probes, "probe");
    let wait = run.last_wait.map(|wait| format!(", {} after the last", span(wait))).unwrap_or_default();
    Some(format!("R11: ends run {} of {}{wait}: {outcome}", run.number, tight(&probes)))
}

fn class(step: &Step) -> Option<Class> {
    step.ruling.map(|ruling| ruling.class)
}

fn span(span: Span) -> String {
    tight(&figure::duration(span))
}
