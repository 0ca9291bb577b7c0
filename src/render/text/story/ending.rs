//! Who ended the connection, and how.

use super::{probing, span};
use crate::flow::Side;
use crate::render::text::finding::doubt;
use crate::render::text::worst;
use crate::report::{Ending, Flow, How, Killer, Timer};
use crate::run::Outcome;

/// The end of `flow`, unless the probing of `told` has told it already.
pub(super) fn clause(flow: &Flow, told: Side) -> Option<String> {
    let ending = flow.ending.as_ref()?;
    let is_told = matches!(worst::outcome(flow, told), Some(Outcome::TimedOut | Outcome::Reset))
        && probing::last_frame(flow, told) == ending.frame;
    (!is_told).then(|| words(ending))
}

/// `the server closed it (FIN #544) after 6.10 s of quiet`.
pub(in crate::render) fn words(ending: &Ending) -> String {
    let by = match ending.by {
        Killer::End(side) => format!("the {}", side.name()),
        Killer::Middlebox => "a box on the way".into(),
        Killer::Unknown => "somebody".into(),
    };
    let frame = ending.frame.map_or_else(String::new, |frame| format!(" #{frame}"));
    let mut words = match (ending.how, ending.by) {
        (How::Fin, _) => format!("{by} closed it (FIN{frame})"),
        (How::Rst, Killer::Unknown) => format!("an end or a box on the way reset it (RST{frame})"),
        (How::Rst, _) => format!("{by} reset it (RST{frame})"),
        (How::Silence, _) => "it ended in silence".into(),
    };
    if let Some(quiet) = ending.quiet_before {
        words += &format!(" after {} of quiet", span(quiet));
    }
    words += match ending.timer {
        Some(Timer::Keepalive) => ", by its keepalive timer",
        Some(Timer::Retransmission) => ", as its data was not acknowledged",
        Some(Timer::Persist) => ", as its peer's window stayed closed",
        None => "",
    };
    let errors = [(Side::Client, ending.client_errno), (Side::Server, ending.server_errno)];
    for (side, error) in errors {
        if let Some(error) = error {
            words += &format!(", {} for the {}", error.name(), side.name());
        }
    }
    words + doubt(ending.confidence)
}
