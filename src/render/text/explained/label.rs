//! What a frame was found to be.

use crate::classify::Class;
use crate::explain::Step;
use crate::render::text::style::Tone;
use crate::report::icmp;
use crate::run::EventKind;

/// The label of a frame, and its colour.
pub(super) fn of(step: &Step) -> (String, Tone) {
    let (mut label, tone) = label(step);
    if step.ruling.is_some() && step.seg.is_some_and(|seg| seg.window == 0 && !seg.flags.rst()) {
        label += ", window 0";
    }
    (label, tone)
}

fn label(step: &Step) -> (String, Tone) {
    if let Some(kind) = decided(step) {
        return words(kind);
    }
    let plain = match step.ruling.map(|ruling| ruling.class) {
        None => "second copy, not counted",
        Some(Class::Handshake) => "handshake",
        Some(Class::Reset) => return ("reset".into(), Tone::Bad),
        Some(Class::Fin) => "close",
        Some(Class::Data) => "data",
        Some(Class::Retransmission) => "retransmission",
        Some(Class::OneOctetRetransmission) => "one-byte retransmission",
        // What looked like a probe, and then got no label, turned out to be none.
        Some(Class::BareAck | Class::Candidate(_) | Class::Probe(_)) => "acknowledgement",
        Some(Class::WindowProbe) => "window probe",
    };
    (plain.into(), Tone::Plain)
}

/// The decision that is the frame's label: the end of a run is none.
pub(super) fn decided(step: &Step) -> Option<&EventKind> {
    step.labels.iter().map(|label| &label.kind).find(|kind| !matches!(kind, EventKind::RunEnd(_)))
}

fn words(kind: &EventKind) -> (String, Tone) {
    match kind {
        EventKind::Probe { run, number, .. } => {
            (format!("keepalive probe {number} of run {run}"), Tone::Title)
        }
        EventKind::Answer { .. } => ("keepalive answer".into(), Tone::Good),
        EventKind::WindowProbe { .. } => ("window probe".into(), Tone::Title),
        EventKind::KeepaliveOrWindowProbe { .. } => ("keepalive or window probe".into(), Tone::Doubtful),
        EventKind::KeepaliveOrRetransmission { .. } => ("keepalive or retransmission".into(), Tone::Doubtful),
        EventKind::OneByteRetransmission { .. } => ("one-byte retransmission".into(), Tone::Title),
        EventKind::IcmpError { icmp_type, icmp_code, from } => {
            let text = icmp::text(from.is_ipv6(), *icmp_type, *icmp_code);
            (format!("ICMP: {text}"), Tone::Doubtful)
        }
        // Not asked for.
        EventKind::RunEnd(_) => (String::new(), Tone::Plain),
    }
}
